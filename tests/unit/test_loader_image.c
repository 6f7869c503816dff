// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader's own check of the boot image: a sound one is taken, each way to
 * spoil an entry is refused with its table and index, and no image, however
 * damaged, makes the check read outside of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/bootinfo.h"
#include "abi/histogram.h"
#include "abi/ring.h"
#include "abi/syscall.h"
#include "image.h"

enum { LOADER, SCHED, APP, COMPONENTS };
#define CODE(i) (IMAGE_COMPONENT_BASE + (i) * IMAGE_COMPONENT_STRIDE)

/* A small system: the loader and app invoke sched; app has a channel. */
struct sample {
	struct image_header h;
	struct image_component c[COMPONENTS];
	struct image_segment seg[COMPONENTS];
	struct image_cap cap[6];
	struct image_region region[2];
	struct image_map map[2];
	struct image_thread thread[3];
	struct image_channel channel[1];
	char strings[8];
} __attribute__((aligned(4096)));

static const struct sample sound = {
	.h = {
		.magic = IMAGE_MAGIC, .revision = IMAGE_REVISION, .size = sizeof(struct sample),
#define TABLE(field) { offsetof(struct sample, field), \
		       sizeof(((struct sample *)0)->field) / sizeof(((struct sample *)0)->field[0]) }
		.components = TABLE(c), .segments = TABLE(seg), .caps = TABLE(cap),
		.regions = TABLE(region), .maps = TABLE(map), .threads = TABLE(thread),
		.channels = TABLE(channel), .strings = TABLE(strings),
	},
#define COMPONENT(i, NAME, FLAGS, FIRST, N) [i] = { \
		.name = NAME, .flags = FLAGS, .first_segment = i, .nsegments = 1, \
		.first_cap = FIRST, .ncaps = N, .stack_pages = 4, .stack_max_pages = 4, \
		.heap_pages = 2, .heap_max_pages = 2, .scheduler = SCHED, .heap_vaddr = CODE(i) + 0x100000, \
		.stack_base = CODE(i) + IMAGE_STACKS_OFFSET, \
		.counters_vaddr = IMAGE_COUNTERS_BASE + i * 4096 }
	.c = {
		COMPONENT(LOADER, "loader", 0, 0, 1),
		COMPONENT(SCHED, "sched", AOS_COMP_SCHED, 1, 2),
		COMPONENT(APP, "app", AOS_COMP_STOP_ON_FAULT, 3, 3),
	},
#define SEGMENT(i) [i] = { .vaddr = CODE(i), .mem_pages = 1, .file_off = 0, .file_size = 100, \
			   .rights = AOS_MAP_EXEC }
	.seg = { SEGMENT(LOADER), SEGMENT(SCHED), SEGMENT(APP) },
	.cap = {
		{ .kind = IMAGE_CAP_INVOKE, .slot = 16, .target = SCHED, .value = CODE(SCHED) },
		{ .kind = IMAGE_CAP_ENDPOINT, .slot = 16, .source = AOS_SOURCE_SCHED },
		{ .kind = IMAGE_CAP_TIMER, .slot = 17, .target = 16 },
		{ .kind = IMAGE_CAP_ENDPOINT, .slot = 16, .source = AOS_SOURCE_CHANNEL },
		{ .kind = IMAGE_CAP_CHANNEL, .slot = 17 },
		{ .kind = IMAGE_CAP_INVOKE, .slot = 63, .target = SCHED, .value = CODE(SCHED) },
	},
	.region = {
		{ .name = "cos0.host", .vaddr = IMAGE_REGION_BASE, .pages = 100,
		  .kind = IMAGE_REGION_CHANNEL, .part = RING_PART_HOST },
		{ .name = "pool", .vaddr = IMAGE_REGION_BASE + 0x100000, .pages = 3 },
	},
	.map = {
		{ .component = APP, .region = 0, .rights = AOS_MAP_READ },
		{ .component = SCHED, .region = 1, .rights = AOS_MAP_WRITE },
	},
	.thread = {
		{ .name = "main", .component = LOADER, .entry = CODE(LOADER) },
		{ .name = "main", .component = SCHED, .entry = CODE(SCHED) },
		{ .name = "rx", .component = APP, .priority = 255, .entry = CODE(APP) + 8 },
	},
	.channel = { { .name = "cos0" } },
	.strings = "events",
};

