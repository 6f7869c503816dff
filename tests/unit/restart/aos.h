/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for components/include/aos.h where a file of the loader is tested
 * alone: the test answers its system calls.
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
#define AOS_CAP(name)		AOS_SLOT_DYNAMIC
#define aos_format		snprintf

int64_t aos_thread_urgency(uint32_t thread, uint32_t urgency);
int64_t aos_comp_state(uint32_t comp, uint32_t state);
int64_t aos_comp_reset(uint32_t comp);
int64_t aos_event_signal(uint32_t endpoint);
uint64_t aos_time_ns(void);
uint32_t aos_caller(void);
__attribute__((format(printf, 1, 2))) void aos_log(const char *fmt, ...);
struct counter *aos_counter(const char *name);

static inline void counter_inc(struct counter *c)
{
	c->value++;
}

static inline void counter_set(struct counter *c, uint64_t value)
{
	c->value = value;
}

#endif
