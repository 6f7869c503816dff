// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Schedulers as the kernel knows them: what each has not been told yet, when
 * it is asked, and how a child goes on that lost the CPU without being asked.
 * The news are notices, one pending per thread (the latest state wins, so no
 * queue can overflow).
 *
 * To its parent a child is one thread, its `main`: blocked while the child has
 * nothing to do, runnable as long as it or one of its threads has.
 */
#include "aos/scheduler.h"

/* NULL at once for all others: every event asks. */
struct aos_scheduler *scheduler_at(struct aos *aos, const struct aos_endpoint *ep)
{
	if (ep->source != AOS_SOURCE_SCHED)
		return NULL;
	for (uint32_t i = 0; i < aos->nschedulers; i++)
		if (aos->schedulers[i].endpoint == ep)
			return &aos->schedulers[i];
	return NULL;
}

/* ---- the tree ---- */

/* @comp: that of a child, or NULL: the root.  0 or a negated error. */
int scheduler_make(struct aos *aos, struct aos_endpoint *ep, struct aos_comp *comp)
{
	struct aos_scheduler *s = &aos->schedulers[0];

	if (comp && (!(comp->flags & AOS_COMP_SCHED) || comp->serves != s))
		return -AOS_EINVAL;
	if (!comp && s->endpoint)
		return -AOS_EBUSY;
	if (comp && aos->nschedulers == AOS_MAX_SCHEDULERS)
		return -AOS_ENOMEM;
	if (comp)
		s = comp->serves = &aos->schedulers[aos->nschedulers++];
	s->endpoint = ep;
	s->comp = comp;
	return 0;
}

/*
 * Threads of @comp are @s's from now on.  It has none yet, and so nobody under
 * it runs: there is no way up.  0 or a negated error.
 */
int scheduler_assign(struct aos *aos, struct aos_comp *comp, struct aos_scheduler *s)
{
	if (comp_has_threads(aos, comp))
		return -AOS_EBUSY;
	for (const struct aos_scheduler *up = s; up->comp; up = up->comp->sched)
		if (up->comp == comp)
			return -AOS_EINVAL;
	comp->sched = s;
	return 0;
}

/* ---- notices ---- */

static bool noticed(const struct aos_thread *t)
{
	return t->notice || t->budget_notice;
}

/* Somebody has to decide: there are notices, or the scheduler's own events. */
bool scheduler_wanted(const struct aos_scheduler *s)
{
	return s->notice_head || (s->endpoint && s->endpoint->waiter && s->endpoint->count);
}

/* Will whoever runs, or one to whom the CPU goes back from there, ask @s before it stops? */
static bool asked_soon(const struct aos *aos, const struct aos_scheduler *s)
{
	for (const struct aos_thread *t = aos->next; t; t = t->preempted)
		if (levels_under(t, s))
			return true;
	return false;
}

/* A child that was idle has something to do: its parent must know. */
static void rouse(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_thread *main = s->comp ? s->endpoint->waiter : NULL;

	if (main && main->sched_blocked)
		scheduler_notice(aos, main, AOS_NOTICE_READY);
}

static void notice_queue(struct aos *aos, struct aos_thread *t)
{
	struct aos_scheduler *s = t->sched;

	if (noticed(t))
		return;
	t->next_notice = NULL;
	if (s->notice_tail)
		s->notice_tail->next_notice = t;
	else
		s->notice_head = t;
	s->notice_tail = t;
	if (!asked_soon(aos, s))
		rouse(aos, s);
}

void scheduler_notice(struct aos *aos, struct aos_thread *t, uint32_t notice)
{
	t->sched_blocked = notice != AOS_NOTICE_READY;
	notice_queue(aos, t);
	t->notice = notice;
	if (notice == AOS_NOTICE_EXITED)
		t->budget_notice = false;
}

/* Beside the latest state: the scheduler hears both. */
void scheduler_notice_budget(struct aos *aos, struct aos_thread *t)
{
	notice_queue(aos, t);
	t->budget_notice = true;
}

