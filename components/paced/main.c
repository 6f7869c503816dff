// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Periodic threads for tests: each job computes for a while; the scheduler
 * counts what is late.  A thread's `arg` is the length of its jobs in rounds
 * of a loop of two instructions.
 */
#include "aos.h"
#include "sched/sched.h"

static void compute(uint64_t rounds)
{
	__asm__ volatile("1: decq %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
}

void paced_main(uint64_t arg)
{
	struct counter *jobs = aos_counter("jobs");

	for (;;) {
		if (sched_wait_period() < 0)
			aos_abort();
		compute(arg ? arg : 1);
		counter_inc(jobs);
	}
}

/* Computes without end, and never asks anybody: what it gets, it uses. */
void paced_greedy(uint64_t arg)
{
	(void)arg;
	for (;;)
		compute(UINT64_MAX);
}