static struct sample s;
static struct image img;
static struct image_error error;

static int setup(void **state)
{
	(void)state;
	s = sound;
	memset(&error, 0, sizeof(error));
	return 0;
}

static void assert_taken(void)
{
	if (!image_open(&img, &s, sizeof(s), &error))
		fail_msg("refused: %s %u: %s", error.table, error.index, error.why);
}

static void assert_refused(const char *table, uint32_t index)
{
	assert_false(image_open(&img, &s, sizeof(s), &error));
	assert_string_equal(error.table, table);
	assert_int_equal(error.index, index);
	assert_non_null(error.why);
	s = sound;
}

static void sound_is_taken(void **state)
{
	(void)state;
	assert_taken();
	assert_int_equal(image_scheduler(&img), SCHED);
}

/* Spoil one field of the sound image; it must be refused there. */
#define REFUSED(table, index, field, ...) do {	\
	s.field = __VA_ARGS__;			\
	assert_refused(table, index);		\
} while (0)

static void header(void **state)
{
	(void)state;
	REFUSED("header", 0, h.magic, 0);
	REFUSED("header", 0, h.revision, IMAGE_REVISION + 1);
	REFUSED("header", 0, h.size, sizeof(s) - 1);
	REFUSED("header", 0, h.components.off, sizeof(s));
	REFUSED("header", 0, h.components.off, 4);
	REFUSED("header", 0, h.caps.off, UINT32_MAX & ~7u);
	REFUSED("header", 0, h.caps.count, UINT32_MAX);
	REFUSED("header", 0, h.components.count, 0);
	REFUSED("header", 0, h.components.count, AOS_MAX_COMPONENTS + 1);
	REFUSED("header", 0, h.threads.count, 0);
	REFUSED("header", 0, h.regions.count, IMAGE_REGIONS_MAX + 1);
	REFUSED("header", 0, h.channels.count, BOOTINFO_CHANNELS + 1);
	REFUSED("header", 0, strings[7], 'x');
	assert_false(image_open(&img, &s, sizeof(s.h) - 1, &error));
}

static void components(void **state)
{
	(void)state;
	REFUSED("component", APP, c[APP].name[0], 0);
	memset(s.c[APP].name, 'x', ABI_NAME_LEN);
	assert_refused("component", APP);
	REFUSED("component", SCHED, c[SCHED].flags, 1u << 31 | AOS_COMP_SCHED);
	REFUSED("component", APP, c[APP].first_segment, COMPONENTS);
	REFUSED("component", APP, c[APP].nsegments, UINT32_MAX);
	REFUSED("component", APP, c[APP].first_cap, UINT32_MAX);
	REFUSED("component", APP, c[APP].ncaps, 4);
	REFUSED("component", APP, c[APP].stack_pages, 0);
	REFUSED("component", APP, c[APP].stack_pages, 16);
	REFUSED("component", APP, c[APP].heap_vaddr, CODE(SCHED) + 0x100000);
	REFUSED("component", APP, c[APP].heap_vaddr, CODE(APP) + 1);
	REFUSED("component", APP, c[APP].heap_pages, UINT32_MAX);
	REFUSED("component", APP, c[APP].heap_max_pages, UINT32_MAX);
	REFUSED("component", APP, c[APP].stack_base, CODE(SCHED) + IMAGE_STACKS_OFFSET);
	REFUSED("component", APP, c[APP].stack_base, 0);
	REFUSED("component", APP, c[APP].stack_base, CODE(APP) + IMAGE_STACKS_OFFSET + 0x10000);
	REFUSED("component", APP, c[APP].stack_base, IMAGE_REGION_BASE + IMAGE_STACKS_OFFSET);
	REFUSED("component", APP, c[APP].counters_vaddr, IMAGE_COUNTERS_BASE);
}

