// SPDX-License-Identifier: GPL-2.0-or-later
/* Page faults that become invocations, and memory of the host process. */
#include "aos_test.h"
#include "x86_64/pte.h"

#define CLIENT	20u		/* slots of components: 1 .. 3 by id */
#define PAGER	21u
#define OTHER	22u
#define SCHED	23u
#define VECTORS	24u
#define INVOKE_CLIENT	30u	/* in each component */
#define INVOKE_PAGER	31u
#define INVOKE_OTHER	32u
#define ENTRY(comp)	(IMAGE_COMPONENT_BASE + (comp) * IMAGE_COMPONENT_STRIDE + 0x1000)
#define HOLE	0x200000123450ull
#define PF	VECTOR_PF

/* Loader, a client with a pager, the pager, and one more; the client runs. */
static void build(struct rig *rig, uint32_t client_flags)
{
	rig_comp(rig, CLIENT, client_flags);
	rig_comp(rig, PAGER, 0);
	rig_comp(rig, OTHER, 0);
	for (uint32_t i = 0; i < 3; i++)
		CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_CLIENT + i, CLIENT + i,
		     ENTRY(i + 1));
	for (uint32_t c = CLIENT; c <= OTHER; c++)
		for (uint32_t i = INVOKE_CLIENT; i <= INVOKE_OTHER; i++)
			rig_give(rig, c, i, i);
	assert_int_equal(CALL(OP_COMP_PAGER, CLIENT, INVOKE_PAGER), 0);
	CALL(OP_INVOKE, INVOKE_CLIENT);
}

static uint32_t where(const struct rig *rig)
{
	return rig->aos.current_thread->comp->id;
}

static struct aos_regs fill_registers(struct rig *rig)
{
	struct aos_regs *r = &rig->regs;
	struct aos_regs filled = *r;

	memset(&filled, 0x5e, offsetof(struct aos_regs, orig_ax));
	filled.ip = 0x100040001234ull;
	filled.sp -= 0x128;
	filled.flags = 0x297;
	filled.orig_ax = 0;
	*r = filled;
	return filled;
}

/* As the supervisor does it, who has the capability. */
static void stop(struct rig *rig, uint32_t comp)
{
	comp_stop(&rig->aos, &rig->regs, &rig->aos.comps[comp], -AOS_EHOSTDOWN);
	rig_check(rig);
}

static void the_page_comes(void **state)
{
	struct rig *rig = *state;
	struct aos_regs before;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	before = fill_registers(rig);
	rig_page_fault(rig, HOLE, 4 | 2);
	assert_int_equal(where(rig), 2);
	assert_int_equal(rig->regs.ip, ENTRY(2));
	assert_int_equal(rig->regs.di, HOLE);
	assert_int_equal(rig->regs.si, 6);
	assert_int_equal(rig->regs.ax, 1);	/* who wants it */
	assert_int_equal(rig->regs.dx | rig->regs.r10 | rig->regs.r8 | rig->regs.r9, 0);
	assert_int_equal(rig->regs.bx | rig->regs.bp | rig->regs.r12 | rig->regs.r15, 0);
	assert_int_equal(rig->regs.sp, rig->aos.comps[2].stack_base + AOS_STACK_STRIDE);
	CALL(OP_RETURN, 0, 0, 77);
	before.orig_ax = 6;
	assert_memory_equal(&rig->regs, &before, sizeof(before));
	assert_int_equal(where(rig), 1);
	assert_int_equal(rig->aos.stats.faults, 0);
	assert_int_equal(rig->host.cr3, rig->aos.comps[1].cr3);
}

