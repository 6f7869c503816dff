// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of threads when a component is stopped, in each state in which
 * one can be inside it, and what a new life of it keeps of the last.
 */
#include "aos_test.h"

#define COMP_A	20u		/* home of `worker` */
#define COMP_B	21u		/* a server */
#define COMP_C	22u		/* home of `urgent` */
#define INVOKE_A 30u
#define INVOKE_B 31u
#define INVOKE_C 32u
#define WORKER	24u
#define URGENT	25u
#define FAULTS	26u
#define BELL	27u		/* `urgent` waits here */
#define DOOR	28u		/* and others there */
#define TIMER	29u
#define NOTICES	23u
#define ENTRY(i) (IMAGE_COMPONENT_BASE + (i) * IMAGE_COMPONENT_STRIDE + 0x1000)

static uint32_t worker, urgent;

static struct aos_comp *comp(struct rig *rig, uint32_t slot)
{
	return rig->aos.comps[0].caps[slot].comp;
}

static struct aos_thread *thread(struct rig *rig, uint32_t id)
{
	return &rig->aos.threads[id];
}

static void take_notices(struct rig *rig)
{
	while (CALL(OP_SCHED_NOTICE, NOTICES) >= 0)
		;
}

/* Every component can do everything; `urgent` waits, the loader runs. */
static void build(struct rig *rig, uint32_t flags_b)
{
	for (uint32_t i = 0; i < 3; i++) {
		rig_comp(rig, COMP_A + i, i == 1 ? flags_b : 0);
		CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_A + i, COMP_A + i, ENTRY(i + 1));
	}
	worker = rig_thread(rig, WORKER, COMP_A, 100);
	urgent = rig_thread(rig, URGENT, COMP_C, 10);
	rig_endpoint(rig, FAULTS, AOS_SOURCE_FAULT);
	rig_endpoint(rig, NOTICES, AOS_SOURCE_SCHED);
	rig_endpoint(rig, BELL, AOS_SOURCE_SOFT);
	rig_endpoint(rig, DOOR, AOS_SOURCE_SOFT);
	CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, TIMER, DOOR);
	for (uint32_t c = COMP_A; c <= COMP_C; c++) {
		rig_give(rig, c, AOS_SLOT_FACTORY, AOS_SLOT_FACTORY);
		for (uint32_t slot = COMP_A; slot <= INVOKE_C; slot++)
			rig_give(rig, c, slot, slot);
	}
	CALL(OP_THREAD_SWITCH, URGENT);
	CALL(OP_EVENT_WAIT, BELL);
	assert_int_equal(rig_current(rig), 0);
	take_notices(rig);
}

static int64_t stop(struct rig *rig, uint32_t slot)
{
	return CALL(OP_COMP_STATE, slot, AOS_COMP_STOPPED);
}

/* `worker`, from A, goes into B; *back is where it will come back to. */
static void worker_visits_b(struct rig *rig, struct aos_regs *back)
{
	CALL(OP_THREAD_SWITCH, WORKER);
	rig->regs.ip = ENTRY(1) + 0x77;
	rig->regs.sp -= 0x40;
	*back = rig->regs;
	CALL(OP_INVOKE, INVOKE_B);
	assert_ptr_equal(rig->aos.current_thread->comp, comp(rig, COMP_B));
}

static void came_back(struct rig *rig, const struct aos_regs *back, int64_t error)
{
	const struct aos_regs *regs = rig_thread_regs(rig, worker);

	assert_int_equal(thread(rig, worker)->state, THREAD_RUNNABLE);
	assert_ptr_equal(thread(rig, worker)->comp, comp(rig, COMP_A));
	assert_int_equal(regs->ip, back->ip);
	assert_int_equal(regs->sp, back->sp);
	assert_int_equal((int64_t)regs->ax, error);
	assert_int_equal(regs->dx | regs->di | regs->si | regs->bx, 0);
}

static void running_inside(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	worker_visits_b(rig, &back);
	rig_fault(rig, 6, 0);
	came_back(rig, &back, -AOS_EFAULT);
	assert_int_equal(rig_current(rig), worker);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_B), -AOS_EHOSTDOWN);
}

