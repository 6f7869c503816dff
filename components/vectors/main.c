// SPDX-License-Identifier: GPL-2.0-or-later
/* A server with vector registers: see vectors/vectors.h. */
#include "vectors/vectors.h"

#define TERMS 1000

/* The sum of 1/n(n+1) for n = 1 .. TERMS is TERMS / (TERMS + 1). */
static bool sum_is_right(void)
{
	double sum = 0, error;

	for (int n = 1; n <= TERMS; n++)
		sum += 1.0 / n / (n + 1);
	error = sum - (double)TERMS / (TERMS + 1);
	return error < 1e-12 && error > -1e-12;
}

int64_t vectors_serve(uint64_t seed)
{
	struct vectors_state seen, left;
	bool good;

	vectors_init(&seen);
	vectors_look(&seen);
	good = vectors_initial(&seen) && sum_is_right();
	vectors_init(&left);
	vectors_pattern(&left, seed);
	vectors_load(&left);
	return !good;
}
AOS_EXPORT(vectors_serve);
