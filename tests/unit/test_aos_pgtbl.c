// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames and page tables.  Each result is looked at the way the CPU does,
 * from CR3 (test_walk), and the rig's invariants count every mapping.
 */
#include "aos_test.h"

#define COMP	20u
#define COMP2	21u
#define SOME	0x200000000000ull	/* no table there yet */
#define LAST	(AOS_USER_END - AOS_PAGE_SIZE)
#define SELF	AOS_SLOT_SELF
#define FRAMES	AOS_SLOT_FRAMES

static int64_t map(struct rig *rig, uint64_t page, uint64_t vaddr, uint32_t rights)
{
	return rig_map(rig, SELF, FRAMES, page, vaddr, rights, 0);
}

static struct test_page page_at(struct rig *rig, uint64_t vaddr)
{
	return test_walk(&rig->host, rig->aos.comps[0].user_cr3, vaddr);
}

static uint32_t fresh(struct rig *rig)
{
	return rig->next_frame++;
}

/* ---- rights ---- */

static void rights(void **state)
{
	struct rig *rig = *state;
	uint32_t frame = fresh(rig);

	for (uint32_t r = AOS_MAP_READ; r <= AOS_MAP_EXEC; r++) {
		uint64_t vaddr = SOME + r * AOS_PAGE_SIZE;
		struct test_page page;

		assert_int_equal(map(rig, frame, vaddr, r), 0);
		page = page_at(rig, vaddr);
		assert_int_equal(page.maps_frame, frame);
		assert_true(page.user);
		assert_int_equal(page.write, r == AOS_MAP_WRITE);
		assert_int_equal(page.exec, r == AOS_MAP_EXEC);
	}
	assert_int_equal(rig->frames[frame].maps, 3);
}

static void no_other_rights(void **state)
{
	static const uint64_t bad[] = { AOS_MAP_WRITE | AOS_MAP_EXEC, 4, UINT32_MAX, 1ull << 32,
					UINT64_MAX };
	struct rig *rig = *state;
	uint32_t frame = fresh(rig);

	assert_int_equal(map(rig, frame, SOME, AOS_MAP_READ), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(CALL(OP_MAP, SELF, FRAMES, frame, SOME + 4096, bad[i]), -AOS_EINVAL);
		assert_int_equal(CALL(OP_MAP, SELF, AOS_SLOT_CHANNEL0, 0, SOME + 4096, bad[i],
				      RING_PART_TX), -AOS_EINVAL);
	}
	assert_false(page_at(rig, SOME + 4096).present);
}

/* Where ring 3 has a root of its own, ring 0's shows none of its memory. */
static void roots(void **state)
{
	struct rig *rig = *state;
	const struct aos_comp *comp = &rig->aos.comps[0];

	assert_int_equal(comp->user_cr3 - comp->cr3, rig->host.kpti ? AOS_PAGE_SIZE : 0);
	assert_int_equal(map(rig, fresh(rig), SOME, AOS_MAP_WRITE), 0);
	assert_true(test_walk(&rig->host, comp->user_cr3, SOME).present);
	assert_int_equal(test_walk(&rig->host, comp->cr3, SOME).present, !rig->host.kpti);
}

/* ---- addresses ---- */

static void impossible_addresses(void **state)
{
	static const uint64_t bad[] = {
		0, 1, 4095, SOME + 1, SOME + 2048, AOS_USER_END, AOS_USER_END + 4096,
		1ull << 47, 1ull << 48, (1ull << 48) | SOME, 0xffff800000000000ull,
		0xffffffff80000000ull, 0xfffffffffffff000ull, UINT64_MAX,
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(CALL(OP_MAP, SELF, FRAMES, fresh(rig), bad[i], 0), -AOS_EINVAL);
		assert_int_equal(CALL(OP_MAP, SELF, AOS_SLOT_CHANNEL0, 0, bad[i], 0), -AOS_EINVAL);
		assert_int_equal(CALL(OP_UNMAP, SELF, bad[i]), -AOS_EINVAL);
		for (uint32_t level = 1; level <= 3; level++)
			assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, rig->next_frame, bad[i],
					      level), -AOS_EINVAL);
	}
}

