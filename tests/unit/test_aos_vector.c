// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vector registers.  The rig plays ring 3: where there are any it leaves a new
 * value in them at each step and fails if it does not find it again, and
 * elsewhere it fails if it finds one.  What is tested here is that the steps
 * are taken, and what keeps the fast path out.
 */
#include "aos_test.h"

#define C_FP	20u
#define C_PLAIN	21u
#define T_FP	22u
#define E_FP	23u
#define INVOKE_FP 30u		/* in each component */
#define INVOKE_PLAIN 31u
#define ENTRY 0x100080001000ull

static void build(struct rig *rig)
{
	rig_comp(rig, C_FP, AOS_COMP_FP);
	rig_comp(rig, C_PLAIN, 0);
	rig_endpoint(rig, E_FP, AOS_SOURCE_CHANNEL);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_FP, C_FP, ENTRY);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_PLAIN, C_PLAIN, ENTRY);
	for (uint32_t c = C_FP; c <= C_PLAIN; c++) {
		rig_give(rig, c, INVOKE_FP, INVOKE_FP);
		rig_give(rig, c, INVOKE_PLAIN, INVOKE_PLAIN);
		rig_give(rig, c, E_FP, E_FP);
	}
}

/* What entry.S looks at, as it does: one word each. */
static bool fast_call(const struct rig *rig, uint32_t slot)
{
	const struct aos_thread *t = rig->aos.current_thread;
	uint32_t word;

	memcpy(&word, &t->comp->caps[slot].comp->state, sizeof(word));
	return t->top != t->end && !word;
}

static bool fast_return(const struct rig *rig)
{
	const struct aos_thread *t = rig->aos.current_thread;
	uint32_t defer, word;

	memcpy(&defer, &rig->aos.defer, sizeof(defer));
	memcpy(&word, &t->top[-1].comp->state, sizeof(word));
	return !defer && !word;
}

static void calls_start_anew(void **state)
{
	struct rig *rig = *state;

	build(rig);
	assert_int_equal(rig->host.vectors, 0);
	CALL(OP_INVOKE, INVOKE_FP);
	assert_int_not_equal(rig->host.vectors, 0);
	CALL(OP_NULL, 0);
	CALL(OP_INVOKE, INVOKE_PLAIN);
	assert_int_equal(rig->host.vectors, 0);
	CALL(OP_INVOKE, INVOKE_FP);
	CALL(OP_INVOKE, INVOKE_FP);
	CALL(OP_RETURN, 0);
	CALL(OP_RETURN, 0);
	assert_int_equal(rig->host.vectors, 0);
	CALL(OP_RETURN, 0);
	assert_int_not_equal(rig->host.vectors, 0);
	rig_fault(rig, 6, 0);
	assert_int_equal(rig->host.vectors, 0);
}

static void the_fast_path_stays_out(void **state)
{
	struct rig *rig = *state;

	build(rig);
	assert_false(fast_call(rig, INVOKE_FP));
	assert_true(fast_call(rig, INVOKE_PLAIN));
	CALL(OP_INVOKE, INVOKE_FP);
	assert_false(fast_return(rig));
	assert_false(fast_call(rig, INVOKE_PLAIN));
	CALL(OP_INVOKE, INVOKE_PLAIN);
	assert_false(fast_return(rig));
	assert_true(fast_call(rig, INVOKE_PLAIN));
	CALL(OP_INVOKE, INVOKE_PLAIN);
	assert_true(fast_return(rig));
}

/* The calls out of it are as deep as anybody's. */
static void nesting_ends(void **state)
{
	struct rig *rig = *state;

	build(rig);
	for (uint32_t i = 0; i < AOS_MAX_NESTING; i++)
		CALL(OP_INVOKE, i % 2 ? INVOKE_PLAIN : INVOKE_FP);
	assert_int_equal(CALL(OP_INVOKE, INVOKE_FP), -AOS_EOVERFLOW);
	for (uint32_t i = 0; i < AOS_MAX_NESTING; i++)
		assert_int_equal(CALL(OP_RETURN, 0, i), i);
}

/* A thread of its own against the loader's, by interrupts, in both their visits. */
static void threads_keep_theirs(void **state)
{
	struct rig *rig = *state;
	uint32_t fp;

	build(rig);
	fp = rig_thread(rig, T_FP, C_FP, 0);
	CALL(OP_THREAD_SWITCH, T_FP);
	assert_int_equal(rig_current(rig), fp);
	for (uint32_t i = 0; i < 4; i++) {
		CALL(OP_EVENT_WAIT, E_FP);
		assert_int_not_equal(rig_current(rig), fp);
		if (i == 1)
			CALL(OP_INVOKE, INVOKE_FP);
		if (i == 2)
			CALL(OP_NULL, 0);
		rig_events(rig, HAL_EVENT_CHANNEL(0));
		assert_int_equal(rig_current(rig), fp);
		CALL(OP_NULL, 0);
	}
}

/* Whoever gets the number of a thread that has ended gets nothing else of it. */
static void a_new_thread_finds_nothing(void **state)
{
	struct rig *rig = *state;
	uint32_t first;

	build(rig);
	first = rig_thread(rig, T_FP, C_FP, 0);
	CALL(OP_THREAD_SWITCH, T_FP);
	CALL(OP_NULL, 0);
	assert_int_not_equal(rig->host.vectors, 0);
	CALL(OP_THREAD_EXIT, 0);
	assert_int_equal(rig->host.vectors, 0);
	assert_int_equal(rig->aos.threads[first].state, THREAD_EXITED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(calls_start_anew), RIG_TEST(the_fast_path_stays_out),
		RIG_TEST(nesting_ends), RIG_TEST(threads_keep_theirs),
		RIG_TEST(a_new_thread_finds_nothing),
	};

	return cmocka_run_group_tests_name("aos vector registers", tests, NULL, NULL);
}
