/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times one end of a ring between one producer and one consumer, on one CPU and with
 * everything at hand: what the code itself costs, per entry, for batches of BATCH.
 */
#ifndef RINGS_TIME_H
#define RINGS_TIME_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cycles.h"
#include "../samples.h"

#define RINGS_SLOTS	256u
#define RINGS_ROUNDS	20000
#define RINGS_WARM_UP	1000

static uint64_t rings_taken[RINGS_ROUNDS];

/* Inlined, so that no indirect call is part of what is measured. */
static inline __attribute__((always_inline)) void
rings_time(const char *file, unsigned int batch, void (*before)(unsigned int n),
	   void (*measured)(unsigned int n), void (*after)(unsigned int n))
{
	uint64_t empty = UINT64_MAX, start;
	FILE *out = fopen(file, "w");

	for (int i = 0; i < RINGS_WARM_UP; i++) {
		start = cycles();
		start = cycles() - start;
		empty = start < empty ? start : empty;
	}
	for (int i = -RINGS_WARM_UP; i < RINGS_ROUNDS; i++) {
		before(batch);
		start = cycles();
		measured(batch);
		rings_taken[i < 0 ? 0 : i] = cycles() - start - empty;
		after(batch);
	}
	for (int i = 0; out && i < RINGS_ROUNDS; i++)
		fprintf(out, "%.3f\n", (double)rings_taken[i] / batch);
	if (!out || fclose(out)) {
		perror(file);
		exit(1);
	}
}

static void rings_nothing(unsigned int n)
{
	(void)n;
}

/* Four files: METRIC.METHOD in a directory, for batches of 1 and 32. */
#define RINGS_MAIN(method, produce, consume, drain, fill)					\
int main(int argc, char **argv)									\
{												\
	if (argc != 2 || chdir(argv[1]))							\
		return 2;									\
	rings_time("ring_put_1." method, 1, rings_nothing, produce, drain);			\
	rings_time("ring_put_32." method, 32, rings_nothing, produce, drain);			\
	rings_time("ring_take_1." method, 1, fill, consume, rings_nothing);			\
	rings_time("ring_take_32." method, 32, fill, consume, rings_nothing);			\
	return 0;										\
}

#endif
