// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Execution budgets under simulated time.
 *
 * The rig: the scheduler's thread S (urgency 0) and an idle thread I (255) in
 * the scheduler component; A (60) and B (30) in another, waiting at channel 0
 * and 1.  I is in OP_IDLE.
 */
#include "aos_test.h"

#define C_SCHED	20u
#define C_APP	21u
#define T_SCHED	22u	/* threads: in all components alike, as all that follows */
#define T_IDLE	23u
#define T_A	24u
#define T_B	25u
#define E_SCHED	30u
#define E_A	31u
#define E_B	32u
#define INVOKE_SCHED 40u
#define INVOKE_APP 41u
#define C_SERVER 42u
#define INVOKE_SERVER 43u

#define ENTRY 0x100080001000ull
#define UNLIMITED AOS_BUDGET_UNLIMITED

struct system {
	struct rig *rig;
	uint32_t sched, idle, a, b;
	uint64_t told[AOS_MAX_THREADS];		/* last state notice */
	uint64_t budget[AOS_MAX_THREADS];	/* last AOS_NOTICE_BUDGET, or 0 */
};

static void runs(struct system *s, uint32_t thread)
{
	assert_int_equal(rig_current(s->rig), thread);
}

/* The current thread, in the scheduler, takes all notices -> how many. */
static uint32_t take_notices(struct system *s)
{
	struct rig *rig = s->rig;
	uint32_t n = 0;
	int64_t id;

	memset(s->told, 0, sizeof(s->told));
	memset(s->budget, 0, sizeof(s->budget));
	for (; (id = CALL(OP_SCHED_NOTICE, E_SCHED)) >= 0; n++) {
		if (AOS_NOTICE_KIND(rig->regs.dx) == AOS_NOTICE_BUDGET)
			s->budget[id] = rig->regs.dx;
		else
			s->told[id] = rig->regs.dx;
	}
	return n;
}

/* S waits while the thread in @slot runs. */
static void sched_runs(struct system *s, uint32_t slot, uint32_t thread)
{
	struct rig *rig = s->rig;

	runs(s, s->sched);
	CALL(OP_EVENT_WAIT, E_SCHED, 0, slot);
	runs(s, thread);
}

static void make_objects(struct system *s, struct rig *rig)
{
	rig_comp(rig, C_SCHED, AOS_COMP_SCHED);
	rig_comp(rig, C_APP, 0);
	s->sched = rig_thread(rig, T_SCHED, C_SCHED, 0);
	s->idle = rig_thread(rig, T_IDLE, C_SCHED, AOS_URGENCY_MAX);
	s->a = rig_thread(rig, T_A, C_APP, 60);
	s->b = rig_thread(rig, T_B, C_APP, 30);
	rig_endpoint(rig, E_SCHED, AOS_SOURCE_SCHED);
	CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, E_A, AOS_SOURCE_CHANNEL, 0);
	CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, E_B, AOS_SOURCE_CHANNEL, 1);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_SCHED, C_SCHED, ENTRY);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_APP, C_APP, ENTRY);
	rig_comp(rig, C_SERVER, AOS_COMP_STOP_ON_FAULT);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_SERVER, C_SERVER, ENTRY);
	rig_give(rig, C_SERVER, INVOKE_APP, INVOKE_APP);
	for (uint32_t slot = T_SCHED; slot <= INVOKE_SERVER; slot++) {
		if (rig->aos.comps[0].caps[slot].type == CAP_NONE)
			continue;
		rig_give(rig, C_SCHED, slot, slot);
		rig_give(rig, C_APP, slot, slot);
	}
}

static void build(struct system *s, struct rig *rig)
{
	*s = (struct system){ .rig = rig };
	make_objects(s, rig);
	CALL(OP_THREAD_EXIT, 0);
	take_notices(s);
	sched_runs(s, T_A, s->a);
	CALL(OP_EVENT_WAIT, E_A);
	take_notices(s);
	sched_runs(s, T_B, s->b);
	CALL(OP_EVENT_WAIT, E_B);
	take_notices(s);
	sched_runs(s, T_IDLE, s->idle);
	CALL(OP_IDLE, E_SCHED);
	assert_true(rig->host.idle);
}

