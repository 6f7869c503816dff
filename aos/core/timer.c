// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timers: each raises its endpoint once.  The host has one one-shot timer,
 * always set to the earliest deadline, the end of a budget among them; there
 * is no tick.
 */
#include "aos/kernel.h"

void timer_update(struct aos *aos)
{
	uint64_t earliest = aos->budget_at;

	for (uint32_t i = 0; i < AOS_MAX_TIMERS; i++) {
		uint64_t d = aos->timers[i].deadline;

		if (d && (!earliest || d < earliest))
			earliest = d;
	}
	hal_timer_set(aos, earliest);
}

void timer_set(struct aos *aos, struct aos_timer *timer, uint64_t deadline)
{
	timer->deadline = deadline;
	timer_update(aos);
}

void timer_expire(struct aos *aos)
{
	uint64_t now = hal_time(aos);

	if (aos->budget_at && aos->budget_at <= now)
		budget_expire(aos);
	for (uint32_t i = 0; i < AOS_MAX_TIMERS; i++) {
		struct aos_timer *t = &aos->timers[i];

		if (!t->deadline || t->deadline > now)
			continue;
		t->deadline = 0;
		event_raise(aos, t->endpoint);
	}
	timer_update(aos);
}