static void first_and_last_page(void **state)
{
	struct rig *rig = *state;
	uint32_t first = fresh(rig), last = fresh(rig);

	assert_int_equal(map(rig, first, AOS_PAGE_SIZE, AOS_MAP_WRITE), 0);
	assert_int_equal(map(rig, last, LAST, AOS_MAP_WRITE), 0);
	assert_int_equal(page_at(rig, AOS_PAGE_SIZE).maps_frame, first);
	assert_int_equal(page_at(rig, LAST).maps_frame, last);
	assert_false(page_at(rig, 0).present);
	assert_false(page_at(rig, LAST + AOS_PAGE_SIZE).present);
}

/* ---- tables ---- */

static void missing_levels_are_named(void **state)
{
	struct rig *rig = *state;
	uint32_t frame = fresh(rig);

	for (uint64_t level = 3; level >= 1; level--) {
		assert_int_equal(CALL(OP_MAP, SELF, FRAMES, frame, SOME, 0), -AOS_ENOENT);
		assert_int_equal(rig->regs.dx, level);
		if (level > 1)
			assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, rig->next_frame, SOME,
					      level - 1), -AOS_ENOENT);
		assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, fresh(rig), SOME, level), 0);
		assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, rig->next_frame, SOME, level),
				 -AOS_EEXIST);
	}
	assert_int_equal(CALL(OP_MAP, SELF, FRAMES, frame, SOME, 0), 0);
	assert_int_equal(rig->regs.dx, 0);
	assert_int_equal(CALL(OP_UNMAP, SELF, SOME + (1ull << 39)), -AOS_ENOENT);
}

static void no_other_levels(void **state)
{
	static const uint64_t bad[] = { 0, 4, 5, 64, UINT32_MAX, (1ull << 32) + 3, UINT64_MAX };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, rig->next_frame, SOME, bad[i]),
				 -AOS_EINVAL);
}

/* A table starts empty whatever its frame held. */
static void tables_start_empty(void **state)
{
	struct rig *rig = *state;
	uint32_t frames[3];

	for (uint32_t i = 0; i < 3; i++) {
		frames[i] = fresh(rig);
		memset(rig->host.memory + (size_t)frames[i] * AOS_PAGE_SIZE, 0xff, AOS_PAGE_SIZE);
		assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, frames[i], SOME, 3 - i), 0);
	}
	assert_false(page_at(rig, SOME).present);
}

static void a_table_comes_from_a_free_frame(void **state)
{
	struct rig *rig = *state;
	uint32_t used = fresh(rig);
	uint32_t root = rig->aos.comps[0].root;

	assert_int_equal(map(rig, used, SOME, AOS_MAP_READ), 0);
	assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, used, SOME + (1ull << 39), 3), -AOS_EBUSY);
	assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, root, SOME + (1ull << 39), 3), -AOS_EBUSY);
	assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, root + 2, SOME + (1ull << 39), 3),
			 -AOS_EBUSY);
	assert_int_equal(CALL(OP_PGTBL_ADD, SELF, FRAMES, RIG_FRAMES, SOME + (1ull << 39), 3),
			 -AOS_EINVAL);
}

/* ---- types never mix ---- */

static void kernel_frames_cannot_be_mapped(void **state)
{
	struct rig *rig = *state;
	uint32_t mapped = fresh(rig);
	uint64_t vaddr = SOME + AOS_PAGE_SIZE;

	rig_comp(rig, COMP, 0);
	assert_int_equal(map(rig, mapped, SOME, AOS_MAP_READ), 0);
	for (uint32_t f = 0; f < RIG_FRAMES; f++) {
		uint32_t type = rig->frames[f].type;
		int64_t err;

		if (type != FRAME_PGTBL && type != FRAME_CAPTABLE)
			continue;
		for (uint32_t r = AOS_MAP_READ; r <= AOS_MAP_EXEC; r++) {
			err = CALL(OP_MAP, SELF, FRAMES, f, vaddr, r);
			assert_int_equal(err, -AOS_EBUSY);
		}
		assert_int_equal(rig->frames[f].maps, 0);
	}
}