/* The first queued notice of a thread. */
static uint64_t notice_take(const struct aos *aos, struct aos_thread *t)
{
	uint32_t notice = t->notice;

	if (notice) {
		t->notice = 0;
		return notice;
	}
	t->budget_notice = false;
	return AOS_NOTICE(AOS_NOTICE_BUDGET, t->budget.overruns, budget_visited(aos, t)->id);
}

/*
 * The oldest thread with a notice, or NULL.  The scheduler decides anew with
 * what it learns, so whom its thread took the CPU from is for it to judge as
 * well, and the thread itself it now takes for one that runs.
 */
struct aos_thread *scheduler_take_notice(struct aos *aos, struct aos_scheduler *s, uint64_t *notice)
{
	struct aos_thread *t;

	thread_preempted_drop(aos, aos->current_thread);
	if (aos->current_thread->sched == s)
		aos->current_thread->sched_blocked = false;
	t = s->notice_head;
	if (!t)
		return NULL;
	*notice = notice_take(aos, t);
	if (!noticed(t))
		s->notice_head = t->next_notice;
	if (!s->notice_head)
		s->notice_tail = NULL;
	if (!scheduler_wanted(s))
		s->deferred = false;
	if (*notice == AOS_NOTICE_EXITED) {
		t->state = THREAD_FREE;
		comp_thread_gone(aos, t->home);
	}
	return t;
}

/* ---- asking ---- */

/* Is somebody in its component, who does not have the CPU or is not to lose it there? */
static bool occupied(const struct aos *aos, const struct aos_scheduler *s)
{
	if (s->inside)
		return true;
	for (const struct aos_thread *t = aos->next; t; t = t->preempted)
		if (levels_section(aos, t) == s)
			return true;
	return false;
}

/* May no event run @t directly, since a child that it is under is occupied, or decides? */
bool scheduler_busy(struct aos *aos, const struct aos_thread *t)
{
	for (struct aos_scheduler *s = t->sched; s->comp; s = s->comp->sched) {
		if (!s->endpoint->waiter)
			return true;
		if (!occupied(aos, s))
			continue;
		s->deferred = true;
		return true;
	}
	return false;
}

/* May its thread, which waits for that, take the CPU?  If not, it may have to later. */
static bool may_come(struct aos *aos, struct aos_scheduler *s, const struct aos_thread *main)
{
	struct aos_scheduler *shield;

	if (!aos->next)
		return true;
	shield = levels_section_shields(aos, main);
	if (shield) {
		if (shield == s || levels_goes_before(main, aos->next))
			shield->deferred = true;
		return false;
	}
	if (s->comp && occupied(aos, s)) {
		s->deferred = true;
		return false;
	}
	return levels_funded(main) && levels_goes_before(main, aos->next);
}

/*
 * There is something to decide: its thread comes, or will.  If not now it goes
 * on waiting, whatever was counted: the kernel looks for it there.
 */
void scheduler_call(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_thread *main = s->endpoint->waiter;

	if (!main)
		return;
	if (may_come(aos, s, main)) {
		s->endpoint->waiter = NULL;
		main->regs.ax = s->endpoint->count ? s->endpoint->count : 1;
		s->endpoint->count = 0;
		thread_ready(aos, main);
	} else if (!asked_soon(aos, s)) {
		rouse(aos, s);
	}
}

/* The thread that waits for the scheduler's endpoint takes over. */
void scheduler_run(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_endpoint *ep = s->endpoint;

	aos->next = ep->waiter;
	aos->next->state = THREAD_RUNNABLE;
	aos->next->regs.ax = ep->count ? ep->count : 1;
	ep->waiter = NULL;
	ep->count = 0;
	s->deferred = false;
}

/* The kernel's choice where no scheduler is waiting (while booting). */
static struct aos_thread *most_urgent(struct aos *aos)
{
	struct aos_thread *best = NULL;

	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		struct aos_thread *t = &aos->threads[i];

		if (t->state == THREAD_RUNNABLE && levels_funded(t) && !scheduler_busy(aos, t) &&
		    (!best || levels_goes_before(t, best)))
			best = t;
	}
	return best;
}

static bool can_decide(const struct aos_scheduler *s)
{
	if (!s->endpoint || !s->endpoint->waiter)
		return false;
	return !s->comp || (!s->inside && levels_funded(s->endpoint->waiter));
}

