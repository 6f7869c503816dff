// SPDX-License-Identifier: GPL-2.0-or-later
/* Invocations, what crosses with them, and what a fault does to them. */
#include "aos_test.h"

#define COMP_A	20u
#define COMP_B	21u
#define INVOKE_A 30u	/* in each component */
#define INVOKE_B 31u
#define FAULTS	22u
#define ENTRY_A	0x100080001000ull
#define ENTRY_B	0x1000c0001000ull
#define RUBBISH	0x1122334455667788ull

static struct aos_comp *comp(struct rig *rig, uint32_t id)
{
	return &rig->aos.comps[id];
}

/* Loader -> A -> B, and each can call itself and the other. */
static void build(struct rig *rig, uint32_t flags_a, uint32_t flags_b)
{
	rig_comp(rig, COMP_A, flags_a);
	rig_comp(rig, COMP_B, flags_b);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_A, COMP_A, ENTRY_A);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_B, COMP_B, ENTRY_B);
	rig_endpoint(rig, FAULTS, AOS_SOURCE_FAULT);
	for (uint32_t c = COMP_A; c <= COMP_B; c++) {
		rig_give(rig, c, INVOKE_A, INVOKE_A);
		rig_give(rig, c, INVOKE_B, INVOKE_B);
	}
}

static void dirty_registers(struct aos_regs *regs)
{
	regs->r15 = regs->r14 = regs->r13 = regs->r12 = RUBBISH;
	regs->bp = regs->bx = RUBBISH;
	regs->ax = regs->cx = regs->dx = regs->si = regs->di = RUBBISH;
	regs->r8 = regs->r9 = regs->r10 = regs->r11 = RUBBISH;
	regs->flags = 0x202 | 0x8d5;
}

static void no_rubbish(const struct aos_regs *regs)
{
	assert_int_equal(regs->r15 | regs->r14 | regs->r13 | regs->r12, 0);
	assert_int_equal(regs->bp | regs->bx, 0);
	assert_int_equal(regs->r11 | regs->cx, 0);
	assert_int_equal(regs->flags, 0x202);
}

static void call_and_return(void **state)
{
	struct rig *rig = *state;
	uint64_t ip, sp;

	build(rig, 0, 0);
	ip = rig->regs.ip = TEST_CODE_VADDR + 0x123;
	sp = rig->regs.sp -= 0x88;
	dirty_registers(&rig->regs);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A, 1, 2, 3, 4, 5, 6), 0);

	no_rubbish(&rig->regs);
	assert_int_equal(rig->regs.di, 1);
	assert_int_equal(rig->regs.si, 2);
	assert_int_equal(rig->regs.dx, 3);
	assert_int_equal(rig->regs.r10, 4);
	assert_int_equal(rig->regs.r8, 5);
	assert_int_equal(rig->regs.r9, 6);
	assert_int_equal(rig->regs.ip, ENTRY_A);
	assert_int_equal(rig->regs.sp, comp(rig, 1)->stack_base + AOS_STACK_STRIDE);
	assert_int_equal(rig->host.cr3, comp(rig, 1)->cr3);

	dirty_registers(&rig->regs);
	assert_int_equal(CALL(OP_RETURN, 0, 77, RUBBISH, 88, RUBBISH, RUBBISH, RUBBISH), 77);
	no_rubbish(&rig->regs);
	assert_int_equal(rig->regs.dx, 88);
	assert_int_equal(rig->regs.di | rig->regs.si | rig->regs.r8 | rig->regs.r9 | rig->regs.r10, 0);
	assert_int_equal(rig->regs.ip, ip);
	assert_int_equal(rig->regs.sp, sp);
	assert_int_equal(rig->host.cr3, comp(rig, 0)->cr3);
}

