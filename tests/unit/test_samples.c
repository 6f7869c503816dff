// SPDX-License-Identifier: GPL-2.0-or-later
/* The benchmark's statistics, against qsort(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "samples.h"

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void like_qsort(void **state)
{
	static uint32_t ours[1000], theirs[1000];

	(void)state;
	srand(7);
	for (uint32_t n = 1; n <= 1000; n += 37) {
		struct summary s;

		for (uint32_t i = 0; i < n; i++)
			ours[i] = theirs[i] = (uint32_t)rand() % (n & 1 ? 10 : UINT32_MAX);
		s = samples_summarise(ours, n);
		qsort(theirs, n, sizeof(theirs[0]), ascending);
		assert_memory_equal(ours, theirs, n * sizeof(ours[0]));
		assert_int_equal(s.min, theirs[0]);
		assert_int_equal(s.p50, theirs[(n + 1) / 2 - 1]);
		assert_int_equal(s.p99, theirs[(n * 99 + 99) / 100 - 1]);
		assert_int_equal(s.max, theirs[n - 1]);
	}
}

static void mean_and_deviation(void **state)
{
	uint32_t cycles[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
	uint32_t far[] = { 0, UINT32_MAX };
	struct summary s = samples_summarise(cycles, 8);

	(void)state;
	assert_int_equal(s.mean, 5);
	assert_int_equal(s.sd, 2);
	assert_int_equal(samples_summarise(far, 2).sd, 1 << 24);
}

/* Percentiles of more than the samples can tell are the longest. */
static void percentiles(void **state)
{
	static uint32_t cycles[20000];
	struct summary s;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++)
		cycles[i] = i + 1;
	s = samples_summarise(cycles, 20000);
	assert_int_equal(s.p90, 18000);
	assert_int_equal(s.p999, 19980);
	assert_int_equal(s.p9999, 19998);
	assert_int_equal(samples_summarise(cycles, 1000).p9999, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_qsort),
		cmocka_unit_test(mean_and_deviation),
		cmocka_unit_test(percentiles),
	};

	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