static void segments(void **state)
{
	(void)state;
	REFUSED("component", APP, seg[APP].vaddr, CODE(SCHED));
	REFUSED("component", APP, seg[APP].vaddr, CODE(APP) + 8);
	REFUSED("component", APP, seg[APP].vaddr, CODE(APP) + IMAGE_STACKS_OFFSET);
	REFUSED("component", APP, seg[APP].mem_pages, UINT32_MAX);
	REFUSED("component", APP, seg[APP].file_off, 8);
	REFUSED("component", APP, seg[APP].file_off, UINT32_MAX & ~4095u);
	REFUSED("component", APP, seg[APP].file_size, UINT32_MAX);
	REFUSED("component", APP, seg[APP].mem_pages, 0);
	REFUSED("component", APP, seg[APP].rights, AOS_MAP_WRITE | AOS_MAP_EXEC);
}

static void capabilities(void **state)
{
	(void)state;
	REFUSED("component", LOADER, cap[0].kind, 0);
	REFUSED("component", LOADER, cap[0].kind, 5);
	REFUSED("component", LOADER, cap[0].slot, 15);
	REFUSED("component", LOADER, cap[0].slot, 64);
	REFUSED("component", APP, cap[4].slot, 16);
	REFUSED("component", LOADER, cap[0].target, COMPONENTS);
	REFUSED("component", LOADER, cap[0].value, CODE(APP));
	REFUSED("component", LOADER, cap[0].value, 0);
	REFUSED("component", LOADER, cap[0].name, sizeof(s.strings));
	REFUSED("component", SCHED, cap[1].source, 4);
	REFUSED("component", SCHED, cap[2].target, 17);
	REFUSED("component", APP, cap[3].channel, 1);
	REFUSED("component", APP, cap[4].target, 1);
}

static void regions_and_maps(void **state)
{
	(void)state;
	REFUSED("region", 1, region[1].name[0], 0);
	REFUSED("region", 1, region[1].vaddr, CODE(APP));
	REFUSED("region", 1, region[1].vaddr, IMAGE_REGION_BASE + 1);
	REFUSED("region", 1, region[1].vaddr, UINT64_MAX & ~4095ull);
	REFUSED("region", 1, region[1].vaddr, IMAGE_FILE_VADDR - 2 * 4096);
	REFUSED("region", 1, region[1].pages, 0);
	REFUSED("region", 1, region[1].kind, IMAGE_REGION_COUNTERS + 1);
	s.region[1].kind = IMAGE_REGION_COUNTERS;	/* two pages too many or too few */
	s.region[1].pages = s.h.components.count * (1 + HISTOGRAM_PAGES) - 1;
	assert_refused("region", 1);
	s.region[1].kind = IMAGE_REGION_COUNTERS;
	s.region[1].pages = s.h.components.count * (1 + HISTOGRAM_PAGES);
	assert_refused("map", 1);	/* which is for writing */
	REFUSED("region", 0, region[0].channel, 1);
	REFUSED("region", 0, region[0].part, RING_PARTS);
	REFUSED("map", 0, map[0].component, COMPONENTS);
	REFUSED("map", 0, map[0].region, 2);
	REFUSED("map", 0, map[0].rights, AOS_MAP_WRITE);
	REFUSED("map", 1, map[1].rights, AOS_MAP_EXEC);
}

static void threads_and_channels(void **state)
{
	(void)state;
	REFUSED("thread", 1, thread[1].name[0], 0);
	REFUSED("thread", 2, thread[2].component, COMPONENTS);
	REFUSED("thread", 2, thread[2].entry, CODE(SCHED));
	REFUSED("thread", 2, thread[2].entry, UINT64_MAX);
	REFUSED("thread", 2, thread[2].priority, 256);
	REFUSED("channel", 0, channel[0].name[0], 0);
	REFUSED("channel", 0, channel[0].kind, 2);
	s.thread[0] = s.thread[1];
	assert_refused("thread", 0);
}

