/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for components/include/aos.h where the memory manager is tested on
 * the AOS kernel's own sources: its calls go to aos_syscall().  The test says
 * who calls it.
 */
#ifndef AOS_H
#define AOS_H

#include <stdio.h>
#include <string.h>

#include "abi/counters.h"
#include "abi/errno.h"
#include "abi/image.h"
#include "abi/syscall.h"
#include "abi/types.h"

#define AOS_EXPORT(fn)		_Static_assert(sizeof(&(fn)) == 8, #fn)
#define aos_format		snprintf

int64_t aos_map(uint32_t comp, uint32_t from, uint32_t page, uint64_t vaddr, uint32_t rights,
		uint32_t part, uint64_t *level);
int64_t aos_unmap(uint32_t comp, uint64_t vaddr);
int64_t aos_pgtbl_add(uint32_t comp, uint32_t frame, uint64_t vaddr, uint32_t level);
uint32_t aos_caller(void);
uint32_t aos_component_id(void);
struct counter *aos_counter(const char *name);

static inline void counter_add(struct counter *c, uint64_t n)
{
	c->value += n;
}

static inline void counter_inc(struct counter *c)
{
	c->value++;
}

static inline void counter_set(struct counter *c, uint64_t value)
{
	c->value = value;
}

#endif
