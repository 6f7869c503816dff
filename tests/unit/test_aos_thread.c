// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who runs: preemption by urgency, giving back, and what the scheduler is told.
 *
 * The rig: the scheduler's thread (S, urgency 0) and an idle thread (I, 255) in
 * the scheduler component; A, B, C in another, each with its own endpoint, A
 * the least urgent.  All have waited once, S knows, and I is in OP_IDLE.
 */
#include "aos_test.h"

#define C_SCHED	20u
#define C_APP	21u
#define T_SCHED	22u
#define T_IDLE	23u
#define T_A	24u	/* T_A + i: thread i */
#define E_SCHED	30u	/* endpoints and the rest: in all components alike */
#define E_A	31u	/* E_A + i: thread i's */
#define INVOKE_SCHED 40u
#define INVOKE_APP 41u
#define TIMER	42u

enum { A, B, C, APPS };

struct system {
	struct rig *rig;
	uint32_t sched, idle, app[APPS];	/* thread ids */
};

#define ENTRY 0x100080001000ull

static void share(struct rig *rig, uint32_t slot)
{
	rig_give(rig, C_SCHED, slot, slot);
	rig_give(rig, C_APP, slot, slot);
}

static void make_objects(struct system *s, struct rig *rig)
{
	s->rig = rig;
	rig_comp(rig, C_SCHED, AOS_COMP_SCHED);
	rig_comp(rig, C_APP, 0);
	s->sched = rig_thread(rig, T_SCHED, C_SCHED, 0);
	s->idle = rig_thread(rig, T_IDLE, C_SCHED, AOS_URGENCY_MAX);
	for (uint32_t i = 0; i < APPS; i++)
		s->app[i] = rig_thread(rig, T_A + i, C_APP, 90 - 30 * i);
	rig_endpoint(rig, E_SCHED, AOS_SOURCE_SCHED);
	for (uint32_t i = 0; i < APPS; i++)
		rig_endpoint(rig, E_A + i, AOS_SOURCE_SOFT);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_SCHED, C_SCHED, ENTRY);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_APP, C_APP, ENTRY);
	CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, TIMER, E_SCHED);
	for (uint32_t slot = T_SCHED; slot <= TIMER; slot++)
		if (rig->aos.comps[0].caps[slot].type != CAP_NONE)
			share(rig, slot);
}

/* S takes all notices; the last state it was told of each thread, in told[]. */
static uint32_t take_notices(struct rig *rig, uint64_t told[AOS_MAX_THREADS])
{
	uint32_t n = 0;
	int64_t id;

	while ((id = CALL(OP_SCHED_NOTICE, E_SCHED)) >= 0) {
		told[id] = rig->regs.dx;
		n++;
	}
	assert_int_equal(id, -AOS_EAGAIN);
	return n;
}

static void runs(struct rig *rig, uint32_t thread)
{
	assert_int_equal(rig_current(rig), thread);
}

/* S waits for news while another thread runs. */
static void sched_runs(struct system *s, uint32_t slot, uint32_t thread)
{
	struct rig *rig = s->rig;

	runs(rig, s->sched);
	CALL(OP_EVENT_WAIT, E_SCHED, 0, slot);
	runs(rig, thread);
}

static void build(struct system *s, struct rig *rig)
{
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	make_objects(s, rig);
	CALL(OP_THREAD_EXIT, 0);
	take_notices(rig, told);
	assert_int_equal(told[0], AOS_NOTICE_EXITED);
	for (uint32_t i = 0; i < APPS; i++) {
		sched_runs(s, T_A + i, s->app[i]);
		CALL(OP_EVENT_WAIT, E_A + i);
		runs(rig, s->sched);
		assert_int_equal(take_notices(rig, told), 1);
		assert_int_equal(told[s->app[i]], AOS_NOTICE_BLOCKED);
	}
	sched_runs(s, T_IDLE, s->idle);
}

/* An event from outside wakes thread i while the idle thread is in OP_IDLE. */
static void wake_from_idle(struct system *s, uint32_t i)
{
	struct rig *rig = s->rig;

	runs(rig, s->idle);
	rig->aos.timers[1] = (struct aos_timer){ .used = true,
		.endpoint = &rig->aos.endpoints[1 + i], .deadline = rig->host.now };
	rig->host.pending = HAL_EVENT_TIMER;
	CALL(OP_IDLE, E_SCHED);
}

/* An event from outside for thread i, while some other thread computes. */
static void raise(struct system *s, uint32_t i)
{
	struct rig *rig = s->rig;

	rig->aos.timers[2] = (struct aos_timer){ .used = true,
		.endpoint = &rig->aos.endpoints[1 + i], .deadline = rig->host.now };
	rig_events(rig, HAL_EVENT_TIMER);
}