/* Packets for A or B, while the idle thread is in OP_IDLE or another runs. */
static void packet(struct system *s, uint32_t channel)
{
	struct rig *rig = s->rig;

	if (rig_current(rig) == s->idle) {
		rig->host.pending |= HAL_EVENT_CHANNEL(channel);
		CALL(OP_IDLE, E_SCHED);
	} else {
		rig_events(rig, HAL_EVENT_CHANNEL(channel));
	}
}

static void budget(struct system *s, uint32_t slot, uint64_t ns)
{
	struct rig *rig = s->rig;

	assert_int_equal(CALL(OP_THREAD_BUDGET, slot, ns), 0);
}

static int64_t left(struct system *s, uint32_t slot)
{
	struct rig *rig = s->rig;
	uint64_t before;

	/* A call of the scheduler's: from wherever the test is. */
	CALL(OP_THREAD_BUDGET, slot, 0);
	before = rig->regs.dx;
	return (int64_t)before;
}

/* ---- exactness ---- */

static void a_budget_ends_to_the_nanosecond(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 1000);
	CALL(OP_IDLE, E_SCHED);
	rig_advance(rig, 5000);		/* asleep: nobody pays */
	packet(&s, 0);
	runs(&s, s.a);
	assert_int_equal(left(&s, T_A), 1000);
	rig_advance(rig, 999);
	runs(&s, s.a);
	assert_int_equal(left(&s, T_A), 1);
	rig_advance(rig, 2);
	runs(&s, s.sched);
	take_notices(&s);
	assert_int_equal(AOS_NOTICE_KIND(s.budget[s.a]), AOS_NOTICE_BUDGET);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.a]), 1);
	assert_int_equal(s.told[s.a], AOS_NOTICE_READY);
	assert_int_equal(left(&s, T_A), -1);
}

static void the_depleted_do_not_run(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 1000);
	packet(&s, 0);
	rig_advance(rig, 1001);
	take_notices(&s);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A), -AOS_EDQUOT);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_SCHED, 0, T_A), -AOS_EDQUOT);
	runs(&s, s.sched);
	budget(&s, T_A, 1);		/* pays the debt, no more */
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A), -AOS_EDQUOT);
	budget(&s, T_A, 500);
	sched_runs(&s, T_A, s.a);
	rig_advance(rig, 501);
	runs(&s, s.sched);
	assert_int_equal(left(&s, T_A), -1);
}

/* It pays in other components too, and for what it did before it was asked to wait. */
static void used_up_while_waiting(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 1000);
	packet(&s, 0);
	CALL(OP_INVOKE, INVOKE_APP);
	rig_advance(rig, 600);
	CALL(OP_RETURN, 0, 5);
	rig->host.now += 400;		/* the timer's interrupt is late */
	CALL(OP_EVENT_WAIT, E_A);
	runs(&s, s.idle);		/* in the scheduler: it sees for itself */
	take_notices(&s);
	assert_int_equal(AOS_NOTICE_KIND(s.budget[s.a]), AOS_NOTICE_BUDGET);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.a]), 1);
	CALL(OP_IDLE, E_SCHED);		/* before it sleeps the scheduler proper decides */
	sched_runs(&s, T_IDLE, s.idle);
	packet(&s, 0);
	runs(&s, s.idle);
	take_notices(&s);
	assert_int_equal(s.told[s.a], AOS_NOTICE_READY);
	budget(&s, T_A, 100);
	CALL(OP_THREAD_SWITCH, T_A);
	runs(&s, s.a);
	assert_int_equal(rig->regs.ax, 1);
}

