/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * getpid [CALLS] - what Linux's shortest system call costs, in cycles of the
 * time-stamp counter without those of reading it: "MIN MEDIAN" of many calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cycles.h"

#define CALLS 20001

static uint64_t taken[CALLS];

static inline long call(long number)
{
	__asm__ volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
	return number;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	int i, calls = argc > 1 ? atoi(argv[1]) : CALLS;
	uint64_t start, empty = UINT64_MAX;

	if (calls < 1 || calls > CALLS)
		return 2;

	for (i = 0; i < CALLS; i++) {
		start = cycles();
		start = cycles() - start;
		if (start < empty)
			empty = start;
	}
	for (i = 0; i < calls; i++) {
		start = cycles();
		call(SYS_getpid);
		taken[i] = cycles() - start;
	}
	qsort(taken, (size_t)calls, sizeof(*taken), compare);
	printf("%lu %lu\n", taken[0] - empty, taken[calls / 2] - empty);
	return 0;
}