static int64_t create(struct rig *rig, uint64_t root, uint64_t captable)
{
	return CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, COMP2, FRAMES, root, captable,
		    IMAGE_COMPONENT_BASE + 5 * IMAGE_COMPONENT_STRIDE, 0);
}

static void components_take_free_frames_only(void **state)
{
	struct rig *rig = *state;
	uint32_t pair = (rig->next_frame + 1) & ~1u;
	uint32_t root = rig->aos.comps[0].root;

	rig->next_frame = pair + 10;
	assert_int_equal(create(rig, pair + 1, pair + 4), -AOS_EBUSY);
	assert_int_equal(create(rig, pair, pair), -AOS_EBUSY);
	assert_int_equal(create(rig, pair, pair + 1), -AOS_EBUSY);
	assert_int_equal(create(rig, root, pair), -AOS_EBUSY);
	assert_int_equal(create(rig, pair, root), -AOS_EBUSY);
	assert_int_equal(create(rig, pair, root + 2), -AOS_EBUSY);
	assert_int_equal(map(rig, pair + 1, SOME, AOS_MAP_WRITE), 0);
	assert_int_equal(create(rig, pair, pair + 4), -AOS_EBUSY);
	assert_int_equal(create(rig, pair + 2, pair + 1), -AOS_EBUSY);
	assert_int_equal(create(rig, RIG_FRAMES, pair), -AOS_EINVAL);
	assert_int_equal(create(rig, RIG_FRAMES - 1, pair), -AOS_EINVAL);
	assert_int_equal(create(rig, UINT64_MAX, pair), -AOS_EINVAL);
	assert_int_equal(create(rig, pair + 2, RIG_FRAMES), -AOS_EINVAL);
	/* A refusal took nothing: the same frames serve a good request. */
	assert_int_equal(create(rig, pair + 2, pair + 4), 1);
	assert_int_equal(rig->frames[pair + 4].type, FRAME_CAPTABLE);
}

/* Whatever its frames held: no memory, no capability. */
static void components_start_empty(void **state)
{
	struct rig *rig = *state;
	uint32_t pair = (rig->next_frame + 1) & ~1u;

	memset(rig->host.memory + (size_t)pair * AOS_PAGE_SIZE, 0xff, 3 * AOS_PAGE_SIZE);
	assert_int_equal(create(rig, pair, pair + 2), 1);
	for (uint32_t i = 0; i < AOS_CAP_SLOTS; i++)
		assert_int_equal(rig->aos.comps[1].caps[i].type, CAP_NONE);
}

static void stacks_must_fit(void **state)
{
	static const uint64_t bad[] = { 0, 4096, IMAGE_COMPONENT_BASE + 4096, AOS_USER_END,
					0x7fffffff0000ull, 0x7ffffff00000ull, 1ull << 48,
					0 - AOS_STACK_STRIDE };
	struct rig *rig = *state;
	uint32_t pair = (rig->next_frame + 1) & ~1u;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, COMP2, FRAMES, pair,
				      pair + 2, bad[i], 0), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, COMP2, FRAMES, pair, pair + 2,
			      TEST_STACK_BASE, 1u << 31), -AOS_EINVAL);
	assert_int_equal(CALL(OP_COMP_CREATE, AOS_SLOT_FACTORY, COMP2, FRAMES, pair, pair + 2,
			      TEST_STACK_BASE, 1ull << 32), -AOS_EINVAL);
	assert_int_equal(rig->aos.ncomps, 1);
}

static void components_run_out(void **state)
{
	struct rig *rig = *state;

	for (uint32_t i = 1; i < AOS_MAX_COMPONENTS; i++)
		rig_comp(rig, 30 + i, 0);
	assert_int_equal(create(rig, (rig->next_frame + 1) & ~1u, rig->next_frame + 5),
			 -AOS_ENOMEM);
}

/* ---- mapping twice, unmapping, counting ---- */