static void no_page_comes(void **state)
{
	struct rig *rig = *state;
	uint64_t addr = 0;

	build(rig, AOS_COMP_STOP_ON_FAULT);
	rig_page_fault(rig, HOLE, 4);
	CALL(OP_RETURN, 0, -AOS_ENOMEM);
	assert_int_equal(where(rig), 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	assert_int_equal(rig->aos.stats.faults, 1);
	assert_int_equal(fault_next(&rig->aos, &addr), AOS_FAULT_WORD(PF, 1, 0));
	assert_int_equal(addr, HOLE);
	assert_int_equal(rig->aos.comps[1].state, AOS_COMP_STOPPED);
}

/* The fault of the pager is recorded too, and it is the client's. */
static void the_pager_faults(void **state)
{
	struct rig *rig = *state;
	uint64_t addr = 0;

	build(rig, 0);
	rig_page_fault(rig, HOLE, 4);
	rig_fault(rig, 6, 0);
	assert_int_equal(where(rig), 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	assert_int_equal(fault_next(&rig->aos, &addr), AOS_FAULT_WORD(6, 2, 0));
	assert_int_equal(fault_next(&rig->aos, &addr), AOS_FAULT_WORD(PF, 1, 0));
}

/* Neither it nor whom it calls is paged, even by another pager. */
static void no_pager_of_a_pager(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	rig->aos.comps[2].pager = rig->aos.comps[3].pager =
		(struct aos_cap){ .type = CAP_INVOKE, .id = 1, .comp = &rig->aos.comps[1],
				  .entry = ENTRY(1) };
	rig_page_fault(rig, HOLE, 4);
	CALL(OP_INVOKE, INVOKE_OTHER);
	rig_page_fault(rig, HOLE, 4);
	assert_int_equal(where(rig), 2);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
	rig_page_fault(rig, HOLE, 4);
	assert_int_equal(where(rig), 0);
	assert_int_equal(rig->aos.stats.faults, 3);
}

/* A write to what is for reading, or a fetch from data, is never paged. */
static void only_pages_that_are_not_there(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	rig_page_fault(rig, HOLE, PF_PRESENT | 4 | 2);
	assert_int_equal(where(rig), 0);
	assert_int_equal(rig->aos.stats.faults, 1);
	CALL(OP_INVOKE, INVOKE_CLIENT);
	rig_fault(rig, 13, 0);
	assert_int_equal(where(rig), 0);
}

static void a_stopped_pager(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	stop(rig, 2);
	rig_page_fault(rig, HOLE, 4);
	assert_int_equal(where(rig), 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
}

/* The client was stopped while its page was looked for: it does not go on. */
static void the_client_is_stopped(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	rig_page_fault(rig, HOLE, 4);
	stop(rig, 1);
	CALL(OP_RETURN, 0, 0);
	assert_int_equal(where(rig), 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EHOSTDOWN);
	assert_int_equal(rig->aos.stats.faults, 0);
}

/* Somebody further up returns into the stopped pager: unwound, to the client's client. */
static void the_pager_is_stopped(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	rig_page_fault(rig, HOLE, 4);
	CALL(OP_INVOKE, INVOKE_OTHER);
	stop(rig, 2);
	CALL(OP_RETURN, 0, 5);
	assert_int_equal(where(rig), 0);
	assert_int_equal((int64_t)rig->regs.ax, -AOS_EHOSTDOWN);
	assert_int_equal(rig->aos.stats.faults, 1);
}

static void no_room_for_a_pager(void **state)
{
	struct rig *rig = *state;

	build(rig, 0);
	for (uint32_t i = 1; i < AOS_MAX_NESTING; i++)
		CALL(OP_INVOKE, INVOKE_CLIENT);
	assert_ptr_equal(rig->aos.current_thread->top, rig->aos.current_thread->end);
	rig_page_fault(rig, HOLE, 4);
	assert_int_equal(where(rig), 1);
	assert_int_equal(rig->aos.stats.faults, 1);
	rig_page_fault(rig, HOLE, 4);
	assert_int_equal(where(rig), 2);
}

/* An event takes the CPU from a thread in its pager, and gives it back. */
static void preempted_in_the_pager(void **state)
{
	struct rig *rig = *state;
	struct aos_regs before;

	rig_endpoint(rig, 40, AOS_SOURCE_CHANNEL);
	rig_thread(rig, 41, AOS_SLOT_SELF, 0);
	build(rig, 0);
	before = fill_registers(rig);
	rig_page_fault(rig, HOLE, 0);
	rig->aos.endpoints[0].waiter = &rig->aos.threads[1];
	rig->aos.threads[1].state = THREAD_WAITING;
	rig->aos.threads[0].urgency = 9;
	rig_events(rig, HAL_EVENT_CHANNEL(0));
	assert_int_equal(rig_current(rig), 1);
	CALL(OP_EVENT_WAIT, 40);
	assert_int_equal(rig_current(rig), 0);
	assert_int_equal(where(rig), 2);
	CALL(OP_RETURN, 0, 0);
	assert_memory_equal(&rig->regs, &before, sizeof(before));
}

static void who_can_have_a_pager(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, CLIENT, 0);
	rig_comp(rig, SCHED, AOS_COMP_SCHED);
	rig_comp(rig, VECTORS, AOS_COMP_FP);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_CLIENT, CLIENT, ENTRY(1));
	assert_int_equal(CALL(OP_COMP_PAGER, CLIENT, INVOKE_CLIENT), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_PAGER, SCHED, INVOKE_CLIENT), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_PAGER, VECTORS, INVOKE_CLIENT), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_PAGER, CLIENT, AOS_SLOT_CONSOLE), -AOS_ENOENT);
	assert_int_equal(CALL(OP_COMP_PAGER, CLIENT, AOS_CAP_SLOTS), -AOS_ENOENT);
	assert_int_equal(CALL(OP_COMP_PAGER, AOS_SLOT_FACTORY, INVOKE_CLIENT), -AOS_ENOSYS);
	assert_int_equal(CALL(OP_COMP_PAGER, AOS_SLOT_SELF, INVOKE_CLIENT), 0);
	assert_int_equal(rig->aos.comps[0].pager.type, CAP_INVOKE);
	assert_int_equal(CALL(OP_COMP_PAGER, AOS_SLOT_SELF, AOS_SLOT_NONE), 0);
	assert_int_equal(rig->aos.comps[0].pager.type, CAP_NONE);
}

