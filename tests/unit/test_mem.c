// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory manager's own sources on the AOS kernel's own: what it says is
 * compared with what the CPU would find in each page table.
 */
#include "aos_test.h"
#include "mem/mem.h"
#include "pages.h"

#define FRAMES	96u		/* the manager's */
#define CLIENTS	5u		/* loader, manager, and three that ask */
#define MEM	1u
#define A	2u
#define B	3u
#define C	4u
#define QUOTA_A	20u
#define SLOT_PART 50u
#define SPAN	(512ull * AOS_PAGE_SIZE)

static struct {
	struct rig *rig;
	uint32_t caller, first;
	struct mem_grant grant;
	struct mem_page table[FRAMES];
	struct counter counter[COUNTERS_MAX];
	uint32_t ncounters;
} test;

/* ---- what the component has around it ---- */

const struct mem_grant *mem_granted(void)
{
	return &test.grant;
}

struct mem_page *mem_table(void)
{
	return test.table;
}

static uint8_t *contents(uint32_t i)
{
	return test.rig->host.memory + (size_t)(test.first + i) * AOS_PAGE_SIZE;
}

void mem_zero(uint32_t frame)
{
	assert_int_equal(test.rig->frames[test.first + frame].maps, 0);
	memset(contents(frame), 0, AOS_PAGE_SIZE);
}

int64_t aos_map(uint32_t comp, uint32_t from, uint32_t page, uint64_t vaddr, uint32_t rights,
		uint32_t part, uint64_t *level)
{
	int64_t err = rig_call(test.rig, OP_MAP, comp, from == AOS_SLOT_FRAMES ? SLOT_PART : from,
			       page, vaddr, rights, part, 0);

	*level = test.rig->regs.dx;
	return err;
}

int64_t aos_unmap(uint32_t comp, uint64_t vaddr)
{
	return rig_call(test.rig, OP_UNMAP, comp, vaddr, 0, 0, 0, 0, 0);
}

int64_t aos_pgtbl_add(uint32_t comp, uint32_t frame, uint64_t vaddr, uint32_t level)
{
	return rig_call(test.rig, OP_PGTBL_ADD, comp, SLOT_PART, frame, vaddr, level, 0, 0);
}

uint32_t aos_caller(void)
{
	return test.caller;
}

uint32_t aos_component_id(void)
{
	return MEM;
}

struct counter *aos_counter(const char *name)
{
	for (uint32_t i = 0; i < test.ncounters; i++)
		if (!strcmp(test.counter[i].name, name))
			return &test.counter[i];
	assert_true(test.ncounters < COUNTERS_MAX);
	snprintf(test.counter[test.ncounters].name, COUNTER_NAME_LEN, "%s", name);
	return &test.counter[test.ncounters++];
}

/* ---- the system ---- */

static void describe(uint32_t i, const char *name, uint32_t quota)
{
	struct mem_client *c = &test.grant.client[i];
	uint64_t base = IMAGE_COMPONENT_BASE + i * IMAGE_COMPONENT_STRIDE;

	*c = (struct mem_client){
		.base = base, .heap_vaddr = base + 0x10000, .stack_base = base + IMAGE_STACKS_OFFSET,
		.heap_pages = 1, .heap_max_pages = 5, .stack_pages = 1, .stack_max_pages = 3,
		.threads = 1u << 2, .quota_pages = quota,
	};
	strcpy(c->name, name);
}

static int setup(void **state)
{
	static const char *const names[CLIENTS] = { "loader", "mem", "a", "b", "c" };
	struct rig *rig;

	if (rig_setup_kpti(state))
		return -1;
	rig = *state;
	memset(&test, 0, sizeof(test));
	test.rig = rig;
	for (uint32_t i = 1; i < CLIENTS; i++)
		rig_comp(rig, client_slot(i), 0);
	test.first = RIG_FRAMES - FRAMES;
	assert_int_equal(CALL(OP_FRAMES_PART, AOS_SLOT_FRAMES, SLOT_PART, test.first, FRAMES), 0);
	test.grant.frames = FRAMES;
	test.grant.clients = CLIENTS;
	for (uint32_t i = 0; i < CLIENTS; i++)
		describe(i, names[i], i >= A ? QUOTA_A : 0);
	memset(contents(0), 0xee, FRAMES * AOS_PAGE_SIZE);
	assert_int_equal(mem_start(), 0);
	return 0;
}

