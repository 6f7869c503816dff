// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads, and which of them runs.  The kernel has no run queue: it compares
 * two urgencies when a thread becomes ready, remembers whom it preempted, and
 * tells the scheduler everything else as notices, one pending per thread (the
 * latest state wins, so the queue cannot overflow).
 *
 * aos->next is the thread that will run when the kernel is left.
 */
#include "aos/kernel.h"
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
	t->id = (uint32_t)(t - aos->threads);
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

static bool noticed(const struct aos_thread *t)
{
	return t->notice || t->budget_notice;
}

static void notice_queue(struct aos *aos, struct aos_thread *t)
{
	if (noticed(t))
		return;
	t->next_notice = NULL;
	if (aos->notice_tail)
		aos->notice_tail->next_notice = t;
	else
		aos->notice_head = t;
	aos->notice_tail = t;
}

void thread_notice(struct aos *aos, struct aos_thread *t, uint32_t notice)
{
	t->sched_blocked = notice != AOS_NOTICE_READY;
	notice_queue(aos, t);
	t->notice = notice;
	if (notice == AOS_NOTICE_EXITED)
		t->budget_notice = false;
}

/* Beside the latest state: the scheduler hears both. */
void thread_notice_budget(struct aos *aos, struct aos_thread *t)
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

/* Who runs now does not give the CPU back to whom it took it from. */
static void preempted_drop(struct aos *aos, struct aos_thread *t)
{
	struct aos_thread *p = t->preempted;

	t->preempted = NULL;
	if (p && p->state == THREAD_RUNNABLE && p->sched_blocked)
		thread_notice(aos, p, AOS_NOTICE_READY);
	if (p)
		preempted_drop(aos, p);
}

/* Somebody has to decide: there are notices, or the scheduler's own events. */
static bool scheduler_wanted(const struct aos *aos)
{
	const struct aos_endpoint *sched = aos->sched_endpoint;

	return aos->notice_head || (sched && sched->waiter && sched->count);
}

/*
 * The oldest thread with a notice, or NULL.  The scheduler decides anew with
 * what it learns, so whom its thread took the CPU from is for it to judge as
 * well, and the thread itself it now takes for one that runs.
 */
struct aos_thread *thread_take_notice(struct aos *aos, uint64_t *notice)
{
	struct aos_thread *t;

	preempted_drop(aos, aos->current_thread);
	aos->current_thread->sched_blocked = false;
	t = aos->notice_head;
	if (!t)
		return NULL;
	*notice = notice_take(aos, t);
	if (!noticed(t))
		aos->notice_head = t->next_notice;
	if (!aos->notice_head)
		aos->notice_tail = NULL;
	if (!scheduler_wanted(aos))
		aos->defer &= ~DEFER_SECTION;
	if (*notice == AOS_NOTICE_EXITED) {
		t->state = THREAD_FREE;
		comp_thread_gone(aos, t->home);
	}
	return t;
}

/*
 * Inside the scheduler component a thread is not preempted: its data needs no
 * lock.  Where it says that it has nothing to do (OP_IDLE) it may be.
 */
bool thread_in_scheduler(const struct aos *aos, const struct aos_thread *t)
{
	if (aos->at_idle && t == aos->current_thread)
		return false;
	return t->comp->flags & AOS_COMP_SCHED;
}

/* Equals take turns: the scheduler must hear that there are two now. */
static void share(struct aos *aos, const struct aos_thread *t)
{
	struct aos_endpoint *sched = aos->sched_endpoint;

	if (t->urgency == aos->next->urgency && sched && sched->waiter != t)
		event_raise(aos, sched);
}

/*
 * A waiting thread has got its event.  Without a budget it waits for that now,
 * and the scheduler knows: when it fills the budget up it decides.
 */
void thread_ready(struct aos *aos, struct aos_thread *t)
{
	t->state = THREAD_RUNNABLE;
	if (t->budget.depleted) {
		if (t->sched_blocked)
			thread_notice(aos, t, AOS_NOTICE_READY);
		return;
	}
	if (!aos->next || aos->next->state != THREAD_RUNNABLE) {
		aos->next = t;
		return;
	}
	if (t->urgency < aos->next->urgency && !thread_in_scheduler(aos, aos->next)) {
		t->preempted = aos->next;
		aos->next = t;
		return;
	}
	if (t->sched_blocked) {
		thread_notice(aos, t, AOS_NOTICE_READY);
		share(aos, t);
	}
	if (t->urgency < aos->next->urgency)
		aos->defer |= DEFER_SECTION;
}

static bool may_run(const struct aos_thread *t)
{
	return t->state == THREAD_RUNNABLE && !t->budget.depleted;
}

/* The kernel's choice where no scheduler is waiting (while booting). */
static struct aos_thread *most_urgent(struct aos *aos)
{
	struct aos_thread *best = NULL;

	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		struct aos_thread *t = &aos->threads[i];