static void nothing_is_lost_without_a_budget(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig_advance(rig, 101);
	take_notices(&s);
	sched_runs(&s, T_IDLE, s.idle);
	for (int i = 0; i < 7; i++)
		packet(&s, 0);
	runs(&s, s.idle);
	budget(&s, T_A, 1000);
	CALL(OP_THREAD_SWITCH, T_A);
	runs(&s, s.a);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_A), 7);
}

/* ---- in every state ---- */

/* Inside the scheduler nobody is stopped: it is when the thread leaves it. */
static void in_the_scheduler(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	CALL(OP_INVOKE, INVOKE_SCHED);
	rig_advance(rig, 150);
	runs(&s, s.a);
	assert_true(left(&s, T_A) <= 0);
	/* Not even if it takes the news itself. */
	assert_int_equal(take_notices(&s), 1);
	assert_int_equal(AOS_NOTICE_KIND(s.budget[s.a]), AOS_NOTICE_BUDGET);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.a]), 1);
	rig_advance(rig, 50);
	CALL(OP_RETURN, 0, 7);
	runs(&s, s.sched);
	assert_int_equal(left(&s, T_A), -100);
	assert_int_equal(rig_thread_regs(rig, s.a)->ax, 7);
}

/* B has taken the CPU from A when A's timer fires: A's time has stopped. */
static void while_preempted(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig_advance(rig, 60);
	packet(&s, 1);
	runs(&s, s.b);
	rig_advance(rig, 1000);
	runs(&s, s.b);
	CALL(OP_EVENT_WAIT, E_B);
	runs(&s, s.a);
	assert_int_equal(left(&s, T_A), 40);
	rig_advance(rig, 41);
	runs(&s, s.sched);
}

/* A is used up to the last cycle when B takes the CPU: B does not give it back. */
static void no_giving_back_to_the_depleted(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig->host.now += 100;
	rig_events(rig, HAL_EVENT_CHANNEL(1));
	runs(&s, s.sched);		/* at once: it decides about B as well */
	take_notices(&s);
	assert_int_equal(AOS_NOTICE_KIND(s.budget[s.a]), AOS_NOTICE_BUDGET);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.a]), 1);
	assert_int_equal(s.told[s.b], AOS_NOTICE_READY);
	assert_int_equal(s.told[s.a], AOS_NOTICE_READY);
	sched_runs(&s, T_B, s.b);
}

/* What the host takes costs nobody, and the timer is set when it ends, not before. */
static void while_the_host_has_the_cpu(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig_advance(rig, 30);
	rig->host.away = true;
	rig_advance(rig, 1000);
	runs(&s, s.a);
	assert_int_equal(rig->host.timer, 0);
	rig->host.away = false;
	aos_resumed(&rig->aos);
	rig_check(rig);
	assert_int_equal(left(&s, T_A), 70);
	rig_advance(rig, 71);
	runs(&s, s.sched);
	assert_int_equal(left(&s, T_A), -1);
}

/* A thread that idles in the scheduler has used up its budget before. */
static void at_idle(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_IDLE, 100);
	rig->host.now += 100;
	CALL(OP_IDLE, E_SCHED);
	assert_true(rig->host.idle);
	fake_host_advance(&rig->host, 1);
	CALL(OP_IDLE, E_SCHED);
	runs(&s, s.sched);
	take_notices(&s);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.idle]), 1);
}

/* The notice beside the state, and both gone with the thread. */
static void exit_ends_a_budget(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig->host.now += 100;
	CALL(OP_THREAD_EXIT, 0);
	take_notices(&s);
	assert_int_equal(s.told[s.a], AOS_NOTICE_EXITED);
	assert_int_equal(s.budget[s.a], 0);
	assert_int_equal(CALL(OP_THREAD_BUDGET, T_A, 5), -AOS_ENOENT);
	assert_int_equal(CALL(OP_THREAD_USAGE, T_A), -AOS_ENOENT);
}

/* ---- arguments ---- */

