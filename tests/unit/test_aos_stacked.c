// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scheduler on a scheduler.
 *
 * The rig: the root's thread S (urgency 0) and an idle thread I (255) in its
 * component; R (50) in another.  A child's thread M (40) in its component, and in
 * another X (5) and Y (60), which the child schedules; R, X and Y wait at endpoints
 * of their own, M at the child's, and I is in OP_IDLE.  The components of the two
 * schedulers have the capabilities that a loader would give them.
 */
#include "aos_test.h"

enum {
	C_ROOT = 20, C_APP, C_CHILD, C_OWN, T_S, T_I, T_R, T_M, T_X, T_Y,
	E_ROOT, E_CHILD, E_R, E_X, E_Y, CALL_ROOT, CALL_CHILD, SLOTS_END
};

#define ENTRY 0x100080001000ull

struct system {
	struct rig *rig;
	uint32_t s, i, r, m, x, y;
	uint64_t told[AOS_MAX_THREADS];		/* last state notice */
	uint64_t budget[AOS_MAX_THREADS];	/* last AOS_NOTICE_BUDGET, or 0 */
};

static void runs(struct system *s, uint32_t thread)
{
	assert_int_equal(rig_current(s->rig), thread);
}

/* The current thread takes all notices of a scheduler -> how many. */
static uint32_t take(struct system *s, uint32_t endpoint)
{
	struct rig *rig = s->rig;
	uint32_t n = 0;
	int64_t id;

	memset(s->told, 0, sizeof(s->told));
	memset(s->budget, 0, sizeof(s->budget));
	for (; (id = CALL(OP_SCHED_NOTICE, endpoint)) >= 0; n++) {
		if (AOS_NOTICE_KIND(rig->regs.dx) == AOS_NOTICE_BUDGET)
			s->budget[id] = rig->regs.dx;
		else
			s->told[id] = rig->regs.dx;
	}
	assert_int_equal(id, -AOS_EAGAIN);
	return n;
}

/* A scheduler's thread waits while another runs. */
static void gives(struct system *s, uint32_t endpoint, uint32_t slot, uint32_t runs_then)
{
	struct rig *rig = s->rig;

	CALL(OP_EVENT_WAIT, endpoint, 0, slot);
	runs(s, runs_then);
}

static void make_child(struct rig *rig)
{
	rig_comp(rig, C_CHILD, AOS_COMP_SCHED);
	rig_comp(rig, C_OWN, 0);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, E_CHILD, AOS_SOURCE_SCHED,
			      C_CHILD), 0);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, C_OWN, C_CHILD), 0);
}

static void give_all(struct rig *rig)
{
	for (uint32_t slot = E_R; slot < SLOTS_END; slot++)
		for (uint32_t comp = C_ROOT; comp <= C_OWN; comp++)
			rig_give(rig, comp, slot, slot);
	for (uint32_t slot = T_S; slot <= T_M; slot++)
		rig_give(rig, C_ROOT, slot, slot);
	rig_give(rig, C_CHILD, T_X, T_X);
	rig_give(rig, C_CHILD, T_Y, T_Y);
	rig_give(rig, C_ROOT, E_ROOT, E_ROOT);
	rig_give(rig, C_CHILD, E_CHILD, E_CHILD);
}

static void make_objects(struct system *s, struct rig *rig)
{
	rig_comp(rig, C_ROOT, AOS_COMP_SCHED);
	rig_comp(rig, C_APP, 0);
	rig_endpoint(rig, E_ROOT, AOS_SOURCE_SCHED);
	make_child(rig);
	s->s = rig_thread(rig, T_S, C_ROOT, 0);
	s->i = rig_thread(rig, T_I, C_ROOT, AOS_URGENCY_MAX);
	s->r = rig_thread(rig, T_R, C_APP, 50);
	s->m = rig_thread(rig, T_M, C_CHILD, 40);
	s->x = rig_thread(rig, T_X, C_OWN, 5);
	s->y = rig_thread(rig, T_Y, C_OWN, 60);
	for (uint32_t e = E_R; e <= E_Y; e++)
		CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, e, AOS_SOURCE_CHANNEL, e - E_R);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, CALL_ROOT, C_ROOT, ENTRY);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, CALL_CHILD, C_CHILD, ENTRY);
	give_all(rig);
}

