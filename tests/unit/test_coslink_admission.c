// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The admission test: response times of textbook examples worked out by hand,
 * random sets against a simulator that knows no formula, and compositions that
 * must be refused with the thread, its times and a remedy.
 */
#include <stdlib.h>
#include <string.h>

#include "response.h"
#include "test_coslink.h"

#define WHOLE ((struct response_supply){ 0 })
#define LIMIT 1000000

static struct response_task task(int64_t priority, int64_t period, int64_t budget)
{
	return (struct response_task){ .priority = priority, .period = period, .budget = budget };
}

/* --- by hand ----------------------------------------------------------- */

/* Periods 7, 12, 20: 3; 3 + 3 = 6; 5 + 3*3 + 2*3 = 20, just in time. */
static void test_three_threads(void **state)
{
	const struct response_task t[] = { task(1, 7, 3), task(2, 12, 3), task(3, 20, 5) };

	(void)state;
	assert_int_equal(response_time(t, 3, 0, WHOLE, LIMIT), 3);
	assert_int_equal(response_time(t, 3, 1, WHOLE, LIMIT), 6);
	assert_int_equal(response_time(t, 3, 2, WHOLE, LIMIT), 20);
}

/* A harmonic set can use all of the CPU: 40 + 2 * 10 + 4 * 5 = 80. */
static void test_harmonic(void **state)
{
	const struct response_task t[] = { task(3, 80, 40), task(2, 40, 10), task(1, 20, 5) };

	(void)state;
	assert_int_equal(response_time(t, 3, 2, WHOLE, LIMIT), 5);
	assert_int_equal(response_time(t, 3, 1, WHOLE, LIMIT), 15);
	assert_int_equal(response_time(t, 3, 0, WHOLE, LIMIT), 80);
}

static void test_equals_delay_each_other(void **state)
{
	const struct response_task t[] = { task(1, 10, 2), task(1, 10, 3) };

	(void)state;
	assert_int_equal(response_time(t, 2, 0, WHOLE, LIMIT), 5);
	assert_int_equal(response_time(t, 2, 1, WHOLE, LIMIT), 5);
}

/* One critical section of each that is less urgent, of nobody else. */
static void test_blocking(void **state)
{
	struct response_task t[] = { task(1, 20, 2), task(2, 20, 3), task(3, 50, 9), task(4, 0, 0) };

	(void)state;
	t[0].critical = 1;
	t[1].critical = 2;
	t[2].critical = 4;
	t[3].critical = 5;
	assert_int_equal(response_blocking(t, 4, 0), 11);
	assert_int_equal(response_time(t, 4, 0, WHOLE, LIMIT), 13);
	assert_int_equal(response_time(t, 4, 1, WHOLE, LIMIT), 3 + 9 + 2);
	assert_int_equal(response_time(t, 4, 2, WHOLE, LIMIT), 9 + 5 + 2 + 3);
}

/* A deferrable server of 2 in 5 can give 4 at once: late in a period, early in the next. */
static void test_deferrable(void **state)
{
	struct response_task t[] = { task(1, 5, 2), task(2, 10, 3) };

	(void)state;
	assert_int_equal(response_time(t, 2, 1, WHOLE, LIMIT), 5);
	t[0].jitter = 3;
	assert_int_equal(response_time(t, 2, 1, WHOLE, LIMIT), 7);
}

static void test_overdraft(void **state)
{
	struct response_task t[] = { task(1, 10, 2), task(2, 20, 3) };

	(void)state;
	t[0].overdraw = 1;
	assert_int_equal(response_time(t, 2, 0, WHOLE, LIMIT), 2);
	assert_int_equal(response_time(t, 2, 1, WHOLE, LIMIT), 6);
}

static void test_no_time(void **state)
{
	const struct response_task t[] = { task(1, 10, 10), task(2, 1000, 1) };
	const struct response_task huge[] = { task(1, 1, 1), task(2, INT64_MAX / 2, 1) };

	(void)state;
	assert_int_equal(response_time(t, 2, 1, WHOLE, LIMIT), RESPONSE_NONE);
	assert_int_equal(response_time(huge, 2, 1, WHOLE, INT64_MAX / 8), RESPONSE_NONE);
}

/* 2 in 5: nothing for 6 at worst, then 2, a gap of 3, 2, ... */
static void test_supply(void **state)
{
	const struct response_supply supply = { 5, 2 };
	const struct response_task t[] = { task(1, 20, 1), task(2, 40, 2) };

	(void)state;
	assert_int_equal(response_supplied_within(WHOLE, 7), 7);
	assert_int_equal(response_supplied_within(supply, 1), 7);
	assert_int_equal(response_supplied_within(supply, 2), 8);
	assert_int_equal(response_supplied_within(supply, 3), 12);
	assert_int_equal(response_supplied_within(supply, 4), 13);
	assert_int_equal(response_supplied_within(supply, 5), 17);
	assert_int_equal(response_time(t, 2, 0, supply, LIMIT), 7);
	assert_int_equal(response_time(t, 2, 1, supply, LIMIT), 12);
}