static void an_address_is_taken_once(void **state)
{
	struct rig *rig = *state;
	uint32_t frame = fresh(rig), other = fresh(rig);

	assert_int_equal(map(rig, frame, SOME, AOS_MAP_READ), 0);
	assert_int_equal(map(rig, frame, SOME, AOS_MAP_WRITE), -AOS_EEXIST);
	assert_int_equal(map(rig, other, SOME, AOS_MAP_READ), -AOS_EEXIST);
	assert_int_equal(CALL(OP_MAP, SELF, AOS_SLOT_CHANNEL0, 0, SOME, 0), -AOS_EEXIST);
	assert_int_equal(rig->frames[other].type, FRAME_FREE);
	assert_false(page_at(rig, SOME).write);
}

static void unmap_frees(void **state)
{
	struct rig *rig = *state;
	uint32_t frame = fresh(rig);

	rig_comp(rig, COMP, 0);
	assert_int_equal(map(rig, frame, SOME, AOS_MAP_WRITE), 0);
	assert_int_equal(rig_map(rig, COMP, FRAMES, frame, SOME, AOS_MAP_READ, 0), 0);
	assert_int_equal(CALL(OP_UNMAP, SELF, SOME), 0);
	assert_int_equal(rig->host.last_flush, SOME);
	assert_int_equal(rig->frames[frame].type, FRAME_USER);
	assert_int_equal(CALL(OP_UNMAP, SELF, SOME), -AOS_ENOENT);
	assert_int_equal(CALL(OP_UNMAP, COMP, SOME), 0);
	assert_int_equal(rig->frames[frame].type, FRAME_FREE);
	assert_int_equal(CALL(OP_PGTBL_ADD, COMP, FRAMES, frame, SOME + (1ull << 39), 3), 0);
}

/* The count of mappings cannot wrap to "free". */
static void a_frame_has_a_last_mapping(void **state)
{
	struct rig *rig = *state;
	uint32_t frame = fresh(rig);

	assert_int_equal(map(rig, frame, SOME, AOS_MAP_READ), 0);
	rig->frames[frame].maps = UINT16_MAX;
	assert_int_equal(pgtbl_map_frame(&rig->aos, &rig->aos.comps[0], frame, SOME + 4096,
					 AOS_MAP_READ, &(uint32_t){ 0 }), -AOS_EBUSY);
	assert_int_equal(rig->frames[frame].maps, UINT16_MAX);
	rig->frames[frame].maps = 1;
}

static void unmapping_flushes_whoever_runs(void **state)
{
	struct rig *rig = *state;
	uint32_t flushes;

	rig_comp(rig, COMP, 0);
	assert_int_equal(rig_map(rig, COMP, FRAMES, fresh(rig), SOME, AOS_MAP_READ, 0), 0);
	flushes = rig->host.flushes;
	assert_int_equal(CALL(OP_UNMAP, COMP, SOME), 0);
	assert_int_equal(rig->host.flushes, flushes + 1);
	assert_int_equal(rig->host.last_flush, SOME);
}

static void frames_outside(void **state)
{
	static const uint64_t bad[] = { RIG_FRAMES, RIG_FRAMES + 1, UINT32_MAX, 1ull << 32,
					UINT64_MAX };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(map(rig, bad[i], SOME, AOS_MAP_READ), -AOS_EINVAL);
	assert_int_equal(rig_map(rig, SELF, AOS_SLOT_CONSOLE, 0, SOME, 0, 0), -AOS_ENOENT);
}

/* ---- channels ---- */

static void channel_pages(void **state)
{
	struct rig *rig = *state;
	uint32_t slot = AOS_SLOT_CHANNEL0;

	assert_int_equal(rig_map(rig, SELF, slot, 0, SOME, AOS_MAP_READ, RING_PART_HOST), 0);
	assert_int_equal(rig_map(rig, SELF, slot, 0, SOME + 4096, AOS_MAP_WRITE, RING_PART_CTRL), 0);
	assert_int_equal(rig_map(rig, SELF, slot, 3, SOME + 8192, AOS_MAP_WRITE, RING_PART_TX), 0);
	assert_true(page_at(rig, SOME + 4096).write);
	assert_false(page_at(rig, SOME + 4096).exec);
	assert_int_equal(page_at(rig, SOME).pa, FAKE_CHANNEL_PA);
	for (uint64_t vaddr = SOME; vaddr < SOME + 3 * 4096; vaddr += 4096)
		assert_int_equal(CALL(OP_UNMAP, SELF, vaddr), 0);
}

