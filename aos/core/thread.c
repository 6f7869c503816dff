// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads, and which of them runs.  The kernel has no run queue: it compares
 * two urgencies when a thread becomes ready, remembers whom it preempted, and
 * tells the thread's scheduler everything else as notices (scheduler.c).
 *
 * aos->next is the thread that will run when the kernel is left.
 */
#include "aos/scheduler.h"
#include "aos/string.h"
#include "x86_64/nospec.h"

#define RFLAGS_START 0x202u	/* interrupts on, and bit 1, which is always set */
#define USER_CS 0x33u		/* x86-64 Linux's ring-3 selectors, which SYSRET */
#define USER_SS 0x2bu		/* derives from MSR_STAR: they cannot be others */

/* @number: AOS_THREAD_NUMBER() of the one wanted, or 0: any. */
static struct aos_thread *thread_free_slot(struct aos *aos, uint64_t number)
{
	struct aos_thread *t;

	if (number > AOS_MAX_THREADS)
		return NULL;
	if (number) {
		t = &aos->threads[nospec_index(number - 1, AOS_MAX_THREADS)];
		return t->state == THREAD_FREE ? t : NULL;
	}
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		if (aos->threads[i].state == THREAD_FREE)
			return &aos->threads[i];
	return NULL;
}

/* @entry is below AOS_USER_END. */
struct aos_thread *thread_create(struct aos *aos, uint64_t number, struct aos_comp *comp,
				 uint64_t entry, uint64_t arg, uint32_t urgency)
{
	struct aos_thread *t = thread_free_slot(aos, number);
	uint64_t generation;

	if (!t)
		return NULL;
	generation = t->generation + 1;
	memset(t, 0, sizeof(*t));
	t->generation = generation;
	t->home = comp;
	t->sched = comp->sched;
	t->id = (uint32_t)(t - aos->threads);
	t->below.comp = &aos->dead;
	t->top = t->stack;
	t->comp = comp;
	vector_thread_enter(t, comp);
	t->stack_off = (t->id + 1) * AOS_STACK_STRIDE;
	t->urgency = urgency;
	t->state = THREAD_RUNNABLE;
	t->regs.ip = entry;
	t->regs.di = arg;
	t->regs.ax = comp->id;
	t->regs.sp = comp->stack_base + t->stack_off;
	t->regs.flags = RFLAGS_START;
	t->regs.cs = USER_CS;
	t->regs.ss = USER_SS;
	return t;
}

/* Who runs now does not give the CPU back to whom it took it from. */
void thread_preempted_drop(struct aos *aos, struct aos_thread *t)
{
	while (t->preempted) {
		struct aos_thread *p = t->preempted;

		t->preempted = NULL;
		if (p->state == THREAD_RUNNABLE)
			scheduler_lost(aos, p);
		t = p;
	}
}

/* Equals take turns: the scheduler must hear that there are two now. */
static void share(struct aos *aos, const struct aos_thread *t)
{
	struct aos_scheduler *s = levels_equal(t, aos->next);

	if (s && s->endpoint && s->endpoint->waiter != t)
		event_raise(aos, s->endpoint);
}

/* @t, who is more urgent, takes the CPU; false: not yet. */
static bool preempts(struct aos *aos, struct aos_thread *t)
{
	struct aos_scheduler *shield = levels_section_shields(aos, t);

	if (shield)
		shield->deferred = true;
	if (shield || scheduler_busy(aos, t))
		return false;
	t->preempted = aos->next;
	aos->next = t;
	return true;
}

/*
 * A waiting thread has got its event.  Without a budget it waits for that now,
 * and the scheduler knows: when it fills the budget up it decides.
 */
void thread_ready(struct aos *aos, struct aos_thread *t)
{
	t->state = THREAD_RUNNABLE;
	if (!levels_funded(t)) {
		if (t->sched_blocked)
			scheduler_notice(aos, t, AOS_NOTICE_READY);
		return;
	}
	if (!aos->next || aos->next->state != THREAD_RUNNABLE) {
		aos->next = t;
		return;
	}
	if (levels_goes_before(t, aos->next) && preempts(aos, t))
		return;
	if (t->sched_blocked) {
		scheduler_notice(aos, t, AOS_NOTICE_READY);
		share(aos, t);
	}
}

static bool may_run(const struct aos_thread *t)
{
	return t->state == THREAD_RUNNABLE && levels_funded(t);
}

/* Has a scheduler of @t's, or one above, something to decide? */
static bool wanted_for(const struct aos_thread *t)
{
	const struct aos_scheduler *s = t->sched;

	while (!scheduler_wanted(s) && s->comp)
		s = s->comp->sched;
	return scheduler_wanted(s);
}

/*
 * The current thread cannot go on, or must let its scheduler decide: run the
 * thread it preempted if nothing else has happened, else the scheduler.
 */
void thread_run_other(struct aos *aos)
{
	struct aos_thread *cur = aos->next, *p = cur->preempted;

	if (cur->state != THREAD_RUNNABLE && p && may_run(p) && !wanted_for(cur) &&
	    !wanted_for(p)) {
		cur->preempted = NULL;
		aos->next = p;
		return;
	}
	thread_preempted_drop(aos, cur);
	if (cur->state == THREAD_RUNNABLE)
		scheduler_lost(aos, cur);
	scheduler_decide(aos, cur->sched);
}

/*
 * The current thread must not go on, since @level, itself or who pays for it,
 * must not: or not longer than until it leaves @level's scheduler.
 */
void thread_stop(struct aos *aos, const struct aos_thread *level)
{
	struct aos_scheduler *shield = levels_section_shields(aos, level);

	if (shield)
		shield->deferred = true;
	else
		thread_run_other(aos);
}

