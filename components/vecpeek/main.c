// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A component without vector registers that looks for others' values in them:
 * when it is called, when the AOS starts (the host process's), and all the
 * time.  Nobody of its kind leaves any in this composition.
 */
#include "sched/sched.h"
#include "vectors/vectors.h"

#define LOOKS	2000u	/* between two naps */
#define NAP_NS	100000u

static bool clean(void)
{
	struct vectors_state seen;

	vectors_init(&seen);
	vectors_look(&seen);
	if (vectors_initial(&seen))
		return true;
	counter_inc(aos_counter("found"));
	return false;
}

int64_t vecpeek_serve(void)
{
	counter_inc(aos_counter("served"));
	return !clean();
}
AOS_EXPORT(vecpeek_serve);

/* Before any other component but the loader and the scheduler has run. */
void vecpeek_first(uint64_t arg)
{
	(void)arg;
	if (!clean())
		aos_log("vector registers held something at the start");
	counter_inc(aos_counter("first"));
}

void vecpeek_main(uint64_t arg)
{
	struct counter *looks = aos_counter("looks");

	(void)arg;
	for (;;) {
		for (uint32_t i = 0; i < LOOKS; i++)
			clean();
		counter_add(looks, LOOKS);
		sched_sleep_until(aos_time_ns() + NAP_NS);
	}
}
