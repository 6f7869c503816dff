// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler component: connects the run queue with the kernel.
 *
 * CONTEXT.  `main` runs when the kernel wants a decision; `idle` when nobody
 * else can; the exported functions (calls.c) run on the thread that calls
 * them.  What happens meanwhile waits as a notice.  The kernel refuses to
 * switch while there are notices (-AOS_EAGAIN), so no decision rests on old
 * news.
 *
 * The kernel switches on its own, too: a thread whose event arrives preempts
 * a less urgent one and gives the CPU back when it waits again.  Such a thread
 * may call us while the last notice about it says that it is blocked.
 *
 * Stacked on another scheduler the same code runs: its CPU is what `main` gets
 * from the parent, and aos_idle() gives that back, until something happens.  There
 * is no `idle` then.
 */
#include "scheduler.h"

struct scheduler sched;

void thread_gone(uint32_t tid)
{
	locks_thread_gone(&sched.locks, &sched.queue, tid);
	budgets_forget(tid);
	runqueue_forget(&sched.queue, tid);
}

/* Does not come back from where it is: the loader hears of that as of any fault. */
static void bite(uint32_t tid, uint64_t notice)
{
	uint32_t most = sched.watchdog[AOS_NOTICE_COMP(notice) % AOS_MAX_COMPONENTS];

	if (most && AOS_NOTICE_COUNT(notice) >= most)
		aos_thread_fault(thread_slot(tid), AOS_FAULT_OVERRUN);
}

static void notice_apply(uint32_t tid, uint64_t notice)
{
	switch (AOS_NOTICE_KIND(notice)) {
	case AOS_NOTICE_BLOCKED:
		runqueue_hold(&sched.queue, tid, HELD_EVENT);
		break;
	case AOS_NOTICE_READY:
		runqueue_release(&sched.queue, tid, HELD_EVENT);
		break;
	case AOS_NOTICE_BUDGET:
		bite(tid, notice);
		budgets_spent(tid);
		break;
	case AOS_NOTICE_EXITED:
		thread_gone(tid);
		break;
	}
}

/* -> how many notices there were */
static uint32_t take_notices(void)
{
	uint32_t n = 0;
	uint64_t notice;
	int64_t tid;

	while ((tid = aos_sched_notice(AOS_CAP(events), &notice)) >= 0) {
		notice_apply((uint32_t)tid, notice);
		n++;
	}
	return n;
}

/* The kernel would not run `tid`: there is news, or it waits, is spent, or gone. */
static void switch_refused(uint32_t tid, int64_t err)
{
	if (err == -AOS_ENOENT)
		thread_gone(tid);
	else if (take_notices())
		return;
	else if (err == -AOS_EDQUOT)
		budgets_spent(tid);
	else
		runqueue_hold(&sched.queue, tid, HELD_EVENT);
}

/* Time has passed: who waited for that? */
static void wake_due(void)
{
	uint64_t now;
	uint32_t expired;

	if (!sched.queue.sleeping && !sched.budgets.waiting)
		return;
	now = aos_time_ns();
	expired = runqueue_expire(&sched.queue, now);
	sched.timed_out |= expired;
	for (; expired; expired &= expired - 1)
		locks_give_up(&sched.locks, &sched.queue, (uint32_t)__builtin_ctz(expired));
	budgets_refill(now);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static void set_timer(uint64_t slice_end)
{
	uint64_t waits = sooner(runqueue_earliest(&sched.queue), budgets_earliest());
	uint64_t at = sooner(waits, slice_end);

	if (at == sched.timer_at)
		return;
	sched.timer_at = at;
	aos_timer_set(AOS_CAP(timeout), at);
}

/* The kernel compares the same priorities as we do when an event arrives. */
static void tell_priorities(void)
{
	for (; sched.queue.changed; sched.queue.changed &= sched.queue.changed - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(sched.queue.changed);

		aos_thread_urgency(thread_slot(tid), sched.queue.thread[tid].priority);
	}
}

/* Who should run now, until the timer at the latest. */
static uint32_t choose(void)
{
	uint64_t slice_end = 0;
	uint32_t best;

	budgets_lend();
	best = runqueue_pick(&sched.queue);
	if (best != RUNQUEUE_NONE && runqueue_contested(&sched.queue, best)) {
		best = runqueue_turn(&sched.queue, best, aos_time_ns(), SLICE_NS);
		slice_end = sched.queue.thread[best].slice_end;
	}
	set_timer(slice_end);
	tell_priorities();
	return best;
}

void run_best(uint32_t self)
{
	for (;;) {
		uint32_t best;
		int64_t err;

		take_notices();
		runqueue_runs(&sched.queue, self);
		best = choose();
		if (best == self)
			return;
		if (best == RUNQUEUE_NONE) {
			aos_idle(AOS_CAP(events));
			wake_due();
			continue;
		}
		err = aos_thread_switch(thread_slot(best));
		if (err)
			switch_refused(best, err);
		else if (runqueue_runnable(&sched.queue, self))
			return;		/* whoever switched back had the latest news */
	}
}

void sched_main(uint64_t arg)
{
	(void)arg;
	runqueue_forget(&sched.queue, aos_thread_id());
	for (;;) {
		uint32_t best;
		int64_t err;

		take_notices();
		wake_due();
		best = choose();
		if (best == RUNQUEUE_NONE) {
			aos_idle(AOS_CAP(events));
			continue;
		}
		err = aos_event_wait(AOS_CAP(events), 0, thread_slot(best));
		if (err < 0)
			switch_refused(best, err);
	}
}

void sched_idle(uint64_t arg)
{
	uint32_t self = aos_thread_id();

	(void)arg;
	for (;;) {
		wake_due();
		run_best(self);
		aos_idle(AOS_CAP(events));
	}
}
