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
		assert_int_equal(s.median, theirs[n / 2]);
		assert_int_equal(s.p99, theirs[n * 99 / 100]);
		assert_int_equal(s.max, theirs[n - 1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(like_qsort) };

	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
