/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the loader gives to the memory manager: frames, in slot
 * AOS_SLOT_FRAMES; a capability for component i in slot MEM_SLOT_COMPONENTS + i;
 * this description at MEM_GRANT_VADDR, read-only; and zeroed memory for its
 * bookkeeping at MEM_TABLE_VADDR, one struct mem_page per frame.
 */
#ifndef MEM_GRANT_H
#define MEM_GRANT_H

#include "abi/image.h"
#include "abi/syscall.h"

/* Between regions and the loader's copy of the image; only mem's page table has these. */
#define MEM_GRANT_VADDR		0x1d0000000000ull
#define MEM_TABLE_VADDR		0x1d0000001000ull
#define MEM_WINDOW_VADDR	0x1d8000000000ull	/* + a page per thread */
/* Frame i has one address wherever it is seen: this + i pages. */
#define MEM_POOL_VADDR		0x1c0000000000ull

#define MEM_SLOT_COMPONENTS	AOS_SLOT_DYNAMIC

/* A component, and how it may grow. */
struct mem_client {
	char name[ABI_NAME_LEN];
	uint64_t base;			/* of its addresses, IMAGE_COMPONENT_STRIDE bytes */
	uint64_t heap_vaddr;
	uint64_t stack_base;
	uint32_t heap_pages, heap_max_pages;
	uint32_t stack_pages, stack_max_pages;
	uint32_t threads;		/* bit t: thread t has a stack there */
	uint32_t quota_pages;
};
ABI_SIZE(struct mem_client, 64);

struct mem_grant {
	uint32_t frames;		/* in AOS_SLOT_FRAMES */
	uint32_t clients;
	struct mem_client client[AOS_MAX_COMPONENTS];
};
_Static_assert(sizeof(struct mem_grant) <= ABI_PAGE_SIZE, "the grant is one page");

/* The manager's bookkeeping of one frame; all zero: free. */
struct mem_page {
	uint32_t state;			/* enum of components/mem/pages.h */
	uint32_t owner;			/* component */
	uint32_t pages;			/* of an allocation, in its first page; 0 in the others */
	uint32_t sharers;		/* bit c: component c sees it, beside the owner */
	uint64_t vaddr;			/* where the owner sees it */
};
ABI_SIZE(struct mem_page, 24);

#endif
