/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manager's files, and how its threads keep out of each other's way.
 *
 * A page is in one of these states, and every change begins or ends with
 * PAGE_BUSY: who has made a page busy, by one atomic exchange, has it for
 * itself.  A thread that finds a page busy does not wait (its holder may be
 * less urgent): it takes another page, or reports -AOS_EBUSY.
 */
#ifndef MEM_PAGES_H
#define MEM_PAGES_H

#include "aos.h"
#include "mem/grant.h"
#include "mem/mem.h"

enum page_state {
	PAGE_FREE,
	PAGE_BUSY,
	PAGE_ALLOCATED,	/* by mem_alloc(), at MEM_POOL_VADDR + its number */
	PAGE_GROWN,	/* heap or stack of its owner */
	PAGE_TABLE	/* a page table: for good */
};

/* window.c: what the loader gave, and frames in the manager's own view. */
const struct mem_grant *mem_granted(void);
struct mem_page *mem_table(void);
void mem_zero(uint32_t frame);

/* pages.c */
static inline uint64_t page_address(uint32_t i)
{
	return MEM_POOL_VADDR + (uint64_t)i * ABI_PAGE_SIZE;
}

static inline uint32_t client_slot(uint32_t component)
{
	return MEM_SLOT_COMPONENTS + component;
}

bool page_take(uint32_t i, enum page_state from, uint32_t owner);
void page_put(uint32_t i, enum page_state state);
int64_t page_take_free(void);
int64_t page_take_free_run(uint32_t pages);
int64_t page_map(uint32_t component, uint32_t i, uint64_t vaddr, uint32_t rights);
void page_release(uint32_t i);

/* counts.c */
void counts_start(void);
void count_frames(int64_t pages);
void count_table(void);
void count_grown(uint32_t component, int64_t pages);
void count_fault(bool served);
bool quota_take(uint32_t component, uint64_t pages);
void quota_put(uint32_t component, uint64_t pages);
int64_t counts_check(const uint64_t *used, const uint64_t *grown, uint64_t tables);

#endif
