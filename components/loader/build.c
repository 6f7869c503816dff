// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From image to running system.  The kernel has made component 0, the loader
 * itself, with segments, heap, first stack, boot info and counters page; what
 * is missing there (stacks of further threads, regions, capabilities) is made
 * here as for everybody else.  Any failure ends the AOS.
 */
#include "loader.h"

#include "abi/histogram.h"
#include "abi/ring.h"
#include "abi/translator.h"

static struct {
	const struct image *img;
	uint32_t info_frame;
	uint32_t region_frame[IMAGE_REGIONS_MAX];	/* first frame, or 0: none yet */
	uint32_t channel[BOOTINFO_CHANNELS];		/* image's channel -> kernel's */
} build;

static const struct image_component *component_at(uint32_t i)
{
	return &build.img->components[i];
}

static struct mapping mapping_of(uint32_t component, const char *what, uint32_t rights)
{
	return (struct mapping){ .whom = component_at(component)->name, .what = what,
				 .component = component, .from = AOS_SLOT_FRAMES,
				 .rights = rights };
}

/* ---- channels ---- */

static uint32_t find_channel(const struct image_channel *c)
{
	const struct bootinfo *info = aos_bootinfo();

	for (uint32_t i = 0; i < info->nchannels && i < BOOTINFO_CHANNELS; i++)
		if (!strncmp(info->channel[i].name, c->name, ABI_NAME_LEN) &&
		    info->channel[i].kind == c->kind)
			return i;
	fail_text(c->name, "channel", "the image wants it, the configuration has no such interface");
}

static void find_channels(void)
{
	for (uint32_t i = 0; i < build.img->header->channels.count; i++)
		build.channel[i] = find_channel(&build.img->channels[i]);
}

/* ---- a component's own memory ---- */

static void create_component(uint32_t i)
{
	const struct image_component *c = component_at(i);
	uint32_t root = frames_take_aligned(c->name, 2, 2);
	int64_t id = aos_comp_create(component_slot(i), root, frame_take(c->name),
				     c->stack_base, c->flags & ~AOS_COMP_LOADER_FLAGS);

	must(id, c->name, "creating it");
	if (id != i)
		fail_text(c->name, "creating it", "the kernel gave it another number");
}

static void map_segments(uint32_t i)
{
	const struct image_component *c = component_at(i);

	for (uint32_t s = 0; s < c->nsegments; s++) {
		const struct image_segment *seg = &build.img->segments[c->first_segment + s];
		struct mapping m = mapping_of(i, "mapping a segment", seg->rights);

		map_contents(&m, seg->vaddr, seg->mem_pages, build.img->base + seg->file_off,
			     seg->file_size);
	}
}

static void map_private(uint32_t i)
{
	struct mapping heap = mapping_of(i, "mapping its heap", AOS_MAP_WRITE);
	struct mapping counters = mapping_of(i, "mapping its counters and histograms", AOS_MAP_WRITE);
	struct mapping info = mapping_of(i, "mapping the boot info", AOS_MAP_READ);

	map_segments(i);
	map_zeroed(&heap, component_at(i)->heap_vaddr, manager_heap_pages(build.img, i));
	map_page(&counters, i, component_at(i)->counters_vaddr);
	for (uint32_t p = 0; p < HISTOGRAM_PAGES; p++)
		map_page(&counters, histogram_frame(i) + p, IMAGE_HISTOGRAMS_BASE +
			 ((uint64_t)i * HISTOGRAM_PAGES + p) * ABI_PAGE_SIZE);
	map_page(&info, build.info_frame, BOOTINFO_VADDR);
}

/* Component i's counters page is frame i: that is how the host finds it, and map_region(). */
static void label_counters(uint32_t i)
{
	struct counters *page = window_open(i);

	page->magic = COUNTERS_MAGIC;
	page->revision = COUNTERS_REVISION;
	memcpy(page->component, component_at(i)->name, ABI_NAME_LEN);
	window_close();
}

/* ---- regions ---- */

static uint32_t part_bytes(const struct image_region *r)
{
	const struct bootinfo_channel *c = &aos_bootinfo()->channel[build.channel[r->channel]];

	if (c->kind == IMAGE_CHANNEL_TRANSLATOR) {
		if (!translator_bytes_valid(c->to_aos) || !translator_bytes_valid(c->from_aos))
			fail_text(r->name, "mapping a channel", "its rings have no valid size");
		return translator_part_bytes((enum ring_part)r->part, c->to_aos, c->from_aos);
	}
	if (!ring_slots_valid(c->slots))
		fail_text(r->name, "mapping a channel", "it has no valid number of slots");
	return ring_part_bytes((enum ring_part)r->part, c->slots);
}

static uint32_t region_pages(const struct image_region *r)
{
	uint32_t pages;

	if (r->kind != IMAGE_REGION_CHANNEL)
		return r->pages;
	pages = part_bytes(r) / ABI_PAGE_SIZE;
	if (pages > r->pages)
		fail_text(r->name, "mapping a channel", "it is larger than its region");
	return pages;
}