/* All six arguments arrive in the caller's own component, too. */
static void call_oneself(void **state)
{
	struct rig *rig = *state;

	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_A, AOS_SLOT_SELF, ENTRY_A);
	CALL(OP_INVOKE, INVOKE_A, 1, 2, 3, 4, 5, 6);
	assert_int_equal(rig->regs.ip, ENTRY_A);
	assert_int_equal(rig->regs.ax, 0);
	assert_int_equal(rig->regs.di, 1);
	assert_int_equal(rig->regs.dx, 3);
	assert_int_equal(CALL(OP_RETURN, 0, 9), 9);
}

/* The callee learns from the kernel which component calls. */
static void callers_are_named(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	CALL(OP_INVOKE, INVOKE_A);
	assert_int_equal(rig->regs.ax, 0);
	CALL(OP_INVOKE, INVOKE_B);
	assert_int_equal(rig->regs.ax, comp(rig, 1)->id);
	CALL(OP_INVOKE, INVOKE_A);
	assert_int_equal(rig->regs.ax, comp(rig, 2)->id);
}

static void errors_pass_through(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	CALL(OP_INVOKE, INVOKE_A);
	assert_int_equal(CALL(OP_RETURN, 0, (uint64_t)-AOS_ENOSPC, 0, UINT64_MAX), -AOS_ENOSPC);
	assert_int_equal(rig->regs.dx, UINT64_MAX);
}

static void nesting_ends(void **state)
{
	struct rig *rig = *state;
	struct aos_regs before;

	build(rig, 0, 0);
	for (uint32_t i = 0; i < AOS_MAX_NESTING; i++) {
		rig->regs.sp -= 16 * i;
		CALL(OP_INVOKE, i % 2 ? INVOKE_B : INVOKE_A, i);
		assert_int_equal(rig->aos.current_thread->comp->id, i % 2 ? 2 : 1);
	}
	before = rig->regs;
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A), -AOS_EOVERFLOW);
	assert_int_equal(rig->regs.ip, before.ip);
	assert_int_equal(rig->regs.sp, before.sp);
	for (uint32_t i = AOS_MAX_NESTING; i--;)
		assert_int_equal(CALL(OP_RETURN, 0, i), i);
	assert_int_equal(CALL(OP_RETURN, 0, 5), -AOS_EINVAL);
	assert_int_equal(rig->aos.current_thread->comp->id, 0);
}

static void return_without_a_call(void **state)
{
	struct rig *rig = *state;
	struct aos_regs before = rig->regs;

	assert_int_equal(CALL(OP_RETURN, 0, 5, 0, 6), -AOS_EINVAL);
	assert_int_equal(rig->regs.ip, before.ip);
	assert_int_equal(rig->regs.sp, before.sp);
}

static void entries_are_in_user_space(void **state)
{
	static const uint64_t bad[] = { 0, 4095, AOS_USER_END, 1ull << 47, 0xffff888000000000ull,
					UINT64_MAX };
	struct rig *rig = *state;

	rig_comp(rig, COMP_A, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_A, COMP_A, bad[i]),
				 -AOS_EINVAL);
		assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, INVOKE_A, COMP_A, bad[i],
				      0, 5), -AOS_EINVAL);
	}
}

static void stopped(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	assert_int_equal(CALL(OP_COMP_STATE, COMP_A, 2), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_STATE, COMP_A, AOS_COMP_STOPPED), 0);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A), -AOS_EHOSTDOWN);
	assert_int_equal(CALL(OP_COMP_STATE, COMP_A, AOS_COMP_RUNNING), 0);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A), 0);
	assert_int_equal(rig->regs.ip, ENTRY_A);
}

/* ---- faults ---- */

