// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one clock of the tool. CLOCK_MONOTONIC_RAW is not slewed by NTP, so a
 * latency is not stretched or shrunk while somebody corrects the time of day.
 */
#ifndef REPLAY_CLOCK_H
#define REPLAY_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S 1000000000ULL

static inline uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

#endif
