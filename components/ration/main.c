// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scheduler with one rule, to measure the kernel's budgets with: the first
 * thread of `burner` gets a ration in each period, and nobody else is ready.
 * Counters: what was given, the largest overdraft, how often the kernel said
 * that a ration was used up; done, when all periods are over.
 */
#include "aos.h"

#define RATION_NS	1000000u
#define PERIOD_NS	10000000u
#define PERIODS		1000u
#define BURNER_THREAD	2u	/* in the composition's order */
#define NOBODY		0u

static struct {
	uint64_t next_at;
	uint32_t given;		/* rations */
	bool used_up;
	int64_t worst;		/* ns below zero */
} ration;

static uint32_t burner_slot(void)
{
	return AOS_SLOT_DYNAMIC + BURNER_THREAD;
}

static void take_notices(void)
{
	uint64_t notice;
	int64_t tid;

	while ((tid = aos_sched_notice(AOS_CAP(events), &notice)) >= 0)
		if (AOS_NOTICE_KIND(notice) == AOS_NOTICE_BUDGET) {
			ration.used_up = true;
			counter_inc(aos_counter("used_up"));
		}
}

static void note_overdraft(int64_t left)
{
	if (left >= ration.worst)
		return;
	ration.worst = left;
	counter_set(aos_counter("overdrawn_max_ns"), (uint64_t)-left);
}

static void give(void)
{
	int64_t left;

	if (aos_thread_budget(burner_slot(), RATION_NS, &left))
		aos_abort();
	note_overdraft(ration.given ? left : 0);
	ration.given++;
	ration.used_up = false;
	ration.next_at += PERIOD_NS;
	aos_timer_set(AOS_CAP(timeout), ration.next_at);
}

/* What the burner has left in the end was not used. */
static void finish(void)
{
	int64_t left;

	aos_thread_budget(burner_slot(), 0, &left);
	note_overdraft(left);
	counter_set(aos_counter("given_ns"), (uint64_t)((int64_t)ration.given * RATION_NS - left));
	counter_set(aos_counter("rations_ns"), (uint64_t)ration.given * RATION_NS);
	counter_set(aos_counter("done"), 1);
	for (;;)
		aos_idle(AOS_CAP(events));
}

void ration_main(uint64_t arg)
{
	(void)arg;
	ration.next_at = aos_time_ns();
	for (;;) {
		take_notices();
		if (aos_time_ns() >= ration.next_at) {
			if (ration.given == PERIODS)
				finish();
			give();
		}
		if (ration.used_up)
			aos_idle(AOS_CAP(events));
		else
			aos_event_wait(AOS_CAP(events), 0, burner_slot());
	}
}

/* What the loader expects of a scheduler; this one needs to be told nothing. */
int64_t sched_admit(void)
{
	return 0;
}
AOS_EXPORT(sched_admit);

int64_t sched_change(void)
{
	return -AOS_EINVAL;
}
AOS_EXPORT(sched_change);

int64_t sched_watch(void)
{
	return 0;
}
AOS_EXPORT(sched_watch);

int64_t sched_component_gone(void)
{
	return 0;
}
AOS_EXPORT(sched_component_gone);
