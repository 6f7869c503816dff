/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scheduler's one state, and what its files offer each other.  Inside the
 * scheduler component none of its threads preempts another, so nothing here
 * needs a lock.
 */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#include "aos.h"

#include "budgets.h"
#include "locks.h"
#include "periodic.h"
#include "runqueue.h"

#define LOADER_THREAD	0u
#define SLICE_NS	10000000u	/* turn among equals */

/* What the operator sees of a thread with a period: `jobs.7` and the like. */
struct thread_counters {
	struct counter *jobs, *overruns, *misses, *lateness_max;
};

struct scheduler {
	struct runqueue queue;
	struct locks locks;
	struct budgets budgets;
	struct periodic periodic[AOS_MAX_THREADS];
	struct thread_counters counters[AOS_MAX_THREADS];
	uint8_t client[AOS_MAX_THREADS];	/* component whose call the thread waits in */
	uint32_t watchdog[AOS_MAX_COMPONENTS];	/* budgets a visit may take; 0: any */
	uint32_t timed_out;	/* bit per thread: its last wait ended by its time */
	uint64_t timer_at;	/* what the one-shot timer is set to, 0 = off */
};

extern struct scheduler sched;

/* The loader puts the capability of thread t into this slot. */
static inline uint32_t thread_slot(uint32_t tid)
{
	return AOS_SLOT_DYNAMIC + tid;
}

/* main.c: give the CPU to whoever should have it, until that is the caller. */
void run_best(uint32_t self);
void thread_gone(uint32_t tid);

#endif
