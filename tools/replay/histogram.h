// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A histogram of durations with constant relative precision: 1,024 steps per
 * doubling, so every percentile is right to 0.1 %, in fixed memory.
 */
#ifndef REPLAY_HISTOGRAM_H
#define REPLAY_HISTOGRAM_H

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
