// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler component: connects the run queue with the kernel.
 *
 * CONTEXT.  `main` runs when the kernel wants a decision; `idle` when nobody
 * else can; the exported functions run on the thread that calls them.  Inside
 * this component the kernel preempts nobody, so none of them needs a lock:
 * what happens meanwhile waits as a notice.  The kernel refuses to switch
 * while there are notices (-AOS_EAGAIN), so no decision rests on old news.
 *
 * The kernel switches on its own, too: a thread whose event arrives preempts
 * a less urgent one and gives the CPU back when it waits again.  Such a thread
 * may call us while the last notice about it says that it is blocked.
 */
#include "aos.h"
#include "sched/sched.h"

#include "runqueue.h"

#define LOADER_THREAD 0u

static struct {
	struct runqueue queue;
	uint64_t timer_at;	/* what the one-shot timer is set to, 0 = off */
} sched;

/* The loader puts the capability of thread t into this slot. */
static uint32_t thread_slot(uint32_t tid)
{
	return AOS_SLOT_DYNAMIC + tid;
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
	case AOS_NOTICE_EXITED:
		runqueue_forget(&sched.queue, tid);
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

/* The kernel would not run `tid`: either there is news, or it waits, or is gone. */
static void switch_refused(uint32_t tid, int64_t err)
{
	if (err == -AOS_ENOENT)
		runqueue_forget(&sched.queue, tid);
	else if (!take_notices())
		runqueue_hold(&sched.queue, tid, HELD_EVENT);
}

static void wake_sleepers(void)
{
	if (sched.queue.sleeping)
		runqueue_expire(&sched.queue, aos_time_ns());
}

static void set_timer(void)
{
	uint64_t at = runqueue_earliest(&sched.queue);

	if (at == sched.timer_at)
		return;
	sched.timer_at = at;
	aos_timer_set(AOS_CAP(timeout), at);
}

/* Give the CPU to whoever should have it, until that is the caller. */
static void run_best(uint32_t self)
{
	for (;;) {
		uint32_t best;
		int64_t err;

		take_notices();
		runqueue_runs(&sched.queue, self);
		best = runqueue_pick(&sched.queue);
		if (best == self)
			return;
		if (best == RUNQUEUE_NONE) {
			aos_idle(AOS_CAP(events));
			wake_sleepers();
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
		wake_sleepers();
		set_timer();
		best = runqueue_pick(&sched.queue);
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
		wake_sleepers();
		set_timer();
		run_best(self);
		aos_idle(AOS_CAP(events));
	}
}

/* The calling thread, if the loader has told us of it. */
static int64_t caller(uint32_t *self)
{
	*self = aos_thread_id();
	return runqueue_known(&sched.queue, *self) ? 0 : -AOS_ENOENT;
}

int64_t sched_admit(uint64_t tid, uint64_t priority)
{
	if (aos_thread_id() != LOADER_THREAD)
		return -AOS_EPERM;
	if (tid >= AOS_MAX_THREADS || priority > AOS_URGENCY_MAX)
		return -AOS_EINVAL;
	runqueue_admit(&sched.queue, (uint32_t)tid, (uint32_t)priority);
	return 0;
}
AOS_EXPORT(sched_admit);

int64_t sched_block(void)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	if (runqueue_block(&sched.queue, self))
		run_best(self);
	return 0;
}
AOS_EXPORT(sched_block);

int64_t sched_wake(uint64_t tid)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	if (!runqueue_known(&sched.queue, tid))
		return -AOS_ENOENT;
	runqueue_wake(&sched.queue, (uint32_t)tid);
	run_best(self);
	return 0;
}
AOS_EXPORT(sched_wake);

int64_t sched_sleep_until(uint64_t ns)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	if (ns <= aos_time_ns())
		return 0;
	runqueue_sleep(&sched.queue, self, ns);
	set_timer();
	run_best(self);
	return 0;
}
AOS_EXPORT(sched_sleep_until);

int64_t sched_yield(void)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	runqueue_yield(&sched.queue, self);
	run_best(self);
	return 0;
}
AOS_EXPORT(sched_yield);

int64_t sched_self(void)
{
	return aos_thread_id();
}
AOS_EXPORT(sched_self);
