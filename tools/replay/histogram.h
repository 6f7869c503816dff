// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A histogram of durations with constant relative precision: logarithmic
 * buckets, one per doubling, each of 1,024 linear steps. Values below 2,048 ns
 * are exact; a percentile above is never too low and at most 1/1,024 (0.1 %)
 * too high. The memory is fixed: 440 kB for all 64-bit values.
 */
#ifndef REPLAY_HISTOGRAM_H
#define REPLAY_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct histogram {
	uint64_t *buckets;
	uint64_t count, least, most;
	double sum;
};

/* 0, or -1 if there is no memory. */
int histogram_init(struct histogram *h);
void histogram_free(struct histogram *h);

void histogram_add(struct histogram *h, uint64_t value);

/* Adds all values of @other; the result is as if they had been added here. */
void histogram_merge(struct histogram *h, const struct histogram *other);

/*
 * Walks the steps that hold values, from below: start with *@step = 0, end at
 * false. @value is the step's highest, @n how many lie in it.
 */
bool histogram_next(const struct histogram *h, size_t *step, uint64_t *value,
		    uint64_t *n);

/* The value that @percent of all values do not exceed; 0 if there is none. */
uint64_t histogram_percentile(const struct histogram *h, double percent);

/* How many values lie in [from, to). Exact when both are bucket bounds. */
uint64_t histogram_between(const struct histogram *h, uint64_t from,
			   uint64_t to);

/* Draws one line per step of 1-2-5, values in nanoseconds. */
void histogram_draw(const struct histogram *h, FILE *out);

/* "12.3 us": at most 16 bytes, three digits, in @text; returns @text. */
const char *duration_format(uint64_t ns, char text[16]);

#endif
