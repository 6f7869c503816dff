// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests memory from inside: args = "host" those of host memory, else those of
 * the memory manager.  The verdict: done = 1 and failed = 0.  A second thread
 * sleeps and wakes all the while: an event that is lost would stop it.
 */
#include "memtest.h"
#include "sched/sched.h"

#define TICK_NS	2000000ull

static struct {
	struct counter *checks, *failed, *done, *ticks;
} count;

void expect(const char *what, int64_t wanted, int64_t found)
{
	counter_inc(count.checks);
	if (wanted == found)
		return;
	counter_inc(count.failed);
	aos_log("FAILED: %s: wanted %ld, found %ld", what, wanted, found);
}

void memtest_ticks(uint64_t arg)
{
	(void)arg;
	count.ticks = aos_counter("ticks");
	for (;;) {
		sched_sleep_until(aos_time_ns() + TICK_NS);
		counter_inc(count.ticks);
	}
}

void memtest_main(uint64_t arg)
{
	(void)arg;
	count.checks = aos_counter("checks");
	count.failed = aos_counter("failed");
	count.done = aos_counter("done");
	if (!strcmp(aos_args(), "host")) {
		test_host();
	} else {
		test_managed();
		test_remade();
	}
	aos_log("%lu checks, %lu failed", count.checks->value, count.failed->value);
	counter_set(count.done, 1);
	for (;;)
		sched_block();
}
