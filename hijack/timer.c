// SPDX-License-Identifier: GPL-2.0-or-later
/* The AOS's one-shot timer: a pinned high-resolution timer of Linux. */
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include "aos/hal.h"
#include "hijack/hijack.h"

/* Hard interrupt, AOS CPU. */
static enum hrtimer_restart timer_fired(struct hrtimer *timer)
{
	hijack_event(container_of(timer, struct hijack_instance, timer), HAL_EVENT_TIMER);
	return HRTIMER_NORESTART;
}

void timer_init(struct hijack_instance *inst)
{
	hrtimer_init(&inst->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	inst->timer.function = timer_fired;
}

/* AOS CPU, interrupts off; also from inside timer_fired(). 0: off. */
void timer_program(struct hijack_instance *inst, u64 deadline_ns)
{
	if (deadline_ns)
		hrtimer_start(&inst->timer, ns_to_ktime(deadline_ns),
			      HRTIMER_MODE_ABS_PINNED_HARD);
	else
		hrtimer_try_to_cancel(&inst->timer);
}
