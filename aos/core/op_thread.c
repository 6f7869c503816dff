// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls on threads, most of them for the scheduler. */
#include "aos/call.h"
#include "aos/scheduler.h"

/*
 * The thread that a scheduler's call is about.  0; -AOS_ENOENT: it has ended;
 * -AOS_EPERM: another scheduler's.
 */
static int decode_own(const struct call *c, struct aos_thread **t)
{
	*t = call_thread(c->aos, c->cap);
	if (!*t)
		return -AOS_ENOENT;
	return (*t)->sched == c->comp->serves ? 0 : -AOS_EPERM;
}

/* Is the CPU the scheduler's to give away?  A child's, if the caller runs at its expense. */
bool op_thread_gives_cpu(const struct call *c, const struct aos_thread *to)
{
	const struct aos_scheduler *s = c->comp->serves;
	const struct aos_thread *cur = c->aos->current_thread;

	return to->sched == s && (!s->comp || cur->home == s->comp || levels_under(cur, s));
}

int64_t op_thread_switch(struct call *c)
{
	struct aos_thread *t = call_thread(c->aos, c->cap);

	if (!t)
		return -AOS_ENOENT;
	if (t == c->aos->current_thread)
		return 0;
	if (!op_thread_gives_cpu(c, t))
		return -AOS_EPERM;
	return thread_switch(c->aos, t);
}

int64_t op_thread_urgency(struct call *c)
{
	struct aos_thread *t;
	int err = decode_own(c, &t);

	if (err)
		return err;
	if (c->arg[0] > AOS_URGENCY_MAX)
		return -AOS_EINVAL;
	t->urgency = (uint32_t)c->arg[0];
	return 0;
}

int64_t op_thread_budget(struct call *c)
{
	struct aos_thread *t;
	int64_t left;
	int err = decode_own(c, &t);

	if (err)
		return err;
	if (c->arg[0] > AOS_BUDGET_MAX && c->arg[0] != AOS_BUDGET_UNLIMITED)
		return -AOS_EINVAL;
	err = budget_add(c->aos, t, c->arg[0], &left);
	if (err)
		return err;
	c->result2 = (uint64_t)left;
	return 0;
}

int64_t op_thread_usage(struct call *c)
{
	struct aos_thread *t;
	int err = decode_own(c, &t);

	return err ? err : budget_usage(c->aos, t, &c->result2);
}

int64_t op_thread_fault(struct call *c)
{
	struct aos_thread *t;
	int err = decode_own(c, &t);

	if (err)
		return err;
	if (c->arg[0] < AOS_FAULT_OVERRUN || c->arg[0] > AOS_FAULT_VECTOR(~0u))
		return -AOS_EINVAL;
	if (t == c->aos->schedulers[0].main)
		return -AOS_EPERM;
	return fault_overrun(c->aos, c->regs, t, (uint32_t)c->arg[0]);
}

static struct aos_scheduler *decode_scheduler(const struct call *c)
{
	return scheduler_at(c->aos, &c->aos->endpoints[c->cap->id]);
}

int64_t op_sched_notice(struct call *c)
{
	struct aos_scheduler *s = decode_scheduler(c);
	struct aos_thread *t;
	uint64_t notice;

	if (!s)
		return -AOS_EPERM;
	t = scheduler_take_notice(c->aos, s, &notice);
	if (!t)
		return -AOS_EAGAIN;
	c->result2 = notice;
	return t->id;
}

/*
 * Look for news, and for events that came while the host had the CPU; only if
 * there are none does the host get it again.
 */
static int64_t idle(struct call *c)
{
	struct aos *aos = c->aos;
	uint32_t events;

	if (!thread_may_rest(aos))
		return 0;
	events = hal_take_events(aos);
	if (events) {
		aos->at_idle = true;
		event_raise_host(aos, events);
		return 0;
	}
	aos->stats.idles++;
	hal_idle(aos);
	return 0;
}

int64_t op_idle(struct call *c)
{
	struct aos_scheduler *s = decode_scheduler(c);

	if (!s)
		return -AOS_EPERM;
	return s->comp ? scheduler_rest(c->aos, s) : idle(c);
}

/* Whom a thread calls does not own it. */
int64_t op_thread_exit(struct call *c)
{
	struct aos_thread *t = c->aos->current_thread;

	if (t->top != t->stack)
		return -AOS_EPERM;
	thread_exit(c->aos, t);
	return 0;
}
