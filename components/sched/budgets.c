// SPDX-License-Identifier: GPL-2.0-or-later
/* Budgets: see budgets.h. */
#include "scheduler.h"

#define BIT(tid) (1u << (tid))
#define NS_PER_US 1000u

static void counters_find(struct budget *b, uint32_t tid)
{
	char name[COUNTER_NAME_LEN];

	aos_format(name, sizeof(name), "depletions.%u", tid);
	b->depletions = aos_counter(name);
	aos_format(name, sizeof(name), "overdrafts.%u", tid);
	b->overdrafts = aos_counter(name);
	aos_format(name, sizeof(name), "used_us.%u", tid);
	b->used_us = aos_counter(name);
}

/* The kernel's figure becomes @ns, if it is less. */
static void allow(uint32_t tid, int64_t ns)
{
	int64_t left;

	if (aos_thread_budget(thread_slot(tid), 0, &left))
		return;
	if ((uint64_t)left == AOS_BUDGET_UNLIMITED)
		left = 0;
	if (left < ns)
		aos_thread_budget(thread_slot(tid), (uint64_t)(ns - left), &left);
}

int64_t budgets_admit(uint32_t tid, uint32_t kind, uint64_t budget, uint64_t period)
{
	struct budget *b = &sched.budgets.budget[tid];

	if (kind == IMAGE_SERVER_NONE)
		return 0;
	if (budget < BUDGET_MIN_NS || period < PERIOD_MIN_NS)
		return -AOS_EINVAL;
	server_start(&b->server, kind, budget, period, aos_time_ns());
	counters_find(b, tid);
	allow(tid, (int64_t)budget);
	return 0;
}

void budgets_forget(uint32_t tid)
{
	sched.budgets.budget[tid] = (struct budget){ .refill_at = 0 };
	sched.budgets.waiting &= ~BIT(tid);
}

static void take_usage(struct budget *b, uint32_t tid)
{
	uint64_t start;
	int64_t used;

	while ((used = aos_thread_usage(thread_slot(tid), &start)) >= 0) {
		server_use(&b->server, start, (uint64_t)used);
		b->used += (uint64_t)used;
	}
	counter_set(b->used_us, b->used / NS_PER_US);
}

/* Others wait for what it holds; it must not hold it for ever on credit either. */
static bool may_overdraw(const struct budget *b, uint32_t tid)
{
	return locks_held(&sched.locks, tid) &&
	       b->overdraft + OVERDRAFT_NS <= b->server.budget;
}

static void lend(struct budget *b, uint32_t tid)
{
	b->refill_at = 0;
	b->overdraft += OVERDRAFT_NS;
	counter_inc(b->overdrafts);
	allow(tid, OVERDRAFT_NS);
}

static void go_on(uint32_t tid)
{
	sched.budgets.waiting &= ~BIT(tid);
	runqueue_release(&sched.queue, tid, HELD_BUDGET);
}

/* -> false: it has to wait, until b->refill_at */
static bool fill(struct budget *b, uint32_t tid, uint64_t now)
{
	int64_t left = server_left(&b->server, now);

	if (left < (int64_t)server_grain(&b->server)) {
		b->refill_at = server_refill_at(&b->server);
		return false;
	}
	b->refill_at = b->overdraft = 0;
	allow(tid, left);
	return true;
}

void budgets_spent(uint32_t tid)
{
	struct budget *b = &sched.budgets.budget[tid];

	if (b->server.kind == IMAGE_SERVER_NONE || sched.budgets.waiting & BIT(tid))
		return;
	take_usage(b, tid);
	if (fill(b, tid, aos_time_ns()))
		return;
	if (may_overdraw(b, tid)) {
		lend(b, tid);
		return;
	}
	counter_inc(b->depletions);
	sched.budgets.waiting |= BIT(tid);
	runqueue_hold(&sched.queue, tid, HELD_BUDGET);
}

void budgets_refill(uint64_t now)
{
	for (uint32_t left = sched.budgets.waiting; left; left &= left - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(left);
		struct budget *b = &sched.budgets.budget[tid];

		if (b->refill_at > now || !fill(b, tid, now))
			continue;
		go_on(tid);
	}
}

void budgets_lend(void)
{
	for (uint32_t left = sched.budgets.waiting; left; left &= left - 1) {
		uint32_t tid = (uint32_t)__builtin_ctz(left);
		struct budget *b = &sched.budgets.budget[tid];

		if (!may_overdraw(b, tid))
			continue;
		lend(b, tid);
		go_on(tid);
	}
}

/* The kernel's figure becomes @ns, whatever it was: what is added to "unlimited" counts from 0. */
static void limit(uint32_t tid, int64_t ns)
{
	int64_t left;

	aos_thread_budget(thread_slot(tid), AOS_BUDGET_UNLIMITED, &left);
	aos_thread_budget(thread_slot(tid), (uint64_t)ns, &left);
}

/* With too little left it is stopped as soon as it runs, which comes to budgets_spent(). */
int64_t budgets_change(uint32_t tid, uint64_t budget, uint64_t period)
{
	struct budget *b = &sched.budgets.budget[tid];
	uint64_t now;
	int64_t left;

	if (b->server.kind == IMAGE_SERVER_NONE)
		return 0;
	if (budget < BUDGET_MIN_NS || period < PERIOD_MIN_NS)
		return -AOS_EINVAL;
	take_usage(b, tid);
	now = aos_time_ns();
	server_change(&b->server, budget, period, now);
	left = server_left(&b->server, now);
	if (!(sched.budgets.waiting & BIT(tid)))
		limit(tid, left > 0 ? left : 1);
	else if (fill(b, tid, now))
		go_on(tid);
	return 0;
}

/* On credit it must not come to the next lock. */
void budgets_settle(uint32_t tid)
{
	if (sched.budgets.budget[tid].overdraft && !locks_held(&sched.locks, tid))
		budgets_spent(tid);
}

uint64_t budgets_earliest(void)
{
	uint64_t earliest = 0;

	for (uint32_t left = sched.budgets.waiting; left; left &= left - 1) {
		uint64_t at = sched.budgets.budget[__builtin_ctz(left)].refill_at;

		if (!earliest || at < earliest)
			earliest = at;
	}
	return earliest;
}
