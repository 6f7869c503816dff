// SPDX-License-Identifier: GPL-2.0-or-later
/* Histograms that components show: buckets, new lives, and a reader beside the writer. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "components/include/histogram.h"

#define LOOKS	1000u	/* of the reader, while the writer goes on */

static struct histogram area[HISTOGRAMS_MAX];

static struct histogram *claim(const char *name, uint64_t now)
{
	const struct histogram_label label = { .name = name, .kind = HISTOGRAM_FLOW, .now = now,
					       .khz = 3000000 };

	return histogram_claim(area, &label);
}

static int setup(void **state)
{
	(void)state;
	memset(area, 0, sizeof(area));
	return 0;
}

static uint64_t in_buckets(const struct histogram *h)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		n += h->bucket[i];
	return n;
}

/* Each value lies in its bucket, and no bucket is wider than an eighth of what is in it. */
static void buckets(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t first = histogram_bucket_first(i), next = histogram_bucket_first(i + 1);

		assert_true(first < next);
		assert_int_equal(histogram_bucket(first), i);
		assert_int_equal(histogram_bucket(next - 1), i);
		if (i >= HISTOGRAM_STEPS)
			assert_true((next - first) * HISTOGRAM_STEPS <= first);
	}
	assert_int_equal(histogram_bucket(0), 0);
	assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
	assert_int_equal(histogram_bucket_first(HISTOGRAM_BUCKETS),
			 1ull << (HISTOGRAM_VALUE_BITS + HISTOGRAM_UNIT_BITS));
}

static void records(void **state)
{
	struct histogram *h = claim("a", 7), copy;

	(void)state;
	histogram_record(h, 100, 1100);
	histogram_record(h, 100, 100);
	histogram_record(h, 100, 99);	/* another CPU's clock */
	assert_true(histogram_read(&copy, h, 1));
	assert_int_equal(copy.n, 3);
	assert_int_equal(copy.sum, 1000);
	assert_int_equal(copy.min, 0);
	assert_int_equal(copy.max, 1000);
	assert_int_equal(copy.bucket[0], 2);
	assert_int_equal(copy.bucket[histogram_bucket(1000)], 1);
	assert_int_equal(copy.since, 7);
	assert_int_equal(copy.kind, HISTOGRAM_FLOW);
	assert_string_equal(copy.name, "a");
}

static void lives(void **state)
{
	struct histogram *a = claim("a", 7), *b = claim("b", 8);

	(void)state;
	assert_ptr_not_equal(a, b);
	histogram_record(a, 0, 50);
	histogram_turn(a);
	a->bucket[3]++;			/* and there its component died */
	assert_ptr_equal(claim("a", 9), a);
	assert_int_equal(a->epoch & 1, 0);
	assert_int_equal(a->n, 2);
	assert_int_equal(a->since, 7);
	for (char name[] = "c"; claim(name, 1); name[0]++)
		assert_true(name[0] < 'c' + (int)HISTOGRAMS_MAX);
	assert_ptr_equal(claim("b", 9), b);
}

static void long_names(void **state)
{
	struct histogram *h = claim("a name that is longer than there is room for it", 1);

	(void)state;
	assert_int_equal(strlen(h->name), HISTOGRAM_NAME_LEN - 1);
	assert_ptr_equal(claim("a name that is longer than there is room for it", 1), h);
}

/* Stopped in the middle of a change: a reader gives up. */
static void writer_stopped(void **state)
{
	struct histogram *h = claim("a", 7), copy;

	(void)state;
	histogram_turn(h);
	assert_false(histogram_read(&copy, h, 1000));
	histogram_turn(h);
	assert_true(histogram_read(&copy, h, 1));
}

static bool enough;

static void *write_on(void *histogram)
{
	for (uint64_t i = 0; !__atomic_load_n(&enough, __ATOMIC_RELAXED); i++) {
		for (uint32_t k = 0; k < 32; k++)
			histogram_record(histogram, 0, i * 977 % 100000);
		for (volatile uint32_t k = 0; k < 3000; k++)
			;
	}
	return NULL;
}

static void reader_beside_writer(void **state)
{
	struct histogram *h = claim("a", 7), copy;
	uint32_t changes = 0;
	uint64_t before = 0;
	pthread_t writer;

	(void)state;
	__atomic_store_n(&enough, false, __ATOMIC_RELAXED);
	assert_int_equal(pthread_create(&writer, NULL, write_on, h), 0);
	for (uint32_t i = 0; i < LOOKS || changes < LOOKS / 10; i++) {
		/* a writer that lost its CPU in the middle is waited for here alone */
		while (!histogram_read(&copy, h, 1000))
			;
		assert_int_equal(in_buckets(&copy), copy.n);
		assert_true(copy.n >= before);
		changes += copy.n > before;
		before = copy.n;
	}
	__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	pthread_join(writer, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buckets, setup),
		cmocka_unit_test_setup(records, setup),
		cmocka_unit_test_setup(lives, setup),
		cmocka_unit_test_setup(long_names, setup),
		cmocka_unit_test_setup(writer_stopped, setup),
		cmocka_unit_test_setup(reader_beside_writer, setup),
	};

	return cmocka_run_group_tests_name("histograms", tests, NULL, NULL);
}
