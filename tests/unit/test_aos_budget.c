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
	for (uint32_t slot = T_SCHED; slot <= INVOKE_APP; slot++) {
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
	assert_int_equal(s.budget[s.a], AOS_NOTICE(AOS_NOTICE_BUDGET, 1));
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
	assert_int_equal(s.budget[s.a], AOS_NOTICE(AOS_NOTICE_BUDGET, 1));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(a_budget_ends_to_the_nanosecond), RIG_TEST(the_depleted_do_not_run),
		RIG_TEST(used_up_while_waiting), RIG_TEST(nothing_is_lost_without_a_budget),
	};

	return cmocka_run_group_tests_name("aos budgets", tests, NULL, NULL);
}
