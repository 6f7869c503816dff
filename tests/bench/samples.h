/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdint.h>
#include <stdio.h>

/** samples_write() - one number per line, in the order of time, as tests/bench/results reads them. */
static inline void samples_write(FILE *out, const uint64_t *samples, int n)
{
	for (int i = 0; i < n; i++)
		fprintf(out, "%lu\n", samples[i]);
}

#endif
