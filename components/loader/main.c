// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first component: checks the boot image, builds the system from it,
 * tells the scheduler which threads there are, and then watches for faults and
 * repairs what they stopped.
 */
#include "loader.h"

static void open_image(struct image *img)
{
	const struct bootinfo *info = aos_bootinfo();
	struct image_error e;

	if (info->magic != BOOTINFO_MAGIC || info->revision != BOOTINFO_REVISION)
		fail_text("boot info", "refused", "other revision");
	if (image_open(img, (const void *)info->image_vaddr, info->image_size, &e))
		return;
	aos_log("boot image refused: %s %u: %s", e.table, e.index, e.why);
	fail_text("boot image", "refused", "rebuild it with this coslink");
}

static void admit_threads(const struct image *img)
{
	for (uint32_t i = 0; i < img->header->threads.count; i++)
		admit_thread(img, i, img->threads[i].priority);
}

static void set_watchdogs(const struct image *img)
{
	for (uint32_t i = 0; i < img->header->components.count; i++)
		if (img->components[i].watchdog)
			watch_component(img, i);
}

static void report(const struct image *img)
{
	counter_set(aos_counter("components"), img->header->components.count);
	counter_set(aos_counter("threads"), img->header->threads.count);
	counter_set(aos_counter("frames"), aos_bootinfo()->frames);
	counter_set(aos_counter("frames_used"), memory_used());
	aos_log("%u components, %u threads, %u of %u frames", img->header->components.count,
		img->header->threads.count, memory_used(), aos_bootinfo()->frames);
}

/* @arg: index of the first free frame, and above 32 bits that of the boot info. */
void loader_main(uint64_t arg)
{
	static struct image img;

	open_image(&img);
	settings_init(&img);
	memory_init((uint32_t)arg, aos_bootinfo()->frames);
	build_system(&img, (uint32_t)(arg >> 32));
	admit_threads(&img);
	set_watchdogs(&img);
	report(&img);
	supervise(&img);
}
