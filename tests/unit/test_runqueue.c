// SPDX-License-Identifier: GPL-2.0-or-later
/* The scheduler's policy: who runs, in which order, and what holds a thread back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "runqueue.h"

enum { MAIN, FAST, SLOW_A, SLOW_B, IDLE };

static struct runqueue q;

static int setup(void **state)
{
	(void)state;
	memset(&q, 0, sizeof(q));
	runqueue_admit(&q, FAST, 10);
	runqueue_admit(&q, SLOW_A, 100);
	runqueue_admit(&q, SLOW_B, 100);
	runqueue_admit(&q, IDLE, 255);
	return 0;
}

static void most_urgent_first(void **state)
{
	(void)state;
	assert_int_equal(runqueue_pick(&q), FAST);
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
	runqueue_hold(&q, SLOW_A, HELD_EVENT);
	runqueue_hold(&q, SLOW_B, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), IDLE);
	runqueue_hold(&q, IDLE, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), RUNQUEUE_NONE);
	runqueue_release(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), FAST);
}

static void equals_take_turns(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(runqueue_pick(&q), SLOW_A);
		runqueue_yield(&q, SLOW_A);
		assert_int_equal(runqueue_pick(&q), SLOW_B);
		runqueue_yield(&q, SLOW_B);
	}
}

/* Being preempted costs no turn: only yielding and waiting do. */
static void preemption_keeps_turn(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
	runqueue_release(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), FAST);
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
	runqueue_hold(&q, SLOW_A, HELD_EVENT);
	runqueue_release(&q, SLOW_A, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), SLOW_B);
}

static void every_reason_must_go(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_true(runqueue_block(&q, FAST));
	runqueue_hold_until(&q, FAST, HELD_SLEEP, 50);
	runqueue_release(&q, FAST, HELD_EVENT);
	assert_false(runqueue_runnable(&q, FAST));
	runqueue_expire(&q, 50);
	assert_false(runqueue_runnable(&q, FAST));
	runqueue_wake(&q, FAST);
	assert_int_equal(runqueue_pick(&q), FAST);
}

/* The kernel started it for an event whose wait we heard of too late. */
static void running_overrules_notice(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	runqueue_runs(&q, FAST);
	assert_int_equal(runqueue_pick(&q), FAST);
	assert_true(runqueue_block(&q, FAST));
	runqueue_runs(&q, FAST);
	assert_false(runqueue_runnable(&q, FAST));
}

static void running_keeps_turn(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	runqueue_hold(&q, SLOW_A, HELD_EVENT);
	runqueue_runs(&q, SLOW_A);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
}

static void early_wake_is_kept(void **state)
{
	(void)state;
	runqueue_wake(&q, FAST);
	runqueue_wake(&q, FAST);
	assert_false(runqueue_block(&q, FAST));
	assert_int_equal(runqueue_pick(&q), FAST);
	assert_true(runqueue_block(&q, FAST));
	assert_int_equal(runqueue_pick(&q), SLOW_A);
}

static void sleepers_in_order(void **state)
{
	(void)state;
	assert_int_equal(runqueue_earliest(&q), 0);
	runqueue_hold_until(&q, SLOW_B, HELD_SLEEP, 300);
	runqueue_hold_until(&q, FAST, HELD_SLEEP, 200);
	runqueue_hold_until(&q, SLOW_A, HELD_SLEEP, UINT64_MAX);
	assert_int_equal(runqueue_earliest(&q), 200);
	runqueue_expire(&q, 199);
	assert_int_equal(runqueue_pick(&q), IDLE);
	runqueue_expire(&q, 200);
	assert_int_equal(runqueue_pick(&q), FAST);
	assert_int_equal(runqueue_earliest(&q), 300);
	runqueue_expire(&q, 1000);
	assert_int_equal(runqueue_earliest(&q), UINT64_MAX);
	assert_true(runqueue_runnable(&q, SLOW_B));
}

