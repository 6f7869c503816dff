// SPDX-License-Identifier: GPL-2.0-or-later
/* What a component that is stopped, or does not mean well, can do to a thread of others. */
#include "aos_test.h"

#define COMP_A	20u
#define COMP_B	21u
#define INVOKE_A 30u	/* in each component */
#define INVOKE_B 31u
#define ENTRY_A	0x100080001000ull
#define ENTRY_B	0x1000c0001000ull

/* Loader, A and B; each can call A and B. */
static void build(struct rig *rig)
{
	rig_comp(rig, COMP_A, 0);
	rig_comp(rig, COMP_B, 0);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_A, COMP_A, ENTRY_A);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_B, COMP_B, ENTRY_B);
	for (uint32_t c = COMP_A; c <= COMP_B; c++) {
		rig_give(rig, c, INVOKE_A, INVOKE_A);
		rig_give(rig, c, INVOKE_B, INVOKE_B);
	}
}

static void stop(struct rig *rig, uint32_t comp)
{
	comp_stop(&rig->aos, &rig->regs, &rig->aos.comps[comp], -AOS_EHOSTDOWN);
}

/* loader -> A -> B, A is stopped, B returns: A runs no more. */
static void return_to_the_stopped(void **state)
{
	struct rig *rig = *state;
	uint64_t ip = rig->regs.ip, sp = rig->regs.sp;

	build(rig);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_B);
	stop(rig, 1);
	assert_int_equal(CALL(OP_RETURN, 0, 7, 0, 8), -AOS_EHOSTDOWN);
	assert_int_equal(rig->regs.dx, 0);
	assert_int_equal(rig->aos.current_thread->comp->id, 0);
	assert_int_equal(rig->regs.ip, ip);
	assert_int_equal(rig->regs.sp, sp);
	assert_int_equal(rig->host.cr3, rig->aos.comps[0].cr3);
}

static void return_past_several(void **state)
{
	struct rig *rig = *state;

	build(rig);
	CALL(OP_INVOKE, INVOKE_B);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_A);
	CALL(OP_INVOKE, INVOKE_B);
	stop(rig, 1);
	assert_int_equal(CALL(OP_RETURN, 0, 7), -AOS_EHOSTDOWN);
	assert_int_equal(rig->aos.current_thread->comp->id, 2);
	assert_int_equal(CALL(OP_RETURN, 0, 9), 9);
}

/* Nobody on the way runs: the thread ends, as after a fault. */
static void return_to_nobody(void **state)
{
	struct rig *rig = *state;

	build(rig);
	CALL(OP_INVOKE, INVOKE_A);
	stop(rig, 0);
	CALL(OP_RETURN, 0, 7);
	assert_int_equal(rig->aos.threads[0].state, THREAD_EXITED);
	assert_true(rig->host.halted);
}

/* A thread is its own component's to end, not of whom it calls. */
static void a_server_ends_no_client(void **state)
{
	struct rig *rig = *state;

	build(rig);
	CALL(OP_INVOKE, INVOKE_A);
	assert_int_equal(CALL(OP_THREAD_EXIT, 0), -AOS_EPERM);
	assert_int_equal(rig->aos.threads[0].state, THREAD_RUNNABLE);
	assert_int_equal(CALL(OP_RETURN, 0, 7), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(return_to_the_stopped), RIG_TEST(return_past_several),
		RIG_TEST(return_to_nobody), RIG_TEST(a_server_ends_no_client),
	};

	return cmocka_run_group_tests_name("aos containment", tests, NULL, NULL);
}
