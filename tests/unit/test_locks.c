// SPDX-License-Identifier: GPL-2.0-or-later
/* Locks: who gets them, who inherits what, what is refused, what the gone leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/errno.h"
#include "locks.h"

enum { COMP = 3, OTHER = 4 };
enum { T10 = 1, T20, T30, T40, THREADS };	/* named by their priorities */

static struct runqueue q;
static struct locks l;
static uint64_t a, b, c;

static int setup(void **state)
{
	(void)state;
	memset(&q, 0, sizeof(q));
	memset(&l, 0, sizeof(l));
	for (uint32_t t = T10; t < THREADS; t++)
		runqueue_admit(&q, t, t * 10);
	a = (uint64_t)locks_make(&l, COMP);
	b = (uint64_t)locks_make(&l, COMP);
	c = (uint64_t)locks_make(&l, COMP);
	return 0;
}

static int64_t take(uint64_t lock, uint32_t tid)
{
	return locks_take(&l, &q, lock, COMP, tid, 0);
}

static int64_t release(uint64_t lock, uint32_t tid)
{
	return locks_release(&l, &q, lock, COMP, tid);
}

static uint32_t priority(uint32_t tid)
{
	return q.thread[tid].priority;
}

static void to_the_most_urgent(void **state)
{
	(void)state;
	assert_int_equal(take(a, T40), 0);
	assert_int_equal(take(a, T30), LOCK_WAIT);
	assert_int_equal(take(a, T10), LOCK_WAIT);
	assert_int_equal(take(a, T20), LOCK_WAIT);
	assert_int_equal(priority(T40), 10);
	assert_int_equal(runqueue_pick(&q), T40);
	assert_int_equal(release(a, T40), 0);
	assert_int_equal(priority(T40), 40);
	assert_true(locks_has(&l, a, T10));
	assert_int_equal(runqueue_pick(&q), T10);
	assert_int_equal(release(a, T10), 0);
	assert_true(locks_has(&l, a, T20));
	assert_int_equal(priority(T20), 20);
	assert_int_equal(release(a, T20), 0);
	assert_int_equal(release(a, T30), 0);
	assert_false(locks_held(&l, T30));
}

static void inherited_along_the_chain(void **state)
{
	(void)state;
	assert_int_equal(take(a, T40), 0);
	assert_int_equal(take(b, T30), 0);
	assert_int_equal(take(a, T30), LOCK_WAIT);
	assert_int_equal(priority(T40), 30);
	assert_int_equal(take(b, T10), LOCK_WAIT);
	assert_int_equal(priority(T30), 10);
	assert_int_equal(priority(T40), 10);
	assert_int_equal(q.changed, 1u << T30 | 1u << T40);
	locks_give_up(&l, &q, T10);
	assert_int_equal(priority(T30), 30);
	assert_int_equal(priority(T40), 30);
	assert_int_equal(release(a, T40), 0);
	assert_int_equal(priority(T40), 40);
	assert_true(locks_has(&l, a, T30));
}

/* Another priority of its own: what it inherits stays, and goes along the chain. */
static void another_base(void **state)
{
	(void)state;
	assert_int_equal(take(a, T40), 0);
	assert_int_equal(take(a, T20), LOCK_WAIT);
	locks_set_base(&l, &q, T40, 50);
	assert_int_equal(priority(T40), 20);
	locks_set_base(&l, &q, T20, 15);
	assert_int_equal(priority(T40), 15);
	locks_set_base(&l, &q, T40, 5);
	assert_int_equal(priority(T40), 5);
	locks_set_base(&l, &q, T40, 60);
	assert_int_equal(priority(T40), 15);
	assert_int_equal(release(a, T40), 0);
	assert_int_equal(priority(T40), 60);
}

/* From two locks the more urgent one counts, until it is released. */
static void two_locks(void **state)
{
	(void)state;
	take(a, T40);
	take(b, T40);
	take(a, T20);
	take(b, T10);
	assert_int_equal(priority(T40), 10);
	release(b, T40);
	assert_int_equal(priority(T40), 20);
	assert_true(locks_held(&l, T40));
	release(a, T40);
	assert_int_equal(priority(T40), 40);
	assert_false(locks_held(&l, T40));
}

static void rings_are_refused(void **state)
{
	(void)state;
	assert_int_equal(take(a, T10), 0);
	assert_int_equal(take(a, T10), -AOS_EDEADLK);
	assert_int_equal(take(b, T20), 0);
	assert_int_equal(take(c, T30), 0);
	assert_int_equal(take(b, T10), LOCK_WAIT);
	assert_int_equal(take(c, T20), LOCK_WAIT);
	assert_int_equal(take(a, T30), -AOS_EDEADLK);
	assert_int_equal(take(a, T40), LOCK_WAIT);
	assert_true(runqueue_runnable(&q, T30));
}

