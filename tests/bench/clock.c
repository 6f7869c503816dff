// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock - the frequency of the time-stamp counter in MHz, as the kernel has it: CLOCK_MONOTONIC_RAW is the
 * counter by the kernel's calibration alone, where Linux keeps time by it.
 */
#include <stdio.h>
#include <time.h>

#include "cycles.h"

#define INTERVAL	100000000ull	/* ns: a reading is late by less than a millionth of it */

static unsigned long long nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (unsigned long long)t.tv_sec * 1000000000 + (unsigned long long)t.tv_nsec;
}

int main(void)
{
	unsigned long long from = nanoseconds(), now;
	uint64_t start = cycles(), end;

	do {
		now = nanoseconds();
		end = cycles();
	} while (now - from < INTERVAL);
	printf("%.3f\n", (double)(end - start) * 1000 / (double)(now - from));
	return 0;
}
