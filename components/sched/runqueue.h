/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may run, and who should: policy as a data structure, without a system
 * call, so that it can be tested on any host.
 *
 * A thread is runnable when nothing holds it back.  Five things can, each
 * set and cleared by one party:
 *   HELD_EVENT	 the kernel: it waits at an endpoint (notices say so)
 *   HELD_BLOCK	 the thread itself, until somebody wakes it
 *   HELD_SLEEP	 the thread itself, until a time
 *   HELD_LOCK	 locks.c, until the lock is its own
 *   HELD_BUDGET budgets.c, until its budget is filled up
 * The thread's own waits (all but the first and the last) may have an end.
 */
#ifndef RUNQUEUE_H
#define RUNQUEUE_H

#include "abi/syscall.h"

#define RUNQUEUE_NONE	AOS_MAX_THREADS

enum runqueue_held {
	HELD_EVENT = 1, HELD_BLOCK = 2, HELD_SLEEP = 4, HELD_LOCK = 8, HELD_BUDGET = 16
};

struct runqueue_thread {
	uint8_t base;		/* as admitted; 0 most urgent */
	uint8_t priority;	/* now: never less urgent than base */
	uint8_t held;		/* enum runqueue_held */
	uint8_t timed;		/* the one of these that ends at wake_at */
	bool wake_pending;	/* woken while it was not blocked: its next block returns */
	uint64_t turn;		/* among equals the smallest is next */
	uint64_t wake_at;	/* ns */
	uint64_t slice_end;	/* of its turn among equals, ns; 0: not begun */
};

struct runqueue {
	uint32_t admitted, runnable, sleeping;	/* bit per thread */
	uint32_t changed;	/* priorities that the kernel does not know yet */
	uint64_t last_turn;
	struct runqueue_thread thread[AOS_MAX_THREADS];
};

/** runqueue_admit() - a new thread, runnable.  @tid < AOS_MAX_THREADS. */
void runqueue_admit(struct runqueue *q, uint32_t tid, uint32_t priority);

/** runqueue_forget() - a thread is gone, or is none of ours. */
void runqueue_forget(struct runqueue *q, uint32_t tid);

/* All three do nothing for a thread that was not admitted. */
void runqueue_hold(struct runqueue *q, uint32_t tid, enum runqueue_held why);
void runqueue_hold_until(struct runqueue *q, uint32_t tid, enum runqueue_held why,
			 uint64_t until);
void runqueue_release(struct runqueue *q, uint32_t tid, enum runqueue_held why);

/** runqueue_set_priority() - its priority for now, and a bit in ->changed. */
void runqueue_set_priority(struct runqueue *q, uint32_t tid, uint32_t priority);

/**
 * runqueue_runs() - the thread is executing, so it does not wait for an event,
 * whatever the last notice said; it keeps its turn.
 */
void runqueue_runs(struct runqueue *q, uint32_t tid);

/** runqueue_block() - hold until woken; false: a wake came first and is used up. */
bool runqueue_block(struct runqueue *q, uint32_t tid);
void runqueue_wake(struct runqueue *q, uint32_t tid);

/** runqueue_expire() - end the waits whose time has come. -> the threads, as bits */
uint32_t runqueue_expire(struct runqueue *q, uint64_t now);

/** runqueue_earliest() - when the next wait ends, or 0. */
uint64_t runqueue_earliest(const struct runqueue *q);

/** runqueue_yield() - go behind all of the same priority. */
void runqueue_yield(struct runqueue *q, uint32_t tid);

/** runqueue_pick() - the thread that should run, or RUNQUEUE_NONE. */
uint32_t runqueue_pick(const struct runqueue *q);

/** runqueue_contested() - can another thread of the same priority run? */
bool runqueue_contested(const struct runqueue *q, uint32_t tid);

/**
 * runqueue_turn() - runqueue_pick() among equals that take turns of @slice ns,
 * counted from when each was picked first, whoever ran in between.
 */
uint32_t runqueue_turn(struct runqueue *q, uint32_t best, uint64_t now, uint64_t slice);

static inline bool runqueue_known(const struct runqueue *q, uint64_t tid)
{
	return tid < AOS_MAX_THREADS && q->admitted >> tid & 1;
}

static inline bool runqueue_runnable(const struct runqueue *q, uint32_t tid)
{
	return q->runnable >> tid & 1;
}

static inline bool runqueue_is_held(const struct runqueue *q, uint32_t tid,
				    enum runqueue_held why)
{
	return q->thread[tid].held & why;
}

#endif
