// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Event endpoints: an event is counted, never lost; a wait takes the whole
 * count.  One thread waits at an endpoint.
 */
#include "aos/kernel.h"

/*
 * The scheduler's thread, if it does not preempt, goes on waiting: nobody but
 * the kernel schedules it, and the kernel looks for it there.
 */
static bool put_off(struct aos *aos, const struct aos_thread *sched)
{
	if (!aos->next)
		return false;
	if (thread_in_scheduler(aos, aos->next)) {
		aos->defer |= DEFER_SECTION;
		return true;
	}
	return sched->urgency >= aos->next->urgency;
}

void event_raise(struct aos *aos, struct aos_endpoint *ep)
{
	struct aos_thread *t = ep->waiter;

	aos->stats.events++;
	ep->count++;
	if (!t)
		return;
	if (ep == aos->sched_endpoint && put_off(aos, t))
		return;
	ep->waiter = NULL;
	t->regs.ax = ep->count;
	ep->count = 0;
	thread_ready(aos, t);
}

/* The thread waits no more, and has got nothing; what to do with it is the caller's. */
void event_abandon(struct aos *aos, struct aos_thread *t)
{
	for (uint32_t i = 0; i < aos->nendpoints; i++)
		if (aos->endpoints[i].waiter == t)
			aos->endpoints[i].waiter = NULL;
	t->state = THREAD_RUNNABLE;
}

static int64_t event_take(struct aos_endpoint *ep)
{
	int64_t n = (int64_t)ep->count;

	ep->count = 0;
	return n;
}

/* Nobody fills up the scheduler's own budget, so it has none. */
static void scheduler_is(struct aos *aos, struct aos_thread *t)
{
	if (aos->sched_main == t)
		return;
	aos->sched_main = t;
	budget_lift(aos, t);
}

/*
 * Block the current thread.  With @meanwhile (the scheduler's use) that thread
 * runs; without, the kernel resumes whom this thread preempted, or asks the
 * scheduler.  A blocked thread's result is put into its registers when it wakes.
 */
int64_t event_wait(struct aos *aos, struct aos_endpoint *ep, uint64_t flags,
		   struct aos_thread *meanwhile)
{
	struct aos_thread *cur = aos->current_thread;
	int err;

	if (ep->count)
		return event_take(ep);
	if (flags & AOS_WAIT_POLL)
		return -AOS_EAGAIN;
	if (ep->waiter)
		return -AOS_EBUSY;
	if (meanwhile) {
		if (meanwhile == cur)
			return -AOS_EINVAL;
		err = thread_switch(aos, meanwhile);
		if (err)
			return err;
	}
	if (ep == aos->sched_endpoint)
		scheduler_is(aos, cur);
	if (ep->source == AOS_SOURCE_CHANNEL)
		budget_taker(aos, ep, cur);
	ep->waiter = cur;
	budget_visit_check(aos, cur);
	cur->state = THREAD_WAITING;
	if (meanwhile)
		return 0;
	if (!cur->sched_blocked)
		thread_notice(aos, cur, AOS_NOTICE_BLOCKED);
	thread_run_other(aos);
	/* The scheduler, with nobody else to run, has its result already. */
	return aos->next == cur ? (int64_t)cur->regs.ax : 0;
}