static void forgotten_never_runs(void **state)
{
	(void)state;
	runqueue_hold_until(&q, FAST, HELD_SLEEP, 10);
	runqueue_forget(&q, FAST);
	runqueue_expire(&q, 20);
	runqueue_release(&q, FAST, HELD_SLEEP);
	runqueue_runs(&q, FAST);
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
	assert_int_equal(runqueue_earliest(&q), 0);
	assert_false(runqueue_known(&q, FAST));
	assert_false(runqueue_known(&q, MAIN));
	assert_false(runqueue_known(&q, AOS_MAX_THREADS));
	assert_false(runqueue_known(&q, UINT64_MAX));
}

/* A slot that is used again starts clean. */
static void admitted_again_is_new(void **state)
{
	(void)state;
	runqueue_wake(&q, FAST);
	runqueue_hold_until(&q, FAST, HELD_SLEEP, 10);
	runqueue_forget(&q, FAST);
	runqueue_admit(&q, FAST, 255);
	assert_int_equal(runqueue_pick(&q), SLOW_A);
	assert_true(runqueue_runnable(&q, FAST));
	assert_true(runqueue_block(&q, FAST));
	assert_int_equal(runqueue_earliest(&q), 0);
}

static void all_slots(void **state)
{
	(void)state;
	for (uint32_t t = 0; t < AOS_MAX_THREADS; t++)
		runqueue_admit(&q, t, AOS_MAX_THREADS - t);
	for (uint32_t t = AOS_MAX_THREADS; t-- > 0;) {
		assert_int_equal(runqueue_pick(&q), t);
		runqueue_hold(&q, t, HELD_EVENT);
	}
	assert_int_equal(runqueue_pick(&q), RUNQUEUE_NONE);
}

/* A slice goes on whoever runs in between, and ends whoever runs then. */
static void slices(void **state)
{
	(void)state;
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_true(runqueue_contested(&q, SLOW_A));
	assert_int_equal(runqueue_turn(&q, SLOW_A, 1000, 100), SLOW_A);
	assert_int_equal(q.thread[SLOW_A].slice_end, 1100);
	runqueue_release(&q, FAST, HELD_EVENT);
	assert_false(runqueue_contested(&q, FAST));
	runqueue_hold(&q, FAST, HELD_EVENT);
	assert_int_equal(runqueue_turn(&q, SLOW_A, 1099, 100), SLOW_A);
	assert_int_equal(runqueue_turn(&q, SLOW_A, 1100, 100), SLOW_B);
	assert_int_equal(q.thread[SLOW_B].slice_end, 1200);
	assert_int_equal(runqueue_turn(&q, SLOW_B, 1300, 100), SLOW_A);
	assert_int_equal(q.thread[SLOW_A].slice_end, 1400);
}

static void patience_is_one_of_several_holds(void **state)
{
	(void)state;
	runqueue_hold_until(&q, FAST, HELD_BLOCK, 100);
	runqueue_hold(&q, FAST, HELD_BUDGET);
	assert_int_equal(runqueue_expire(&q, 100), 1u << FAST);
	assert_false(runqueue_runnable(&q, FAST));
	assert_int_equal(runqueue_earliest(&q), 0);
	runqueue_release(&q, FAST, HELD_BUDGET);
	assert_true(runqueue_runnable(&q, FAST));
	runqueue_hold_until(&q, FAST, HELD_BLOCK, 200);
	runqueue_wake(&q, FAST);
	assert_int_equal(runqueue_expire(&q, 300), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(most_urgent_first, setup),
		cmocka_unit_test_setup(equals_take_turns, setup),
		cmocka_unit_test_setup(preemption_keeps_turn, setup),
		cmocka_unit_test_setup(every_reason_must_go, setup),
		cmocka_unit_test_setup(running_overrules_notice, setup),
		cmocka_unit_test_setup(running_keeps_turn, setup),
		cmocka_unit_test_setup(early_wake_is_kept, setup),
		cmocka_unit_test_setup(sleepers_in_order, setup),
		cmocka_unit_test_setup(forgotten_never_runs, setup),
		cmocka_unit_test_setup(admitted_again_is_new, setup),
		cmocka_unit_test_setup(all_slots, setup),
		cmocka_unit_test_setup(slices, setup),
		cmocka_unit_test_setup(patience_is_one_of_several_holds, setup),
	};

	return cmocka_run_group_tests_name("runqueue", tests, NULL, NULL);
}
