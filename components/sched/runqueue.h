/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may run, and who should: policy as a data structure, without a system
 * call, so that it can be tested on any host.
 *
 * A thread is runnable when nothing holds it back.  Three things can, each
 * set and cleared by one party:
 *   HELD_EVENT	the kernel: it waits at an endpoint (notices say so)
 *   HELD_BLOCK	the thread itself, until somebody wakes it
 *   HELD_SLEEP	the thread itself, until a time
 */
#ifndef RUNQUEUE_H
#define RUNQUEUE_H

#include "abi/syscall.h"

#define RUNQUEUE_NONE	AOS_MAX_THREADS

enum runqueue_held { HELD_EVENT = 1, HELD_BLOCK = 2, HELD_SLEEP = 4 };

struct runqueue_thread {
	uint8_t priority;	/* 0 most urgent */
	uint8_t held;		/* enum runqueue_held */
	bool wake_pending;	/* woken while it was not blocked: its next block returns */
	uint64_t turn;		/* among equals the smallest is next */
	uint64_t wake_at;	/* HELD_SLEEP: until then, ns */
};

struct runqueue {
	uint32_t admitted, runnable, sleeping;	/* bit per thread */
	uint64_t last_turn;
	struct runqueue_thread thread[AOS_MAX_THREADS];
};

/** runqueue_admit() - a new thread, runnable.  @tid < AOS_MAX_THREADS. */
void runqueue_admit(struct runqueue *q, uint32_t tid, uint32_t priority);

/** runqueue_forget() - a thread is gone, or is none of ours. */
void runqueue_forget(struct runqueue *q, uint32_t tid);

/* Both do nothing for a thread that was not admitted. */
void runqueue_hold(struct runqueue *q, uint32_t tid, enum runqueue_held why);
void runqueue_release(struct runqueue *q, uint32_t tid, enum runqueue_held why);

/**
 * runqueue_runs() - the thread is executing, so it does not wait for an event,
 * whatever the last notice said; it keeps its turn.
 */
void runqueue_runs(struct runqueue *q, uint32_t tid);

/** runqueue_block() - hold until woken; false: a wake came first and is used up. */
bool runqueue_block(struct runqueue *q, uint32_t tid);
void runqueue_wake(struct runqueue *q, uint32_t tid);

void runqueue_sleep(struct runqueue *q, uint32_t tid, uint64_t until);

/** runqueue_expire() - end the sleep of all whose time has come. */
void runqueue_expire(struct runqueue *q, uint64_t now);

/** runqueue_earliest() - when the next sleeper wakes, or 0. */
uint64_t runqueue_earliest(const struct runqueue *q);

/** runqueue_yield() - go behind all of the same priority. */
void runqueue_yield(struct runqueue *q, uint32_t tid);

/** runqueue_pick() - the thread that should run, or RUNQUEUE_NONE. */
uint32_t runqueue_pick(const struct runqueue *q);

static inline bool runqueue_known(const struct runqueue *q, uint64_t tid)
{
	return tid < AOS_MAX_THREADS && q->admitted >> tid & 1;
}

static inline bool runqueue_runnable(const struct runqueue *q, uint32_t tid)
{
	return q->runnable >> tid & 1;
}

#endif
