// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fixed priorities; equals take turns when one yields, has been held back, or
 * has had its slice.  With 32 threads at most, and few of them runnable at a time, a walk
 * over the bits of a word is shorter than any list is to keep.
 */
#include "runqueue.h"

#define BIT(tid) (1u << (tid))

static void take_last_turn(struct runqueue *q, uint32_t tid)
{
	q->thread[tid].turn = ++q->last_turn;
	q->thread[tid].slice_end = 0;
}

void runqueue_admit(struct runqueue *q, uint32_t tid, uint32_t priority)
{
	q->thread[tid] = (struct runqueue_thread){ .base = (uint8_t)priority,
						   .priority = (uint8_t)priority };
	q->admitted |= BIT(tid);
	q->runnable |= BIT(tid);
	q->sleeping &= ~BIT(tid);
	q->changed &= ~BIT(tid);
	take_last_turn(q, tid);
}

void runqueue_forget(struct runqueue *q, uint32_t tid)
{
	q->admitted &= ~BIT(tid);
	q->runnable &= ~BIT(tid);
	q->sleeping &= ~BIT(tid);
	q->changed &= ~BIT(tid);
}

void runqueue_hold(struct runqueue *q, uint32_t tid, enum runqueue_held why)
{
	if (!runqueue_known(q, tid))
		return;
	q->thread[tid].held |= (uint8_t)why;
	q->runnable &= ~BIT(tid);
}

void runqueue_hold_until(struct runqueue *q, uint32_t tid, enum runqueue_held why,
			 uint64_t until)
{
	if (!runqueue_known(q, tid))
		return;
	q->thread[tid].wake_at = until;
	q->thread[tid].timed = (uint8_t)why;
	q->sleeping |= BIT(tid);
	runqueue_hold(q, tid, why);
}

void runqueue_release(struct runqueue *q, uint32_t tid, enum runqueue_held why)
{
	struct runqueue_thread *t = &q->thread[tid];

	if (!runqueue_known(q, tid) || !(t->held & why))
		return;
	t->held &= (uint8_t)~why;
	if (t->timed == why)
		q->sleeping &= ~BIT(tid);
	if (t->held)
		return;
	q->runnable |= BIT(tid);
	take_last_turn(q, tid);
}

void runqueue_set_priority(struct runqueue *q, uint32_t tid, uint32_t priority)
{
	if (q->thread[tid].priority == priority)
		return;
	q->thread[tid].priority = (uint8_t)priority;
	q->changed |= BIT(tid);
}

void runqueue_runs(struct runqueue *q, uint32_t tid)
{
	struct runqueue_thread *t = &q->thread[tid];

	if (!runqueue_known(q, tid))
		return;
	t->held &= (uint8_t)~HELD_EVENT;
	if (!t->held)
		q->runnable |= BIT(tid);
}

bool runqueue_block(struct runqueue *q, uint32_t tid)
{
	if (q->thread[tid].wake_pending) {
		q->thread[tid].wake_pending = false;
		return false;
	}
	runqueue_hold(q, tid, HELD_BLOCK);
	return true;
}

void runqueue_wake(struct runqueue *q, uint32_t tid)
{
	if (q->thread[tid].held & HELD_BLOCK)
		runqueue_release(q, tid, HELD_BLOCK);
	else
		q->thread[tid].wake_pending = true;
}

uint32_t runqueue_expire(struct runqueue *q, uint64_t now)
{
	uint32_t expired = 0;

	for (uint32_t left = q->sleeping; left; left &= left - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(left);

		if (q->thread[tid].wake_at > now)
			continue;
		expired |= BIT(tid);
		runqueue_release(q, tid, q->thread[tid].timed);
	}
	return expired;
}

uint64_t runqueue_earliest(const struct runqueue *q)
{
	uint64_t earliest = 0;

	for (uint32_t left = q->sleeping; left; left &= left - 1) {
		uint64_t at = q->thread[__builtin_ctz(left)].wake_at;

		if (!earliest || at < earliest)
			earliest = at;
	}
	return earliest;
}

void runqueue_yield(struct runqueue *q, uint32_t tid)
{
	if (runqueue_known(q, tid))
		take_last_turn(q, tid);
}

static bool goes_before(const struct runqueue_thread *a, const struct runqueue_thread *b)
{
	return a->priority != b->priority ? a->priority < b->priority : a->turn < b->turn;
}

uint32_t runqueue_pick(const struct runqueue *q)
{
	uint32_t best = RUNQUEUE_NONE;

	for (uint32_t left = q->runnable; left; left &= left - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(left);

		if (best == RUNQUEUE_NONE || goes_before(&q->thread[tid], &q->thread[best]))
			best = tid;
	}
	return best;
}

bool runqueue_contested(const struct runqueue *q, uint32_t tid)
{
	for (uint32_t left = q->runnable & ~BIT(tid); left; left &= left - 1)
		if (q->thread[__builtin_ctz(left)].priority == q->thread[tid].priority)
			return true;
	return false;
}

uint32_t runqueue_turn(struct runqueue *q, uint32_t best, uint64_t now, uint64_t slice)
{
	if (q->thread[best].slice_end && q->thread[best].slice_end <= now) {
		runqueue_yield(q, best);
		best = runqueue_pick(q);
	}
	if (!q->thread[best].slice_end)
		q->thread[best].slice_end = now + slice;
	return best;
}
