/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot image: what coslink writes, hijack checks and the loader builds
 * the system from.  Little endian.  All offsets are bytes from the start of
 * the image, 8-aligned; segment contents start on a page.  Every table entry
 * is checked by its reader before use: an image is a file, and so hostile.
 *
 *   struct image_header | tables | strings | (pad to a page) segments
 */
#ifndef ABI_IMAGE_H
#define ABI_IMAGE_H

#include "types.h"

#define IMAGE_MAGIC	0x47494f43u	/* "COIG" */
#define IMAGE_REVISION	6u
#define IMAGE_MAX_SIZE	(64u << 20)
#define IMAGE_MAX_PERIOD_US	3600000000u	/* an hour */
#define IMAGE_MAX_CRITICAL_NS	3600000000000ull	/* the same */
#define IMAGE_PLACE_LEN	44u
#define IMAGE_RESTARTS_KEPT 32u	/* a larger restart_max counts as this */
#define IMAGE_WATCHDOG_MAX 255u	/* budgets of one visit: the kernel counts no further */

/*
 * Addresses.  One address space for all components, every object at its own
 * place, so a pointer into a shared region means the same in each.
 */
#define IMAGE_COMPONENT_BASE	0x100040000000ull	/* + i * IMAGE_COMPONENT_STRIDE */
#define IMAGE_COMPONENT_STRIDE	0x40000000ull		/* 1 GiB: code, data, heap, stacks */
#define IMAGE_STACKS_OFFSET	0x30000000ull		/* stack_base inside the stride */
#define IMAGE_REGION_BASE	0x180000000000ull	/* shared regions, one after another */
#define IMAGE_COUNTERS_BASE	0x1f0000000000ull	/* + i * 4096: counter pages */
#define IMAGE_HISTOGRAMS_BASE	0x1f0000100000ull	/* + i * HISTOGRAM_PAGES * 4096 */
#define IMAGE_FILE_VADDR	0x1e0000000000ull	/* the image itself, in the loader */

struct image_table {
	uint32_t off;
	uint32_t count;
};

struct image_header {
	uint32_t magic;
	uint32_t revision;
	uint32_t size;			/* of the whole image, bytes */
	uint32_t crc32;			/* IEEE 802.3, over the image with this field zero */
	struct image_table components;	/* struct image_component; [0] is the loader */
	struct image_table segments;	/* struct image_segment */
	struct image_table caps;	/* struct image_cap */
	struct image_table regions;	/* struct image_region */
	struct image_table maps;	/* struct image_map */
	struct image_table threads;	/* struct image_thread */
	struct image_table channels;	/* struct image_channel, in index order */
	struct image_table strings;	/* count = bytes; NUL-terminated strings */
	struct image_table places;	/* struct image_place: components, then threads */
	uint32_t overhead_ns;		/* of one switch of threads, for the admission test */
	uint32_t pad;
};
ABI_SIZE(struct image_header, 96);

struct image_component {
	char name[ABI_NAME_LEN];
	uint32_t flags;			/* AOS_COMP_* */
	uint32_t first_segment, nsegments;
	uint32_t first_cap, ncaps;
	uint32_t heap_pages;		/* zeroed, read-write, at heap_vaddr */
	uint32_t heap_max_pages;	/* >= heap_pages: it may grow so far, page by page */
	uint32_t stack_pages;		/* mapped per thread that can come here, 1..15 */
	uint32_t stack_max_pages;	/* >= stack_pages, <= 15: they may grow so far */
	uint32_t quota_pages;		/* frames it may ask the memory manager for */
	uint32_t restart_max;		/* restarts in restart_within_ms; more: it stays down.
					 * Both > 0 with AOS_COMP_RESTART, 0 without */
	uint32_t restart_within_ms;
	uint32_t watchdog;		/* budgets after which a visit is a fault; 0: any */
	uint32_t scheduler;		/* index of the component that schedules its threads;
					 * exactly one, the root scheduler, names itself */
	uint64_t heap_vaddr;
	uint64_t stack_base;		/* thread t's stack ends at
					 * stack_base + (t + 1) * AOS_STACK_STRIDE */
	uint64_t counters_vaddr;	/* its counter page */
	uint64_t args;			/* vaddr of its NUL-terminated argument string, or 0 */
};
ABI_SIZE(struct image_component, 104);