static void parts_of_frames(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(CALL(OP_FRAMES_PART, AOS_SLOT_FRAMES, 50, 100, 20), 0);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 51, 5, 15), 0);
	assert_int_equal(rig->aos.comps[0].caps[51].id, 105);
	assert_int_equal(rig->aos.comps[0].caps[51].entry, 15);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 51, 0, 1), -AOS_EEXIST);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 52, 6, 15), -AOS_EINVAL);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 52, 21, 0), -AOS_EINVAL);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 52, 1, UINT64_MAX), -AOS_EINVAL);
	assert_int_equal(CALL(OP_FRAMES_PART, 50, 52, UINT64_MAX, 1), -AOS_EINVAL);
	assert_int_equal(rig_map(rig, AOS_SLOT_SELF, 51, 14, 0x200000000000ull, 0, 0), 0);
	assert_int_equal(rig->frames[119].maps, 1);
	assert_int_equal(CALL(OP_MAP, AOS_SLOT_SELF, 51, 15, 0x200000001000ull, 0), -AOS_EINVAL);
}

/* ---- host memory ---- */

/* Tables for host memory, and what is there declared. */
static void declare(struct rig *rig, uint32_t comp, uint32_t rights)
{
	assert_int_equal(rig_map(rig, comp, AOS_SLOT_FRAMES, rig->next_frame++,
				 FAKE_HOST_VADDR, AOS_MAP_READ, 0), 0);
	assert_int_equal(CALL(OP_UNMAP, comp, FAKE_HOST_VADDR), 0);
	assert_int_equal(CALL(OP_HOST_RANGE, AOS_SLOT_FACTORY, comp, FAKE_HOST_VADDR,
			      FAKE_HOST_PAGES + 1, rights), 0);
}

static void host_memory_comes(void **state)
{
	struct rig *rig = *state;
	struct test_page page;

	declare(rig, AOS_SLOT_SELF, AOS_MAP_WRITE);
	rig_page_fault(rig, FAKE_HOST_VADDR + 0x1008, 4 | 2);
	assert_true(rig->host.pin_wanted && rig->host.pin_write);
	assert_int_equal(rig->host.pin_vaddr, FAKE_HOST_VADDR + 0x1000);
	rig_host_answers(rig);
	page = test_walk(&rig->host, rig->aos.comps[0].user_cr3, FAKE_HOST_VADDR + 0x1000);
	assert_int_equal(page.pa, FAKE_HOST_PA + 0x1000);
	assert_true(page.write && !page.exec);
	assert_int_equal(rig->aos.comps[0].foreign, 1);
	assert_int_equal(rig->aos.stats.faults, 0);
	assert_int_equal(CALL(OP_UNMAP, AOS_SLOT_SELF, FAKE_HOST_VADDR + 0x1000), 0);
	/* The host has it still. */
	rig_page_fault(rig, FAKE_HOST_VADDR + 0x1008, 4);
	assert_false(rig->host.pin_wanted);
	assert_int_equal(rig->aos.comps[0].foreign, 1);
}