static void raise_sched(struct system *s)
{
	struct rig *rig = s->rig;

	rig->aos.timers[2] = (struct aos_timer){ .used = true,
		.endpoint = rig->aos.schedulers[0].endpoint, .deadline = rig->host.now };
	rig_events(rig, HAL_EVENT_TIMER);
}

/* ---- preemption ---- */

/* A < B < C, and back in the opposite order; nobody asks the scheduler. */
static void a_chain_of_preemptions(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	runs(rig, s.app[A]);
	rig->regs.bx = 0xaaaa;
	raise(&s, B);
	runs(rig, s.app[B]);
	rig->regs.bx = 0xbbbb;
	raise(&s, C);
	runs(rig, s.app[C]);
	CALL(OP_EVENT_WAIT, E_A + C);
	runs(rig, s.app[B]);
	assert_int_equal(rig->regs.bx, 0xbbbb);
	CALL(OP_EVENT_WAIT, E_A + B);
	runs(rig, s.app[A]);
	assert_int_equal(rig->regs.bx, 0xaaaa);
	CALL(OP_EVENT_WAIT, E_A + A);
	runs(rig, s.idle);
	assert_null(rig->aos.schedulers[0].notice_head);
}

/* Less urgent threads wait for the scheduler's decision. */
static void the_less_urgent_do_not_preempt(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, B);
	raise(&s, A);
	runs(rig, s.app[B]);
	CALL(OP_EVENT_WAIT, E_A + B);
	runs(rig, s.sched);
	assert_int_equal(take_notices(rig, told), 1);
	assert_int_equal(told[s.app[A]], AOS_NOTICE_READY);
	assert_int_equal(told[s.idle], 0);
}

/* Equals take turns: the scheduler hears at once that there are two. */
static void an_equal_calls_the_scheduler(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, B);
	rig->aos.threads[s.app[C]].urgency = rig->aos.threads[s.app[B]].urgency;
	raise(&s, C);
	runs(rig, s.sched);
	take_notices(rig, told);
	assert_int_equal(told[s.app[B]], AOS_NOTICE_READY);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_READY);
}

/* News ends the giving back: whom B preempted is for the scheduler to place. */
static void news_sends_the_chain_to_the_scheduler(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, B);
	raise(&s, C);
	raise(&s, A);
	runs(rig, s.app[C]);
	CALL(OP_EVENT_WAIT, E_A + C);
	runs(rig, s.sched);
	assert_int_equal(take_notices(rig, told), 2);
	assert_int_equal(told[s.app[A]], AOS_NOTICE_READY);
	assert_int_equal(told[s.app[B]], AOS_NOTICE_READY);
	assert_null(rig->aos.threads[s.app[B]].preempted);
}

/* One notice per thread, and it is the last. */
static void the_latest_notice_counts(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, C);
	raise(&s, A);
	raise(&s, B);
	assert_int_equal(rig->aos.threads[s.app[A]].notice, AOS_NOTICE_READY);
	CALL(OP_THREAD_EXIT, 0);
	runs(rig, s.sched);
	assert_int_equal(take_notices(rig, told), 3);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_EXITED);
	assert_int_equal(rig->aos.threads[s.app[C]].state, THREAD_FREE);
}

static void signals_preempt_like_events(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	assert_int_equal(CALL(OP_EVENT_SIGNAL, E_A + C), 1);	/* C's result */
	runs(rig, s.app[C]);
	CALL(OP_EVENT_WAIT, E_A + C);
	runs(rig, s.app[A]);
	assert_int_equal(rig->regs.ax, 0);			/* A's own */
}

/* ---- the scheduler's section ---- */

static void nobody_preempts_inside_the_scheduler(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise(&s, C);
	runs(rig, s.app[A]);
	assert_int_equal(rig->aos.defer, 1);
	raise_sched(&s);
	runs(rig, s.app[A]);
	/* The end of the section is where the more urgent one gets its way. */
	CALL(OP_RETURN, 0, 5, 0, 6);
	runs(rig, s.sched);
	assert_int_equal(rig->regs.ax, 1);
	assert_int_equal(rig_thread_regs(rig, s.app[A])->ax, 5);
	assert_int_equal(rig_thread_regs(rig, s.app[A])->dx, 6);
	take_notices(rig, told);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_READY);
	assert_int_equal(told[s.app[A]], AOS_NOTICE_READY);
	sched_runs(&s, T_A + C, s.app[C]);
}

