// SPDX-License-Identifier: GPL-2.0-or-later
/* The scheduler's own event, arriving while another thread is in the scheduler. */
#include "aos_test.h"

#define SCHED		20u	/* component */
#define S		21u	/* its thread */
#define T		22u	/* another thread */
#define EVENTS		23u	/* the scheduler's endpoint */
#define PACKETS		24u
#define INVOKE_SCHED	25u
#define SCHED_ENTRY	0x100080001000ull

/* S waits for events and T for packets, the loader's thread is in the scheduler. */
static void build(struct rig *rig)
{
	rig_comp(rig, SCHED, AOS_COMP_SCHED);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_SCHED, SCHED, SCHED_ENTRY);
	rig_endpoint(rig, EVENTS, AOS_SOURCE_SCHED);
	rig_endpoint(rig, PACKETS, AOS_SOURCE_CHANNEL);
	rig_thread(rig, S, SCHED, 0);
	rig_thread(rig, T, AOS_SLOT_SELF, 1);
	for (uint32_t slot = S; slot <= EVENTS; slot++)
		rig_give(rig, SCHED, slot, slot);
	rig_give(rig, SCHED, AOS_SLOT_SELF_THREAD, AOS_SLOT_SELF_THREAD);

	CALL(OP_THREAD_SWITCH, T);
	CALL(OP_EVENT_WAIT, PACKETS);
	if (rig_current(rig) == 0)
		CALL(OP_THREAD_SWITCH, S);
	while (CALL(OP_SCHED_NOTICE, EVENTS) >= 0)
		;
	CALL(OP_EVENT_WAIT, EVENTS, 0, AOS_SLOT_SELF_THREAD);
	assert_int_equal(rig_current(rig), 0);
	CALL(OP_INVOKE, INVOKE_SCHED);
}

/* It takes notices, and those are not all that had to wait for it. */
static void event_outlives_notices(void **state)
{
	struct rig *rig = *state;

	build(rig);
	rig_events(rig, HAL_EVENT_CHANNEL(0));
	CALL(OP_EVENT_SIGNAL, EVENTS);
	assert_int_equal(rig_current(rig), 0);
	while (CALL(OP_SCHED_NOTICE, EVENTS) >= 0)
		;
	CALL(OP_RETURN, 0, 5);
	assert_int_equal(rig_current(rig), 1);
	assert_int_equal(rig->regs.ax, 1);
	assert_int_equal(rig_thread_regs(rig, 0)->ax, 5);
}

/* Without one nothing happens at the section's end. */
static void notices_alone_end_there(void **state)
{
	struct rig *rig = *state;

	build(rig);
	rig_events(rig, HAL_EVENT_CHANNEL(0));
	while (CALL(OP_SCHED_NOTICE, EVENTS) >= 0)
		;
	CALL(OP_RETURN, 0, 5);
	assert_int_equal(rig_current(rig), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(event_outlives_notices), RIG_TEST(notices_alone_end_there),
	};

	return cmocka_run_group_tests_name("aos scheduler section", tests, NULL, NULL);
}
