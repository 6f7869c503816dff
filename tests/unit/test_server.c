// SPDX-License-Identifier: GPL-2.0-or-later
/* Deferrable and sporadic servers under given and under random use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "server.h"

#define MS 1000000ull

static struct server s;

static void deferrable(uint64_t budget, uint64_t period)
{
	server_start(&s, IMAGE_SERVER_DEFERRABLE, budget, period, 100 * MS);
}

static void sporadic(uint64_t budget, uint64_t period)
{
	server_start(&s, IMAGE_SERVER_SPORADIC, budget, period, 100 * MS);
}

static void deferrable_refills_at_the_boundary(void **state)
{
	(void)state;
	deferrable(2 * MS, 10 * MS);
	assert_int_equal(server_left(&s, 100 * MS), 2 * MS);
	server_use(&s, 107 * MS, 2 * MS);
	assert_int_equal(server_left(&s, 109 * MS), 0);
	assert_int_equal(server_refill_at(&s), 110 * MS);
	assert_int_equal(server_left(&s, 110 * MS), 2 * MS);
}

/* What it did not use it does not keep. */
static void deferrable_keeps_nothing(void **state)
{
	(void)state;
	deferrable(2 * MS, 10 * MS);
	server_use(&s, 101 * MS, 1 * MS);
	assert_int_equal(server_left(&s, 109 * MS), 1 * MS);
	assert_int_equal(server_left(&s, 175 * MS), 2 * MS);
	assert_int_equal(s.begun, 170 * MS);
}

/* The known worst case: twice the budget back to back, each in its own period. */
static void deferrable_across_the_boundary(void **state)
{
	(void)state;
	deferrable(2 * MS, 10 * MS);
	server_use(&s, 109 * MS, 3 * MS);
	assert_int_equal(server_left(&s, 112 * MS), 0);
	assert_int_equal(server_refill_at(&s), 120 * MS);
}

static void deferrable_pays_its_debt(void **state)
{
	(void)state;
	deferrable(2 * MS, 10 * MS);
	server_use(&s, 101 * MS, 5 * MS);
	assert_int_equal(server_left(&s, 106 * MS), -3 * (int64_t)MS);
	assert_int_equal(server_refill_at(&s), 120 * MS);
	assert_int_equal(server_left(&s, 110 * MS), -1 * (int64_t)MS);
	assert_int_equal(server_refill_at(&s), 120 * MS);
	assert_int_equal(server_left(&s, 120 * MS), 1 * MS);
}

static void sporadic_each_chunk_comes_back(void **state)
{
	(void)state;
	sporadic(3 * MS, 10 * MS);
	server_use(&s, 101 * MS, 1 * MS);
	server_use(&s, 104 * MS, 2 * MS);
	assert_int_equal(server_left(&s, 106 * MS), 0);
	assert_int_equal(server_refill_at(&s), 111 * MS);
	assert_int_equal(server_left(&s, 111 * MS - 1), 0);
	assert_int_equal(server_left(&s, 111 * MS), 1 * MS);
	assert_int_equal(server_left(&s, 114 * MS), 3 * MS);
}

static void sporadic_pays_its_debt(void **state)
{
	(void)state;
	sporadic(3 * MS, 10 * MS);
	server_use(&s, 101 * MS, 5 * MS);
	assert_int_equal(server_left(&s, 106 * MS), -2 * (int64_t)MS);
	assert_int_equal(server_refill_at(&s), 111 * MS);
	assert_int_equal(server_left(&s, 111 * MS), 1 * MS);
	server_use(&s, 111 * MS, 1 * MS);
	assert_int_equal(server_left(&s, 120 * MS), 0);
	assert_int_equal(server_refill_at(&s), 121 * MS);
	assert_int_equal(server_left(&s, 121 * MS), 3 * MS);
}