/* What the host writes is for reading, and nothing there is code. */
static void channel_rights(void **state)
{
	struct rig *rig = *state;
	uint32_t slot = AOS_SLOT_CHANNEL0;

	assert_int_equal(CALL(OP_MAP, SELF, slot, 0, SOME, AOS_MAP_WRITE, RING_PART_HOST),
			 -AOS_EPERM);
	for (uint32_t part = 0; part < RING_PARTS; part++)
		assert_int_equal(CALL(OP_MAP, SELF, slot, 0, SOME, AOS_MAP_EXEC, part), -AOS_EPERM);
}

static void channel_bounds(void **state)
{
	struct rig *rig = *state;
	uint32_t slot = AOS_SLOT_CHANNEL0;

	assert_int_equal(CALL(OP_MAP, SELF, slot, 0, SOME, 0, RING_PARTS), -AOS_EINVAL);
	assert_int_equal(CALL(OP_MAP, SELF, slot, 0, SOME, 0, UINT64_MAX), -AOS_EINVAL);
	assert_int_equal(CALL(OP_MAP, SELF, slot, 1ull << 32, SOME, 0, 0), -AOS_EINVAL);
	assert_int_equal(CALL(OP_MAP, SELF, slot, FAKE_CHANNEL_PAGES, SOME, 0, 0), -AOS_ENOENT);
	assert_int_equal(rig->regs.dx, 0);
	assert_int_equal(CALL(OP_MAP, SELF, slot + FAKE_CHANNELS, 0, SOME, 0, 0), -AOS_ENOENT);
}

/* Random mapping and unmapping in two components, against two arrays. */
#define AREA	64u	/* pages */

static void random_mapping(void **state)
{
	struct rig *rig = *state;
	struct dice d = { 77 };
	uint32_t slots[2] = { SELF, COMP };
	uint32_t model[2][AREA] = { { 0 } };	/* frame + 1 */

	rig_comp(rig, COMP, 0);
	for (uint32_t round = 0; round < 3000; round++) {
		uint32_t comp = dice(&d, 2), page = dice(&d, AREA);
		uint32_t frame = RIG_FRAMES - 1 - dice(&d, 40);
		/* Over the end of a level-1 table, so that several are needed. */
		uint64_t vaddr = SOME + (480 + page) * AOS_PAGE_SIZE;
		uint32_t *m = &model[comp][page];

		if (dice(&d, 2)) {
			int64_t err = rig_map(rig, slots[comp], FRAMES, frame, vaddr, dice(&d, 3), 0);

			assert_int_equal(err, *m ? -AOS_EEXIST : 0);
			if (!err)
				*m = frame + 1;
		} else {
			assert_int_equal(CALL(OP_UNMAP, slots[comp], vaddr), *m ? 0 : -AOS_ENOENT);
			*m = 0;
		}
		assert_int_equal(test_walk(&rig->host, rig->aos.comps[comp].user_cr3, vaddr).maps_frame,
				 *m ? *m - 1 : UINT32_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(rights), RIG_TEST(no_other_rights), RIG_TEST(roots),
		RIG_TEST(impossible_addresses), RIG_TEST(first_and_last_page),
		RIG_TEST(missing_levels_are_named), RIG_TEST(no_other_levels),
		RIG_TEST(tables_start_empty), RIG_TEST(a_table_comes_from_a_free_frame),
		RIG_TEST(kernel_frames_cannot_be_mapped),
		RIG_TEST(components_take_free_frames_only), RIG_TEST(components_start_empty),
		RIG_TEST(stacks_must_fit),
		RIG_TEST(components_run_out), RIG_TEST(an_address_is_taken_once),
		RIG_TEST(unmap_frees), RIG_TEST(a_frame_has_a_last_mapping),
		RIG_TEST(unmapping_flushes_whoever_runs), RIG_TEST(frames_outside),
		RIG_TEST(channel_pages), RIG_TEST(channel_rights), RIG_TEST(channel_bounds),
		RIG_TEST(random_mapping),
	};

	return cmocka_run_group_tests_name("aos page tables", tests, NULL, NULL);
}
