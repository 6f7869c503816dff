/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is true of an AOS kernel on a fake host whenever ring 3 runs. */
#ifndef TEST_AOS_INVARIANTS_H
#define TEST_AOS_INVARIANTS_H

#include "fake_hal.h"

/** aos_invariants() - NULL, or which one is broken. */
const char *aos_invariants(struct aos *aos);

/** aos_invariants_quick() - all but those of memory: no page table is walked. */
const char *aos_invariants_quick(struct aos *aos);

/* A page-table entry as the CPU's walk would find it. */
struct test_page {
	bool present, user, write, exec;
	uint64_t pa;
	uint32_t maps_frame;	/* the frame, or UINT32_MAX: a page of a channel */
};

/** test_walk() - translate @vaddr the way the CPU does, from a CR3 value. */
struct test_page test_walk(const struct fake_host *host, uint64_t cr3, uint64_t vaddr);

#endif