		if (may_run(t) && (!best || t->urgency < best->urgency))
			best = t;
	}
	return best;
}

/* The thread that waits for the scheduler's endpoint takes over. */
static void run_scheduler(struct aos *aos)
{
	struct aos_endpoint *ep = aos->sched_endpoint;

	aos->next = ep->waiter;
	aos->next->state = THREAD_RUNNABLE;
	aos->next->regs.ax = ep->count ? ep->count : 1;
	ep->waiter = NULL;
	ep->count = 0;
	aos->defer &= ~DEFER_SECTION;
}

/*
 * The current thread cannot go on, or must let the scheduler decide: run the
 * thread it preempted if nothing else has happened, else the scheduler.
 */
void thread_run_other(struct aos *aos)
{
	struct aos_thread *cur = aos->next;
	struct aos_thread *p = cur->preempted;
	struct aos_endpoint *sched = aos->sched_endpoint;

	if (cur->state != THREAD_RUNNABLE && p && may_run(p) && !scheduler_wanted(aos)) {
		cur->preempted = NULL;
		aos->next = p;
		return;
	}
	preempted_drop(aos, cur);
	if (cur->state == THREAD_RUNNABLE && cur->sched_blocked)
		thread_notice(aos, cur, AOS_NOTICE_READY);
	if (sched && sched->waiter)
		run_scheduler(aos);
	else
		aos->next = most_urgent(aos);
}

/* The current thread must not go on, or not longer than until it leaves the scheduler. */
void thread_stop(struct aos *aos)
{
	if (thread_in_scheduler(aos, aos->next))
		aos->defer |= DEFER_SECTION;
	else
		thread_run_other(aos);
}

/*
 * The current thread, in the scheduler, has nothing to do: may the host have
 * the CPU?  Whom it preempted would have to wait for it, so is left to the
 * scheduler; and the scheduler's events, where it waits for none, count as taken.
 */
bool thread_may_rest(struct aos *aos)
{
	struct aos_endpoint *sched = aos->sched_endpoint;

	preempted_drop(aos, aos->next);
	if (scheduler_wanted(aos)) {
		thread_run_other(aos);
		return false;
	}
	aos->defer &= ~DEFER_SECTION;
	if (!sched->count)
		return true;
	sched->count = 0;
	return false;
}

/*
 * The thread may have left the scheduler: who had to wait for that comes in,
 * and who is without a budget goes.
 */
void thread_section_end(struct aos *aos)
{
	if (thread_in_scheduler(aos, aos->next))
		return;
	if (!(aos->defer & DEFER_SECTION) && !aos->next->budget.depleted)
		return;
	aos->defer &= ~DEFER_SECTION;
	thread_run_other(aos);
}

/*
 * The scheduler, on whichever thread, says who runs.  0 or -AOS_EAGAIN.
 * Events of its own that arrived meanwhile go first: its thread decides anew.
 * It knows then that both threads can run, or from the refusal that one waits.
 */
int thread_switch(struct aos *aos, struct aos_thread *to)
{
	struct aos_thread *cur = aos->next;

	if (to != cur->preempted)
		preempted_drop(aos, cur);
	if (aos->notice_head)
		return -AOS_EAGAIN;
	if (to->state != THREAD_RUNNABLE) {
		to->sched_blocked = true;
		return -AOS_EAGAIN;
	}
	if (to->budget.depleted)
		return -AOS_EDQUOT;
	cur->preempted = NULL;
	cur->sched_blocked = to->sched_blocked = false;
	aos->defer &= ~DEFER_SECTION;
	if (scheduler_wanted(aos))
		run_scheduler(aos);
	else
		aos->next = to;
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
	t->state = THREAD_EXITED;
	t->top = t->stack;
	preempted_unlink(aos, t);
	budget_end(aos, t);
	thread_notice(aos, t, AOS_NOTICE_EXITED);
	if (t == aos->next)
		thread_run_other(aos);
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
	if (!invoke_unwind(aos, t, t == aos->current_thread ? regs : &t->regs, error))
		thread_exit(aos, t);
	else if (waited)
		thread_ready(aos, t);
	pager_abandon(aos, regs, t);
}

/* Leave the kernel: the frame gets the registers of the thread to run. */
void aos_dispatch(struct aos *aos, struct aos_regs *regs)
{
	struct aos_thread *next;

	if (aos->halted)
		return;
	if (aos->next != aos->current_thread)
		budget_charge(aos);
	next = aos->next;
	if (!next) {
		aos_log_line(aos, "no thread can run: the composition has neither a scheduler nor an idle thread");
		aos->next = aos->current_thread;
		aos->halted = true;
		hal_halt(aos, -AOS_ENOENT);
		return;
	}
	if (next == aos->current_thread)
		return;
	aos->current_thread->regs = *regs;
	*regs = next->regs;
	aos->current_thread = next;
	budget_run(aos, next);
	hal_root_load(aos, next->comp->cr3);
}