/* Who may read asks for a page to read; that one is no page to write. */
static void host_memory_rights(void **state)
{
	struct rig *rig = *state;

	rig_comp(rig, CLIENT, 0);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_CLIENT, CLIENT, ENTRY(1));
	declare(rig, AOS_SLOT_SELF, AOS_MAP_READ);
	declare(rig, CLIENT, AOS_MAP_WRITE);
	rig_page_fault(rig, FAKE_HOST_VADDR, 4);
	assert_false(rig->host.pin_write);
	rig_host_answers(rig);
	assert_false(test_walk(&rig->host, rig->aos.comps[0].user_cr3, FAKE_HOST_VADDR).write);
	CALL(OP_INVOKE, INVOKE_CLIENT);
	rig_page_fault(rig, FAKE_HOST_VADDR, 4);
	assert_true(rig->host.pin_wanted && rig->host.pin_write);
	rig_host_answers(rig);
	assert_true(test_walk(&rig->host, rig->aos.comps[1].user_cr3, FAKE_HOST_VADDR).write);
}

static void no_host_memory(void **state)
{
	struct rig *rig = *state;
	uint64_t missing = FAKE_HOST_VADDR + FAKE_HOST_PAGES * AOS_PAGE_SIZE;

	rig_comp(rig, CLIENT, 0);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, INVOKE_CLIENT, CLIENT, ENTRY(1));
	declare(rig, CLIENT, AOS_MAP_READ);
	for (uint32_t i = 1; i <= 2; i++) {	/* it is asked each time */
		CALL(OP_INVOKE, INVOKE_CLIENT);
		rig_page_fault(rig, missing, 4);
		assert_true(rig->host.pin_wanted);
		rig_host_answers(rig);
		assert_int_equal((int64_t)rig->regs.ax, -AOS_EFAULT);
		assert_int_equal(rig->aos.stats.faults, i);
	}
	CALL(OP_INVOKE, INVOKE_CLIENT);
	rig_page_fault(rig, FAKE_HOST_VADDR, PF_PRESENT | 4 | 2);
	assert_int_equal(rig->aos.stats.faults, 3);
	CALL(OP_INVOKE, INVOKE_CLIENT);
	rig_page_fault(rig, missing + AOS_PAGE_SIZE, 4);
	rig_page_fault(rig, FAKE_HOST_VADDR - 1, 4);
	assert_false(rig->host.pin_wanted);
}

static void host_range_bounds(void **state)
{
	static const uint64_t bad[][3] = {
		{ 0, 1, 0 }, { 0x1001, 1, 0 }, { AOS_USER_END, 1, 0 }, { 0x1000, 0, 0 },
		{ AOS_USER_END - 0x1000, 2, 0 }, { 0x1000, UINT64_MAX, 0 },
		{ 0x1000, 1, AOS_MAP_EXEC }, { 0x1000, 1, UINT64_MAX }, { 1ull << 63, 1, 0 },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(CALL(OP_HOST_RANGE, AOS_SLOT_FACTORY, AOS_SLOT_SELF, bad[i][0],
				      bad[i][1], bad[i][2]), -AOS_EINVAL);
	assert_int_equal(CALL(OP_HOST_RANGE, AOS_SLOT_FACTORY, AOS_SLOT_CONSOLE, 0x1000, 1, 0),
			 -AOS_ENOENT);
	for (uint32_t i = 0; i < AOS_MAX_HOST_RANGES; i++)
		assert_int_equal(CALL(OP_HOST_RANGE, AOS_SLOT_FACTORY, AOS_SLOT_SELF,
				      AOS_USER_END - 0x1000, 1, 1), 0);
	assert_int_equal(CALL(OP_HOST_RANGE, AOS_SLOT_FACTORY, AOS_SLOT_SELF, 0x1000, 1, 0),
			 -AOS_ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(the_page_comes), RIG_TEST(no_page_comes), RIG_TEST(the_pager_faults),
		RIG_TEST(no_pager_of_a_pager), RIG_TEST(only_pages_that_are_not_there),
		RIG_TEST(a_stopped_pager), RIG_TEST(the_client_is_stopped),
		RIG_TEST(the_pager_is_stopped), RIG_TEST(no_room_for_a_pager),
		RIG_TEST(preempted_in_the_pager), RIG_TEST(who_can_have_a_pager),
		RIG_TEST(parts_of_frames), RIG_TEST(host_memory_comes),
		RIG_TEST(host_memory_rights), RIG_TEST(no_host_memory),
		RIG_TEST(host_range_bounds),
	};

	return cmocka_run_group_tests_name("aos pagers", tests, NULL, NULL);
}