static struct test_page seen_by(uint32_t component, uint64_t vaddr)
{
	return test_walk(&test.rig->host, test.rig->aos.comps[component].user_cr3, vaddr);
}

static uint64_t counted(const char *name)
{
	return aos_counter(name)->value;
}

static int64_t as(uint32_t caller, int64_t (*fn)(uint64_t), uint64_t arg)
{
	test.caller = caller;
	return fn(arg);
}

static int64_t fault(uint32_t caller, uint64_t address)
{
	test.caller = caller;
	return mem_page_fault(address, 4);
}

static int64_t share(uint32_t caller, uint32_t with, uint64_t address, uint64_t pages,
		     uint32_t rights)
{
	test.caller = caller;
	return mem_share(with, address, pages, rights);
}

static int64_t revoke(uint32_t caller, uint32_t from, uint64_t address, uint64_t pages)
{
	test.caller = caller;
	return mem_revoke(from, address, pages);
}

/* ---- tests ---- */

static void pages_come_zeroed_and_go(void **state)
{
	uint64_t at = (uint64_t)as(A, mem_alloc, 3);
	uint32_t i = (uint32_t)((at - MEM_POOL_VADDR) / AOS_PAGE_SIZE);

	(void)state;
	for (uint32_t k = 0; k < 3; k++) {
		struct test_page page = seen_by(A, at + k * AOS_PAGE_SIZE);

		assert_int_equal(page.maps_frame, test.first + i + k);
		assert_true(page.write && !page.exec);
		assert_int_equal(contents(i + k)[100], 0);
	}
	assert_int_equal(counted("used.a"), 3);
	assert_int_equal(as(B, mem_free, at), -AOS_ENOENT);
	assert_int_equal(as(A, mem_free, at + AOS_PAGE_SIZE), -AOS_ENOENT);
	assert_int_equal(as(A, mem_free, at), 0);
	assert_false(seen_by(A, at).present);
	assert_int_equal(test.rig->frames[test.first + i].type, FRAME_FREE);
	assert_int_equal(counted("frames_used"), counted("tables"));
	assert_int_equal(as(A, mem_free, at), -AOS_ENOENT);
	assert_int_equal(mem_check(), 0);
}

static void quotas(void **state)
{
	uint64_t at = (uint64_t)as(A, mem_alloc, QUOTA_A);

	(void)state;
	assert_int_equal(as(A, mem_alloc, 1), -AOS_ENOMEM);
	assert_int_equal(as(MEM, mem_alloc, 1), -AOS_ENOMEM);
	assert_int_equal(as(B, mem_alloc, QUOTA_A + 1), -AOS_ENOMEM);
	assert_int_equal(as(B, mem_alloc, UINT64_MAX), -AOS_ENOMEM);
	assert_int_equal(as(B, mem_alloc, 0), -AOS_EINVAL);
	assert_int_equal(as(A, mem_free, at), 0);
	assert_true(as(A, mem_alloc, 1) > 0);
	assert_int_equal(mem_check(), 0);
}

