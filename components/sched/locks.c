// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Locks with priority inheritance: see locks.h.  Few threads, few locks: walks
 * over both are bounded, and shorter than lists are to keep.
 */
#include "abi/errno.h"
#include "locks.h"

#define BIT(tid) (1u << (tid))

int64_t locks_make(struct locks *l, uint32_t component)
{
	uint32_t has = 0, empty = LOCKS_MAX;

	for (uint32_t i = LOCKS_MAX; i-- > 0;) {
		if (!l->lock[i].used)
			empty = i;
		else if (l->lock[i].component == component)
			has++;
	}
	if (empty == LOCKS_MAX || has == LOCKS_PER_COMPONENT)
		return -AOS_ENOSPC;
	l->lock[empty] = (struct lock){ .used = true, .component = (uint8_t)component,
					.owner = RUNQUEUE_NONE };
	return empty;
}

static struct lock *find(struct locks *l, uint64_t id, uint32_t component)
{
	if (id >= LOCKS_MAX || !l->lock[id].used || l->lock[id].component != component)
		return NULL;
	return &l->lock[id];
}

static uint32_t most_urgent(const struct runqueue *q, uint32_t set)
{
	uint32_t best = RUNQUEUE_NONE;

	for (; set; set &= set - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(set);

		if (best == RUNQUEUE_NONE || q->thread[tid].priority < q->thread[best].priority)
			best = tid;
	}
	return best;
}

/* What a thread inherits from those who wait for it. */
static uint32_t inherited(const struct locks *l, const struct runqueue *q, uint32_t tid)
{
	uint32_t waiters = 0, best;

	for (uint32_t i = 0; i < LOCKS_MAX; i++)
		if (l->lock[i].used && l->lock[i].owner == tid)
			waiters |= l->lock[i].waiters;
	best = most_urgent(q, waiters);
	if (best == RUNQUEUE_NONE || q->thread[best].priority > q->thread[tid].base)
		return q->thread[tid].base;
	return q->thread[best].priority;
}

/* Along the chain of those who wait, which has no ring. */
static void inherit(struct locks *l, struct runqueue *q, uint32_t tid)
{
	while (tid != RUNQUEUE_NONE) {
		uint32_t priority = inherited(l, q, tid);

		if (priority == q->thread[tid].priority)
			return;
		runqueue_set_priority(q, tid, priority);
		if (!l->waits_for[tid])
			return;
		tid = l->lock[l->waits_for[tid] - 1].owner;
	}
}

void locks_set_base(struct locks *l, struct runqueue *q, uint32_t tid, uint32_t priority)
{
	q->thread[tid].base = (uint8_t)priority;
	inherit(l, q, tid);
}

/* Does the holder of the lock wait, directly or not, for thread `tid`? */
static bool closes_ring(const struct locks *l, const struct lock *lock, uint32_t tid)
{
	for (;;) {
		if (lock->owner == tid)
			return true;
		if (lock->owner == RUNQUEUE_NONE || !l->waits_for[lock->owner])
			return false;
		lock = &l->lock[l->waits_for[lock->owner] - 1];
	}
}

int64_t locks_take(struct locks *l, struct runqueue *q, uint64_t id, uint32_t component,
		   uint32_t tid, uint64_t until)
{
	struct lock *lock = find(l, id, component);

	if (!lock)
		return -AOS_ENOENT;
	if (lock->owner == RUNQUEUE_NONE) {
		lock->owner = (uint8_t)tid;
		return 0;
	}
	if (closes_ring(l, lock, tid))
		return -AOS_EDEADLK;
	lock->waiters |= BIT(tid);
	l->waits_for[tid] = (uint8_t)(id + 1);
	if (until)
		runqueue_hold_until(q, tid, HELD_LOCK, until);
	else
		runqueue_hold(q, tid, HELD_LOCK);
	inherit(l, q, lock->owner);
	return LOCK_WAIT;
}

/* The lock's holder lets go of it. */
static void pass_on(struct locks *l, struct runqueue *q, struct lock *lock)
{
	uint32_t from = lock->owner, to = most_urgent(q, lock->waiters);

	lock->owner = (uint8_t)to;
	inherit(l, q, from);
	if (to == RUNQUEUE_NONE)
		return;
	lock->waiters &= ~BIT(to);
	l->waits_for[to] = 0;
	runqueue_release(q, to, HELD_LOCK);
	inherit(l, q, to);
}

int64_t locks_release(struct locks *l, struct runqueue *q, uint64_t id, uint32_t component,
		      uint32_t tid)
{
	struct lock *lock = find(l, id, component);

	if (!lock)
		return -AOS_ENOENT;
	if (lock->owner != tid)
		return -AOS_EPERM;
	pass_on(l, q, lock);
	return 0;
}

void locks_give_up(struct locks *l, struct runqueue *q, uint32_t tid)
{
	struct lock *lock;

	if (!l->waits_for[tid])
		return;
	lock = &l->lock[l->waits_for[tid] - 1];
	l->waits_for[tid] = 0;
	lock->waiters &= ~BIT(tid);
	runqueue_release(q, tid, HELD_LOCK);
	inherit(l, q, lock->owner);
}

void locks_thread_gone(struct locks *l, struct runqueue *q, uint32_t tid)
{
	locks_give_up(l, q, tid);
	for (uint32_t i = 0; i < LOCKS_MAX; i++)
		if (l->lock[i].used && l->lock[i].owner == tid)
			pass_on(l, q, &l->lock[i]);
}

void locks_component_gone(struct locks *l, struct runqueue *q, uint32_t component)
{
	for (uint32_t i = 0; i < LOCKS_MAX; i++) {
		struct lock *lock = find(l, i, component);

		if (!lock)
			continue;
		while (lock->waiters)
			locks_give_up(l, q, (uint32_t)__builtin_ctz(lock->waiters));
		if (lock->owner != RUNQUEUE_NONE)
			pass_on(l, q, lock);
		lock->used = false;
	}
}

bool locks_has(const struct locks *l, uint64_t id, uint32_t tid)
{
	return id < LOCKS_MAX && l->lock[id].used && l->lock[id].owner == tid;
}

bool locks_held(const struct locks *l, uint32_t tid)
{
	for (uint32_t i = 0; i < LOCKS_MAX; i++)
		if (l->lock[i].used && l->lock[i].owner == tid)
			return true;
	return false;
}
