/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for components/include/aos.h where the scheduler is tested on the
 * AOS kernel's own sources: calls go to aos_syscall(), threads are coroutines.
 */
#ifndef AOS_H
#define AOS_H

#include <stdio.h>

#include "abi/counters.h"
#include "abi/errno.h"
#include "abi/image.h"
#include "abi/syscall.h"
#include "abi/types.h"

enum { CAP_events = AOS_SLOT_FIRST, CAP_timeout };

#define AOS_CAP(name)		CAP_##name
#define AOS_EXPORT(fn)		_Static_assert(sizeof(&(fn)) == 8, #fn)

/** sim_call() - a system call of the thread that runs; returns when it runs again. */
int64_t sim_call(uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1, uint64_t *second);
uint32_t aos_thread_id(void);
uint32_t aos_caller(void);

#define aos_format snprintf

struct counter *aos_counter(const char *name);

static inline void counter_set(struct counter *c, uint64_t value)
{
	c->value = value;
}

static inline void counter_inc(struct counter *c)
{
	c->value++;
}

static inline int64_t aos_thread_budget(uint32_t thread, uint64_t add, int64_t *left)
{
	uint64_t before;
	int64_t err = sim_call(OP_THREAD_BUDGET, thread, add, 0, &before);

	*left = (int64_t)before;
	return err;
}

static inline int64_t aos_thread_usage(uint32_t thread, uint64_t *start)
{
	return sim_call(OP_THREAD_USAGE, thread, 0, 0, start);
}

static inline int64_t aos_thread_fault(uint32_t thread, uint32_t vector)
{
	uint64_t second;

	return sim_call(OP_THREAD_FAULT, thread, vector, 0, &second);
}

static inline int64_t aos_sched_notice(uint32_t endpoint, uint64_t *notice)
{
	return sim_call(OP_SCHED_NOTICE, endpoint, 0, 0, notice);
}

static inline int64_t aos_event_wait(uint32_t endpoint, uint32_t flags, uint32_t meanwhile)
{
	uint64_t second;

	return sim_call(OP_EVENT_WAIT, endpoint, flags, meanwhile, &second);
}

static inline int64_t aos_event_signal(uint32_t endpoint)
{
	uint64_t second;

	return sim_call(OP_EVENT_SIGNAL, endpoint, 0, 0, &second);
}

static inline int64_t aos_timer_set(uint32_t timer, uint64_t at)
{
	uint64_t second;

	return sim_call(OP_TIMER_SET, timer, at, 0, &second);
}

static inline uint64_t aos_time_ns(void)
{
	uint64_t second;

	return (uint64_t)sim_call(OP_TIME, AOS_SLOT_NONE, 0, 0, &second);
}

static inline int64_t aos_thread_switch(uint32_t thread)
{
	uint64_t second;

	return sim_call(OP_THREAD_SWITCH, thread, 0, 0, &second);
}

static inline int64_t aos_thread_urgency(uint32_t thread, uint32_t urgency)
{
	uint64_t second;

	return sim_call(OP_THREAD_URGENCY, thread, urgency, 0, &second);
}

static inline int64_t aos_idle(uint32_t endpoint)
{
	uint64_t second;

	return sim_call(OP_IDLE, endpoint, 0, 0, &second);
}

#endif
