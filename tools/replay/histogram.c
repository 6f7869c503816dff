// SPDX-License-Identifier: GPL-2.0-or-later
/* A histogram of durations with constant relative precision. */
#include "histogram.h"

#include <stdlib.h>
#include <string.h>

#define STEP_BITS 10
#define STEPS (1u << STEP_BITS)
#define BUCKETS ((size_t)(64 - STEP_BITS + 1) * STEPS)
#define BAR 40

int histogram_init(struct histogram *h)
{
	memset(h, 0, sizeof(*h));
	h->least = UINT64_MAX;
	h->buckets = calloc(BUCKETS, sizeof(*h->buckets));
	return h->buckets ? 0 : -1;
}

void histogram_free(struct histogram *h)
{
	free(h->buckets);
	h->buckets = NULL;
}

/* Values below STEPS have a bucket each; above, each doubling has STEPS. */
static size_t bucket_of(uint64_t value)
{
	unsigned int shift;

	if (value < STEPS)
		return (size_t)value;
	shift = 63 - (unsigned int)__builtin_clzll(value) - STEP_BITS;
	return (size_t)(shift + 1) * STEPS + (size_t)(value >> shift) - STEPS;
}

static uint64_t bucket_first(size_t bucket)
{
	unsigned int shift;

	if (bucket < STEPS)
		return bucket;
	shift = (unsigned int)(bucket / STEPS) - 1;
	return (uint64_t)(STEPS + bucket % STEPS) << shift;
}

static uint64_t bucket_last(size_t bucket)
{
	return bucket + 1 < BUCKETS ? bucket_first(bucket + 1) - 1 :
				      UINT64_MAX;
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->buckets[bucket_of(value)]++;
	h->count++;
	h->sum += (double)value;
	if (value < h->least)
		h->least = value;
	if (value > h->most)
		h->most = value;
}

void histogram_merge(struct histogram *h, const struct histogram *other)
{
	for (size_t i = 0; i < BUCKETS; i++)
		h->buckets[i] += other->buckets[i];
	h->count += other->count;
	h->sum += other->sum;
	if (other->least < h->least)
		h->least = other->least;
	if (other->most > h->most)
		h->most = other->most;
}

bool histogram_next(const struct histogram *h, size_t *step, uint64_t *value,
		    uint64_t *n)
{
	size_t i = *step;

	while (i < BUCKETS && !h->buckets[i])
		i++;
	if (i == BUCKETS)
		return false;
	*step = i + 1;
	*value = bucket_last(i) < h->most ? bucket_last(i) : h->most;
	*n = h->buckets[i];
	return true;
}

uint64_t histogram_percentile(const struct histogram *h, double percent)
{
	/* Nearest rank; the tiny step back is for products like 0.999 * n. */
	double exact = percent / 100.0 * (double)h->count;
	uint64_t rank = (uint64_t)(exact - 1e-9) + 1;
	uint64_t seen = 0;

	if (!h->count)
		return 0;
	if (exact < 1e-9)
		return h->least;
	for (size_t i = 0; i < BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen >= rank)
			return bucket_last(i) < h->most ? bucket_last(i) :
							  h->most;
	}
	return h->most;
}

uint64_t histogram_between(const struct histogram *h, uint64_t from,
			   uint64_t to)
{
	uint64_t n = 0;

	for (size_t i = bucket_of(from); i < BUCKETS && bucket_first(i) < to;
	     i++)
		if (bucket_first(i) >= from)
			n += h->buckets[i];
	return n;
}

const char *duration_format(uint64_t ns, char text[16])
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = (double)ns;
	size_t unit = 0;

	while (value >= 999.5 && unit < 3) {
		value /= 1000;
		unit++;
	}
	snprintf(text, 16, "%.*f %s",
		 unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2,
		 value, units[unit]);
	return text;
}

/* The step after @value in 1, 2, 5, 10, 20, 50, ... */
static uint64_t step_next(uint64_t value)
{
	uint64_t decade = 1;

	while (value / decade >= 10)
		decade *= 10;
	if (value / decade == 2)
		return decade * 5;
	return value / decade == 5 ? decade * 10 : value * 2;
}

static uint64_t step_below(uint64_t value)
{
	uint64_t step = 1;

	while (step_next(step) <= value && step < UINT64_MAX / 10)
		step = step_next(step);
	return step;
}

static uint64_t tallest(const struct histogram *h)
{
	uint64_t most = 1;

	for (uint64_t at = step_below(h->least); at <= h->most;
	     at = step_next(at)) {
		uint64_t n = histogram_between(h, at, step_next(at));

		if (n > most)
			most = n;
	}
	return most;
}

static void bar_draw(FILE *out, uint64_t n, uint64_t most)
{
	int length = (int)((n * BAR + most - 1) / most);

	while (length-- > 0)
		putc('#', out);
	putc('\n', out);
}

void histogram_draw(const struct histogram *h, FILE *out)
{
	uint64_t most, at;
	char text[16];

	/* Beyond some 30 years a step would overflow; nothing waits so long. */
	if (!h->count || h->most > (uint64_t)1e18)
		return;
	most = tallest(h);
	for (at = step_below(h->least); at <= h->most; at = step_next(at)) {
		uint64_t n = histogram_between(h, at, step_next(at));

		fprintf(out, "    from %8s %10llu %s",
			duration_format(at, text), (unsigned long long)n,
			n ? "" : "\n");
		if (n)
			bar_draw(out, n, most);
	}
}