/* R waits; M decides for X, then for Y, who wait; then it has nothing to do. */
static void build(struct system *s, struct rig *rig)
{
	*s = (struct system){ .rig = rig };
	make_objects(s, rig);
	CALL(OP_THREAD_EXIT, 0);
	take(s, E_ROOT);
	gives(s, E_ROOT, T_R, s->r);
	CALL(OP_EVENT_WAIT, E_R);
	take(s, E_ROOT);
	gives(s, E_ROOT, T_M, s->m);
	gives(s, E_CHILD, T_X, s->x);
	CALL(OP_EVENT_WAIT, E_X);
	runs(s, s->m);
	assert_int_equal(take(s, E_CHILD), 1);
	assert_int_equal(s->told[s->x], AOS_NOTICE_BLOCKED);
	gives(s, E_CHILD, T_Y, s->y);
	CALL(OP_EVENT_WAIT, E_Y);
	take(s, E_CHILD);
	CALL(OP_EVENT_WAIT, E_CHILD);
	runs(s, s->s);
	assert_int_equal(take(s, E_ROOT), 1);
	assert_int_equal(s->told[s->m], AOS_NOTICE_BLOCKED);
	gives(s, E_ROOT, T_I, s->i);
	CALL(OP_IDLE, E_ROOT);
	assert_true(rig->host.idle);
}

/* An event at E_R + which. */
static void event(struct system *s, uint32_t endpoint)
{
	struct rig *rig = s->rig;

	if (rig_current(rig) == s->i) {
		rig->host.pending |= HAL_EVENT_CHANNEL(endpoint - E_R);
		CALL(OP_IDLE, E_ROOT);
	} else {
		rig_events(rig, HAL_EVENT_CHANNEL(endpoint - E_R));
	}
}

/* A timer of scheduler i's own. */
static void timer(struct system *s, uint32_t i)
{
	struct rig *rig = s->rig;

	rig->aos.timers[0] = (struct aos_timer){ .used = true, .deadline = rig->host.now,
		.endpoint = rig->aos.schedulers[i].endpoint };
	rig_events(rig, HAL_EVENT_TIMER);
}

/* A call of a scheduler's, from wherever the test is. */
static void urgency(struct system *s, uint32_t thread, uint32_t value)
{
	s->rig->aos.threads[thread].urgency = value;
}

static void budget(struct system *s, uint32_t thread, uint64_t ns)
{
	int64_t left;

	assert_int_equal(budget_add(&s->rig->aos, &s->rig->aos.threads[thread], ns, &left), 0);
}

static int64_t left(struct system *s, uint32_t thread)
{
	int64_t left;

	budget_add(&s->rig->aos, &s->rig->aos.threads[thread], 0, &left);
	return left;
}

/* ---- who preempts whom ---- */

/* As urgent as the child's thread is, and no more; the CPU goes back without a question. */
static void direct(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_R);
	runs(&s, s.r);
	event(&s, E_Y);			/* 60, and M is 40 */
	runs(&s, s.y);
	event(&s, E_X);
	runs(&s, s.x);
	CALL(OP_EVENT_WAIT, E_X);
	runs(&s, s.y);
	CALL(OP_EVENT_WAIT, E_Y);
	runs(&s, s.r);
	CALL(OP_EVENT_WAIT, E_R);
	runs(&s, s.i);
}

static void no_more_urgent_than_its_payer(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	urgency(&s, s.m, 55);
	event(&s, E_R);
	event(&s, E_X);			/* 5, and M is 55 */
	runs(&s, s.r);
	CALL(OP_EVENT_WAIT, E_R);
	runs(&s, s.s);			/* the root hears of M only */
	take(&s, E_ROOT);
	assert_int_equal(s.told[s.m], AOS_NOTICE_READY);
	assert_int_equal(s.told[s.x], 0);
	gives(&s, E_ROOT, T_M, s.m);
	assert_int_equal(take(&s, E_CHILD), 1);
	assert_int_equal(s.told[s.x], AOS_NOTICE_READY);
	gives(&s, E_CHILD, T_X, s.x);
}

