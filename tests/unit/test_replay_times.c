// SPDX-License-Identifier: GPL-2.0-or-later
/* Schedule and histogram. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "histogram.h"
#include "host_time.h"
#include "schedule.h"

static void schedule_speeds(void **state)
{
	struct schedule s;

	(void)state;
	assert_true(schedule_parse(&s, "1"));
	schedule_start(&s, 1000, 100, 11);
	assert_int_equal(schedule_due(&s, 0, 0), 1000);
	assert_int_equal(schedule_due(&s, 0, 100), 1100);
	/* Rounds follow at the average gap: 100 / 10. */
	assert_int_equal(schedule_due(&s, 1, 0), 1110);
	assert_true(schedule_parse(&s, "4"));
	schedule_start(&s, 1000, 100, 11);
	assert_int_equal(schedule_due(&s, 0, 100), 1025);
	assert_true(schedule_parse(&s, "0.5"));
	schedule_start(&s, 1000, 100, 11);
	assert_int_equal(schedule_due(&s, 0, 100), 1200);
	assert_true(schedule_parse(&s, "max"));
	schedule_start(&s, 1000, 100, 11);
	assert_int_equal(schedule_due(&s, 3, 100), 1000);
	assert_false(schedule_parse(&s, "0"));
	assert_false(schedule_parse(&s, "-1"));
	assert_false(schedule_parse(&s, "nan"));
	assert_false(schedule_parse(&s, "fast"));
	assert_false(schedule_parse(&s, ""));
}

/* After 10 million rounds at an odd speed it is still right to the ns. */
static void schedule_exact(void **state)
{
	struct schedule s;

	(void)state;
	assert_true(schedule_parse(&s, "3"));
	schedule_start(&s, 5, 2 * NS_PER_S, 2);
	assert_int_equal(schedule_due(&s, 9000000, 1),
			 5 + 9000000ULL * 4 * NS_PER_S / 3);
}

/* What will never come does not come at once, either. */
static void schedule_never(void **state)
{
	struct schedule s;

	(void)state;
	assert_true(schedule_parse(&s, "0.001"));
	schedule_start(&s, 1000, INT64_MAX, 2);
	assert_int_equal(schedule_due(&s, 0, INT64_MAX),
			 1000 + (uint64_t)INT64_MAX);
	assert_int_equal(schedule_due(&s, 1000000000, 1),
			 1000 + (uint64_t)INT64_MAX);
}

static void schedule_rates(void **state)
{
	struct schedule s;

	(void)state;
	assert_true(schedule_rate_parse(&s, "1000/s"));
	assert_true(schedule_rate_parse(&s, "2.5"));
	assert_true(s.rate > 2.49 && s.rate < 2.51 && !s.max);
	assert_false(schedule_rate_parse(&s, "1000/m"));
	assert_false(schedule_rate_parse(&s, "0/s"));
	assert_false(schedule_rate_parse(&s, "inf"));
	assert_false(schedule_rate_parse(&s, "1e9"));
	assert_false(schedule_rate_parse(&s, "/s"));
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Against the sorted list: never below, and at most 0.1 % above. */
static void histogram_percentiles(void **state)
{
	static const double percents[] = { 0, 1, 50, 90, 99, 99.9, 100 };
	static uint64_t values[10007];
	size_t n = sizeof(values) / sizeof(*values);
	struct histogram h;

	(void)state;
	srand(4);
	assert_int_equal(histogram_init(&h), 0);
	for (size_t i = 0; i < n; i++) {
		values[i] = (uint64_t)rand() * (uint64_t)rand() >>
			    (rand() % 60);
		histogram_add(&h, values[i]);
	}
	qsort(values, n, sizeof(*values), compare);
	for (size_t i = 0; i < sizeof(percents) / sizeof(*percents); i++) {
		double exact = percents[i] / 100 * (double)n;
		size_t rank = (size_t)exact + (exact > (size_t)exact);
		uint64_t right = values[rank ? rank - 1 : 0];
		uint64_t got = histogram_percentile(&h, percents[i]);

		assert_true(got >= right);
		assert_true(got <= right + right / 1000 + 1);
	}
	assert_int_equal(h.most, values[n - 1]);
	assert_int_equal(histogram_percentile(&h, 100), h.most);
	histogram_free(&h);
}

/* Two halves merged are the whole, bucket by bucket. */
static void histogram_merged(void **state)
{
	struct histogram whole, half[2];
	size_t at = 0, other = 0;
	uint64_t value, n, value2, n2;

	(void)state;
	srand(5);
	histogram_init(&whole);
	histogram_init(&half[0]);
	histogram_init(&half[1]);
	for (int i = 0; i < 20000; i++) {
		value = (uint64_t)rand() << (rand() % 20);
		histogram_add(&whole, value);
		histogram_add(&half[i % 3 == 0], value);
	}
	histogram_merge(&half[0], &half[1]);
	assert_int_equal(half[0].count, whole.count);
	assert_int_equal(half[0].least, whole.least);
	assert_int_equal(half[0].most, whole.most);
	while (histogram_next(&whole, &at, &value, &n)) {
		assert_true(histogram_next(&half[0], &other, &value2, &n2));
		assert_int_equal(value, value2);
		assert_int_equal(n, n2);
	}
	assert_false(histogram_next(&half[0], &other, &value2, &n2));
	/* An empty one changes nothing. */
	histogram_free(&half[1]);
	histogram_init(&half[1]);
	histogram_merge(&whole, &half[1]);
	assert_int_equal(whole.least, half[0].least);
	histogram_free(&whole);
	histogram_free(&half[0]);
	histogram_free(&half[1]);
}

/* Each value alone, over all magnitudes: within the bound that is stated. */
static void histogram_bound(void **state)
{
	struct histogram h;

	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++)
		for (uint64_t i = 0; i < 3; i++) {
			uint64_t value = (1ULL << bit) + (i << bit) / 3;
			uint64_t got;

			histogram_init(&h);
			histogram_add(&h, value);
			/* Keeps the greatest from telling the answer. */
			histogram_add(&h, UINT64_MAX);
			got = histogram_percentile(&h, 50);
			assert_true(got >= value);
			assert_true(got - value <= value / 1024);
			histogram_free(&h);
		}
}