static void arguments(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	assert_true((uint64_t)left(&s, T_A) == UNLIMITED);
	assert_int_equal(CALL(OP_THREAD_BUDGET, T_A, AOS_BUDGET_MAX + 1), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_BUDGET, T_A, UINT64_MAX), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_BUDGET, T_SCHED, 5), -AOS_EPERM);
	assert_int_equal(CALL(OP_THREAD_BUDGET, E_A, 5), -AOS_ENOSYS);
	for (int i = 0; i < 3; i++)	/* sums stay below, too */
		budget(&s, T_A, AOS_BUDGET_MAX);
	assert_true((uint64_t)left(&s, T_A) == AOS_BUDGET_MAX);
	budget(&s, T_A, UNLIMITED);
	assert_true((uint64_t)left(&s, T_A) == UNLIMITED);
	assert_int_equal(CALL(OP_THREAD_USAGE, T_A), -AOS_EAGAIN);
}

/* Who becomes the scheduler has no limit any more. */
static void the_scheduler_has_none(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, C_SCHED, AOS_COMP_SCHED);
	rig_endpoint(rig, E_SCHED, AOS_SOURCE_SCHED);
	CALL(OP_THREAD_BUDGET, AOS_SLOT_SELF_THREAD, 50);
	CALL(OP_EVENT_WAIT, E_SCHED);
	assert_false(rig->aos.threads[0].budget.limited);
}

/* ---- usage ---- */

static void one_run(struct system *s, uint64_t used, uint64_t pause)
{
	struct rig *rig = s->rig;

	packet(s, 0);
	runs(s, s->a);
	rig_advance(rig, used);
	CALL(OP_EVENT_WAIT, E_A);
	runs(s, s->idle);
	CALL(OP_IDLE, E_SCHED);
	rig_advance(rig, pause);
}

static void usage_is_recorded(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t began = rig->host.now - rig->aos.time_base;

	build(&s, rig);
	budget(&s, T_A, 100000);
	for (uint64_t i = 1; i <= 4; i++)
		one_run(&s, 10 * i, 1000);
	for (uint64_t i = 1; i <= 4; i++) {
		assert_int_equal(CALL(OP_THREAD_USAGE, T_A), 10 * i);
		assert_int_equal(rig->regs.dx, began);
		began += 10 * i + 1000;
	}
	assert_int_equal(CALL(OP_THREAD_USAGE, T_A), -AOS_EAGAIN);
	assert_int_equal(left(&s, T_A), 100000 - 100);
}

/* More runs than chunks: nothing is forgotten, nothing began earlier than it did. */
static void usage_merges_towards_the_later(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t start[40], used[40], told = 0, all = 0, by = 0;
	struct dice d = { 7 };
	int64_t n;

	build(&s, rig);
	budget(&s, T_A, 1000000);
	for (uint32_t i = 0; i < 40; i++) {
		start[i] = rig->host.now - rig->aos.time_base;
		used[i] = 1 + dice(&d, 100);
		all += used[i];
		one_run(&s, used[i], 1 + dice(&d, 1000));
	}
	for (uint32_t chunks = 0, i = 0; (n = CALL(OP_THREAD_USAGE, T_A)) >= 0; chunks++) {
		assert_in_range(chunks, 0, AOS_USAGE_CHUNKS - 1);
		told += (uint64_t)n;
		while (i < 40 && start[i] <= rig->regs.dx)
			by += used[i++];
		assert_true(told <= by);
	}
	assert_int_equal(told, all);
}

/* ---- visits ---- */

static void deplete_again(struct system *s)
{
	struct rig *rig = s->rig;

	runs(s, s->sched);
	take_notices(s);
	budget(s, T_A, 100 - left(s, T_A));
	sched_runs(s, T_A, s->a);
	rig_advance(rig, 101);
	runs(s, s->sched);
	take_notices(s);
}

static uint32_t overruns(const struct system *s)
{
	return AOS_NOTICE_COUNT(s->budget[s->a]);
}