/* app is the memory manager, sched may grow. */
static void growth(void **state)
{
	(void)state;
	REFUSED("component", APP, c[APP].heap_max_pages, 1);
	REFUSED("component", APP, c[APP].stack_max_pages, 3);
	REFUSED("component", APP, c[APP].stack_max_pages, 5);
	REFUSED("component", APP, c[APP].heap_max_pages, 3);
	REFUSED("component", APP, c[APP].quota_pages, 1);
	s.c[APP].flags = AOS_COMP_MEM;
	s.c[SCHED].heap_max_pages = 100;
	s.c[SCHED].stack_max_pages = 15;
	s.c[SCHED].quota_pages = 100;
	assert_taken();
	assert_int_equal(image_manager(&img), APP);
	assert_int_equal(image_reach(&img, SCHED), 1 << SCHED | 1 << APP);
	s.c[SCHED].stack_max_pages = 16;
	assert_refused("component", SCHED);
	s.c[SCHED].quota_pages = 1u << 19;
	s.c[APP].flags = AOS_COMP_MEM;
	assert_refused("component", SCHED);
	s.c[APP].flags = s.c[SCHED].flags = AOS_COMP_MEM | AOS_COMP_SCHED;
	assert_refused("component", APP);
	s.c[APP].flags = AOS_COMP_MEM;
	s.c[APP].quota_pages = 1;
	assert_refused("component", APP);
}

static void restarts(void **state)
{
	(void)state;
	s.c[APP].flags |= AOS_COMP_RESTART;
	s.c[APP].restart_max = s.c[APP].restart_within_ms = 1;
	assert_taken();
	s.c[APP].flags = AOS_COMP_RESTART;
	assert_refused("component", APP);
	s.c[APP].flags |= AOS_COMP_RESTART;
	s.c[APP].restart_max = 1;
	assert_refused("component", APP);
	s.c[APP].flags |= AOS_COMP_RESTART;
	s.c[APP].restart_within_ms = 1;
	assert_refused("component", APP);
	REFUSED("component", APP, c[APP].restart_within_ms, 1);
	REFUSED("component", APP, c[APP].restart_max, 1);
}

/* app stops on a fault. */
static void watchdogs(void **state)
{
	(void)state;
	s.c[APP].watchdog = IMAGE_WATCHDOG_MAX;
	assert_taken();
	s.c[APP].flags = 0;
	assert_refused("component", APP);
	REFUSED("component", APP, c[APP].watchdog, IMAGE_WATCHDOG_MAX + 1);
}

static void budget(uint32_t server, uint32_t period, uint32_t run, uint32_t deadline)
{
	s.thread[2].server = server;
	s.thread[2].period_us = period;
	s.thread[2].budget_us = run;
	s.thread[2].deadline_us = deadline;
}

static void budgets(void **state)
{
	static const uint32_t bad[][4] = {
		{ IMAGE_SERVER_SPORADIC, 0, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 },
		{ 0, 10, 0, 10 }, { 0, 10, 11, 10 }, { 0, 10, 6, 5 }, { 0, 10, 5, 11 },
		{ 0, 10, 5, 0 }, { IMAGE_SERVER_SPORADIC + 1, 10, 5, 10 },
		{ 0, IMAGE_MAX_PERIOD_US + 1, 1, 1 }, { 0, UINT32_MAX, UINT32_MAX, UINT32_MAX },
	};

	(void)state;
	budget(IMAGE_SERVER_SPORADIC, IMAGE_MAX_PERIOD_US, 1, 1);
	assert_taken();
	budget(IMAGE_SERVER_NONE, 10, 10, 10);
	assert_taken();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		budget(bad[i][0], bad[i][1], bad[i][2], bad[i][3]);
		assert_refused("thread", 2);
	}
}

/* app schedules under sched, and nobody is scheduled by it. */
static void stack_app(void)
{
	s.c[APP].flags |= AOS_COMP_SCHED;
	budget(IMAGE_SERVER_DEFERRABLE, 10, 5, 10);
}