/* It stops the server it is in. */
static void stopping_oneself(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	assert_int_equal(stop(rig, COMP_B), -AOS_EHOSTDOWN);
	came_back(rig, &back, -AOS_EHOSTDOWN);
	assert_int_equal(rig->host.cr3, comp(rig, COMP_A)->cr3);
}

static void preempted_inside(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	CALL(OP_EVENT_SIGNAL, BELL);
	assert_int_equal(rig_current(rig), urgent);
	assert_int_equal(stop(rig, COMP_B), 0);
	assert_int_equal(rig_current(rig), urgent);
	came_back(rig, &back, -AOS_EHOSTDOWN);
	/* It goes on when the CPU is given back. */
	CALL(OP_EVENT_WAIT, BELL);
	assert_int_equal(rig_current(rig), worker);
}

static void waiting_inside(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	CALL(OP_EVENT_WAIT, DOOR);
	assert_int_equal(thread(rig, worker)->state, THREAD_WAITING);
	assert_int_equal(stop(rig, COMP_B), 0);
	came_back(rig, &back, -AOS_EHOSTDOWN);
	/* What it waited for is not its any more. */
	CALL(OP_EVENT_SIGNAL, DOOR);
	came_back(rig, &back, -AOS_EHOSTDOWN);
	assert_int_equal(CALL(OP_EVENT_WAIT, DOOR, AOS_WAIT_POLL), 1);
}

/* A thread of A's own is in B when A is stopped: it ends when it comes back. */
static void visiting_a_server(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	assert_int_equal(stop(rig, COMP_A), 0);
	assert_int_equal(rig_current(rig), worker);
	assert_int_equal(CALL(OP_NULL, 0), 0);
	CALL(OP_RETURN, 0, 5);
	assert_int_equal(thread(rig, worker)->state, THREAD_EXITED);
	assert_int_not_equal(rig_current(rig), worker);
}

/* Nor does it come back into A's next life. */
static void visiting_while_it_starts_anew(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	stop(rig, COMP_A);
	CALL(OP_COMP_STATE, COMP_A, AOS_COMP_RUNNING);
	CALL(OP_RETURN, 0, 5);
	assert_int_equal(thread(rig, worker)->state, THREAD_EXITED);
}

/* loader -> A -> B -> C: A and B are stopped one after the other. */
static void two_levels(void **state)
{
	struct rig *rig = *state;
	uint64_t ip, sp;

	build(rig, 0);
	ip = rig->regs.ip;
	sp = rig->regs.sp;
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_B);
	CALL(OP_INVOKE, INVOKE_C);
	assert_int_equal(stop(rig, COMP_A), 0);
	assert_int_equal(stop(rig, COMP_B), 0);
	assert_int_equal(CALL(OP_RETURN, 0, 7), -AOS_EHOSTDOWN);
	assert_ptr_equal(rig->aos.current_thread->comp, &rig->aos.comps[0]);
	assert_int_equal(rig->regs.ip, ip);
	assert_int_equal(rig->regs.sp, sp);
}

/* loader -> B -> B -> B: all at once, and the frames in between are gone. */
static void recursion(void **state)
{
	struct rig *rig = *state;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	for (uint32_t i = 0; i < 3; i++)
		CALL(OP_INVOKE, INVOKE_B);
	rig_fault(rig, 14, 0x1000);
	assert_ptr_equal(rig->aos.current_thread->comp, &rig->aos.comps[0]);
	assert_ptr_equal(rig->aos.current_thread->top, rig->aos.current_thread->stack);
}

/* Threads of the component itself: running, preempted, waiting. */
static void its_own_threads_end(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	assert_int_equal(stop(rig, COMP_C), 0);		/* waits */
	assert_int_equal(thread(rig, urgent)->state, THREAD_EXITED);
	CALL(OP_EVENT_SIGNAL, BELL);
	assert_int_equal(thread(rig, urgent)->state, THREAD_EXITED);
	assert_int_equal(stop(rig, COMP_A), 0);		/* can run */
	assert_int_equal(thread(rig, worker)->state, THREAD_EXITED);
	assert_int_equal(rig_current(rig), 0);
}