static void equals_of_the_payer_take_turns(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	urgency(&s, s.m, 50);
	event(&s, E_R);
	event(&s, E_X);
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_equal(s.told[s.m], AOS_NOTICE_READY);
}

/* ---- on whose budget ---- */

static void the_payer_pays(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, s.m, 1000);
	event(&s, E_X);
	runs(&s, s.x);
	rig_advance(rig, 400);
	event(&s, E_R);			/* 50: it has to wait */
	runs(&s, s.x);
	assert_int_equal(left(&s, s.m), 600);
	rig_advance(rig, 601);
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_equal(s.budget[s.m], AOS_NOTICE(AOS_NOTICE_BUDGET, 0, 3));
	assert_int_equal(s.told[s.r], AOS_NOTICE_READY);
}

/* Neither an event nor the scheduler runs any of them, and nothing is lost. */
static void nobody_runs_on_nothing(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, s.m, 1000);
	event(&s, E_X);
	rig_advance(rig, 1001);
	runs(&s, s.s);
	take(&s, E_ROOT);
	event(&s, E_Y);
	runs(&s, s.s);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_M), -AOS_EDQUOT);
	gives(&s, E_ROOT, T_I, s.i);
	event(&s, E_Y);
	runs(&s, s.i);
	budget(&s, s.m, 1000);
	rig->host.pending |= HAL_EVENT_CHANNEL(0);
	CALL(OP_IDLE, E_ROOT);
	runs(&s, s.r);
	CALL(OP_EVENT_WAIT, E_R);
	runs(&s, s.i);
	CALL(OP_THREAD_SWITCH, T_M);	/* the child has news */
	runs(&s, s.m);
	assert_int_equal(take(&s, E_CHILD), 2);
	assert_int_equal(s.told[s.x], AOS_NOTICE_READY);
	assert_int_equal(s.told[s.y], AOS_NOTICE_READY);
	gives(&s, E_CHILD, T_X, s.x);
	CALL(OP_EVENT_WAIT, E_X);
	take(&s, E_CHILD);
	gives(&s, E_CHILD, T_Y, s.y);
	assert_int_equal(rig->regs.ax, 1);
	CALL(OP_EVENT_WAIT, E_Y);	/* and the second time */
	assert_int_equal(rig->regs.ax, 1);
}

/* Without news it goes on where it was stopped; its own is told by the child alone. */
static void goes_on_where_it_was(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, s.m, 1000);
	event(&s, E_X);
	CALL(OP_INVOKE, CALL_CHILD);
	assert_int_equal(take(&s, E_CHILD), 0);	/* and knows that X runs */
	CALL(OP_RETURN, 0, 0);
	rig->regs.bx = 4711;
	rig_advance(rig, 1001);
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_equal(s.told[s.m], AOS_NOTICE_READY);
	budget(&s, s.m, 500);
	gives(&s, E_ROOT, T_M, s.x);
	assert_int_equal(rig->regs.bx, 4711);
	budget(&s, s.x, 100);
	rig_advance(rig, 101);
	runs(&s, s.m);
	take(&s, E_CHILD);
	assert_int_equal(AOS_NOTICE_COUNT(s.budget[s.x]), 1);
	rig_advance(rig, 500);		/* it pays for itself, too */
	runs(&s, s.s);
}

/* What belongs together is one chunk, whoever of them ran. */
static void usage_of_the_payer(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t start;

	build(&s, rig);
	budget(&s, s.m, 10000);
	event(&s, E_X);
	rig_advance(rig, 100);
	event(&s, E_Y);
	CALL(OP_EVENT_WAIT, E_X);
	rig_advance(rig, 200);
	runs(&s, s.m);
	take(&s, E_CHILD);
	gives(&s, E_CHILD, T_Y, s.y);
	rig_advance(rig, 300);
	assert_int_equal(budget_usage(&rig->aos, &rig->aos.threads[s.m], &start), 600);
	assert_int_equal(rig->aos.threads[s.m].budget.nchunks, 0);
}

/* ---- inside the child ---- */

