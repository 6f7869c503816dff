/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Response-time analysis of fixed-priority threads on one CPU, or on the part
 * of one that a server supplies.  Pure: numbers in, numbers out.
 *
 *   Joseph, Pandya: Finding Response Times in a Real-Time System (1986)
 *   Audsley et al.: Applying New Scheduling Theory to Static Priority
 *     Pre-emptive Scheduling (1993): blocking, release jitter
 *   Sha, Rajkumar, Lehoczky: Priority Inheritance Protocols (1990): who is
 *     less urgent blocks by one critical section at most
 *   Shin, Lee: Periodic Resource Model for Compositional Real-Time Guarantees
 *     (2003): what a budget supplies at least
 */
#ifndef COSLINK_RESPONSE_H
#define COSLINK_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

/* No bound was found. */
#define RESPONSE_NONE INT64_MAX

/*
 * Times in ns.  A task with period 0 has no times: it delays nobody and
 * blocks only.  Else budget > 0.
 */
struct response_task {
	int64_t priority;		/* 0: most urgent; equals delay each other */
	int64_t period, budget;
	int64_t jitter;			/* of its releases, as others see them */
	int64_t overdraw;		/* what it may use beyond its budgets, once */
	int64_t critical;		/* its longest critical section */
};

/* `budget` in each `period`; both 0: the whole CPU. */
struct response_supply {
	int64_t period, budget;
};

/*
 * Longest time from a release of tasks[index] until its budget is served, no
 * longer than `limit`, or RESPONSE_NONE.  It can be promised if it is no longer
 * than the period; above that it is the first release's in a busy period.
 */
int64_t response_time(const struct response_task *tasks, unsigned int n, unsigned int index,
		      struct response_supply supply, int64_t limit);

/* The least time in which the supply gives `work` whatever happens: work > 0. */
int64_t response_supplied_within(struct response_supply supply, int64_t work);

/* Longest time that those less urgent than tasks[index] keep it waiting. */
int64_t response_blocking(const struct response_task *tasks, unsigned int n,
			  unsigned int index);

/* Does tasks[other] delay tasks[index], whenever it is released? */
bool response_delays(const struct response_task *tasks, unsigned int other,
		     unsigned int index);

#endif