static void its_own_thread_runs(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	CALL(OP_THREAD_SWITCH, WORKER);
	stop(rig, COMP_A);
	assert_int_equal(thread(rig, worker)->state, THREAD_EXITED);
	assert_int_equal(rig_current(rig), 0);
}

/* The one in the middle of the chain of preempted threads ends: the others are served. */
static void preempted_and_ended(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	CALL(OP_THREAD_SWITCH, WORKER);
	CALL(OP_EVENT_SIGNAL, BELL);
	assert_int_equal(rig_current(rig), urgent);
	assert_ptr_equal(thread(rig, urgent)->preempted, thread(rig, worker));
	assert_int_equal(stop(rig, COMP_A), 0);
	assert_null(thread(rig, urgent)->preempted);
	CALL(OP_EVENT_WAIT, BELL);
	assert_int_equal(rig_current(rig), 0);
}

/* Two threads inside at the same time, one of which faults. */
static void all_who_are_inside(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;
	uint64_t ip;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	worker_visits_b(rig, &back);
	CALL(OP_EVENT_SIGNAL, BELL);
	ip = rig->regs.ip;
	CALL(OP_INVOKE, INVOKE_B);
	rig_fault(rig, 13, 0);
	assert_int_equal(rig_current(rig), urgent);
	assert_int_equal(rig->regs.ip, ip);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	came_back(rig, &back, -AOS_EFAULT);
}

/* ---- reports ---- */

static void garbage_is_a_fault(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	worker_visits_b(rig, &back);
	CALL(OP_EVENT_SIGNAL, BELL);
	assert_int_equal(CALL(OP_FAULT_REPORT, INVOKE_B, 0x1234), 0);
	came_back(rig, &back, -AOS_EFAULT);
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS),
			 AOS_FAULT_WORD(AOS_FAULT_GARBAGE, comp(rig, COMP_B)->id, urgent));
	assert_int_equal(rig->regs.dx, 0x1234);
	assert_int_equal(CALL(OP_FAULT_REPORT, INVOKE_B, 0), -AOS_EHOSTDOWN);
	assert_int_equal(CALL(OP_FAULT_REPORT, COMP_B, 0), -AOS_ENOSYS);
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), -AOS_EAGAIN);
}

static void garbage_of_a_tolerated(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	assert_int_equal(CALL(OP_FAULT_REPORT, INVOKE_B, 1), 0);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_B), 0);
}

static void reporting_oneself(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	worker_visits_b(rig, &back);
	assert_int_equal(CALL(OP_FAULT_REPORT, INVOKE_B, 1), -AOS_EFAULT);
	came_back(rig, &back, -AOS_EFAULT);
}

/* ---- a new life ---- */

static void reset_wants_it_stopped(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_B), -AOS_EINVAL);
	stop(rig, COMP_B);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_B), 0);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_B), -AOS_EHOSTDOWN);
	assert_int_equal(CALL(OP_COMP_STATE, COMP_B, AOS_COMP_RUNNING), 0);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_B), 0);
}

/* Not while a thread of its own is elsewhere, nor before the scheduler knows that it ended. */
static void reset_waits_for_threads(void **state)
{
	struct rig *rig = *state;
	struct aos_regs back;

	build(rig, 0);
	worker_visits_b(rig, &back);
	stop(rig, COMP_A);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_A), -AOS_EBUSY);
	CALL(OP_RETURN, 0, 0);
	assert_int_equal(rig_current(rig), 0);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_A), -AOS_EBUSY);
	assert_int_equal(CALL(OP_EVENT_WAIT, FAULTS, AOS_WAIT_POLL), -AOS_EAGAIN);
	take_notices(rig);
	assert_int_equal(CALL(OP_EVENT_WAIT, FAULTS, AOS_WAIT_POLL), 1);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_A), 0);
}

