/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the scheduler component: fixed priorities, preemptive, round
 * robin among equals only where a thread says so (sched_yield()).  Priority
 * 0 is the most urgent, 255 the least.  All calls act on the calling thread
 * unless they name one; all return 0 or a negated AOS_E*.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "aos.h"

/** sched_admit() - loader only, before threads run: thread @tid exists. */
int64_t sched_admit(uint64_t tid, uint64_t priority);

/** sched_block() - sleep until sched_wake(); returns at once if that came first. */
int64_t sched_block(void);

/** sched_wake() - let thread @tid go on from its sched_block(), or skip its next. */
int64_t sched_wake(uint64_t tid);

/** sched_sleep_until() - sleep until the AOS's clock (aos_time_ns()) shows @ns. */
int64_t sched_sleep_until(uint64_t ns);

/** sched_yield() - let others of the same priority go first. */
int64_t sched_yield(void);

/** sched_self() - id of the calling thread. */
int64_t sched_self(void);

#endif
