// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread that keeps the AOS busy in one way, for ever, so that a test can
 * find it in that state at any moment.  Which way is the name of one of the
 * boot information's services; without such a name it sleeps.
 */
#include "aos.h"
#include "benchsrv/benchsrv.h"
#include "hostile/hostile.h"
#include "sched/sched.h"

#define NAP_NS	50000u

static volatile uint64_t scratch;

/* Ring 3, no system call ever. */
static void compute(void)
{
	for (int i = 0; i < 1000; i++)
		scratch += (uint64_t)i;
}

static void invoke(void)
{
	for (int i = 0; i < 100; i++)
		benchsrv_empty();
}

static void call(void)
{
	for (int i = 0; i < 100; i++)
		aos_null();
}

static void fault(void)
{
	if (hostile_attack(HOSTILE_ud2, 0) != -AOS_EFAULT)
		aos_abort();
}

static void nap(void)
{
	sched_sleep_until(aos_time_ns() + NAP_NS);
}

static void ring_bell(void)
{
	aos_doorbell(AOS_CAP(bell));
}

static void chatter(void)
{
	aos_log("so many rounds: %lu", scratch++);
}

static const struct {
	const char *name;
	void (*round)(void);
} ways[] = {
	{ "compute", compute },
	{ "invoke", invoke },
	{ "call", call },
	{ "fault", fault },
	{ "nap", nap },
	{ "bell", ring_bell },
	{ "log", chatter },
};

static void (*find_way(void))(void)
{
	const struct bootinfo *info = aos_bootinfo();

	for (uint32_t s = 0; s < info->nservices; s++)
		for (uint32_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
			if (!strncmp(info->service[s].name, ways[w].name, ABI_NAME_LEN))
				return ways[w].round;
	return NULL;
}

void spin_main(uint64_t arg)
{
	struct counter *rounds = aos_counter("rounds");
	void (*round)(void) = find_way();

	(void)arg;
	while (!round)
		sched_block();
	for (;;) {
		round();
		counter_inc(rounds);
	}
}