/* Out of frames in the middle of an allocation: nothing stays behind but tables. */
static void out_of_frames(void **state)
{
	int64_t used;

	(void)state;
	test.grant.client[A].quota_pages = test.grant.client[B].quota_pages = 1000;
	assert_int_equal(as(A, mem_alloc, FRAMES + 1), -AOS_ENOMEM);
	assert_int_equal(as(A, mem_alloc, FRAMES), -AOS_ENOMEM);
	assert_int_equal(counted("used.a"), 0);
	assert_true(as(A, mem_alloc, FRAMES - 8) > 0);
	used = (int64_t)counted("frames_used");
	assert_int_equal(as(B, mem_alloc, FRAMES - (uint64_t)used), -AOS_ENOMEM);
	assert_int_equal(counted("used.b"), 0);
	while (!fault(B, test.grant.client[B].heap_vaddr + (counted("grown.b") + 1) * AOS_PAGE_SIZE))
		;
	assert_int_equal(mem_check(), 0);
}

static void sharing(void **state)
{
	uint64_t at = (uint64_t)as(A, mem_alloc, 4), second = at + AOS_PAGE_SIZE;

	(void)state;
	assert_int_equal(share(A, B, second, 2, AOS_MAP_READ), 0);
	assert_true(seen_by(B, second).present && !seen_by(B, second).write);
	assert_int_equal(seen_by(B, second).maps_frame, seen_by(A, second).maps_frame);
	assert_false(seen_by(B, at).present || seen_by(C, second).present);
	assert_int_equal(share(A, B, at, 4, AOS_MAP_WRITE), -AOS_EEXIST);
	assert_false(seen_by(B, at).present);
	assert_true(seen_by(B, second).present);
	assert_int_equal(share(B, C, second, 1, AOS_MAP_READ), -AOS_ENOENT);
	assert_int_equal(revoke(B, A, second, 1), -AOS_ENOENT);
	assert_int_equal(share(A, C, at, 4, AOS_MAP_WRITE), 0);
	assert_true(seen_by(C, second).write);
	assert_int_equal(revoke(A, B, at, 4), 0);
	assert_int_equal(test.rig->host.last_flush, second + AOS_PAGE_SIZE);
	assert_false(seen_by(B, second).present);
	assert_int_equal(as(A, mem_free, at), 0);
	assert_false(seen_by(C, second).present);
	assert_int_equal(mem_check(), 0);
}

static void nonsense(void **state)
{
	static const uint64_t bad[] = { 0, 8, MEM_POOL_VADDR - AOS_PAGE_SIZE, UINT64_MAX,
					MEM_POOL_VADDR + FRAMES * AOS_PAGE_SIZE, 1ull << 63 };
	uint64_t at = (uint64_t)as(A, mem_alloc, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(as(A, mem_free, bad[i]), -AOS_ENOENT);
		assert_int_equal(share(A, B, bad[i], 1, 0), -AOS_ENOENT);
		assert_int_equal(revoke(A, B, bad[i], 1), -AOS_ENOENT);
		assert_int_equal(fault(A, bad[i]), -AOS_EFAULT);
	}
	assert_int_equal(share(A, B, at, 0, 0), -AOS_ENOENT);
	assert_int_equal(share(A, B, at, UINT64_MAX, 0), -AOS_ENOENT);
	assert_int_equal(share(A, B, at, 1, AOS_MAP_EXEC), -AOS_EINVAL);
	assert_int_equal(share(A, A, at, 1, 0), -AOS_ENOENT);
	assert_int_equal(share(A, MEM, at, 1, 0), -AOS_ENOENT);
	assert_int_equal(share(A, 0, at, 1, 0), -AOS_ENOENT);
	assert_int_equal(share(A, CLIENTS, at, 1, 0), -AOS_ENOENT);
	test.caller = A;
	assert_int_equal(mem_start(), -AOS_EPERM);
	assert_int_equal(mem_reclaim(B), -AOS_EPERM);
	test.caller = 0;
	assert_int_equal(mem_reclaim(CLIENTS), -AOS_ENOENT);
	assert_int_equal(mem_find("b"), B);
	assert_int_equal(mem_find("bb"), -AOS_ENOENT);
	assert_int_equal(mem_check(), 0);
}