static void fault_goes_to_the_caller(void **state)
{
	struct rig *rig = *state;
	uint64_t ip, sp;

	build(rig, 0, 0);
	ip = rig->regs.ip;
	sp = rig->regs.sp;
	CALL(OP_INVOKE, INVOKE_A);
	dirty_registers(&rig->regs);
	rig_fault(rig, 14, 0xdead000);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	assert_int_equal(rig->regs.dx | rig->regs.si | rig->regs.di, 0);
	assert_int_equal(rig->regs.r8 | rig->regs.r9 | rig->regs.r10, 0);
	no_rubbish(&rig->regs);
	assert_int_equal(rig->regs.ip, ip);
	assert_int_equal(rig->regs.sp, sp);
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), AOS_FAULT_WORD(14, 1, 0));
	assert_int_equal(rig->regs.dx, 0xdead000);
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), -AOS_EAGAIN);
	/* It may be called again: nobody said that it should stop. */
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A), 0);
}

static void fault_stops_whoever_asked_for_it(void **state)
{
	struct rig *rig = *state;

	build(rig, AOS_COMP_STOP_ON_FAULT, 0);
	CALL(OP_INVOKE, INVOKE_A);
	rig_fault(rig, 6, 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_A), -AOS_EHOSTDOWN);
}

/* loader -> A -> B -> A(stops): back to B, which still runs. */
static void fault_unwinds_one_level(void **state)
{
	struct rig *rig = *state;

	build(rig, AOS_COMP_STOP_ON_FAULT, 0);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_B);
	CALL(OP_INVOKE, INVOKE_A);
	rig_fault(rig, 13, 0);
	assert_int_equal(rig->aos.current_thread->comp->id, 2);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
}

/* loader -> A -> B -> A(stops) -> B(faults): over the stopped A to B. */
static void fault_unwinds_through_the_stopped(void **state)
{
	struct rig *rig = *state;
	struct aos_thread *t = rig->aos.current_thread;

	build(rig, 0, 0);
	CALL(OP_INVOKE, INVOKE_B);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_B);
	comp_stop(&rig->aos, &rig->regs, comp(rig, 1), -AOS_EHOSTDOWN);
	rig_fault(rig, 13, 0);
	assert_int_equal(t->comp->id, 2);
	assert_ptr_equal(t->top, t->stack + 1);
	comp_stop(&rig->aos, &rig->regs, comp(rig, 2), -AOS_EHOSTDOWN);
	assert_int_equal(t->comp->id, 0);
	assert_ptr_equal(t->top, t->stack);
}

/* With nobody to go back to the thread ends; the last one ends the AOS. */
static void fault_of_the_last_thread(void **state)
{
	struct rig *rig = *state;

	rig_fault(rig, 14, 4);
	assert_int_equal(rig->aos.threads[0].state, THREAD_EXITED);
	assert_true(rig->host.halted);
	assert_int_equal(rig->host.status, -AOS_ENOENT);
	assert_non_null(strstr(rig->host.log, "no thread can run"));
}

/* The last thread that could run ends, and with that wakes the supervisor. */
static void fault_wakes_the_supervisor(void **state)
{
	struct rig *rig = *state;
	uint32_t worker;

	build(rig, 0, 0);
	rig_give(rig, COMP_A, FAULTS, FAULTS);
	worker = rig_thread(rig, 24, COMP_A, 10);
	rig_endpoint(rig, 25, AOS_SOURCE_SOFT);
	rig_give(rig, COMP_A, 25, 25);
	CALL(OP_EVENT_WAIT, 25);
	CALL(OP_EVENT_SIGNAL, 25);
	CALL(OP_EVENT_WAIT, FAULTS);
	assert_int_equal(rig_current(rig), 0);
	rig_fault(rig, 14, 4);
	assert_false(rig->host.halted);
	assert_int_equal(rig_current(rig), worker);
	assert_int_equal(rig->regs.ax, 1);
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), AOS_FAULT_WORD(14, 0, 0));
}

