/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the memory manager: pages under a quota, and sharing them with
 * components by name.  Every function may be called by any thread at any time:
 * the manager takes no lock, so nobody waits in it for anybody.  Who calls it
 * knows from the kernel; nobody can speak for another.
 *
 * A page has one address, the same in every component that sees it, and is
 * zeroed when it is handed out.
 */
#ifndef MEM_MEM_H
#define MEM_MEM_H

#include "aos.h"

/**
 * mem_alloc() - @pages pages in a row, readable and writable.
 * Return: their address, > 0; -AOS_EINVAL: @pages is 0; -AOS_ENOMEM: more than
 * the component's `quota` of the composition allows, or so many in a row are not free.
 */
int64_t mem_alloc(uint64_t pages);

/**
 * mem_free() - give back what mem_alloc() gave, all of it.
 * Whoever it was shared with sees it no more.  Return: 0; -AOS_ENOENT: no
 * address that mem_alloc() gave to this component; -AOS_EBUSY: another thread
 * is sharing, revoking or freeing it right now.
 */
int64_t mem_free(uint64_t address);

/**
 * mem_share() - let another component see pages of one's own.
 * @component: its number, see mem_find()
 * @address, @pages: all inside what one mem_alloc() or several gave
 * @rights: AOS_MAP_READ or AOS_MAP_WRITE
 * Return: 0; -AOS_ENOENT: not all are the caller's, or no such component;
 * -AOS_EEXIST: it sees one of them already; -AOS_EINVAL, -AOS_ENOMEM, and
 * -AOS_EBUSY as above.  On error nothing is shared that was not before.
 */
int64_t mem_share(uint32_t component, uint64_t address, uint64_t pages, uint32_t rights);

/**
 * mem_revoke() - the reverse: when it returns, that component cannot reach the pages.
 * Pages that it did not see count as revoked.  Return: as mem_share().
 */
int64_t mem_revoke(uint32_t component, uint64_t address, uint64_t pages);

/** mem_find_words() - number of the component whose name these 16 bytes are, or -AOS_ENOENT. */
int64_t mem_find_words(uint64_t first, uint64_t second);

static inline int64_t mem_find(const char *name)
{
	uint64_t words[2] = { 0, 0 };

	memcpy(words, name, strnlen(name, sizeof(words) - 1));
	return mem_find_words(words[0], words[1]);
}

/**
 * mem_check() - is the manager's bookkeeping consistent at this moment?
 * For tests, at rest: an operation that another thread is in counts as a fault.
 * Return: number of inconsistencies.
 */
int64_t mem_check(void);

/* ---- for the loader (anybody else gets -AOS_EPERM) ---- */

/** mem_start() - once, before any other thread runs: make the counters. */
int64_t mem_start(void);

/**
 * mem_reclaim() - a component is made anew: take back all it had, also from
 * those it shared it with.  What others shared with it stays.
 * Return: pages that could not be taken, since a thread of its is in the manager.
 */
int64_t mem_reclaim(uint32_t component);

/* ---- for the kernel: the pager of every component that may grow ---- */

/** mem_page_fault() - 0: the page is there now; else there is none for this address. */
int64_t mem_page_fault(uint64_t address, uint64_t error);

#endif