static void visits_that_do_not_end_are_counted(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	CALL(OP_INVOKE, INVOKE_APP);
	rig_advance(rig, 101);
	for (uint32_t i = 2; i <= 300; i++) {
		deplete_again(&s);
		assert_int_equal(overruns(&s), i < UINT8_MAX ? i : UINT8_MAX);
	}
	/* Coming back ends it, also where the fast path would have returned. */
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	assert_int_equal(rig->aos.defer, DEFER_WATCH);
	CALL(OP_RETURN, 0, 0);
	assert_int_equal(rig->aos.defer, 0);
	CALL(OP_INVOKE, INVOKE_APP);
	rig_advance(rig, 201);
	take_notices(&s);
	assert_int_equal(overruns(&s), 1);
}

/* Deeper calls come back to the visit, which goes on; a fault ends it like a return. */
static void visits_nest(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	CALL(OP_INVOKE, INVOKE_APP);
	rig_advance(rig, 101);
	deplete_again(&s);
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	CALL(OP_INVOKE, INVOKE_APP);
	CALL(OP_RETURN, 0, 0);
	rig_advance(rig, 201);
	take_notices(&s);
	assert_int_equal(overruns(&s), 3);
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	rig_fault(rig, 14, 0);
	assert_int_equal(rig->aos.defer, 0);
	assert_null(rig->aos.threads[s.a].budget.visit);
}

/* A busy thread that calls others, or waits, in its own component is none that hangs. */
static void at_home_any_sign_of_life_will_do(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	rig_advance(rig, 101);
	deplete_again(&s);
	assert_int_equal(overruns(&s), 2);
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	CALL(OP_INVOKE, INVOKE_APP);
	assert_int_equal(rig->aos.defer, DEFER_WATCH);
	CALL(OP_RETURN, 0, 0);
	rig_advance(rig, 201);
	take_notices(&s);
	assert_int_equal(overruns(&s), 1);
}

/* The scheduler ends a visit that does not end: with a fault where the thread is. */
static void a_visit_ends_in_a_fault(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t ip;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	ip = rig->regs.ip;
	CALL(OP_INVOKE, INVOKE_APP);
	rig_advance(rig, 101);
	take_notices(&s);
	assert_int_equal(CALL(OP_THREAD_FAULT, T_A, AOS_FAULT_OVERRUN - 1), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_FAULT, T_A, 256), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_FAULT, T_SCHED, AOS_FAULT_OVERRUN), -AOS_EPERM);
	assert_int_equal(CALL(OP_THREAD_FAULT, T_A, AOS_FAULT_OVERRUN), 0);
	runs(&s, s.sched);
	assert_int_equal((int64_t)rig_thread_regs(rig, s.a)->ax, -AOS_EFAULT);
	assert_int_equal(rig_thread_regs(rig, s.a)->ip, ip);
	assert_int_equal(AOS_FAULT_VECTOR(rig->aos.faults[0].word), AOS_FAULT_OVERRUN);
	assert_null(rig->aos.threads[s.a].budget.visit);
	/* That it went on is not for free. */
	assert_int_equal(CALL(OP_EVENT_WAIT, E_SCHED, 0, T_A), -AOS_EDQUOT);
	budget(&s, T_A, 100);
	sched_runs(&s, T_A, s.a);
}

/* Stopped is who is visited, though the thread is deeper; from there it comes back past it. */
static void the_visited_is_to_blame(void **state)
{
	struct system s;
	struct rig *rig = *state;
	struct aos_comp *server;
	uint64_t ip;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	ip = rig->regs.ip;
	CALL(OP_INVOKE, INVOKE_SERVER);
	server = rig->aos.threads[s.a].comp;
	rig_advance(rig, 101);
	deplete_again(&s);
	assert_int_equal(AOS_NOTICE_COMP(s.budget[s.a]), server->id);
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	CALL(OP_INVOKE, INVOKE_APP);
	assert_ptr_not_equal(rig->aos.threads[s.a].comp, server);
	rig_advance(rig, 201);
	take_notices(&s);
	assert_int_equal(AOS_NOTICE_COMP(s.budget[s.a]), server->id);
	assert_int_equal(overruns(&s), 3);
	assert_int_equal(CALL(OP_THREAD_FAULT, T_A, AOS_FAULT_OVERRUN), 0);
	assert_int_equal(server->state, AOS_COMP_STOPPED);
	assert_int_equal(AOS_FAULT_COMP(rig->aos.faults[0].word), server->id);
	assert_null(rig->aos.threads[s.a].budget.visit);
	budget(&s, T_A, 200);
	sched_runs(&s, T_A, s.a);
	CALL(OP_RETURN, 0, 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EHOSTDOWN);
	assert_int_equal(rig->regs.ip, ip);
}