static void growing(void **state)
{
	const struct mem_client *c = &test.grant.client[A];
	uint64_t top = c->stack_base + 3 * AOS_STACK_STRIDE;

	(void)state;
	assert_int_equal(fault(A, c->heap_vaddr), -AOS_EFAULT);	/* the loader's */
	assert_int_equal(fault(A, c->heap_vaddr + AOS_PAGE_SIZE + 5), 0);
	assert_int_equal(fault(A, c->heap_vaddr + AOS_PAGE_SIZE + 5), 0);
	assert_int_equal(counted("grown.a"), 1);
	assert_int_equal(fault(A, c->heap_vaddr + 4 * AOS_PAGE_SIZE), 0);
	assert_int_equal(fault(A, c->heap_vaddr + 5 * AOS_PAGE_SIZE), -AOS_EFAULT);
	assert_int_equal(fault(A, top - 1), -AOS_EFAULT);
	assert_int_equal(fault(A, top - AOS_PAGE_SIZE - 1), 0);
	assert_int_equal(fault(A, top - 3 * AOS_PAGE_SIZE), 0);
	assert_int_equal(fault(A, top - 3 * AOS_PAGE_SIZE - 1), -AOS_EFAULT);
	assert_int_equal(fault(A, top + AOS_STACK_STRIDE - AOS_PAGE_SIZE - 1), -AOS_EFAULT);
	assert_int_equal(fault(A, c->stack_base + AOS_MAX_THREADS * AOS_STACK_STRIDE), -AOS_EFAULT);
	assert_int_equal(fault(B, c->heap_vaddr + AOS_PAGE_SIZE), -AOS_EFAULT);
	assert_int_equal(counted("grown.a"), 4);
	assert_true(seen_by(A, top - 3 * AOS_PAGE_SIZE).write);
	assert_int_equal(counted("faults_served"), 5);
	assert_int_equal(mem_check(), 0);
}

static void reclaiming(void **state)
{
	const struct mem_client *c = &test.grant.client[A];
	uint64_t mine = (uint64_t)as(A, mem_alloc, 3), other = (uint64_t)as(B, mem_alloc, 1);

	(void)state;
	assert_int_equal(fault(A, c->heap_vaddr + AOS_PAGE_SIZE), 0);
	assert_int_equal(share(A, B, mine, 3, AOS_MAP_WRITE), 0);
	assert_int_equal(share(B, A, other, 1, AOS_MAP_READ), 0);
	test.caller = 0;
	assert_int_equal(mem_reclaim(A), 0);
	assert_int_equal(counted("used.a") + counted("grown.a"), 0);
	assert_false(seen_by(A, c->heap_vaddr + AOS_PAGE_SIZE).present);
	assert_false(seen_by(B, mine).present);
	assert_true(seen_by(A, other).present);
	assert_int_equal(counted("used.b"), 1);
	assert_int_equal(mem_check(), 0);
}

/* A thread of the owner was interrupted in the middle: nobody else comes in. */
static void busy_pages(void **state)
{
	uint64_t at = (uint64_t)as(A, mem_alloc, 2);
	uint32_t i = (uint32_t)((at - MEM_POOL_VADDR) / AOS_PAGE_SIZE) + 1;

	(void)state;
	assert_true(page_take(i, PAGE_ALLOCATED, A));
	assert_int_equal(as(A, mem_free, at), -AOS_EBUSY);
	assert_int_equal(share(A, B, at, 2, 0), -AOS_EBUSY);
	assert_int_equal(mem_check(), 3);	/* the page, the count of a, and of all */
	test.caller = 0;
	assert_int_equal(mem_reclaim(B), 0);
	page_put(i, PAGE_ALLOCATED);
	assert_false(page_take(i, PAGE_ALLOCATED, B));
	assert_int_equal(as(A, mem_free, at), 0);
	assert_int_equal(mem_check(), 0);
}

/* ---- random use, against a model: who sees which page ---- */

static struct {
	uint32_t run[FRAMES];		/* pages of the allocation that begins there */
	uint32_t owner[FRAMES];		/* or 0 */
	uint32_t sees[FRAMES];		/* bit per component */
} model;