/* Its own preempt nobody there, the parent's do; and who was inside comes out first. */
static void section(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_Y);
	CALL(OP_INVOKE, CALL_CHILD);
	event(&s, E_X);
	runs(&s, s.y);
	urgency(&s, s.r, 10);
	event(&s, E_R);
	runs(&s, s.r);
	event(&s, E_X);			/* no way round by R */
	CALL(OP_INVOKE, CALL_ROOT);
	CALL(OP_THREAD_URGENCY, T_M, 5);
	CALL(OP_SCHED_NOTICE, E_ROOT);	/* R lets go of Y */
	while (CALL(OP_SCHED_NOTICE, E_ROOT) >= 0)
		;
	CALL(OP_THREAD_SWITCH, T_M);
	runs(&s, s.y);
	CALL(OP_RETURN, 0, 0);
	runs(&s, s.m);			/* now the child decides */
	take(&s, E_CHILD);
	assert_int_equal(s.told[s.x], AOS_NOTICE_READY);
}

/* The child's budget ends there at once: whose code it is does not matter. */
static void a_section_is_no_shelter(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	budget(&s, s.m, 1000);
	event(&s, E_X);
	CALL(OP_INVOKE, CALL_CHILD);
	rig_advance(rig, 1001);
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_not_equal(s.budget[s.m], 0);
	budget(&s, s.m, 1000);
	event(&s, E_Y);			/* must not come in between */
	runs(&s, s.s);
	take(&s, E_ROOT);
	gives(&s, E_ROOT, T_M, s.x);
	assert_ptr_equal(rig->aos.current_thread->comp, rig->aos.schedulers[1].comp);
}

/* One of the root's inside: the child waits until it has left. */
static void visitor(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_R);
	CALL(OP_INVOKE, CALL_CHILD);
	event(&s, E_X);
	runs(&s, s.r);
	rig_events(rig, 0);
	CALL(OP_RETURN, 0, 0);
	runs(&s, s.m);
	take(&s, E_CHILD);
	assert_int_equal(s.told[s.x], AOS_NOTICE_READY);
}

static void visitor_interrupted(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_R);
	CALL(OP_INVOKE, CALL_CHILD);
	timer(&s, 0);
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_M), -AOS_EAGAIN);
	gives(&s, E_ROOT, T_R, s.r);
	CALL(OP_RETURN, 0, 0);
	runs(&s, s.m);
}

/* ---- nothing to do ---- */

static void rests(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_X);
	CALL(OP_INVOKE, CALL_CHILD);
	assert_int_equal(CALL(OP_IDLE, E_CHILD), 1);	/* M has got an event */
	runs(&s, s.m);
	take(&s, E_CHILD);
	CALL(OP_IDLE, E_CHILD);
	runs(&s, s.s);
	timer(&s, 1);
	take(&s, E_ROOT);
	assert_int_equal(s.told[s.m], AOS_NOTICE_READY);
	gives(&s, E_ROOT, T_M, s.m);
	assert_int_equal(take(&s, E_CHILD), 0);
	event(&s, E_Y);
	assert_int_equal(CALL(OP_IDLE, E_CHILD), 0);	/* not over news */
	runs(&s, s.m);
	take(&s, E_CHILD);
	assert_int_equal(s.told[s.y], AOS_NOTICE_READY);
}

/* ---- a hostile child ---- */

static void only_its_own(void **state)
{
	struct system s;
	struct rig *rig = *state;
	static const uint32_t ops[] = { OP_THREAD_SWITCH, OP_THREAD_URGENCY, OP_THREAD_BUDGET,
					OP_THREAD_USAGE, OP_THREAD_FAULT };

	build(&s, rig);
	/* Whatever capabilities it got hold of. */
	for (uint32_t slot = T_S; slot <= T_M; slot++)
		s.rig->aos.comps[3].caps[slot] = s.rig->aos.comps[1].caps[slot];
	event(&s, E_X);
	CALL(OP_INVOKE, CALL_CHILD);
	for (uint32_t slot = T_S; slot <= T_M; slot++)
		for (uint32_t i = 0; i < 5; i++)
			assert_int_equal(CALL(ops[i], slot, AOS_FAULT_OVERRUN), -AOS_EPERM);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_X, 0, T_R), -AOS_EPERM);
	assert_int_equal(CALL(OP_THREAD_URGENCY, T_Y, 3), 0);
	assert_int_equal(rig->aos.threads[s.y].urgency, 3);
}

