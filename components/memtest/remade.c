// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A component is made anew while it holds a lock that another waits for, has
 * grown, shares a page, and has a thread of its own waiting in another component:
 * nothing of that is left, and whoever waited has been told.
 */
#include "memtest.h"
#include "mem/mem.h"
#include "mortal/mortal.h"
#include "sched/sched.h"
#include "victim/victim.h"

/* As config/test-memory.composition has it. */
#define HEAP_MAX	8u	/* pages */

#define LIVES		12
#define PATIENCE	1000u	/* ms, for a new life */
#define NS_PER_MS	1000000ull

static struct {
	int64_t thread;		/* who waits; -1: it has not come yet */
	int64_t result;
	uint32_t begun, ended;	/* waits */
} waiter = { .thread = -1 };

/* More urgent than the main thread: once woken it waits before that goes on. */
void memtest_waiter(uint64_t arg)
{
	(void)arg;
	waiter.thread = sched_self();
	for (;;) {
		sched_block();
		waiter.begun++;
		waiter.result = mortal_hold();
		waiter.ended++;
	}
}

static void sleep_ms(uint64_t ms)
{
	sched_sleep_until(aos_time_ns() + ms * NS_PER_MS);
}

static bool lives(int64_t life)
{
	for (uint32_t ms = 0; ms < PATIENCE; ms++) {
		if (mortal_lives() == life)
			return true;
		sleep_ms(1);
	}
	return false;
}

static void one_life(int64_t life)
{
	int64_t page;

	expect("it lives", true, lives(life));
	expect("its lock is free", 0, mortal_hold());
	sched_wake((uint64_t)waiter.thread);
	expect("another waits for it", life, waiter.begun);
	for (uint32_t i = 0; i < HEAP_MAX; i++)
		expect("its heap is new", 0, mortal_heap(i));
	page = mortal_share();
	expect("it shares a page", 1, page > 0);
	expect("which the victim reads", 0, victim_read((uint64_t)page));
	expect("it dies", -AOS_EFAULT, mortal_die());
	expect("it lives again", true, lives(life + 1));
	expect("nobody waits any more", life, waiter.ended);
	expect("but has been told", -AOS_EHOSTDOWN, waiter.result);
	expect("the page went with it", -AOS_EFAULT, victim_read((uint64_t)page));
	expect("bookkeeping after a death", 0, mem_check());
}

void test_remade(void)
{
	while (waiter.thread < 0)
		sleep_ms(1);
	for (int64_t life = 1; life <= LIVES; life++)
		one_life(life);
}