static void reset_forgets_events(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	CALL(OP_EVENT_SIGNAL, DOOR);
	CALL(OP_TIMER_SET, TIMER, 1000000);
	stop(rig, COMP_B);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_B), 0);
	assert_int_equal(CALL(OP_EVENT_WAIT, DOOR, AOS_WAIT_POLL), -AOS_EAGAIN);
	assert_int_equal(rig->host.timer, 0);
	/* C's thread waits there: that is C's. */
	CALL(OP_EVENT_SIGNAL, BELL);
	assert_int_equal(rig_current(rig), urgent);
}

static void end_worker(struct rig *rig)
{
	stop(rig, COMP_A);
	take_notices(rig);
	assert_int_equal(CALL(OP_COMP_RESET, COMP_A), 0);
}

/* The same number, and nobody who knew the old one can name the new. */
static void threads_are_made_anew(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	end_worker(rig);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0, 50,
			      AOS_THREAD_NUMBER(worker)), -AOS_EHOSTDOWN);
	CALL(OP_COMP_STATE, COMP_A, AOS_COMP_RUNNING);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0, 50,
			      AOS_THREAD_NUMBER(worker)), worker);
	assert_int_equal(CALL(OP_THREAD_URGENCY, WORKER, 3), -AOS_ENOENT);
	assert_int_equal(CALL(OP_THREAD_SWITCH, WORKER), -AOS_ENOENT);
	assert_int_equal(CALL(OP_THREAD_URGENCY, 41, 3), 0);
}

static void thread_numbers_are_checked(void **state)
{
	static const uint64_t bad[] = { AOS_MAX_THREADS + 1, 1ull << 32 | 1, UINT64_MAX };
	struct rig *rig = *state;

	build(rig, 0);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0, 50,
			      AOS_THREAD_NUMBER(worker)), -AOS_EBUSY);
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0,
				      50, bad[i]), -AOS_EBUSY);
	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0, 50,
			      AOS_THREAD_NUMBER(AOS_MAX_THREADS - 1)), AOS_MAX_THREADS - 1);
}

/* A component is stopped and made anew a thousand times: nothing is used up. */
static void nothing_leaks(void **state)
{
	struct rig *rig = *state;
	uint32_t used;

	build(rig, 0);
	end_worker(rig);
	used = frame_count_used(&rig->aos);
	for (uint32_t i = 0; i < 1000; i++) {
		CALL(OP_COMP_STATE, COMP_A, AOS_COMP_RUNNING);
		assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 41, COMP_A, ENTRY(1), 0,
				      50, AOS_THREAD_NUMBER(worker)), worker);
		stop(rig, COMP_A);
		assert_int_equal(CALL(OP_SCHED_NOTICE, NOTICES), worker);
		assert_int_equal(CALL(OP_COMP_RESET, COMP_A), 0);
		CALL(OP_CAP_DROP, AOS_SLOT_SELF, 41);
	}
	assert_int_equal(frame_count_used(&rig->aos), used);
	assert_int_equal(thread(rig, worker)->state, THREAD_FREE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(running_inside), RIG_TEST(stopping_oneself), RIG_TEST(preempted_inside),
		RIG_TEST(waiting_inside), RIG_TEST(visiting_a_server),
		RIG_TEST(visiting_while_it_starts_anew), RIG_TEST(two_levels),
		RIG_TEST(recursion), RIG_TEST(its_own_threads_end),
		RIG_TEST(its_own_thread_runs), RIG_TEST(preempted_and_ended),
		RIG_TEST(all_who_are_inside), RIG_TEST(garbage_is_a_fault),
		RIG_TEST(garbage_of_a_tolerated), RIG_TEST(reporting_oneself),
		RIG_TEST(reset_wants_it_stopped), RIG_TEST(reset_waits_for_threads),
		RIG_TEST(reset_forgets_events), RIG_TEST(threads_are_made_anew),
		RIG_TEST(thread_numbers_are_checked), RIG_TEST(nothing_leaks),
	};

	return cmocka_run_group_tests_name("aos stopping", tests, NULL, NULL);
}