/* More faults than there is room for: the oldest are kept, the rest counted. */
static void faults_overflow(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	for (uint64_t i = 0; i < AOS_FAULT_RING + 5; i++) {
		CALL(OP_INVOKE, INVOKE_A);
		rig_fault(rig, 14, i * 4096);
	}
	assert_int_equal(rig->aos.stats.faults, AOS_FAULT_RING + 5);
	assert_int_equal(rig->aos.stats.faults_lost, 5);
	for (uint64_t i = 0; i < AOS_FAULT_RING; i++) {
		assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), AOS_FAULT_WORD(14, 1, 0));
		assert_int_equal(rig->regs.dx, i * 4096);
	}
	assert_int_equal(CALL(OP_FAULT_NEXT, FAULTS), -AOS_EAGAIN);
	assert_int_equal(CALL(OP_EVENT_WAIT, FAULTS, AOS_WAIT_POLL), AOS_FAULT_RING + 5);
}

/* The ring's indices run freely: 2^32 faults from the start nothing changes. */
static void fault_indices_wrap(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	rig->aos.fault_head = rig->aos.fault_tail = UINT32_MAX - 3;
	for (uint64_t i = 0; i < 10; i++) {
		CALL(OP_INVOKE, INVOKE_A);
		rig_fault(rig, 14, i);
	}
	for (uint64_t i = 0; i < 10; i++) {
		CALL(OP_FAULT_NEXT, FAULTS);
		assert_int_equal(rig->regs.dx, i);
	}
}

static void only_the_fault_endpoint_tells(void **state)
{
	struct rig *rig = *state;

	build(rig, 0, 0);
	rig_endpoint(rig, 23, AOS_SOURCE_SOFT);
	assert_int_equal(CALL(OP_FAULT_NEXT, 23), -AOS_EPERM);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 24, AOS_SOURCE_FAULT),
			 -AOS_EBUSY);
}

/* ---- the small operations ---- */

static void log_ends_at_nul(void **state)
{
	struct rig *rig = *state;

	CALL(OP_LOG, AOS_SLOT_CONSOLE, 0x0000216f6c6c6548);
	assert_string_equal(rig->host.log, "Hello!");
	CALL(OP_LOG, AOS_SLOT_CONSOLE, 0x4141414141414141, 0x4242424242424242, 0x4343434343434343,
	     0x4444444444444444, 0x4545454545454545, 0x4646464646464646);
	assert_string_equal(rig->host.log + 6, "AAAAAAAABBBBBBBBCCCCCCCCDDDDDDDDEEEEEEEEFFFFFFFF");
}

static void doorbell(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(CALL(OP_DOORBELL, AOS_SLOT_CHANNEL0 + 1), 0);
	assert_int_equal(rig->host.doorbells[0], 0);
	assert_int_equal(rig->host.doorbells[1], 1);
}

static void halt(void **state)
{
	struct rig *rig = *state;

	CALL(OP_HALT, AOS_SLOT_FACTORY, 0x1234);
	assert_true(rig->host.halted);
	assert_int_equal(rig->host.status, 0x34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(call_and_return), RIG_TEST(call_oneself), RIG_TEST(callers_are_named),
		RIG_TEST(errors_pass_through),
		RIG_TEST(nesting_ends), RIG_TEST(return_without_a_call),
		RIG_TEST(entries_are_in_user_space), RIG_TEST(stopped),
		RIG_TEST(fault_goes_to_the_caller), RIG_TEST(fault_stops_whoever_asked_for_it),
		RIG_TEST(fault_unwinds_one_level), RIG_TEST(fault_unwinds_through_the_stopped),
		RIG_TEST(fault_of_the_last_thread), RIG_TEST(fault_wakes_the_supervisor),
		RIG_TEST(faults_overflow),
		RIG_TEST(fault_indices_wrap), RIG_TEST(only_the_fault_endpoint_tells),
		RIG_TEST(log_ends_at_nul), RIG_TEST(doorbell), RIG_TEST(halt),
	};

	return cmocka_run_group_tests_name("aos invocation", tests, NULL, NULL);
}
