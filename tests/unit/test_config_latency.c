// SPDX-License-Identifier: GPL-2.0-or-later
/* Histograms with anything in them: of one moment, consistent, or refused. */
#include "test_config.h"
#include "components/include/histogram.h"
#include "latency.h"

static struct histogram *new_histogram(void)
{
	struct histogram *h = calloc(1, sizeof(*h));	/* ASan guards its end */

	*h = (struct histogram){ .magic = HISTOGRAM_MAGIC, .revision = HISTOGRAM_REVISION,
				 .name = "cos0.7.echo", .khz = 1000000, .min = UINT64_MAX,
				 .kind = HISTOGRAM_FLOW };
	return h;
}

static void good(void **state)
{
	struct histogram *h = new_histogram();
	struct latency l;

	(void)state;
	assert_int_equal(latency_copy(&l, h), LATENCY_GOOD);
	assert_int_equal(l.n, 0);
	assert_int_equal(latency_percentile(&l, 50), 0);
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_record(h, 0, i * 1000);
	assert_int_equal(latency_copy(&l, h), LATENCY_GOOD);
	assert_string_equal(l.name, "cos0.7.echo");
	assert_true(l.flow);
	assert_int_equal(l.n, 1000);
	assert_int_equal(l.min, 1000);
	assert_int_equal(l.max, 1000000);
	assert_in_range(latency_percentile(&l, 50), 500000, 500000 * 9 / 8);
	assert_in_range(latency_percentile(&l, 90), 900000, 1000000);
	assert_int_equal(latency_percentile(&l, 100), 1000000);
	assert_in_range(latency_percentile(&l, 0.01), 1000, 1125);
	assert_true(latency_ns(&l, l.max) == 1e6);
	free(h);
}

static void one_value(void **state)
{
	struct histogram *h = new_histogram();
	struct latency l;

	(void)state;
	histogram_record(h, 0, UINT64_MAX);
	assert_int_equal(latency_copy(&l, h), LATENCY_GOOD);
	assert_true(latency_percentile(&l, 50) >= histogram_bucket_first(HISTOGRAM_BUCKETS - 1));
	free(h);
}

static void since(void **state)
{
	struct histogram *h = new_histogram();
	struct latency before, now;

	(void)state;
	histogram_record(h, 0, 100);
	histogram_record(h, 0, 5000);
	assert_int_equal(latency_copy(&before, h), LATENCY_GOOD);
	now = before;
	latency_subtract(&now, &before);
	assert_int_equal(now.n, 0);
	assert_int_equal(latency_percentile(&now, 99), 0);
	histogram_record(h, 0, 900);
	assert_int_equal(latency_copy(&now, h), LATENCY_GOOD);
	latency_subtract(&now, &before);
	assert_int_equal(now.n, 1);
	assert_int_equal(now.sum, 900);
	assert_in_range(now.min, 800, 900);
	assert_in_range(now.max, 900, 1023);
	before.since++;			/* another one of that name: nothing in common */
	assert_int_equal(latency_copy(&now, h), LATENCY_GOOD);
	latency_subtract(&now, &before);
	assert_int_equal(now.n, 3);
	free(h);
}

#define NONSENSE(found, field, wrong) do {			\
	struct histogram *h = new_histogram();			\
	struct latency l;					\
	histogram_record(h, 0, 1000);				\
	histogram_record(h, 0, 2000);				\
	h->field = wrong;					\
	assert_int_equal(latency_copy(&l, h), found);		\
	free(h);						\
} while (0)

static void lies(void **state)
{
	(void)state;
	NONSENSE(LATENCY_NONE, magic, 0);
	NONSENSE(LATENCY_NONE, revision, HISTOGRAM_REVISION + 1);
	NONSENSE(LATENCY_NONSENSE, n, 3);
	NONSENSE(LATENCY_NONSENSE, bucket[9], 1);
	NONSENSE(LATENCY_NONSENSE, bucket[HISTOGRAM_BUCKETS - 1], UINT64_MAX);
	NONSENSE(LATENCY_NONSENSE, min, 1);
	NONSENSE(LATENCY_NONSENSE, max, UINT64_MAX);
	NONSENSE(LATENCY_NONSENSE, khz, 0);
	NONSENSE(LATENCY_NONSENSE, khz, UINT64_MAX);
	NONSENSE(LATENCY_UNSETTLED, epoch, 1);
}

/* A name with anything in it, and no end. */
static void names(void **state)
{
	struct histogram *h = new_histogram();
	struct latency l;

	(void)state;
	memset(h->name, '\033', sizeof(h->name));
	assert_int_equal(latency_copy(&l, h), LATENCY_GOOD);
	assert_int_equal(strspn(l.name, "?"), HISTOGRAM_NAME_LEN - 1);
	assert_int_equal(strlen(l.name), HISTOGRAM_NAME_LEN - 1);
	h->epoch = 1;
	assert_int_equal(latency_copy(&l, h), LATENCY_UNSETTLED);
	assert_int_equal(strspn(l.name, "?"), strlen(l.name));
	free(h);
}

static void texts(void **state)
{
	char text[LATENCY_TEXT];

	(void)state;
	assert_string_equal(latency_text(0, text), "0 ns");
	assert_string_equal(latency_text(999.4, text), "999 ns");
	assert_string_equal(latency_text(999.6, text), "1.00 us");
	assert_string_equal(latency_text(6410000, text), "6.41 ms");
	assert_string_equal(latency_text(64.1e6, text), "64.1 ms");
	assert_string_equal(latency_text(641e6, text), "641 ms");
	assert_string_equal(latency_text(1e12, text), "1000 s");
	assert_true(strlen(latency_text(1.9e19, text)) < LATENCY_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(one_value), cmocka_unit_test(since),
		cmocka_unit_test(lies), cmocka_unit_test(names), cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