static void schedulers(void **state)
{
	(void)state;
	REFUSED("component", LOADER, c[SCHED].flags, 0);
	REFUSED("component", APP, c[APP].scheduler, COMPONENTS);
	REFUSED("component", APP, c[APP].scheduler, UINT32_MAX);
	REFUSED("component", APP, c[APP].scheduler, LOADER);
	stack_app();
	assert_taken();
	assert_int_equal(image_scheduler(&img), SCHED);
	/* a second root, none, a cycle, the loader under a child */
	s.c[APP].scheduler = APP;
	assert_refused("header", 0);
	stack_app();
	s.c[SCHED].scheduler = APP;
	assert_refused("header", 0);
	stack_app();
	s.c[LOADER].flags |= AOS_COMP_SCHED;
	s.c[LOADER].scheduler = APP;
	s.c[APP].scheduler = LOADER;
	assert_refused("header", 0);
	stack_app();
	s.c[LOADER].scheduler = APP;
	assert_refused("header", 0);
}

static void stacked_scheduler(void **state)
{
	(void)state;
	stack_app();
	budget(0, 10, 5, 10);
	assert_refused("header", 0);
	stack_app();
	s.h.threads.count = 2;
	assert_refused("header", 0);
	stack_app();
	s.thread[1] = s.thread[2];
	assert_refused("header", 0);
}

static void reach(void **state)
{
	(void)state;
	assert_taken();
	assert_int_equal(image_reach(&img, LOADER), 1 << LOADER | 1 << SCHED);
	assert_int_equal(image_reach(&img, SCHED), 1 << SCHED);
	/* loader -> app -> sched, and a cycle back */
	s.cap[0] = (struct image_cap){ .kind = IMAGE_CAP_INVOKE, .slot = 16, .target = APP,
				       .value = CODE(APP) };
	s.cap[2] = (struct image_cap){ .kind = IMAGE_CAP_INVOKE, .slot = 17, .target = LOADER,
				       .value = CODE(LOADER) };
	assert_taken();
	assert_int_equal(image_reach(&img, LOADER), 7);
	assert_int_equal(image_reach(&img, SCHED), 7);
}

/* Whatever is taken can be walked; AddressSanitizer watches the edges. */
static void damaged_is_harmless(void **state)
{
	unsigned int taken = 0;

	(void)state;
	srand(1);
	for (int round = 0; round < 200000; round++) {
		struct sample *copy = aligned_alloc(4096, sizeof(*copy));
		size_t used = offsetof(struct sample, strings) + sizeof(copy->strings);

		*copy = sound;
		for (int i = 0; i <= round % 3; i++)
			((uint8_t *)copy)[(size_t)rand() % used] = (uint8_t)rand();
		if (image_open(&img, copy, sizeof(*copy), &error)) {
			taken++;
			for (uint32_t i = 0; i < copy->h.components.count; i++)
				image_reach(&img, i);
		}
		free(copy);
	}
	assert_true(taken > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sound_is_taken, setup),
		cmocka_unit_test_setup(header, setup),
		cmocka_unit_test_setup(components, setup),
		cmocka_unit_test_setup(segments, setup),
		cmocka_unit_test_setup(capabilities, setup),
		cmocka_unit_test_setup(regions_and_maps, setup),
		cmocka_unit_test_setup(threads_and_channels, setup),
		cmocka_unit_test_setup(growth, setup),
		cmocka_unit_test_setup(restarts, setup),
		cmocka_unit_test_setup(watchdogs, setup),
		cmocka_unit_test_setup(budgets, setup),
		cmocka_unit_test_setup(schedulers, setup),
		cmocka_unit_test_setup(stacked_scheduler, setup),
		cmocka_unit_test_setup(reach, setup),
		cmocka_unit_test_setup(damaged_is_harmless, setup),
	};

	return cmocka_run_group_tests_name("loader image", tests, NULL, NULL);
}