/* Sleep and a clock that was set are told apart; trembling is neither. */
static void host_time_changes(void **state)
{
	struct host_time before = { .suspended = 5, .day_set = 1000,
				    .stolen = 7, .waited = 70,
				    .preempted = 700 };
	struct host_time after = before, change;

	(void)state;
	after.suspended += 300;
	after.day_set -= 400;
	change = host_time_between(&before, &after);
	assert_int_equal(change.suspended, 0);
	assert_int_equal(change.day_set, 0);
	/* Asleep for 3 s: the time of day went on, and was not set. */
	after.suspended += 3 * NS_PER_S;
	after.day_set += 3 * (int64_t)NS_PER_S;
	after.stolen += 1;
	after.waited += 2;
	after.preempted += 3;
	change = host_time_between(&before, &after);
	assert_int_equal(change.suspended, 3 * NS_PER_S + 300);
	assert_int_equal(change.day_set, 0);
	assert_int_equal(change.stolen, 1);
	assert_int_equal(change.waited, 2);
	assert_int_equal(change.preempted, 3);
	/* And set back by a minute meanwhile. */
	after.day_set -= 60 * (int64_t)NS_PER_S;
	change = host_time_between(&before, &after);
	assert_true(change.day_set < -59 * (int64_t)NS_PER_S);
	/* The readings of this very machine: nothing of that happens now. */
	before = host_time_read();
	after = host_time_read();
	change = host_time_between(&before, &after);
	assert_int_equal(change.suspended, 0);
	assert_true(after.waited >= before.waited);
}

static void histogram_small(void **state)
{
	struct histogram h;

	(void)state;
	histogram_init(&h);
	assert_int_equal(histogram_percentile(&h, 50), 0);
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_add(&h, i);
	assert_int_equal(histogram_percentile(&h, 50), 500);
	assert_int_equal(histogram_percentile(&h, 99.9), 999);
	assert_int_equal(histogram_percentile(&h, 100), 1000);
	assert_int_equal(histogram_between(&h, 10, 20), 10);
	histogram_add(&h, UINT64_MAX);
	assert_true(histogram_percentile(&h, 100) == UINT64_MAX);
	histogram_free(&h);
}

static void histogram_text(void **state)
{
	struct histogram h;
	char *text = NULL, line[16];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	histogram_init(&h);
	histogram_add(&h, 1500);
	histogram_add(&h, 1500);
	histogram_add(&h, 7000000);
	histogram_draw(&h, out);
	fclose(out);
	assert_non_null(strstr(text, "from  1.00 us          2 ########"));
	assert_non_null(strstr(text, "from  5.00 ms          1 ########"));
	free(text);
	histogram_free(&h);
	assert_string_equal(duration_format(0, line), "0 ns");
	assert_string_equal(duration_format(999, line), "999 ns");
	assert_string_equal(duration_format(1000, line), "1.00 us");
	assert_string_equal(duration_format(12345, line), "12.3 us");
	assert_string_equal(duration_format(999999, line), "1.00 ms");
	assert_string_equal(duration_format(90 * NS_PER_S, line), "90.0 s");
	assert_true(strlen(duration_format(UINT64_MAX, line)) < 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedule_speeds),
		cmocka_unit_test(schedule_exact),
		cmocka_unit_test(schedule_never),
		cmocka_unit_test(schedule_rates),
		cmocka_unit_test(histogram_percentiles),
		cmocka_unit_test(histogram_merged),
		cmocka_unit_test(histogram_bound),
		cmocka_unit_test(host_time_changes),
		cmocka_unit_test(histogram_small),
		cmocka_unit_test(histogram_text),
	};

	return cmocka_run_group_tests_name("replay: times", tests, NULL, NULL);
}
