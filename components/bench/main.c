// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the AOS's basic operations cost, in cycles of the time-stamp counter,
 * the cost of reading it taken off.  A line in the log for each: "result NAME N MEAN
 * SD MIN P50 P90 P99 P99.9 P99.99 MAX"; the counter `done` is 1 at the end.
 *
 *   null	a system call that does nothing
 *   invoke	invocation of an empty function of another component, and back
 *   yield	sched_yield() to a thread of the same priority, and back again:
 *		two switches, four invocation legs
 *   wake	from aos_event_signal() to the first instruction of the more
 *		urgent thread that waited
 *   signal	the same, until the signalling thread goes on
 *
 * Threads: main measures; peer yields back; waiter waits, more urgent.
 */
#include "aos.h"
#include "benchsrv/benchsrv.h"
#include "ordering.h"
#include "sched/sched.h"

#include "samples.h"

#define ROUNDS	10000u
#define WARM_UP	100u

/* Threads of this component share it; each word has one writer at a time. */
static struct {
	uint32_t cycles[ROUNDS], woken[ROUNDS];
	uint64_t overhead;
	int64_t peer;		/* thread id, once it is there; -1: not yet */
	bool finished;
	uint64_t woken_at;
} bench = { .peer = -1 };

static uint32_t elapsed(uint64_t from, uint64_t to)
{
	uint64_t cycles = to - from;

	return cycles > bench.overhead ? (uint32_t)(cycles - bench.overhead) : 0;
}

static void say(const char *name, uint32_t *cycles)
{
	struct summary s = samples_summarise(cycles, ROUNDS);

	aos_log("result %s %u %u %u %u %u %u %u %u %u %u", name, ROUNDS, s.mean, s.sd, s.min,
		s.p50, s.p90, s.p99, s.p999, s.p9999, s.max);
}

/* What stands between two readings with nothing between them. */
static void measure_overhead(void)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t start = aos_tsc(), cycles = aos_tsc() - start;

		if (cycles < least)
			least = cycles;
	}
	bench.overhead = least;
	aos_log("overhead %u", (uint32_t)least);
}

static void null_call(void)
{
	aos_null();
}

static void invocation(void)
{
	benchsrv_empty();
}

static void yield(void)
{
	sched_yield();
}

static void signal_waiter(void)
{
	aos_event_signal(AOS_CAP(ping));
}

/* Inlined for each operation: no indirect call is part of what is measured. */
static inline __attribute__((always_inline)) void measure(const char *name,
							  void (*operation)(void))
{
	for (uint32_t i = 0; i < WARM_UP; i++)
		operation();
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t start = aos_tsc();

		operation();
		bench.cycles[i] = elapsed(start, aos_tsc());
		bench.woken[i] = elapsed(start, READ_ONCE(bench.woken_at));
	}
	say(name, bench.cycles);
}

/* The peer sleeps until there is somebody to yield to. */
static void measure_yield(void)
{
	while (READ_ONCE(bench.peer) < 0)
		sched_yield();
	sched_wake((uint64_t)bench.peer);
	measure("yield", yield);
	WRITE_ONCE(bench.finished, true);
	sched_yield();
}

static bool arguments_arrive(void)
{
	return benchsrv_add(1, 10, 100, 1000, 10000, 100000) == 654321;
}

void bench_main(uint64_t arg)
{
	struct counter *done = aos_counter("done");

	(void)arg;
	if (!arguments_arrive()) {
		aos_log("arguments of an invocation are lost");
		aos_abort();
	}
	measure_overhead();
	measure("null", null_call);
	measure("invoke", invocation);
	measure_yield();
	measure("signal", signal_waiter);
	say("wake", bench.woken);
	counter_set(done, 1);
	for (;;)
		sched_block();
}

void bench_peer(uint64_t arg)
{
	(void)arg;
	WRITE_ONCE(bench.peer, sched_self());
	sched_block();
	while (!READ_ONCE(bench.finished))
		sched_yield();
	for (;;)
		sched_block();
}

void bench_waiter(uint64_t arg)
{
	(void)arg;
	while (aos_event_wait(AOS_CAP(ping), 0, 0) > 0)
		WRITE_ONCE(bench.woken_at, aos_tsc());
	aos_abort();
}