static void an_event_of_the_scheduler_waits_for_the_end(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise_sched(&s);
	raise_sched(&s);
	runs(rig, s.app[A]);
	CALL(OP_RETURN, 0, 0);
	runs(rig, s.sched);
	assert_int_equal(rig->regs.ax, 2);
}

/* Who has taken the notices has decided: the section's end is no news again. */
static void a_decision_is_taken_once(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise(&s, C);
	take_notices(rig, told);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_READY);
	CALL(OP_RETURN, 0, 0);
	runs(rig, s.app[A]);
}

/* A switch past the thread that was preempted leaves it to the scheduler. */
static void a_switch_drops_the_chain(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, A);
	raise(&s, B);
	CALL(OP_INVOKE, INVOKE_SCHED);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_IDLE), -AOS_EAGAIN);
	assert_int_equal(take_notices(rig, told), 1);
	assert_int_equal(told[s.app[A]], AOS_NOTICE_READY);
	CALL(OP_THREAD_SWITCH, T_IDLE);
	runs(rig, s.idle);
}

/* A nested section ends with the outermost return. */
static void sections_nest(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	rig->aos.comps[1].caps[50] = rig->aos.comps[1].caps[INVOKE_SCHED];
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	CALL(OP_INVOKE, 50);
	raise(&s, C);
	CALL(OP_RETURN, 0, 1);
	runs(rig, s.app[A]);
	CALL(OP_RETURN, 0, 2);
	runs(rig, s.sched);
}

/* A fault in the scheduler ends the section like a return. */
static void a_fault_ends_the_section(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise(&s, C);
	rig_fault(rig, 14, 0);
	runs(rig, s.sched);
	assert_int_equal((int64_t)rig_thread_regs(rig, s.app[A])->ax, -AOS_EFAULT);
}

static void the_scheduler_itself_is_not_preempted(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, C);
	raise(&s, A);
	CALL(OP_EVENT_WAIT, E_A + C);
	runs(rig, s.sched);
	rig->aos.threads[s.app[C]].urgency = 0;
	rig->aos.threads[s.sched].urgency = 200;
	raise(&s, C);
	runs(rig, s.sched);
}

/* A decision that rests on old news is refused. */
static void no_switch_while_there_is_news(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, A);
	raise(&s, C);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise(&s, B);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_IDLE), -AOS_EAGAIN);
	take_notices(rig, told);
	assert_int_equal(told[s.app[B]], AOS_NOTICE_READY);
	CALL(OP_THREAD_SWITCH, T_IDLE);
	runs(rig, s.idle);
	assert_int_equal(rig_thread_regs(rig, s.app[C])->ax, 0);
}

/* The scheduler's own events go before a decision made without them. */
static void no_switch_while_the_scheduler_has_events(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise_sched(&s);
	runs(rig, s.app[A]);
	CALL(OP_THREAD_SWITCH, T_IDLE);
	runs(rig, s.sched);
	/* Neither is news: A asked, and the idle thread was chosen. */
	assert_null(rig->aos.schedulers[0].notice_head);
	sched_runs(&s, T_A, s.app[A]);
}

/* They go first also when a section ends with its thread waiting. */
static void a_wait_ends_the_section(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	raise_sched(&s);
	CALL(OP_EVENT_WAIT, E_A + A);
	runs(rig, s.sched);
}

static void switching(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_IDLE), 0);	/* oneself */
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A), -AOS_EAGAIN);	/* waits */
	assert_int_equal(CALL(OP_THREAD_SWITCH, E_SCHED), -AOS_ENOSYS);
	runs(rig, s.idle);
	wake_from_idle(&s, A);
	CALL(OP_INVOKE, INVOKE_SCHED);
	CALL(OP_THREAD_SWITCH, T_IDLE);
	runs(rig, s.idle);
	CALL(OP_THREAD_SWITCH, T_A);
	runs(rig, s.app[A]);
	assert_int_equal(rig->regs.ax, 0);
	assert_int_equal(rig->aos.current_thread->comp->id, 1);
}

/*
 * A thread waits while another runs, so no notice says that it is blocked;
 * the refused switch does, and then its event must be news.
 */
static void a_refused_switch_tells_that_it_waits(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, C);
	CALL(OP_INVOKE, INVOKE_SCHED);
	CALL(OP_EVENT_WAIT, E_A + C, 0, T_IDLE);
	runs(rig, s.idle);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A + C), -AOS_EAGAIN);
	assert_int_equal(CALL(OP_SCHED_NOTICE, E_SCHED), -AOS_EAGAIN);
	raise(&s, C);
	runs(rig, s.idle);
	take_notices(rig, told);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_READY);
}