/*
 * The current thread, in the root scheduler, has nothing to do: may the host
 * have the CPU?  Whom it preempted would have to wait for it, so is left to the
 * scheduler; and the scheduler's events, where it waits for none, count as taken.
 */
bool thread_may_rest(struct aos *aos)
{
	struct aos_scheduler *root = &aos->schedulers[0];

	thread_preempted_drop(aos, aos->next);
	if (scheduler_wanted(root)) {
		thread_run_other(aos);
		return false;
	}
	root->deferred = false;
	if (!root->endpoint->count)
		return true;
	root->endpoint->count = 0;
	return false;
}

/* The section of @s is over: it decides about its own, or is called. */
static void section_over(struct aos *aos, struct aos_scheduler *s)
{
	struct aos_thread *cur = aos->next;

	s->deferred = false;
	if (!levels_under(cur, s)) {
		scheduler_call(aos, s);
		return;
	}
	thread_preempted_drop(aos, cur);
	scheduler_lost(aos, cur);
	scheduler_decide(aos, s);
}

/*
 * The thread may have left a scheduler: who had to wait for that comes in,
 * and who is without a budget goes.
 */
void thread_section_end(struct aos *aos)
{
	if (levels_must_stop(aos))
		thread_run_other(aos);
	for (uint32_t i = 0; i < aos->nschedulers; i++) {
		struct aos_scheduler *s = &aos->schedulers[i];

		if (s->deferred && aos->next && !levels_section_on_way(aos->next, s) && !s->inside)
			section_over(aos, s);
	}
}

/*
 * The scheduler, on whichever thread, says who runs.  0 or -AOS_EAGAIN.
 * Events of its own that arrived meanwhile go first: its thread decides anew.
 * It knows then that both threads can run, or from the refusal that one waits.
 */
int thread_switch(struct aos *aos, struct aos_thread *to)
{
	struct aos_thread *cur = aos->next, *runs;
	struct aos_scheduler *s = to->sched, *wake;

	if (to != cur->preempted)
		thread_preempted_drop(aos, cur);
	if (s->notice_head)
		return -AOS_EAGAIN;
	runs = scheduler_resumes(to, &wake);
	if (!runs && !wake) {
		to->sched_blocked = true;
		return -AOS_EAGAIN;
	}
	if (!levels_funded(to))
		return -AOS_EDQUOT;
	cur->preempted = NULL;
	if (cur->sched == s)
		cur->sched_blocked = false;
	else if (cur->sched_blocked)
		scheduler_notice(aos, cur, AOS_NOTICE_READY);
	to->sched_blocked = false;
	s->deferred = false;
	s->taken = NULL;
	if (scheduler_wanted(s))
		scheduler_run(aos, s);
	else if (wake)
		scheduler_run(aos, wake);
	else
		aos->next = runs;
	return 0;
}

/* Who took the CPU from @t gives it back to whom @t took it from. */
static void preempted_unlink(struct aos *aos, struct aos_thread *t)
{
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		if (aos->threads[i].preempted == t) {
			aos->threads[i].preempted = t->preempted;
			t->preempted = NULL;
		}
}

/* It never runs again; its slot is free once the scheduler has taken notice. */
void thread_exit(struct aos *aos, struct aos_thread *t)
{
	bool stops = aos->next && levels_pays(t, aos->next);

	t->state = THREAD_EXITED;
	t->top = t->stack;
	preempted_unlink(aos, t);
	budget_end(aos, t);
	scheduler_thread_gone(aos, t);
	scheduler_notice(aos, t, AOS_NOTICE_EXITED);
	if (t == aos->next)
		thread_run_other(aos);
	else if (stops)
		thread_stop(aos, t);
}

/*
 * It cannot go on where it executes: back to whom runs on its way, or, with
 * nobody left there, it ends.  @regs: of the current thread.
 */
void thread_evict(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, int64_t error)
{
	bool waited = t->state == THREAD_WAITING;

	if (waited)
		event_abandon(aos, t);
	scheduler_left(aos, t);
	if (!invoke_unwind(aos, t, t == aos->current_thread ? regs : &t->regs, error))
		thread_exit(aos, t);
	else if (waited)
		thread_ready(aos, t);
	pager_abandon(aos, regs, t);
}

/* Returns of the current thread are seen while a scheduler waits for its section's end. */
static void defer_sections(struct aos *aos)
{
	const struct aos_thread *t = aos->current_thread;

	aos->defer &= ~DEFER_SECTION;
	for (uint32_t i = 0; i < aos->nschedulers; i++)
		if (aos->schedulers[i].deferred && levels_section_on_way(t, &aos->schedulers[i]))
			aos->defer |= DEFER_SECTION;
}

static void switch_to(struct aos *aos, struct aos_regs *regs, struct aos_thread *next)
{
	struct aos_thread *from = aos->current_thread;

	from->regs = *regs;
	*regs = next->regs;
	aos->current_thread = next;
	budget_run(aos, from, next);
	hal_root_load(aos, next->comp->cr3);
}

/* Leave the kernel: the frame gets the registers of the thread to run. */
void aos_dispatch(struct aos *aos, struct aos_regs *regs)
{
	if (aos->halted)
		return;
	if (aos->next != aos->current_thread)
		budget_charge(aos);
	if (!aos->next) {
		aos_log_line(aos, "no thread can run: the composition has neither a scheduler nor an idle thread");
		aos->next = aos->current_thread;
		aos->halted = true;
		hal_halt(aos, -AOS_ENOENT);
		return;
	}
	scheduler_left(aos, aos->next);
	if (aos->next != aos->current_thread)
		switch_to(aos, regs, aos->next);
	aos->at_idle = false;
	defer_sections(aos);
}
