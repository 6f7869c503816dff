// SPDX-License-Identifier: GPL-2.0-or-later
/* Capability tables: what a component can reach by slot number, and what not. */
#include "aos_test.h"

#define COMP	20u	/* a second component */
#define ENDPOINT 21u

static void find_by_slot_and_type(void **state)
{
	struct rig *rig = *state;
	struct aos_comp *loader = &rig->aos.comps[0];

	assert_ptr_equal(cap_lookup(loader, AOS_SLOT_FACTORY, CAP_FACTORY),
			 &loader->caps[AOS_SLOT_FACTORY]);
	for (uint32_t type = CAP_INVOKE; type < CAP_TYPES; type++)
		if (type != CAP_FACTORY)
			assert_null(cap_lookup(loader, AOS_SLOT_FACTORY, type));
}

static void slots_end(void **state)
{
	static const uint64_t bad[] = { AOS_CAP_SLOTS, AOS_CAP_SLOTS + 2, 0xffff, 1ull << 32,
					(1ull << 32) + 2, UINT64_MAX, UINT64_MAX - 127 };
	struct rig *rig = *state;
	struct aos_comp *loader = &rig->aos.comps[0];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (uint32_t type = CAP_NONE; type < CAP_TYPES; type++)
			assert_null(cap_lookup(loader, bad[i], type));
		assert_null(cap_empty(loader, bad[i]));
	}
	assert_non_null(cap_empty(loader, AOS_CAP_SLOTS - 1));
}

static void slot_0_stays_empty(void **state)
{
	struct rig *rig = *state;
	struct aos_comp *loader = &rig->aos.comps[0];

	assert_null(cap_empty(loader, AOS_SLOT_NONE));
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 0, AOS_SOURCE_SOFT),
			 -AOS_EEXIST);
	assert_int_equal(CALL(OP_CAP_COPY, AOS_SLOT_SELF, AOS_SLOT_CONSOLE, 0), -AOS_EEXIST);
	assert_int_equal(CALL(OP_CAP_DROP, AOS_SLOT_SELF, 0), -AOS_ENOENT);
	assert_int_equal(loader->caps[0].type, CAP_NONE);
}

/* The loader starts with everything there is, and nothing else. */
static void loader_starts_with(void **state)
{
	struct rig *rig = *state;
	const struct aos_cap *caps = rig->aos.comps[0].caps;

	assert_int_equal(caps[AOS_SLOT_CONSOLE].type, CAP_CONSOLE);
	assert_int_equal(caps[AOS_SLOT_FRAMES].type, CAP_FRAMES);
	assert_int_equal(caps[AOS_SLOT_FRAMES].entry, RIG_FRAMES);
	assert_int_equal(caps[AOS_SLOT_SELF].type, CAP_COMP);
	assert_int_equal(caps[AOS_SLOT_SELF_THREAD].type, CAP_THREAD);
	for (uint32_t i = 0; i < BOOTINFO_CHANNELS; i++)
		assert_int_equal(caps[AOS_SLOT_CHANNEL0 + i].id, i);
	for (uint32_t i = AOS_SLOT_CHANNEL0 + BOOTINFO_CHANNELS; i < AOS_CAP_SLOTS; i++)
		assert_int_equal(caps[i].type, CAP_NONE);
}

static void a_new_component_has_nothing(void **state)
{
	struct rig *rig = *state;
	uint32_t id = rig_comp(rig, COMP, 0);

	for (uint32_t i = 0; i < AOS_CAP_SLOTS; i++)
		assert_int_equal(rig->aos.comps[id].caps[i].type, CAP_NONE);
}

static void copy_to_another(void **state)
{
	struct rig *rig = *state;
	uint32_t id = rig_comp(rig, COMP, 0);
	const struct aos_cap *its = rig->aos.comps[id].caps;

	rig_endpoint(rig, ENDPOINT, AOS_SOURCE_SOFT);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, ENDPOINT, 33), 0);
	assert_memory_equal(&its[33], &rig->aos.comps[0].caps[ENDPOINT], sizeof(*its));
	assert_int_equal(CALL(OP_CAP_COPY, COMP, ENDPOINT, 33), -AOS_EEXIST);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, 0, 34), -AOS_ENOENT);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, 50, 34), -AOS_ENOENT);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, AOS_CAP_SLOTS, 34), -AOS_EINVAL);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, ENDPOINT, AOS_CAP_SLOTS), -AOS_EEXIST);
	assert_int_equal(its[34].type, CAP_NONE);
}

