// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this host did to our time while we measured: sleep, a hypervisor, other
 * programs, and whoever set the clock. None of it is the appliance's doing.
 */
#ifndef REPLAY_HOST_TIME_H
#define REPLAY_HOST_TIME_H

#include <stdint.h>

struct host_time {
	uint64_t suspended;	/* ns the machine slept; CLOCK_MONOTONIC did too */
	int64_t day_set;	/* ns the time of day was set by */
	uint64_t stolen;	/* ns the hypervisor took, all CPUs together */
	uint64_t waited;	/* ns this thread could run, but had no CPU */
	uint64_t preempted;	/* times it lost the CPU */
};

/* The totals until now; what the kernel does not tell is 0. */
struct host_time host_time_read(void);

/* What happened between two readings; smaller steps of the day are noise. */
struct host_time host_time_between(const struct host_time *before,
				   const struct host_time *after);

#endif