/* --- against a simulator ----------------------------------------------- */

#define SETS 2000
#define TICKS 3000
#define MOST 5

struct run {
	struct response_task tasks[MOST];
	int64_t offset[MOST], left[MOST], since[MOST], worst[MOST];
	unsigned int n;
};

static int64_t pick(int64_t low, int64_t high)
{
	return low + rand() % (high - low + 1);
}

static void random_set(struct run *run)
{
	memset(run, 0, sizeof(*run));
	run->n = (unsigned int)pick(1, MOST);
	for (unsigned int i = 0; i < run->n; i++) {
		int64_t period = pick(4, 60);

		run->tasks[i] = task(pick(0, 4), period, pick(1, period / 3));
		run->offset[i] = rand() % 2 ? 0 : pick(0, period);
	}
}

static void release(struct run *run, int64_t now)
{
	for (unsigned int i = 0; i < run->n; i++) {
		if (now < run->offset[i] || (now - run->offset[i]) % run->tasks[i].period)
			continue;
		if (!run->left[i])
			run->since[i] = now;
		run->left[i] += run->tasks[i].budget;
	}
}

static unsigned int most_urgent(const struct run *run)
{
	unsigned int best = run->n;

	for (unsigned int i = 0; i < run->n; i++)
		if (run->left[i] && (best == run->n ||
				     run->tasks[i].priority < run->tasks[best].priority))
			best = i;
	return best;
}

/* The supply at its worst: the budget at once in the first period, then as late as can be. */
static bool supplies(struct response_supply supply, int64_t now)
{
	if (!supply.period)
		return true;
	if (now < 2 * (supply.period - supply.budget))
		return false;
	now -= 2 * (supply.period - supply.budget);
	return now % supply.period < supply.budget;
}

static void simulate(struct run *run, struct response_supply supply)
{
	for (int64_t now = 0; now < TICKS; now++) {
		unsigned int i;

		release(run, now);
		i = most_urgent(run);
		if (i == run->n || !supplies(supply, now) || --run->left[i])
			continue;
		if (now + 1 - run->since[i] > run->worst[i])
			run->worst[i] = now + 1 - run->since[i];
	}
}

/* What is promised holds; where all start together, the most urgent shows that it is tight. */
static void compare(struct response_supply supply, unsigned int *promised, unsigned int *tight)
{
	struct run run;

	random_set(&run);
	simulate(&run, supply);
	for (unsigned int i = 0; i < run.n; i++) {
		int64_t bound = response_time(run.tasks, run.n, i, supply, LIMIT);

		if (bound > run.tasks[i].period)
			continue;
		(*promised)++;
		*tight += run.worst[i] == bound;
		if (run.worst[i] > bound)
			fail_msg("thread %u of %u: %ld promised, %ld seen", i, run.n,
				 (long)bound, (long)run.worst[i]);
	}
}

static void test_random_sets(void **state)
{
	unsigned int promised = 0, tight = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < SETS; i++)
		compare(WHOLE, &promised, &tight);
	assert_true(promised > SETS);
	assert_true(tight > promised / 3);
}

static void test_random_shares(void **state)
{
	unsigned int promised = 0, tight = 0;

	(void)state;
	srand(2);
	for (int i = 0; i < SETS; i++) {
		int64_t period = pick(2, 12);

		compare((struct response_supply){ period, pick(1, period) }, &promised, &tight);
	}
	assert_true(promised > SETS / 4);
	assert_true(tight > 0);
}

/* --- compositions ------------------------------------------------------ */

#define T(name, priority, times) \
	"{ name = \"" name "\"; entry = \"x_main\"; priority = " priority "; " times " }"
#define TIMES(period, budget) "period = \"" period "\"; budget = \"" budget "\";"
/* x in line 6, its threads each in a line from 7 on. */
#define SET(head, threads) SYSTEM(head, LOADER(""), SCHED(""), ",\n" X("threads = (\n" threads " ); "))
#define CHILD(server, period, budget) \
	",\n{ name = \"child\"; object = \"sched.o\"; scheduler = true; scheduled_by = \"sched\"; " NEWS "\n" \
	"threads = ( { name = \"main\"; entry = \"sched_main\"; priority = 5; server = \"" server "\"; " \
	TIMES(period, budget) " } ); },\n"