/* The CPU is free: @s decides, or, where it cannot, whoever is above it. */
void scheduler_decide(struct aos *aos, struct aos_scheduler *s)
{
	while (!can_decide(s)) {
		if (!s->comp) {
			aos->next = most_urgent(aos);
			return;
		}
		if (scheduler_wanted(s))
			rouse(aos, s);
		s = s->comp->sched;
	}
	scheduler_run(aos, s);
}

/* ---- children that lose the CPU, and get it again ---- */

/* @t could go on, and does not: all that it is under lose the CPU unasked. */
void scheduler_lost(struct aos *aos, struct aos_thread *t)
{
	struct aos_scheduler *section = levels_section(aos, t);
	struct aos_thread *level = t;

	if (section && section->comp)
		section->inside = t;
	for (;;) {
		if (level->sched_blocked)
			scheduler_notice(aos, level, AOS_NOTICE_READY);
		if (!level->sched->comp || !level->sched->main)
			return;
		level->sched->taken = t;
		level = level->sched->main;
	}
}

/* @t has got the CPU, or is somewhere else now. */
void scheduler_left(struct aos *aos, const struct aos_thread *t)
{
	for (uint32_t i = 1; i < aos->nschedulers; i++)
		if (aos->schedulers[i].inside == t)
			aos->schedulers[i].inside = NULL;
}

/* The topmost scheduler from @t up to @s, which is above it, that wants to decide; or NULL. */
static struct aos_scheduler *wanted_above(const struct aos_thread *t, struct aos_scheduler *s)
{
	struct aos_scheduler *wanted = NULL;

	for (struct aos_scheduler *at = t->sched; ; at = at->comp->sched) {
		if (scheduler_wanted(at) && can_decide(at))
			wanted = at;
		if (at == s)
			return wanted;
	}
}

/*
 * @to shall run.  -> itself; or, as it waits for its child's decisions, whom the
 * CPU was taken from there; or NULL: with *@wake that scheduler is to be asked,
 * without @to cannot run.
 */
struct aos_thread *scheduler_resumes(struct aos_thread *to, struct aos_scheduler **wake)
{
	struct aos_scheduler *s = to->home->serves;

	*wake = NULL;
	if (to->state == THREAD_RUNNABLE)
		return to;
	if (!s->comp || s->endpoint->waiter != to)
		return NULL;
	if (s->inside && !levels_under(s->inside, s)) {
		s->deferred = true;	/* a visitor of its component goes first */
		return NULL;
	}
	if (s->inside)
		return s->inside;
	*wake = s;
	if (!s->taken || s->taken->state != THREAD_RUNNABLE)
		return NULL;
	*wake = wanted_above(s->taken, s);
	if (*wake)
		return NULL;
	if (levels_funded(s->taken))
		return s->taken;
	*wake = s;
	return NULL;
}

/* ---- a child has nothing to do ---- */

/*
 * The CPU goes back to the parent, by way of the child's thread.  0 when there
 * is something to do again, or an error.
 */
int64_t scheduler_rest(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_thread *cur = aos->current_thread;
	int64_t n;

	if (cur->home == s->comp) {
		n = event_wait(aos, s->endpoint, 0, NULL);
		return n < 0 ? n : 0;
	}
	if (!levels_under(cur, s))
		return -AOS_EPERM;
	if (!can_decide(s))
		return -AOS_EAGAIN;
	thread_preempted_drop(aos, cur);
	if (cur->sched == s)
		cur->sched_blocked = false;
	else if (cur->sched_blocked)
		scheduler_notice(aos, cur, AOS_NOTICE_READY);
	scheduler_run(aos, s);
	return 0;
}

/* It never comes back. */
void scheduler_thread_gone(struct aos *aos, const struct aos_thread *t)
{
	scheduler_left(aos, t);
	for (uint32_t i = 0; i < aos->nschedulers; i++) {
		struct aos_scheduler *s = &aos->schedulers[i];

		if (s->taken == t)
			s->taken = NULL;
		if (s->main == t)
			budget_payer(aos, s, NULL);
	}
}