static void strangers(void **state)
{
	(void)state;
	assert_int_equal(locks_take(&l, &q, a, OTHER, T10, 0), -AOS_ENOENT);
	assert_int_equal(take(LOCKS_MAX, T10), -AOS_ENOENT);
	assert_int_equal(take(UINT64_MAX, T10), -AOS_ENOENT);
	assert_int_equal(take(c + 1, T10), -AOS_ENOENT);
	assert_int_equal(take(a, T10), 0);
	assert_int_equal(release(a, T20), -AOS_EPERM);
	assert_int_equal(release(b, T20), -AOS_EPERM);
	assert_int_equal(locks_release(&l, &q, a, OTHER, T10), -AOS_ENOENT);
	assert_false(locks_has(&l, UINT64_MAX, T10));
}

static void so_many(void **state)
{
	uint32_t n = 3;

	(void)state;
	while (locks_make(&l, COMP) >= 0)
		n++;
	assert_int_equal(n, LOCKS_PER_COMPONENT);
	for (uint32_t i = 0; locks_make(&l, 8 + i / 4) >= 0; i++)
		n++;
	assert_int_equal(n, LOCKS_MAX);
	assert_int_equal(locks_make(&l, 23), -AOS_ENOSPC);
}

static void patience_ends(void **state)
{
	(void)state;
	take(a, T40);
	assert_int_equal(locks_take(&l, &q, a, COMP, T10, 500), LOCK_WAIT);
	assert_int_equal(runqueue_earliest(&q), 500);
	assert_int_equal(runqueue_expire(&q, 499), 0);
	assert_int_equal(runqueue_expire(&q, 500), 1u << T10);
	locks_give_up(&l, &q, T10);
	assert_int_equal(priority(T40), 40);
	assert_true(runqueue_runnable(&q, T10));
	assert_int_equal(release(a, T40), 0);
	assert_false(locks_has(&l, a, T10));
}

/* Handed over in time: the end of the patience is off. */
static void in_time(void **state)
{
	(void)state;
	take(a, T40);
	locks_take(&l, &q, a, COMP, T10, 500);
	release(a, T40);
	assert_true(locks_has(&l, a, T10));
	assert_int_equal(runqueue_expire(&q, 1000), 0);
}

static void a_thread_goes(void **state)
{
	(void)state;
	take(a, T40);
	take(b, T40);
	take(a, T20);
	take(b, T10);
	locks_thread_gone(&l, &q, T40);
	assert_true(locks_has(&l, a, T20));
	assert_true(locks_has(&l, b, T10));
	take(a, T30);
	locks_thread_gone(&l, &q, T30);
	release(a, T20);
	assert_false(locks_held(&l, T30));
}

static void a_component_goes(void **state)
{
	uint64_t other = (uint64_t)locks_make(&l, OTHER);

	(void)state;
	assert_int_equal(locks_take(&l, &q, other, OTHER, T40, 0), 0);
	take(a, T40);
	take(a, T10);
	assert_int_equal(priority(T40), 10);
	locks_component_gone(&l, &q, COMP);
	assert_int_equal(priority(T40), 40);
	assert_true(runqueue_runnable(&q, T10));
	assert_false(locks_has(&l, a, T10));
	assert_int_equal(take(a, T10), -AOS_ENOENT);
	assert_true(locks_has(&l, other, T40));
}

/* ---- anything, at random: the rules hold after each step ---- */

static void check_rules(void)
{
	for (uint32_t t = T10; t < THREADS; t++) {
		uint32_t want = t * 10;

		for (uint32_t i = 0; i < LOCKS_MAX; i++)
			for (uint32_t w = T10; w < THREADS; w++)
				if (l.lock[i].used && l.lock[i].owner == t &&
				    l.lock[i].waiters >> w & 1 && priority(w) < want)
					want = priority(w);
		assert_int_equal(priority(t), want);
		assert_int_equal(!!l.waits_for[t], runqueue_is_held(&q, t, HELD_LOCK));
	}
	assert_int_not_equal(q.runnable, 0);	/* no ring: somebody can go on */
}

static void random_step(void)
{
	uint32_t tid = T10 + (uint32_t)rand() % (THREADS - T10);
	uint64_t lock = (uint64_t)rand() % 3;

	if (rand() % 50 == 0) {
		locks_thread_gone(&l, &q, tid);
	} else if (l.waits_for[tid]) {
		if (rand() % 4 == 0)
			locks_give_up(&l, &q, tid);
	} else if (rand() % 2) {
		take(lock, tid);
	} else {
		release(lock, tid);
	}
}

static void random_steps(void **state)
{
	for (unsigned int seed = 1; seed <= 200; seed++) {
		setup(state);
		srand(seed);
		for (int i = 0; i < 500; i++) {
			random_step();
			check_rules();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(to_the_most_urgent, setup),
		cmocka_unit_test_setup(inherited_along_the_chain, setup),
		cmocka_unit_test_setup(another_base, setup),
		cmocka_unit_test_setup(two_locks, setup),
		cmocka_unit_test_setup(rings_are_refused, setup),
		cmocka_unit_test_setup(strangers, setup),
		cmocka_unit_test_setup(so_many, setup),
		cmocka_unit_test_setup(patience_ends, setup),
		cmocka_unit_test_setup(in_time, setup),
		cmocka_unit_test_setup(a_thread_goes, setup),
		cmocka_unit_test_setup(a_component_goes, setup),
		cmocka_unit_test_setup(random_steps, setup),
	};

	return cmocka_run_group_tests_name("locks", tests, NULL, NULL);
}