/*
 * An event of the scheduler's does not preempt its equals, but it is the
 * scheduler, still waiting, that the next one to stop makes room for.
 */
static void the_scheduler_among_equals(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	rig->aos.threads[s.app[C]].urgency = 0;
	wake_from_idle(&s, C);
	raise_sched(&s);
	runs(rig, s.app[C]);
	CALL(OP_EVENT_WAIT, E_A + C);
	runs(rig, s.sched);
	assert_int_equal(rig->regs.ax, 1);
}

static void urgency(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	assert_int_equal(CALL(OP_THREAD_URGENCY, T_A, AOS_URGENCY_MAX + 1), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_URGENCY, T_A, 1ull << 32), -AOS_EINVAL);
	assert_int_equal(CALL(OP_THREAD_URGENCY, T_A, 1), 0);
	wake_from_idle(&s, C);
	raise(&s, A);
	runs(rig, s.app[A]);
}

/* ---- idling ---- */

static void idle_sleeps(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	assert_int_equal(CALL(OP_IDLE, E_A), -AOS_EPERM);
	assert_false(rig->host.idle);
	assert_int_equal(CALL(OP_IDLE, E_SCHED), 0);
	assert_true(rig->host.idle);
	runs(rig, s.idle);
}

/* Events that came before the sleep are taken instead of it. */
static void idle_takes_events_first(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	wake_from_idle(&s, B);
	runs(rig, s.app[B]);
	assert_false(rig->host.idle);
	CALL(OP_EVENT_WAIT, E_A + B);
	runs(rig, s.idle);
	assert_false(rig->aos.at_idle);
}

/* Those that come while the host has the CPU end the sleep: no call in between. */
static void events_end_the_sleep(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	CALL(OP_IDLE, E_SCHED);
	assert_true(rig->host.idle);
	raise(&s, B);
	runs(rig, s.app[B]);
	assert_int_equal(rig->regs.ax, 1);
	assert_false(rig->aos.at_idle);
	CALL(OP_EVENT_WAIT, E_A + B);
	runs(rig, s.idle);
}

/* Outside OP_IDLE the idle thread is in the scheduler like anybody. */
static void the_idle_thread_at_work_is_not_preempted(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	raise(&s, C);
	runs(rig, s.idle);
	CALL(OP_IDLE, E_SCHED);
	assert_false(rig->host.idle);
	runs(rig, s.sched);
	take_notices(rig, told);
	assert_int_equal(told[s.app[C]], AOS_NOTICE_READY);
}

/* The scheduler's timer fires just before the idle thread goes to sleep. */
static void no_sleep_while_the_scheduler_has_events(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	raise_sched(&s);
	runs(rig, s.idle);
	CALL(OP_IDLE, E_SCHED);
	assert_false(rig->host.idle);
	runs(rig, s.sched);
}

/* The same where the scheduler's own thread goes to sleep, waiting for none. */
static void the_scheduler_does_not_sleep_through_its_events(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	raise_sched(&s);
	CALL(OP_IDLE, E_SCHED);
	runs(rig, s.sched);
	raise_sched(&s);
	assert_true(CALL(OP_IDLE, E_SCHED) >= 0);
	assert_false(rig->host.idle);
	runs(rig, s.sched);
	/* Taken: the next time there is nothing to stay awake for. */
	CALL(OP_IDLE, E_SCHED);
	assert_true(rig->host.idle);
}

/* Who goes to sleep does not keep a preempted thread from running. */
static void no_sleep_on_top_of_a_preempted_thread(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, B);
	raise_sched(&s);
	runs(rig, s.sched);
	CALL(OP_IDLE, E_SCHED);
	assert_false(rig->host.idle);
	take_notices(rig, told);
	assert_int_equal(told[s.app[B]], AOS_NOTICE_READY);
}

/* ---- the ends of threads ---- */

static void exit_frees_once_noticed(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, A);
	CALL(OP_THREAD_EXIT, 0);
	runs(rig, s.sched);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A), -AOS_ENOENT);
	assert_int_equal(CALL(OP_THREAD_URGENCY, T_A, 5), -AOS_ENOENT);
	assert_int_equal(CALL(OP_EVENT_WAIT, E_SCHED, 0, T_A), -AOS_EAGAIN);
	assert_int_equal(rig->aos.threads[s.app[A]].state, THREAD_EXITED);
	take_notices(rig, told);
	assert_int_equal(rig->aos.threads[s.app[A]].state, THREAD_FREE);
	assert_int_equal(CALL(OP_THREAD_SWITCH, T_A), -AOS_ENOENT);
}

