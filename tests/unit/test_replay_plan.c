// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan of a round, and the list of the longest round trips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "clock.h"
#include "plan.h"
#include "worst.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static struct capture capture_of(struct datagram *list, uint64_t count)
{
	return (struct capture) { .list = list, .count = count };
}

static void entry_is(const struct plan *p, uint64_t at, uint64_t time,
		     uint32_t input, uint64_t index)
{
	assert_int_equal(p->list[at].time, time);
	assert_int_equal(p->list[at].input, input);
	assert_int_equal(p->list[at].index, index);
}

static void plan_merges(void **state)
{
	struct datagram first[] = { { .time = 0 }, { .time = 10 },
				    { .time = 30 } };
	struct datagram second[] = { { .time = 0 }, { .time = 5 },
				     { .time = 30 }, { .time = 99 } };
	struct capture a = capture_of(first, COUNT(first));
	struct capture b = capture_of(second, COUNT(second));
	struct plan_input inputs[] = { { &a, false }, { &b, false } };
	struct plan p;

	(void)state;
	assert_int_equal(plan_build(&p, inputs, 2, 0), 0);
	assert_int_equal(p.count, 7);
	assert_int_equal(p.span, 99);
	entry_is(&p, 0, 0, 0, 0);
	entry_is(&p, 1, 0, 1, 0);
	entry_is(&p, 2, 5, 1, 1);
	entry_is(&p, 3, 10, 0, 1);
	entry_is(&p, 4, 30, 0, 2);
	entry_is(&p, 5, 30, 1, 2);
	entry_is(&p, 6, 99, 1, 3);
	plan_free(&p);
}

static void plan_rate(void **state)
{
	struct datagram list[] = { { .time = 0 }, { .time = 7 },
				   { .time = 8 }, { .time = 9 } };
	struct capture c = capture_of(list, COUNT(list));
	struct plan_input input = { &c, false };
	struct plan p;

	(void)state;
	/* A third of a second: rounded each time anew, so no error grows. */
	assert_int_equal(plan_build(&p, &input, 1, 3), 0);
	entry_is(&p, 1, 333333333, 0, 1);
	entry_is(&p, 2, 666666667, 0, 2);
	entry_is(&p, 3, NS_PER_S, 0, 3);
	plan_free(&p);
}

/* Halfway between, and in a burst each of the two is as often the first. */
static void plan_comparison(void **state)
{
	struct datagram list[] = { { .time = 0 }, { .time = 100 },
				   { .time = 100 }, { .time = 100 },
				   { .time = 100 } };
	struct capture c = capture_of(list, COUNT(list));
	struct plan_input inputs[] = { { &c, false }, { &c, true } };
	struct plan p;
	int first = 0;

	(void)state;
	assert_int_equal(plan_build(&p, inputs, 2, 0), 0);
	assert_int_equal(p.count, 10);
	entry_is(&p, 0, 0, 0, 0);
	entry_is(&p, 1, 50, 1, 0);
	for (uint64_t i = 2; i < 8; i += 2) {
		assert_int_equal(p.list[i].index, p.list[i + 1].index);
		first += p.list[i].input == 0;
	}
	assert_in_range(first, 1, 2);
	/* After the last, half an average gap: 100 / 4 / 2. */
	entry_is(&p, 9, 112, 1, 4);
	plan_free(&p);
}

static void plan_single(void **state)
{
	struct datagram only = { .time = 0 };
	struct capture c = capture_of(&only, 1);
	struct plan_input inputs[] = { { &c, false }, { &c, true } };
	struct plan p;

	(void)state;
	assert_int_equal(plan_build(&p, inputs, 2, 0), 0);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.span, 0);
	plan_free(&p);
}

static void worst_take(struct worst *w, uint64_t index, uint64_t length)
{
	struct worst_entry e = { .datagram = { .index = index } };

	e.way.at[MOMENT_SENT] = 7;
	e.way.at[MOMENT_RECEIVED] = 7 + length;
	worst_note(w, &e);
}

/* Against a sorted list of everything. */
static void worst_longest(void **state)
{
	enum { VALUES = 3000, KEPT = 17 };
	static uint64_t values[VALUES];
	struct worst w;

	(void)state;
	srand(6);
	assert_int_equal(worst_init(&w, KEPT), 0);
	for (uint64_t i = 0; i < VALUES; i++) {
		values[i] = (uint64_t)rand() % 500;
		worst_take(&w, i, values[i]);
	}
	assert_int_equal(w.count, KEPT);
	for (size_t k = 0; k < KEPT; k++) {
		uint64_t length = worst_round_trip(&w.list[k]);
		size_t longer = 0, alike = 0;

		assert_int_equal(values[w.list[k].datagram.index], length);
		for (size_t i = 0; i < VALUES; i++) {
			longer += values[i] > length;
			alike += values[i] == length;
		}
		assert_true(longer <= k && k < longer + alike);
		/* Among equals the earlier is before the later. */
		if (k && worst_round_trip(&w.list[k - 1]) == length)
			assert_true(w.list[k - 1].datagram.index <
				    w.list[k].datagram.index);
	}
	worst_free(&w);
}

static void worst_none(void **state)
{
	struct worst w;

	(void)state;
	assert_int_equal(worst_init(&w, 0), 0);
	worst_take(&w, 1, 100);
	assert_int_equal(w.count, 0);
	worst_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plan_merges),
		cmocka_unit_test(plan_rate),
		cmocka_unit_test(plan_comparison),
		cmocka_unit_test(plan_single),
		cmocka_unit_test(worst_longest),
		cmocka_unit_test(worst_none),
	};

	return cmocka_run_group_tests_name("replay: plan", tests, NULL, NULL);
}
