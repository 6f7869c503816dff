// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host did to our time: differences of clocks, and /proc. */
#define _GNU_SOURCE
#include "host_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"

/* Two clocks cannot be read at once; less than this is no change. */
#define NOISE ((int64_t)NS_PER_MS)

/* How far @clock is ahead of ours. */
static int64_t ahead(clockid_t clock)
{
	uint64_t before = clock_ns(), other = clock_read(clock);
	uint64_t after = clock_ns();

	return (int64_t)(other - before - (after - before) / 2);
}

/* The hypervisor's share is number 8 of the first line, in ticks. */
static uint64_t stolen_read(void)
{
	FILE *file = fopen("/proc/stat", "r");
	unsigned long long ticks = 0;

	if (!file)
		return 0;
	if (fscanf(file, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &ticks) != 1)
		ticks = 0;
	fclose(file);
	return ticks * (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t waited_read(void)
{
	FILE *file = fopen("/proc/thread-self/schedstat", "r");
	unsigned long long waited = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*u %llu", &waited) != 1)
		waited = 0;
	fclose(file);
	return waited;
}

struct host_time host_time_read(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_THREAD, &usage);
	return (struct host_time) {
		.suspended = (uint64_t)ahead(CLOCK_BOOTTIME),
		.day_set = ahead(CLOCK_REALTIME),
		.stolen = stolen_read(),
		.waited = waited_read(),
		.preempted = (uint64_t)usage.ru_nivcsw,
	};
}

static int64_t noticed(int64_t change)
{
	return llabs(change) < NOISE ? 0 : change;
}

struct host_time host_time_between(const struct host_time *before,
				   const struct host_time *after)
{
	int64_t slept = noticed((int64_t)(after->suspended -
					  before->suspended));

	return (struct host_time) {
		.suspended = slept > 0 ? (uint64_t)slept : 0,
		/* The time of day goes on while the machine sleeps. */
		.day_set = noticed(after->day_set - before->day_set - slept),
		.stolen = after->stolen - before->stolen,
		.waited = after->waited - before->waited,
		.preempted = after->preempted - before->preempted,
	};
}