/* The child in line 6, its main in line 7, x in line 8, its threads from line 9. */
#define UNDER(child, threads) SYSTEM("", LOADER(""), SCHED(""), child X("scheduled_by = \"child\"; threads = (\n" threads " ); "))

static void test_admitted(void **state)
{
	(void)state;
	rig_link_good(SET("", T("a", "7", TIMES("7ms", "3ms")) ",\n" T("b", "8", TIMES("12ms", "3ms"))
			  ",\n" T("c", "9", TIMES("20ms", "5ms"))));
	rig_link_good(UNDER(CHILD("deferrable", "5ms", "2ms"), T("a", "7", TIMES("20ms", "1ms"))
			    ",\n" T("b", "8", TIMES("40ms", "2ms"))));
}

static void test_late(void **state)
{
	(void)state;
	rig_link_bad(SET("", T("a", "7", TIMES("7ms", "3ms")) ",\n" T("b", "8", TIMES("12ms", "3ms"))
			 ",\n" T("c", "9", TIMES("20ms", "5001us"))),
		     "sys.cfg:9: thread 'c' of 'x' has had its budget of 5001us after 20001us (0s of that critical sections of others), and its deadline is 20ms; lower its budget to 5ms, or make it more urgent");
	rig_link_bad(SET("", T("a", "7", TIMES("10ms", "6ms")) ",\n"
			 T("b", "8", TIMES("10ms", "1ms") " deadline = \"6ms\";")),
		     "sys.cfg:8: thread 'b' of 'x' has had its budget of 1ms after 7ms (0s of that critical sections of others), and its deadline is 6ms; set its deadline to 7ms, make it more urgent than 'a' of 'x', which delays it most, or lower the budget of that one");
	rig_link_bad(SET("", T("a", "7", TIMES("10ms", "2ms")) ",\n" T("b", "8", "critical = \"9ms\";")),
		     "sys.cfg:7: thread 'a' of 'x' has had its budget of 2ms after 11ms (9ms of that critical sections of others), and its deadline is 10ms; lower its budget to 1ms, or");
}

static void test_overloaded(void **state)
{
	(void)state;
	rig_link_bad(SET("", T("a", "7", TIMES("10ms", "6ms")) ",\n" T("b", "8", TIMES("10ms", "5ms"))),
		     "sys.cfg:5: the threads that 'sched' schedules need 110.0 % of the CPU, and it has 100.0 %; lower their budgets");
	rig_link_bad(UNDER(CHILD("deferrable", "10ms", "2ms"), T("a", "7", TIMES("10ms", "3ms"))),
		     "sys.cfg:6: the threads that 'child' schedules need 30.0 % of the CPU, and it has 20.0 %; lower their budgets or raise that of its 'main'");
}

/* The share is enough, and comes too late. */
static void test_child_late(void **state)
{
	(void)state;
	rig_link_bad(UNDER(CHILD("deferrable", "10ms", "2ms"), T("a", "7", TIMES("15ms", "1ms"))),
		     "sys.cfg:9: thread 'a' of 'x' has had its budget of 1ms after 17ms");
	rig_link_good(UNDER(CHILD("sporadic", "10ms", "2ms"), T("a", "7", TIMES("17ms", "1ms"))));
}

static void test_overhead(void **state)
{
	(void)state;
	rig_link_good(SET("", T("a", "7", TIMES("10ms", "5ms")) ",\n" T("b", "8", TIMES("10ms", "5ms"))));
	rig_link_bad(SET("overhead = \"10us\";", T("a", "7", TIMES("10ms", "5ms")) ",\n"
			 T("b", "8", TIMES("10ms", "5ms"))),
		     "sys.cfg:5: the threads that 'sched' schedules need 100.4 % of the CPU");
}

static int admission_setup(void **state)
{
	if (rig_setup(state))
		return -1;
	rig_compile("x.o", "int x_main(void) { return 0; }");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_threads), cmocka_unit_test(test_harmonic),
		cmocka_unit_test(test_equals_delay_each_other), cmocka_unit_test(test_blocking),
		cmocka_unit_test(test_deferrable), cmocka_unit_test(test_overdraft),
		cmocka_unit_test(test_no_time), cmocka_unit_test(test_supply),
		cmocka_unit_test(test_random_sets), cmocka_unit_test(test_random_shares),
		cmocka_unit_test(test_admitted), cmocka_unit_test(test_late),
		cmocka_unit_test(test_overloaded), cmocka_unit_test(test_child_late),
		cmocka_unit_test(test_overhead),
	};

	return cmocka_run_group_tests_name("coslink: admission", tests, admission_setup,
					   rig_teardown);
}