static void model_check(void)
{
	for (uint32_t i = 0; i < FRAMES; i++)
		for (uint32_t c = A; c <= C; c++)
			assert_int_equal(seen_by(c, page_address(i)).present,
					 model.sees[i] >> c & 1);
	assert_int_equal(mem_check(), 0);
}

static void play_alloc(uint32_t who, uint32_t pages)
{
	int64_t at = as(who, mem_alloc, pages);
	uint32_t i = (uint32_t)(((uint64_t)at - MEM_POOL_VADDR) / AOS_PAGE_SIZE);

	if (at < 0)
		return;
	model.run[i] = pages;
	for (uint32_t k = i; k < i + pages; k++) {
		assert_int_equal(model.owner[k], 0);
		model.owner[k] = who;
		model.sees[k] = 1u << who;
	}
}

static void play_free(uint32_t who, uint32_t i)
{
	bool good = model.owner[i] == who && model.run[i];

	assert_int_equal(as(who, mem_free, page_address(i)), good ? 0 : -AOS_ENOENT);
	for (uint32_t k = i + model.run[i]; good && k-- > i; )
		model.owner[k] = model.sees[k] = 0;
	if (good)
		model.run[i] = 0;
}

static bool owns(uint32_t who, uint32_t i, uint32_t pages)
{
	for (uint32_t k = i; k < i + pages; k++)
		if (k >= FRAMES || model.owner[k] != who)
			return false;
	return true;
}

static void play_share(uint32_t who, uint32_t with, uint32_t i, uint32_t pages, bool on)
{
	int64_t err = on ? share(who, with, page_address(i), pages, i % 2) :
			   revoke(who, with, page_address(i), pages);
	bool good = who != with && owns(who, i, pages), taken = false;

	for (uint32_t k = i; good && k < i + pages; k++)
		taken |= model.sees[k] >> with & 1;
	if (!good)
		assert_int_equal(err, -AOS_ENOENT);
	else if (on && taken)
		assert_int_equal(err, -AOS_EEXIST);
	else if (on && err)
		assert_int_equal(err, -AOS_ENOMEM);
	else
		assert_int_equal(err, 0);
	for (uint32_t k = i; !err && k < i + pages; k++)
		model.sees[k] = on ? model.sees[k] | 1u << with : model.sees[k] & ~(1u << with);
}

static void random_use(void **state)
{
	struct dice d = { 4711 };

	test.rig->quick = true;
	(void)state;
	memset(&model, 0, sizeof(model));
	for (uint32_t round = 0; round < 3000; round++) {
		uint32_t who = A + dice(&d, 3), i = dice(&d, FRAMES), pages = 1 + dice(&d, 6);

		switch (dice(&d, 6)) {
		case 0: play_alloc(who, pages); break;
		case 1: play_free(who, i); break;
		case 2: play_free(model.owner[i] ? model.owner[i] : who, i); break;
		case 3: play_share(who, A + dice(&d, 3), i, pages, true); break;
		case 4: play_share(who, A + dice(&d, 3), i, pages, false); break;
		case 5: fault(who, test.grant.client[who].heap_vaddr + pages * AOS_PAGE_SIZE);
		}
		if (round % 16 == 0)
			model_check();
	}
	for (uint32_t i = 0; i < FRAMES; i++)
		if (model.run[i])
			play_free(model.owner[i], i);
	model_check();
	rig_check(test.rig);
	assert_int_equal(counted("used.a") + counted("used.b") + counted("used.c"), 0);
	assert_int_equal(counted("frames_used"), counted("tables") + counted("grown.a") +
			 counted("grown.b") + counted("grown.c"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_come_zeroed_and_go), TEST(quotas), TEST(out_of_frames), TEST(sharing),
		TEST(nonsense), TEST(growing), TEST(reclaiming), TEST(busy_pages), TEST(random_use),
	};

	return cmocka_run_group_tests_name("memory manager", tests, NULL, NULL);
}