/* A visitor's CPU is not the child's to give away, nor is its place. */
static void a_visitor_is_no_hostage(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_R);
	CALL(OP_INVOKE, CALL_CHILD);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_X), -AOS_EPERM);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_R, 0, T_X), -AOS_EPERM);
	assert_int_equal(CALL(OP_IDLE, E_CHILD), -AOS_EPERM);
}

/* Who waits for the child's events pays for it: that is one of its own, or nobody. */
static void nobody_else_pays(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	event(&s, E_X);
	CALL(OP_EVENT_SIGNAL, E_CHILD);
	CALL(OP_INVOKE, CALL_CHILD);
	assert_int_equal(CALL(OP_IDLE, E_CHILD), 1);
	runs(&s, s.m);
	budget(&s, s.m, 1000);
	rig_advance(rig, 1001);		/* M, in the middle of a decision */
	runs(&s, s.s);
	take(&s, E_ROOT);
	gives(&s, E_ROOT, T_I, s.i);
	event(&s, E_R);
	CALL(OP_INVOKE, CALL_CHILD);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_CHILD), -AOS_EPERM);
	assert_ptr_equal(rig->aos.schedulers[1].main, &rig->aos.threads[s.m]);
}

/* ---- a child that is stopped ---- */

static void stopped(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	rig->aos.comps[3].flags |= AOS_COMP_STOP_ON_FAULT;
	event(&s, E_X);
	CALL(OP_INVOKE, CALL_CHILD);
	rig_fault(rig, 6, 0);		/* X in M's component */
	runs(&s, s.s);
	take(&s, E_ROOT);
	assert_int_equal(s.told[s.m], AOS_NOTICE_EXITED);
	assert_int_equal(rig->aos.threads[s.x].state, THREAD_RUNNABLE);
	assert_int_equal(rig_thread_regs(rig, s.x)->ax, (uint64_t)-AOS_EFAULT);
	event(&s, E_Y);
	runs(&s, s.s);
	gives(&s, E_ROOT, T_I, s.i);
	event(&s, E_R);
	runs(&s, s.r);
	CALL(OP_EVENT_WAIT, E_R);
	runs(&s, s.i);
}

/* ---- the tree ---- */

static void trees(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, C_ROOT, AOS_COMP_SCHED);
	rig_endpoint(rig, E_ROOT, AOS_SOURCE_SCHED);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 30, AOS_SOURCE_SCHED, 0),
			 -AOS_EEXIST);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 50, AOS_SOURCE_SCHED, 0),
			 -AOS_EBUSY);
	rig_comp(rig, C_APP, 0);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 50, AOS_SOURCE_SCHED, C_APP),
			 -AOS_EINVAL);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 50, AOS_SOURCE_SCHED, 99),
			 -AOS_ENOENT);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, C_ROOT, C_APP), -AOS_EINVAL);
	for (uint32_t i = 0; i < AOS_MAX_SCHEDULERS; i++) {
		int64_t want = i < AOS_MAX_SCHEDULERS - 1 ? 0 : -AOS_ENOMEM;

		rig_comp(rig, 60 + i, AOS_COMP_SCHED);
		assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 70 + i,
				      AOS_SOURCE_SCHED, 60 + i), want);
	}
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, 61, 60), 0);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, 62, 61), 0);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, 60, 62), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, 60, 60), -AOS_EINVAL);
	rig_thread(rig, T_X, C_APP, 3);
	assert_int_equal(CALL(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, C_APP, 60), -AOS_EBUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(direct), RIG_TEST(no_more_urgent_than_its_payer),
		RIG_TEST(equals_of_the_payer_take_turns), RIG_TEST(the_payer_pays),
		RIG_TEST(nobody_runs_on_nothing), RIG_TEST(goes_on_where_it_was),
		RIG_TEST(usage_of_the_payer), RIG_TEST(section), RIG_TEST(a_section_is_no_shelter),
		RIG_TEST(visitor), RIG_TEST(visitor_interrupted), RIG_TEST(rests),
		RIG_TEST(only_its_own), RIG_TEST(a_visitor_is_no_hostage),
		RIG_TEST(nobody_else_pays), RIG_TEST(stopped),
		RIG_TEST(trees),
	};

	return cmocka_run_group_tests_name("aos stacked schedulers", tests, NULL, NULL);
}
