// SPDX-License-Identifier: GPL-2.0-or-later
/* See latency.h.  A page's numbers are bounds for nothing here: loops end by ours. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latency.h"
#include "stats.h"

#define TRIES		1000u
#define KHZ_MAX		100000000u	/* 100 GHz */

/* Which buckets have something in them; false: none. */
static bool filled(const struct latency *l, uint32_t *first, uint32_t *last)
{
	uint32_t i = 0, k = HISTOGRAM_BUCKETS;

	while (i < HISTOGRAM_BUCKETS && !l->bucket[i])
		i++;
	while (k > i && !l->bucket[k - 1])
		k--;
	*first = i;
	*last = k - 1;
	return i < HISTOGRAM_BUCKETS;
}

/* Its own count is that of the buckets, and its ends are in the outermost. */
static bool consistent(const struct latency *l)
{
	uint32_t first, last;
	uint64_t n = 0;

	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		if (__builtin_add_overflow(n, l->bucket[i], &n))
			return false;
	if (n != l->n || !l->khz || l->khz > KHZ_MAX)
		return false;
	return !filled(l, &first, &last) || (histogram_bucket(l->min) == first &&
					     histogram_bucket(l->max) == last && l->min <= l->max);
}

enum latency_found latency_copy(struct latency *to, const volatile struct histogram *from)
{
	struct histogram copy = { .magic = 0 };

	if (from->magic != HISTOGRAM_MAGIC)
		return LATENCY_NONE;
	if (!histogram_read(&copy, from, TRIES)) {
		stats_clean_name(to->name, from->name, sizeof(to->name));
		return LATENCY_UNSETTLED;
	}
	*to = (struct latency){ .flow = copy.kind == HISTOGRAM_FLOW, .since = copy.since,
				.khz = copy.khz, .n = copy.n, .sum = copy.sum,
				.min = copy.n ? copy.min : 0, .max = copy.max };
	stats_clean_name(to->name, copy.name, sizeof(copy.name));
	memcpy(to->bucket, copy.bucket, sizeof(to->bucket));
	if (copy.magic != HISTOGRAM_MAGIC || copy.revision != HISTOGRAM_REVISION)
		return LATENCY_NONE;
	return consistent(to) ? LATENCY_GOOD : LATENCY_NONSENSE;
}

uint64_t latency_percentile(const struct latency *l, double percent)
{
	uint64_t wanted = (uint64_t)ceil((double)l->n * percent / 100), seen = 0, longest;

	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS && l->n; i++) {
		seen += l->bucket[i];
		if (seen < wanted || !l->bucket[i])
			continue;
		longest = histogram_bucket_first(i + 1) - 1;
		return longest < l->max ? longest : l->max;
	}
	return l->n ? l->max : 0;
}

static bool is_later(const struct latency *now, const struct latency *before)
{
	if (strcmp(now->name, before->name) || now->since != before->since)
		return false;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		if (now->bucket[i] < before->bucket[i])
			return false;
	return true;
}

void latency_subtract(struct latency *now, const struct latency *before)
{
	uint32_t first, last;

	if (!is_later(now, before))
		return;
	now->n -= before->n;
	now->sum -= before->sum;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		now->bucket[i] -= before->bucket[i];
	if (!filled(now, &first, &last)) {
		now->min = now->max = 0;
		return;
	}
	if (histogram_bucket(now->min) != first)
		now->min = histogram_bucket_first(first);
	if (histogram_bucket(now->max) != last)
		now->max = histogram_bucket_first(last + 1) - 1;
}

double latency_ns(const struct latency *l, uint64_t ticks)
{
	return (double)ticks * 1e6 / (double)l->khz;
}

const char *latency_text(double ns, char text[LATENCY_TEXT])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	unsigned int unit = 0;

	for (; ns >= 999.5 && unit < 3; unit++)
		ns /= 1000;
	snprintf(text, LATENCY_TEXT, "%.*f %s", ns >= 99.95 || !unit ? 0 : ns >= 9.995 ? 1 : 2, ns,
		 units[unit]);
	return text;
}