/* ---- channels ---- */

static void channels_are_throttled(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, T_A, 100);
	packet(&s, 0);
	assert_false(rig->host.throttled[0]);
	rig_advance(rig, 101);
	assert_true(rig->host.throttled[0]);
	assert_false(rig->host.throttled[1]);
	take_notices(&s);
	budget(&s, T_A, 50);
	assert_false(rig->host.throttled[0]);
	sched_runs(&s, T_A, s.a);
	rig_advance(rig, 51);
	assert_true(rig->host.throttled[0]);
	budget(&s, T_A, UNLIMITED);
	assert_false(rig->host.throttled[0]);
}

/* ---- at random ---- */

/* What is left is what was given less what was used, whatever happened. */
static void random_against_a_clock(void **state)
{
	struct system s;
	struct rig *rig = *state;
	struct dice d = { 31337 };
	int64_t model = 0;
	uint32_t ended = 0;

	build(&s, rig);
	budget(&s, T_A, 500);
	model = 500;
	for (uint32_t round = 0; round < 4000; round++) {
		uint32_t step = dice(&d, 60), who = rig_current(rig);

		if (who == s.a && dice(&d, 3)) {
			rig_advance(rig, step);
			model -= step;
		} else if (who == s.a || who == s.b) {
			CALL(OP_EVENT_WAIT, who == s.a ? E_A : E_B);
		} else {
			take_notices(&s);
			ended += s.budget[s.a] != 0;
			if (model < 100 && !dice(&d, 3)) {
				budget(&s, T_A, 200);
				model += 200;
			}
			if (who == s.idle && CALL(OP_THREAD_SWITCH, T_A) < 0)
				CALL(OP_IDLE, E_SCHED);
			else if (who == s.sched && CALL(OP_EVENT_WAIT, E_SCHED, 0, T_A) < 0)
				CALL(OP_EVENT_WAIT, E_SCHED, 0, T_IDLE);
		}
		if (dice(&d, 4) == 0)
			packet(&s, dice(&d, 2));
		if (rig_current(rig) == s.a)
			assert_true(model >= 0);	/* the timer is 1 ns late */
		assert_int_equal(left(&s, T_A), model);
	}
	assert_true(ended > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(a_budget_ends_to_the_nanosecond), RIG_TEST(the_depleted_do_not_run),
		RIG_TEST(used_up_while_waiting), RIG_TEST(nothing_is_lost_without_a_budget),
		RIG_TEST(in_the_scheduler), RIG_TEST(while_preempted),
		RIG_TEST(no_giving_back_to_the_depleted),
		RIG_TEST(while_the_host_has_the_cpu), RIG_TEST(at_idle),
		RIG_TEST(exit_ends_a_budget), RIG_TEST(arguments),
		RIG_TEST(the_scheduler_has_none), RIG_TEST(usage_is_recorded),
		RIG_TEST(usage_merges_towards_the_later),
		RIG_TEST(visits_that_do_not_end_are_counted), RIG_TEST(visits_nest),
		RIG_TEST(at_home_any_sign_of_life_will_do), RIG_TEST(a_visit_ends_in_a_fault),
		RIG_TEST(the_visited_is_to_blame),
		RIG_TEST(channels_are_throttled),
		RIG_TEST(random_against_a_clock),
	};

	return cmocka_run_group_tests_name("aos budgets", tests, NULL, NULL);
}
