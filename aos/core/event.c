// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Event endpoints: an event is counted, never lost; a wait takes the whole
 * count.  One thread waits at an endpoint.
 */
#include "aos/scheduler.h"

void event_raise(struct aos *aos, struct aos_endpoint *ep)
{
	struct aos_scheduler *s = scheduler_at(aos, ep);
	struct aos_thread *t = ep->waiter;

	aos->stats.events++;
	ep->count++;
	if (!t)
		return;
	if (s) {
		scheduler_call(aos, s);
		return;
	}
	ep->waiter = NULL;
	t->regs.ax = ep->count;
	ep->count = 0;
	thread_ready(aos, t);
}

/* The host's @events, HAL_EVENT_*; whose thread runs now is the caller's to dispatch. */
void event_raise_host(struct aos *aos, uint32_t events)
{
	for (uint32_t i = 0; i < aos->nendpoints; i++) {
		struct aos_endpoint *ep = &aos->endpoints[i];

		if (ep->source == AOS_SOURCE_CHANNEL &&
		    events & HAL_EVENT_CHANNEL(ep->channel))
			event_raise(aos, ep);
	}
	if (events & HAL_EVENT_TIMER)
		timer_expire(aos);
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

/*
 * The current thread is the one of scheduler @s that waits.  Nobody fills up
 * the budget of the root's, so it has none; a child's pays for all under it.
 */
static int scheduler_waits(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_thread *cur = aos->current_thread;

	if (s->comp ? cur->home != s->comp || cur->top != cur->stack : cur->sched != s)
		return -AOS_EPERM;
	if (s->main == cur)
		return 0;
	budget_payer(aos, s, cur);
	if (!s->comp)
		budget_lift(aos, cur);
	return 0;
}

/* May the current thread block there?  Else its result. */
static int64_t wait_decode(struct aos *aos, struct aos_endpoint *ep, uint64_t flags,
			   const struct aos_thread *meanwhile)
{
	struct aos_scheduler *s = scheduler_at(aos, ep);

	if (ep->count)
		return event_take(ep);
	if (flags & AOS_WAIT_POLL)
		return -AOS_EAGAIN;
	if (ep->waiter)
		return -AOS_EBUSY;
	if (meanwhile == aos->current_thread)
		return -AOS_EINVAL;
	if (!s)
		return 0;
	/* A child does not rest over news: its parent would not run it for them. */
	if (s->comp && !meanwhile && s->notice_head)
		return 1;
	return scheduler_waits(aos, s);
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
	int64_t result = wait_decode(aos, ep, flags, meanwhile);

	if (!result && meanwhile)
		result = thread_switch(aos, meanwhile);
	if (result)
		return result;
	if (ep->source == AOS_SOURCE_CHANNEL)
		budget_taker(aos, ep, cur);
	ep->waiter = cur;
	budget_visit_check(aos, cur);
	cur->state = THREAD_WAITING;
	if (meanwhile)
		return 0;
	if (!cur->sched_blocked)
		scheduler_notice(aos, cur, AOS_NOTICE_BLOCKED);
	thread_run_other(aos);
	/* The scheduler, with nobody else to run, has its result already. */
	return aos->next == cur ? (int64_t)cur->regs.ax : 0;
}