static void a_fault_without_a_caller_ends_a_thread(void **state)
{
	struct system s;
	struct rig *rig = *state;
	uint64_t told[AOS_MAX_THREADS] = { 0 };

	build(&s, rig);
	wake_from_idle(&s, B);
	rig_fault(rig, 14, 0);
	runs(rig, s.sched);
	take_notices(rig, told);
	assert_int_equal(told[s.app[B]], AOS_NOTICE_EXITED);
}

static void threads_run_out(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, C_APP, 0);
	for (uint32_t i = 1; i < AOS_MAX_THREADS; i++)
		rig_thread(rig, 64 + i, C_APP, 200);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 64, C_APP, ENTRY, 0, 200),
			 -AOS_ENOMEM);
}

static void threads_start_clean(void **state)
{
	struct rig *rig = *state;
	const struct aos_regs *regs;
	uint32_t id;

	rig_comp(rig, C_APP, 0);
	CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, T_A, C_APP, ENTRY, 0x77, 5);
	id = rig->aos.comps[0].caps[T_A].id;
	regs = rig_thread_regs(rig, id);
	assert_int_equal(regs->ip, ENTRY);
	assert_int_equal(regs->di, 0x77);
	assert_int_equal(regs->sp, rig->aos.comps[1].stack_base + (id + 1) * AOS_STACK_STRIDE);
	assert_int_equal(regs->cs, 0x33);
	assert_int_equal(regs->ss, 0x2b);
	assert_int_equal(regs->flags, 0x202);
	assert_int_equal(regs->ax, 1);		/* its component */
	assert_int_equal(regs->bx | regs->cx | regs->dx | regs->si | regs->bp, 0);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, T_A + 1, C_APP, ENTRY, 0,
			      AOS_URGENCY_MAX + 1), -AOS_EINVAL);
}

/* Without a scheduler the kernel runs the most urgent. */
static void without_a_scheduler(void **state)
{
	struct rig *rig = *state;
	uint32_t low, high;

	rig_comp(rig, C_APP, 0);
	low = rig_thread(rig, T_A, C_APP, 50);
	high = rig_thread(rig, T_A + 1, C_APP, 40);
	rig_endpoint(rig, E_A, AOS_SOURCE_SOFT);
	CALL(OP_EVENT_WAIT, E_A);
	runs(rig, high);
	CALL(OP_THREAD_EXIT, 0);
	runs(rig, low);
}

static void only_the_scheduler_is_told(void **state)
{
	struct system s;
	struct rig *rig = *state;

	build(&s, rig);
	assert_int_equal(CALL(OP_SCHED_NOTICE, E_A), -AOS_EPERM);
	assert_int_equal(CALL(OP_SCHED_NOTICE, E_SCHED), -AOS_EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(a_chain_of_preemptions), RIG_TEST(the_less_urgent_do_not_preempt),
		RIG_TEST(news_sends_the_chain_to_the_scheduler),
		RIG_TEST(the_latest_notice_counts), RIG_TEST(signals_preempt_like_events),
		RIG_TEST(nobody_preempts_inside_the_scheduler), RIG_TEST(sections_nest),
		RIG_TEST(an_event_of_the_scheduler_waits_for_the_end),
		RIG_TEST(a_decision_is_taken_once), RIG_TEST(a_switch_drops_the_chain),
		RIG_TEST(a_fault_ends_the_section),
		RIG_TEST(the_scheduler_itself_is_not_preempted),
		RIG_TEST(no_switch_while_there_is_news),
		RIG_TEST(no_switch_while_the_scheduler_has_events),
		RIG_TEST(a_wait_ends_the_section), RIG_TEST(switching),
		RIG_TEST(a_refused_switch_tells_that_it_waits),
		RIG_TEST(the_scheduler_among_equals), RIG_TEST(an_equal_calls_the_scheduler),
		RIG_TEST(urgency),
		RIG_TEST(idle_sleeps), RIG_TEST(idle_takes_events_first), RIG_TEST(events_end_the_sleep),
		RIG_TEST(the_idle_thread_at_work_is_not_preempted),
		RIG_TEST(no_sleep_while_the_scheduler_has_events),
		RIG_TEST(the_scheduler_does_not_sleep_through_its_events),
		RIG_TEST(no_sleep_on_top_of_a_preempted_thread),
		RIG_TEST(exit_frees_once_noticed),
		RIG_TEST(a_fault_without_a_caller_ends_a_thread), RIG_TEST(threads_run_out),
		RIG_TEST(threads_start_clean), RIG_TEST(without_a_scheduler),
		RIG_TEST(only_the_scheduler_is_told),
	};

	return cmocka_run_group_tests_name("aos threads", tests, NULL, NULL);
}