static void drop(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, COMP, 0);
	rig_endpoint(rig, ENDPOINT, AOS_SOURCE_SOFT);
	rig_give(rig, COMP, ENDPOINT, 33);
	assert_int_equal(CALL(OP_CAP_DROP, COMP, 33), 0);
	assert_int_equal(CALL(OP_CAP_DROP, COMP, 33), -AOS_ENOENT);
	assert_int_equal(CALL(OP_CAP_DROP, COMP, AOS_CAP_SLOTS), -AOS_EINVAL);
	assert_int_equal(CALL(OP_CAP_COPY, COMP, ENDPOINT, 33), 0);
}

/* A component may give itself up entirely; then nothing works any more. */
static void drop_all_of_ones_own(void **state)
{
	struct rig *rig = *state;

	for (uint32_t i = 1; i < AOS_CAP_SLOTS; i++)
		if (i != AOS_SLOT_SELF)
			CALL(OP_CAP_DROP, AOS_SLOT_SELF, i);
	assert_int_equal(CALL(OP_CAP_DROP, AOS_SLOT_SELF, AOS_SLOT_SELF), 0);
	assert_int_equal(CALL(OP_CAP_DROP, AOS_SLOT_SELF, AOS_SLOT_SELF), -AOS_ENOENT);
	assert_int_equal(CALL(OP_LOG, AOS_SLOT_CONSOLE, 0x6f6c6c6568), -AOS_ENOENT);
	assert_int_equal(CALL(OP_NULL, 0), 0);
}

static void wrong_type_or_empty(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(CALL(OP_INVOKE, AOS_SLOT_FACTORY), -AOS_ENOSYS);
	assert_int_equal(CALL(OP_EVENT_WAIT, AOS_SLOT_SELF), -AOS_ENOSYS);
	assert_int_equal(CALL(OP_INVOKE, 50), -AOS_ENOENT);
	assert_int_equal(CALL(OP_INVOKE, AOS_CAP_SLOTS), -AOS_ENOENT);
	assert_int_equal(CALL(OP_INVOKE, 0xffff), -AOS_ENOENT);
	assert_int_equal(CALL(OP_COUNT, AOS_SLOT_FACTORY), -AOS_ENOSYS);
	assert_int_equal(CALL(0xff, AOS_SLOT_FACTORY), -AOS_ENOSYS);
}

static void objects_of_no_component(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, 30, COMP, TEST_CODE_VADDR, 0, 5),
			 -AOS_ENOENT);
	assert_int_equal(CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, 30, COMP, TEST_CODE_VADDR),
			 -AOS_ENOENT);
	assert_int_equal(CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, 30, ENDPOINT), -AOS_ENOENT);
}

static void creation_needs_an_empty_slot(void **state)
{
	struct rig *rig = *state;
	uint32_t pair = (rig->next_frame + 1) & ~1u, taken = AOS_SLOT_CONSOLE;

	rig_comp(rig, COMP, 0);
	rig_endpoint(rig, ENDPOINT, AOS_SOURCE_SOFT);
	pair += 4;
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, taken, AOS_SLOT_FRAMES, pair,
				      pair + 2, TEST_STACK_BASE, 0), -AOS_EEXIST);
		assert_int_equal(CALL(OP_THREAD_CREATE, AOS_SLOT_FACTORY, taken, COMP,
				      TEST_CODE_VADDR, 0, 5), -AOS_EEXIST);
		assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, taken, 0), -AOS_EEXIST);
		assert_int_equal(CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, taken, ENDPOINT),
				 -AOS_EEXIST);
		assert_int_equal(CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, taken, COMP,
				      TEST_CODE_VADDR), -AOS_EEXIST);
		taken = AOS_CAP_SLOTS;
	}
	assert_int_equal(rig->aos.ncomps, 2);
	assert_int_equal(rig->aos.threads[1].state, THREAD_FREE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(find_by_slot_and_type),
		RIG_TEST(slots_end),
		RIG_TEST(slot_0_stays_empty),
		RIG_TEST(loader_starts_with),
		RIG_TEST(a_new_component_has_nothing),
		RIG_TEST(copy_to_another),
		RIG_TEST(drop),
		RIG_TEST(drop_all_of_ones_own),
		RIG_TEST(wrong_type_or_empty),
		RIG_TEST(objects_of_no_component), RIG_TEST(creation_needs_an_empty_slot),
	};

	return cmocka_run_group_tests_name("aos cap", tests, NULL, NULL);
}
