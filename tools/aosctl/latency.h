/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms out of pages that their components write, and may fill with anything:
 * copied as of one moment, checked, and only then used.
 */
#ifndef AOSCTL_LATENCY_H
#define AOSCTL_LATENCY_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/histogram.h"

#define LATENCY_TEXT	16	/* of a duration */

struct latency {
	char name[HISTOGRAM_NAME_LEN + 1];
	bool flow;		/* else of an invocation */
	uint64_t since;		/* TSC */
	uint64_t khz;		/* of the TSC */
	uint64_t n, sum, min, max;	/* ticks */
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

enum latency_found {
	LATENCY_GOOD,
	LATENCY_NONE,		/* its component has none there */
	LATENCY_UNSETTLED,	/* it was being changed at each of some tries */
	LATENCY_NONSENSE	/* it contradicts itself */
};

enum latency_found latency_copy(struct latency *to, const volatile struct histogram *from);

/* The duration that so many percent of all did not exceed, ticks; 0 if there are none. */
uint64_t latency_percentile(const struct latency *latency, double percent);

/*
 * Leaves of *now what is not in *before.  Shortest and longest are then known as
 * well as the buckets are.  Unless *before is an earlier one of the same: no change.
 */
void latency_subtract(struct latency *now, const struct latency *before);

double latency_ns(const struct latency *latency, uint64_t ticks);

/* "6.41 ms" */
const char *latency_text(double ns, char text[LATENCY_TEXT]);

#endif
