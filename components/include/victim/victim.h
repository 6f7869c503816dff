/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the victim, which does with memory what it is told, so that its
 * caller sees whether that faults (-AOS_EFAULT).  A test component.
 */
#ifndef VICTIM_VICTIM_H
#define VICTIM_VICTIM_H

#include "aos.h"

/** victim_read() - the 32 bits at an address, >= 0. */
int64_t victim_read(uint64_t address);

/** victim_write() - write 32 bits. */
int64_t victim_write(uint64_t address, uint32_t value);

/** victim_stack() - use @bytes of stack -> 0. */
int64_t victim_stack(uint64_t bytes);

/** victim_heap() - touch page @page of its heap: -> what it held, and writes 1. */
int64_t victim_heap(uint64_t page);

/** victim_block() - wait there until woken: sched_block(). */
int64_t victim_block(void);

/* What it gets when it asks the manager for what is another's. */
int64_t victim_free(uint64_t address);
int64_t victim_share(uint64_t address);
int64_t victim_start_manager(void);
int64_t victim_reclaim(uint32_t component);
int64_t victim_page_fault(uint64_t address);

#endif
