/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host of an AOS kernel under test: memory, time, one timer, channels.
 * Nothing happens by itself: time moves when the test moves it, and an event
 * is delivered when the test says so.  What the kernel must never do to its
 * host (a frame that does not exist, a page table nobody made, sleeping while
 * a thread is ready) ends the test at once.
 */
#ifndef FAKE_HAL_H
#define FAKE_HAL_H

#include "aos/kernel.h"

#define FAKE_CHANNELS		2u	/* of BOOTINFO_CHANNELS */
#define FAKE_CHANNEL_PAGES	4u	/* of each part */
#define FAKE_CHANNEL_PA		0x4000000000ull
#define FAKE_CYCLES_PER_NS	3u
/* Memory of the host process: these addresses of it exist. */
#define FAKE_HOST_VADDR		IMAGE_REGION_BASE
#define FAKE_HOST_PAGES		8u
#define FAKE_HOST_PA		0x5000000000ull
#define FAKE_HOST_PINS		(2 * FAKE_HOST_PAGES)
#define FAKE_LOG_SIZE		4096u
/* Upper half of every root, so that a test sees whether it was touched. */
#define FAKE_HOST_ENTRY(i)	(0x5a5a00000000063ull | (uint64_t)(i) << 12)

struct fake_host {
	uint8_t *memory;
	uint32_t nframes;
	bool kpti;
	uint64_t now;			/* hal_time() */
	bool away;			/* the host runs threads of its own */
	uint64_t stolen;		/* ns while away, or while the AOS slept */
	uint64_t timer;			/* deadline, 0 = off */
	uint32_t pending;		/* HAL_EVENT_*, not yet taken */
	uint64_t cr3;			/* ring-0 value loaded last */
	uint64_t vectors;		/* stands for all vector registers; 0: initial state */
	uint64_t saved_vectors[AOS_MAX_THREADS];
	bool vectors_busy;		/* with the host: an event may not touch them */
	bool idle;			/* the AOS asked to sleep */
	bool halted;
	int32_t status;
	bool throttled[BOOTINFO_CHANNELS];
	uint32_t doorbells[BOOTINFO_CHANNELS];
	bool pin_wanted;		/* hal_host_pin(): the thread is in the host */
	uint64_t pin_vaddr;
	bool pin_write, pin_failed;
	uint64_t pinned[FAKE_HOST_PINS];	/* vaddr | write */
	uint32_t npinned;
	uint32_t flushes;
	uint64_t last_flush;
	char log[FAKE_LOG_SIZE];	/* NUL-terminated; full = the rest is dropped */
	uint32_t log_len;
};

/** fake_host_open() - memory of @nframes frames, filled with rubbish if @dirty. */
void fake_host_open(struct fake_host *host, uint32_t nframes, bool kpti, bool dirty);
void fake_host_close(struct fake_host *host);

/** fake_host_advance() - move time; a timer whose deadline has come is pending. */
void fake_host_advance(struct fake_host *host, uint64_t ns);

/** fake_host_frame() - frame at a physical address, or UINT32_MAX: of no frame. */
uint32_t fake_host_frame(const struct fake_host *host, uint64_t pa);

/** fake_host_channel_pa() - is this the address of a channel's page? */
bool fake_host_channel_pa(uint64_t pa, bool *host_part);

/** fake_host_memory_pa() - is this the address of a page of the host process? */
bool fake_host_memory_pa(uint64_t pa);

/** fake_host_pin() - what the host does while the thread is there: pin, or fail. */
void fake_host_pin(struct fake_host *host);

#endif