static uint32_t region_frames(const char *whom, uint32_t region)
{
	uint32_t *first = &build.region_frame[region];

	if (!*first)
		*first = frames_take_aligned(whom, build.img->regions[region].pages, 1);
	return *first;
}

/* Page by page, as the component touches them: here only the place is made. */
static void map_host_region(const struct mapping *m, const struct image_region *r)
{
	map_tables(m, r->vaddr, r->pages);
	must(aos_host_range(component_slot(m->component), r->vaddr, r->pages, m->rights), m->whom,
	     r->name);
}

/* Page p of the region that shows what all components show. */
static uint32_t shown_frame(uint32_t p)
{
	uint32_t components = build.img->header->components.count;

	return p < components ? p : histogram_frame(0) + p - components;
}

static void map_region(const struct image_map *map)
{
	const struct image_region *r = &build.img->regions[map->region];
	struct mapping m = mapping_of(map->component, r->name, map->rights);
	uint32_t first = 0, pages;

	if (r->kind == IMAGE_REGION_HOST) {
		map_host_region(&m, r);
		return;
	}
	pages = region_pages(r);
	if (r->kind == IMAGE_REGION_CHANNEL) {
		m.from = AOS_SLOT_CHANNEL0 + build.channel[r->channel];
		m.part = r->part;
	} else if (r->kind == IMAGE_REGION_FRAMES) {
		first = region_frames(m.whom, map->region);
	}
	for (uint32_t p = 0; p < pages; p++)
		map_page(&m, r->kind == IMAGE_REGION_COUNTERS ? shown_frame(p) : first + p,
			 r->vaddr + (uint64_t)p * ABI_PAGE_SIZE);
}

/* ---- threads ---- */

/* A thread has a stack wherever it can get; below it lies a page never mapped. */
static void map_stacks(uint32_t thread)
{
	uint32_t home = build.img->threads[thread].component;

	for (uint32_t left = image_reach(build.img, home); left; left &= left - 1) {
		uint32_t i = (uint32_t)__builtin_ctz(left);
		const struct image_component *c = component_at(i);
		uint64_t top = c->stack_base + (thread + 1) * AOS_STACK_STRIDE;
		struct mapping m = mapping_of(i, "mapping a stack", AOS_MAP_WRITE);
		uint32_t pages = manager_stack_pages(build.img, i);

		if (i || thread)	/* thread 0 runs on its stack in the loader */
			map_zeroed(&m, top - pages * ABI_PAGE_SIZE, pages);
	}
}

static void create_thread(uint32_t i)
{
	const struct image_thread *t = &build.img->threads[i];
	int64_t id = aos_thread_create(thread_slot(i), component_slot(t->component), t->entry,
				       t->arg, t->priority, AOS_THREAD_NUMBER(i));

	must(id, t->name, "creating the thread");
	if (id != i)
		fail_text(t->name, "creating the thread", "the kernel gave it another number");
}

static uint32_t scheduler_slot(uint32_t thread)
{
	return component_slot(component_at(build.img->threads[thread].component)->scheduler);
}

/* Its scheduler finds the capability of thread i in slot AOS_SLOT_DYNAMIC + i. */
static void show_thread(uint32_t i)
{
	uint32_t scheduler = scheduler_slot(i);

	must(aos_cap_copy(scheduler, thread_slot(i), AOS_SLOT_DYNAMIC + i),
	     build.img->threads[i].name, "giving the thread to the scheduler");
}

void build_thread_again(uint32_t i)
{
	const char *whom = build.img->threads[i].name;

	must(aos_cap_drop(AOS_SLOT_SELF, thread_slot(i)), whom, "forgetting the old thread");
	must(aos_cap_drop(scheduler_slot(i), AOS_SLOT_DYNAMIC + i), whom,
	     "taking the old thread from the scheduler");
	create_thread(i);
	show_thread(i);
}

void build_system(const struct image *img, uint32_t info_frame)
{
	const struct image_header *h = img->header;

	build.img = img;
	build.info_frame = info_frame;
	find_channels();
	for (uint32_t i = 1; i < h->components.count; i++) {
		create_component(i);
		map_private(i);
	}
	for (uint32_t i = 0; i < h->components.count; i++) {
		label_counters(i);
		give_capabilities(img, i, build.channel);
	}
	schedulers_build(img);
	for (uint32_t i = 0; i < h->maps.count; i++)
		map_region(&img->maps[i]);
	for (uint32_t i = 0; i < h->threads.count; i++)
		map_stacks(i);
	manager_build(img);
	for (uint32_t i = 1; i < h->threads.count; i++)
		create_thread(i);
	for (uint32_t i = 0; i < h->threads.count; i++)
		show_thread(i);
}
