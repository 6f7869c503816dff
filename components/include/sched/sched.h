/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the scheduler component: fixed priorities, preemptive, round
 * robin among equals.  Priority 0 is the most urgent, 255 the least.  All
 * calls act on the calling thread unless they name one; all return 0 or a
 * negated AOS_E* unless they say more.  Times are ns of aos_time_ns().  A
 * thread that the loader has not admitted gets -AOS_ENOENT.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "aos.h"

/* ---- for the loader alone: others get -AOS_EPERM ---- */

/**
 * sched_admit() - thread @tid exists, or is made anew.
 * @priority: 0..AOS_URGENCY_MAX
 * @server:   enum image_server: what its budget means
 * @period, @budget, @deadline: ns, as in struct image_thread; 0: none
 */
int64_t sched_admit(uint64_t tid, uint64_t priority, uint64_t server, uint64_t period,
		    uint64_t budget, uint64_t deadline);

/**
 * sched_change() - thread @tid has other times from now on, and goes on; what it has used of its
 * budget stays used.  What it has not (@period, @budget: 0) it does not get, nor does it lose
 * what it has.
 * Return: 0; -AOS_ENOENT: not admitted; -AOS_EINVAL: as sched_admit(), nothing has changed.
 */
int64_t sched_change(uint64_t tid, uint64_t priority, uint64_t period, uint64_t budget,
		     uint64_t deadline);

/**
 * sched_watch() - a visit to @component may use up @budgets in a row; one that does not
 * come back then is a fault (AOS_FAULT_OVERRUN).
 * @budgets: 0: as many as it likes, at most IMAGE_WATCHDOG_MAX
 */
int64_t sched_watch(uint64_t component, uint64_t budgets);

/**
 * sched_component_gone() - @component is stopped: its locks are no more, and
 * all waits in its name are over, as are those of its own @threads (bit per id).
 */
int64_t sched_component_gone(uint64_t component, uint64_t threads);

/* ---- waiting and waking ---- */

/** sched_block() - sleep until sched_wake(); returns at once if that came first. */
int64_t sched_block(void);

/** sched_block_until() - the same; -AOS_ETIMEDOUT at time @ns. */
int64_t sched_block_until(uint64_t ns);

/** sched_wake() - let thread @tid go on from its sched_block(), or skip its next. */
int64_t sched_wake(uint64_t tid);

/** sched_sleep_until() - sleep until the AOS's clock shows @ns. */
int64_t sched_sleep_until(uint64_t ns);

/** sched_yield() - let others of the same priority go first. */
int64_t sched_yield(void);

/** sched_self() - id of the calling thread. */
int64_t sched_self(void);

/**
 * sched_wait_period() - a periodic thread's job is done: sleep until its next
 * release.  The first call is the first release.
 * Return: releases left out because the job took so long, or -AOS_EINVAL: the
 * composition gives the thread no period.
 */
int64_t sched_wait_period(void);

/* ---- locks, with priority inheritance ---- */

/**
 * sched_lock_make() - a lock for the component that calls, free.
 * Return: its number, or -AOS_ENOSPC: 8 per component, 32 in all.
 */
int64_t sched_lock_make(void);

/**
 * sched_lock_take() - wait until the lock is the calling thread's.
 * @until: the end of its patience; 0: none
 * Return: 0; -AOS_ENOENT: the calling component has no such lock;
 * -AOS_EDEADLK: its holder waits, directly or not, for the caller, or is the
 * caller; -AOS_ETIMEDOUT; -AOS_EHOSTDOWN: the lock went with its component.
 */
int64_t sched_lock_take(uint64_t lock, uint64_t until);

/** sched_lock_release() - to its most urgent waiter.  -AOS_EPERM: not the holder. */
int64_t sched_lock_release(uint64_t lock);

#endif
