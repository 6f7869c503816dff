// SPDX-License-Identifier: GPL-2.0-or-later
/* The scheduler's exports: see components/include/sched/sched.h. */
#include "scheduler.h"
#include "sched/sched.h"

#define BIT(tid) (1u << (tid))

/* The calling thread, if the loader has told us of it. */
static int64_t caller(uint32_t *self)
{
	*self = aos_thread_id();
	return runqueue_known(&sched.queue, *self) ? 0 : -AOS_ENOENT;
}

/* The caller is held back: others run until it is not. -> false: its time is over */
static bool wait_here(uint32_t self)
{
	sched.client[self] = (uint8_t)aos_caller();
	sched.timed_out &= ~BIT(self);
	run_best(self);
	return !(sched.timed_out & BIT(self));
}

/* ---- the loader's ---- */

/*
 * In the scheduler that it is under itself the loader's thread comes to a
 * decision when it waits.  In another it only passes through: the thread there
 * has to be called.
 */
static void decide_soon(void)
{
	if (!runqueue_known(&sched.queue, LOADER_THREAD))
		aos_event_signal(AOS_CAP(events));
}

static void counters_find(uint32_t tid)
{
	struct thread_counters *c = &sched.counters[tid];
	char name[COUNTER_NAME_LEN];

#define FIND(field)						\
	aos_format(name, sizeof(name), #field ".%u", tid);	\
	c->field = aos_counter(name)
	FIND(jobs);
	FIND(overruns);
	FIND(misses);
	FIND(lateness_max);
#undef FIND
}

int64_t sched_admit(uint64_t tid, uint64_t priority, uint64_t server, uint64_t period,
		    uint64_t budget, uint64_t deadline)
{
	if (aos_thread_id() != LOADER_THREAD)
		return -AOS_EPERM;
	if (tid >= AOS_MAX_THREADS || priority > AOS_URGENCY_MAX)
		return -AOS_EINVAL;
	if (server > IMAGE_SERVER_SPORADIC || budget > period || deadline > period)
		return -AOS_EINVAL;
	thread_gone((uint32_t)tid);
	runqueue_admit(&sched.queue, (uint32_t)tid, (uint32_t)priority);
	sched.periodic[tid] = (struct periodic){ .period = period,
						 .deadline = deadline ? deadline : period };
	if (period)
		counters_find((uint32_t)tid);
	decide_soon();
	return budgets_admit((uint32_t)tid, (uint32_t)server, budget, period);
}
AOS_EXPORT(sched_admit);

int64_t sched_change(uint64_t tid, uint64_t priority, uint64_t period, uint64_t budget,
		     uint64_t deadline)
{
	struct periodic *p = &sched.periodic[tid % AOS_MAX_THREADS];
	int64_t err;

	if (aos_thread_id() != LOADER_THREAD)
		return -AOS_EPERM;
	if (!runqueue_known(&sched.queue, tid))
		return -AOS_ENOENT;
	if (priority > AOS_URGENCY_MAX || budget > period || deadline > period ||
	    !period != !p->period)
		return -AOS_EINVAL;
	err = budgets_change((uint32_t)tid, budget, period);
	if (err)
		return err;
	p->period = period;
	p->deadline = deadline ? deadline : period;
	locks_set_base(&sched.locks, &sched.queue, (uint32_t)tid, (uint32_t)priority);
	decide_soon();
	return 0;
}
AOS_EXPORT(sched_change);

int64_t sched_watch(uint64_t component, uint64_t budgets)
{
	if (aos_thread_id() != LOADER_THREAD)
		return -AOS_EPERM;
	if (component >= AOS_MAX_COMPONENTS || budgets > IMAGE_WATCHDOG_MAX)
		return -AOS_EINVAL;
	sched.watchdog[component] = (uint32_t)budgets;
	return 0;
}
AOS_EXPORT(sched_watch);

/*
 * Threads that wait here for it go back, and find out there that it is gone.  Its own are to
 * end: whatever they wait for, wherever.
 */
int64_t sched_component_gone(uint64_t component, uint64_t threads)
{
	if (aos_thread_id() != LOADER_THREAD)
		return -AOS_EPERM;
	if (component >= AOS_MAX_COMPONENTS)
		return -AOS_EINVAL;
	locks_component_gone(&sched.locks, &sched.queue, (uint32_t)component);
	for (uint32_t tid = 0; tid < AOS_MAX_THREADS; tid++) {
		if (sched.client[tid] != component && !(threads >> tid & 1))
			continue;
		locks_give_up(&sched.locks, &sched.queue, tid);
		runqueue_release(&sched.queue, tid, HELD_BLOCK);
		runqueue_release(&sched.queue, tid, HELD_SLEEP);
	}
	decide_soon();
	return 0;
}
AOS_EXPORT(sched_component_gone);

/* ---- waiting and waking ---- */

int64_t sched_block(void)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	if (runqueue_block(&sched.queue, self))
		wait_here(self);
	return 0;
}
AOS_EXPORT(sched_block);

int64_t sched_block_until(uint64_t ns)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	if (!runqueue_block(&sched.queue, self))
		return 0;
	runqueue_hold_until(&sched.queue, self, HELD_BLOCK, ns);
	return wait_here(self) ? 0 : -AOS_ETIMEDOUT;
}
AOS_EXPORT(sched_block_until);

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
	runqueue_hold_until(&sched.queue, self, HELD_SLEEP, ns);
	wait_here(self);
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

/* ---- periods ---- */

static void periodic_publish(uint32_t tid)
{
	const struct thread_counters *c = &sched.counters[tid];
	const struct periodic *p = &sched.periodic[tid];

	counter_set(c->jobs, p->jobs);
	counter_set(c->overruns, p->overruns);
	counter_set(c->misses, p->misses);
	counter_set(c->lateness_max, p->lateness_max);
}

int64_t sched_wait_period(void)
{
	struct periodic *p;
	uint64_t now, left_out;
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	p = &sched.periodic[self];
	if (!p->period)
		return -AOS_EINVAL;
	now = aos_time_ns();
	if (!p->begun) {
		periodic_start(p, now);
		return 0;
	}
	left_out = periodic_done(p, now);
	periodic_publish(self);
	if (p->release > now) {
		runqueue_hold_until(&sched.queue, self, HELD_SLEEP, p->release);
		wait_here(self);
	}
	return (int64_t)left_out;
}
AOS_EXPORT(sched_wait_period);

/* ---- locks ---- */

int64_t sched_lock_make(void)
{
	return locks_make(&sched.locks, aos_caller());
}
AOS_EXPORT(sched_lock_make);

int64_t sched_lock_take(uint64_t lock, uint64_t until)
{
	uint32_t self;
	int64_t err = caller(&self);
	bool in_time;

	if (err)
		return err;
	err = locks_take(&sched.locks, &sched.queue, lock, aos_caller(), self, until);
	if (err != LOCK_WAIT)
		return err;
	in_time = wait_here(self);
	if (locks_has(&sched.locks, lock, self))
		return 0;
	return in_time ? -AOS_EHOSTDOWN : -AOS_ETIMEDOUT;
}
AOS_EXPORT(sched_lock_take);

int64_t sched_lock_release(uint64_t lock)
{
	uint32_t self;
	int64_t err = caller(&self);

	if (err)
		return err;
	err = locks_release(&sched.locks, &sched.queue, lock, aos_caller(), self);
	if (err)
		return err;
	budgets_settle(self);
	run_best(self);
	return 0;
}
AOS_EXPORT(sched_lock_release);
