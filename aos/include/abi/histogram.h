/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms of durations that components show to the host, as they show counters
 * (abi/counters.h): HISTOGRAM_PAGES pages for each component, which it alone writes
 * and the host maps read-only.  A component may lie there, and harms only its own
 * figures.  They outlive a restart of their component.
 *
 * Durations are in ticks of the time-stamp counter, its frequency beside them.
 * Buckets have a constant relative width: HISTOGRAM_STEPS of them to each doubling,
 * so a value is known to an eighth.  Finding one takes shifts, no division.
 *
 * THE EPOCH.  The writer makes it odd, changes the histogram, and makes it even: it
 * never waits.  A reader copies, and the copy is good if the epoch was the same even
 * number before and after.  It tries so often and no more: a writer that was stopped
 * in the middle leaves it odd until its component begins a new life.
 */
#ifndef ABI_HISTOGRAM_H
#define ABI_HISTOGRAM_H

#include "syscall.h"
#include "types.h"

#define HISTOGRAM_MAGIC		0x54534948u	/* "HIST" */
#define HISTOGRAM_REVISION	1u
#define HISTOGRAM_NAME_LEN	32u

#define HISTOGRAM_UNIT_BITS	4u		/* 16 ticks: finer is not told apart */
#define HISTOGRAM_STEP_BITS	3u
#define HISTOGRAM_STEPS		(1u << HISTOGRAM_STEP_BITS)
#define HISTOGRAM_VALUE_BITS	32u		/* in units; what is longer is in the last bucket */
#define HISTOGRAM_BUCKETS	((HISTOGRAM_VALUE_BITS - HISTOGRAM_STEP_BITS + 1) * HISTOGRAM_STEPS)

#define HISTOGRAM_PAGES		4u		/* of a component */
#define HISTOGRAMS_MAX		8u		/* in them */

/*
 * The AOS's first frames are what components show: component i's counters in frame i,
 * its histograms from frame histogram_frame(i) on.
 */
#define SHOWN_PAGES		(AOS_MAX_COMPONENTS * (1 + HISTOGRAM_PAGES))

enum histogram_kind {
	HISTOGRAM_INVOCATION = 1,	/* from the entry to the return */
	HISTOGRAM_FLOW = 2		/* from the to_aos ring to the from_aos ring */
};

struct histogram {
	uint32_t magic;			/* set last; 0: nothing here */
	uint32_t revision;
	char name[HISTOGRAM_NAME_LEN];	/* ends in '\0' */
	uint64_t since;			/* TSC when it was empty */
	uint64_t khz;			/* of the TSC */
	uint32_t kind;			/* enum histogram_kind */
	uint32_t epoch;			/* odd: it is being changed */
	uint64_t n;			/* of all buckets together */
	uint64_t sum;			/* ticks */
	uint64_t min, max;		/* ticks; n = 0: UINT64_MAX and 0 */
	uint64_t pad[4];
	uint64_t bucket[HISTOGRAM_BUCKETS];
};
ABI_SIZE(struct histogram, HISTOGRAM_PAGES * ABI_PAGE_SIZE / HISTOGRAMS_MAX);
ABI_OFFSET(struct histogram, bucket, 128);

static inline uint32_t histogram_frame(uint32_t component)
{
	return AOS_MAX_COMPONENTS + component * HISTOGRAM_PAGES;
}

/* Where a duration counts. */
static inline uint32_t histogram_bucket(uint64_t ticks)
{
	uint64_t value = ticks >> HISTOGRAM_UNIT_BITS;
	uint32_t shift;

	if (value < HISTOGRAM_STEPS)
		return (uint32_t)value;
	if (value >> HISTOGRAM_VALUE_BITS)
		return HISTOGRAM_BUCKETS - 1;
	shift = 63 - (uint32_t)__builtin_clzll(value) - HISTOGRAM_STEP_BITS;
	return shift * HISTOGRAM_STEPS + (uint32_t)(value >> shift);
}

/* The shortest duration that counts in a bucket; of the one behind the last: its end. */
static inline uint64_t histogram_bucket_first(uint32_t bucket)
{
	uint32_t shift = bucket / HISTOGRAM_STEPS;

	if (!shift)
		return (uint64_t)bucket << HISTOGRAM_UNIT_BITS;
	return (uint64_t)(HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS)
	       << (shift - 1 + HISTOGRAM_UNIT_BITS);
}

/**
 * histogram_read() - copy one while its writer goes on
 * @to: the copy, not to be used unless it is good
 * @tries: how often to begin anew
 * Return: the copy is of one moment.  What it says may be a lie all the same.
 */
static inline bool histogram_read(struct histogram *to, const volatile struct histogram *from,
				  uint32_t tries)
{
	const volatile uint64_t *word = (const volatile uint64_t *)from;
	uint64_t *copy = (uint64_t *)to;
	uint32_t epoch;

	for (; tries; tries--) {
		epoch = __atomic_load_n(&from->epoch, __ATOMIC_ACQUIRE);
		if (epoch & 1)
			continue;
		for (uint32_t i = 0; i < sizeof(*to) / sizeof(*copy); i++)
			copy[i] = word[i];
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__atomic_load_n(&from->epoch, __ATOMIC_RELAXED) == epoch)
			return true;
	}
	return false;
}

#endif
