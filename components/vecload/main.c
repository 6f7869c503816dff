// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that hold values in all vector and x87 registers while others have
 * the CPU, by every way in which they can get it: an interrupt, a system call,
 * a wait, an invocation.  Two components are made of this object, so that each
 * is the other's victim.  The host reads the counters: rounds, and lost = 0.
 *
 * A thread's argument n > 0 says which it is; only the first waits at `tick`.
 */
#include "sched/sched.h"
#include "vectors/vectors.h"

#define SPINS	3000u
#define TICK_NS	150000u
#define NAP_NS	200000u

/* One per thread. */
struct load {
	uint64_t seed;
	struct vectors_state in, out;
};

static struct load loads[4];

static bool held(struct load *l, uint64_t call, uint64_t arg0)
{
	vectors_hold(&l->in, &l->out, SPINS, call, arg0);
	return vectors_same(&l->in, &l->out);
}

static bool hold(struct load *l)
{
	return held(l, VECTORS_NO_CALL, 0);
}

static bool hold_over_call(struct load *l)
{
	return held(l, AOS_CALL(OP_NULL, 0), 0);
}

static bool hold_over_wait(struct load *l)
{
	if (l != &loads[1])
		return hold(l);
	aos_timer_set(AOS_CAP(alarm), aos_time_ns() + TICK_NS);
	return held(l, AOS_CALL(OP_EVENT_WAIT, AOS_CAP(tick)), 0);
}

/* After an invocation the registers are as at the start, whoever was called. */
static bool initial(struct load *l)
{
	vectors_look(&l->out);
	return vectors_initial(&l->out);
}

static bool call_vectors(struct load *l)
{
	vectors_load(&l->in);
	return !vectors_serve(l->seed) && initial(l);
}

static bool call_plain(struct load *l)
{
	vectors_load(&l->in);
	return !vecpeek_serve() && initial(l);
}

static bool sleep_a_while(struct load *l)
{
	uint64_t until = aos_time_ns() + NAP_NS;

	vectors_load(&l->in);
	sched_sleep_until(until);
	return initial(l);
}

static const struct {
	const char *name;
	bool (*round)(struct load *l);
} ways[] = {
	{ "interrupt", hold }, { "call", hold_over_call }, { "wait", hold_over_wait },
	{ "invoke_vectors", call_vectors }, { "invoke_plain", call_plain },
	{ "sleep", sleep_a_while },
};

void vecload_main(uint64_t arg)
{
	struct counter *rounds = aos_counter("rounds"), *lost = aos_counter("lost");
	struct load *l = &loads[arg % 4];

	vectors_init(&l->in);
	vectors_init(&l->out);
	l->seed = arg * 37 + (uint64_t)aos_args()[0];
	for (uint32_t i = 0;; i = (i + 1) % (sizeof(ways) / sizeof(ways[0]))) {
		vectors_pattern(&l->in, l->seed++);
		if (!ways[i].round(l)) {
			counter_inc(lost);
			aos_log("thread %lu: registers lost or found: %s", arg, ways[i].name);
		}
		counter_inc(rounds);
	}
}