struct image_segment {
	uint64_t vaddr;			/* page-aligned */
	uint32_t mem_pages;
	uint32_t file_off;		/* page-aligned */
	uint32_t file_size;		/* bytes; the rest of mem_pages is zero */
	uint32_t rights;		/* AOS_MAP_* */
};
ABI_SIZE(struct image_segment, 24);

enum image_cap_kind {
	IMAGE_CAP_INVOKE = 1,	/* target = component, value = entry vaddr in it */
	IMAGE_CAP_ENDPOINT = 2,	/* source, channel below; target unused */
	IMAGE_CAP_TIMER = 3,	/* target = slot (same component) of its endpoint */
	IMAGE_CAP_CHANNEL = 4	/* target = channel index: doorbell */
};

struct image_cap {
	uint16_t kind;			/* enum image_cap_kind */
	uint16_t slot;			/* in the owning component */
	uint32_t target;
	uint64_t value;
	uint16_t source;		/* enum aos_source (endpoints) */
	uint16_t channel;		/* channel index (endpoints of channels) */
	uint32_t name;			/* offset in strings: for messages and reports */
};
ABI_SIZE(struct image_cap, 24);

enum image_channel_kind {
	IMAGE_CHANNEL_PACKETS = 0,	/* a cosnet interface of that name: abi/ring.h */
	IMAGE_CHANNEL_TRANSLATOR = 1	/* for a Linux process: abi/translator.h */
};

struct image_channel {
	char name[ABI_NAME_LEN];
	uint32_t kind;			/* enum image_channel_kind */
	uint32_t to_aos;		/* of a translator: bytes of its rings, else 0 */
	uint32_t from_aos;
	uint32_t pad;
};
ABI_SIZE(struct image_channel, 32);

enum image_region_kind {
	IMAGE_REGION_FRAMES = 0,	/* zeroed frames */
	IMAGE_REGION_CHANNEL = 1,	/* part of a channel */
	IMAGE_REGION_HOST = 2,		/* memory of the host process, at the same address there */
	IMAGE_REGION_COUNTERS = 3	/* every component's counters page, by index, then every
					 * component's histograms, by index; read only */
};

struct image_region {
	char name[ABI_NAME_LEN];
	uint64_t vaddr;			/* the same in every component that maps it */
	uint32_t pages;			/* address space kept for it; of packet channels
					 * more than there is, else exact */
	uint16_t kind;			/* enum image_region_kind */
	uint8_t channel;
	uint8_t part;			/* enum ring_part */
};
ABI_SIZE(struct image_region, 32);

struct image_map {
	uint32_t component;
	uint32_t region;
	uint32_t rights;		/* AOS_MAP_READ or AOS_MAP_WRITE */
	uint32_t pad;
};
ABI_SIZE(struct image_map, 16);

struct image_thread {
	char name[ABI_NAME_LEN];
	uint32_t component;
	uint32_t priority;		/* 0 most urgent .. 255 */
	uint64_t entry;			/* vaddr */
	uint64_t arg;
	uint32_t server;		/* enum image_server */
	uint32_t period_us;		/* 0: neither periodic nor under a budget; all 0 then */
	uint32_t budget_us;		/* 1..deadline_us; without a server its longest run */
	uint32_t deadline_us;		/* <= period_us, relative to each release */
	uint64_t critical_ns;		/* its longest critical section, for the admission test:
					 * <= IMAGE_MAX_CRITICAL_NS */
};
ABI_SIZE(struct image_thread, 64);

/* Where in a composition something is written, for messages: nothing is decided by it. */
struct image_place {
	char file[IMAGE_PLACE_LEN];	/* without directories; what is longer lost its beginning */
	uint32_t line;			/* 0: not known */
};
ABI_SIZE(struct image_place, 48);

/* What a thread's budget means: docs/component-os.md. */
enum image_server {
	IMAGE_SERVER_NONE = 0,		/* its budget is declared, not enforced */
	IMAGE_SERVER_DEFERRABLE = 1,
	IMAGE_SERVER_SPORADIC = 2
};

#endif