/* More chunks than it can keep are taken for later ones, never for earlier. */
static void sporadic_merges_late(void **state)
{
	(void)state;
	sporadic(100 * MS, 1000 * MS);
	for (uint32_t i = 0; i < 100; i++)
		server_use(&s, (200 + i) * MS, MS);
	assert_int_equal(server_left(&s, 300 * MS), 0);
	assert_true(s.nchunks <= SERVER_CHUNKS);
	for (uint64_t now = 300; now < 1400; now++) {
		int64_t exact = now < 1200 ? 0 : now >= 1299 ? 100 : (int64_t)now - 1199;

		assert_true(server_left(&s, now * MS) <= exact * (int64_t)MS);
	}
	assert_int_equal(server_left(&s, 1299 * MS), 100 * MS);
}

static void a_small_rest_is_none(void **state)
{
	(void)state;
	sporadic(3 * MS, 10 * MS);
	assert_int_equal(server_grain(&s), SERVER_GRAIN_NS);
	server_use(&s, 101 * MS, 10);
	server_use(&s, 102 * MS, 3 * MS - 10);
	assert_int_equal(server_refill_at(&s), 112 * MS);
	sporadic(1000, 10 * MS);
	assert_int_equal(server_grain(&s), 500);
	sporadic(1, 1);
	assert_int_equal(server_grain(&s), 1);
}

/* ---- greedy: runs whenever it may; nobody gets more than the model says ---- */

#define CHUNKS 600

static struct server_chunk ran[CHUNKS];

/* Used inside [from, to). */
static uint64_t used_between(uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < CHUNKS; i++) {
		uint64_t a = ran[i].start > from ? ran[i].start : from;
		uint64_t end = ran[i].start + ran[i].used, b = end < to ? end : to;

		if (b > a)
			sum += b - a;
	}
	return sum;
}

static void run_greedily(void)
{
	uint64_t now = 100 * MS, grain = server_grain(&s);

	for (uint32_t i = 0; i < CHUNKS; i++) {
		int64_t left = server_left(&s, now);
		uint64_t used;

		if (left < (int64_t)grain) {
			uint64_t at = server_refill_at(&s);

			assert_true(at > now);
			now = at;
			left = server_left(&s, now);
			assert_true(left >= (int64_t)grain);
		}
		used = rand() % 2 ? (uint64_t)left : 1 + (uint64_t)rand() % (uint64_t)left;
		ran[i] = (struct server_chunk){ now, used };
		server_use(&s, now, used);
		now += used + (rand() % 3 ? 0 : (uint64_t)rand() % s.period);
	}
}

/* Sporadic: as a periodic thread.  Deferrable: one with jitter period - budget. */
static void check_windows(uint64_t jitter)
{
	for (uint32_t i = 0; i < CHUNKS; i += 1 + (uint32_t)rand() % 20) {
		uint64_t from = ran[i].start;

		for (uint64_t n = 1; n <= 4; n++) {
			uint64_t length = n * s.period - jitter;

			assert_true(used_between(from, from + length) <= n * s.budget);
		}
	}
}

static void greedy_is_bounded(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 300; seed++) {
		uint64_t period, budget;

		srand(seed);
		period = MS + (uint64_t)rand() % (20 * MS);
		budget = period / 20 + (uint64_t)rand() % (period / 2);
		sporadic(budget, period);
		run_greedily();
		check_windows(0);
		deferrable(budget, period);
		run_greedily();
		check_windows(period - budget);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deferrable_refills_at_the_boundary),
		cmocka_unit_test(deferrable_keeps_nothing),
		cmocka_unit_test(deferrable_across_the_boundary),
		cmocka_unit_test(deferrable_pays_its_debt),
		cmocka_unit_test(sporadic_each_chunk_comes_back),
		cmocka_unit_test(sporadic_pays_its_debt),
		cmocka_unit_test(sporadic_merges_late),
		cmocka_unit_test(a_small_rest_is_none),
		cmocka_unit_test(greedy_is_bounded),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
