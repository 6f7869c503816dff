// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is this image one we can build a system from?  The kernel has checked what
 * it uses itself, the loader's own part; nobody but us checks the rest.
 */
#include "image.h"

#include "abi/bootinfo.h"
#include "abi/histogram.h"
#include "abi/ring.h"
#include "abi/syscall.h"

#define PAGE ((uint64_t)ABI_PAGE_SIZE)

/* ---- tables ---- */

/* Entries of `size` bytes, or NULL: not inside the image. */
static const void *table(const struct image *img, struct image_table t, uint64_t size)
{
	uint32_t bytes = img->header->size;

	if (t.off % 8 || t.off > bytes || t.count > (bytes - t.off) / size)
		return NULL;
	return img->base + t.off;
}

static bool find_tables(struct image *img)
{
	const struct image_header *h = img->header;

	img->components = table(img, h->components, sizeof(*img->components));
	img->segments = table(img, h->segments, sizeof(*img->segments));
	img->caps = table(img, h->caps, sizeof(*img->caps));
	img->regions = table(img, h->regions, sizeof(*img->regions));
	img->maps = table(img, h->maps, sizeof(*img->maps));
	img->threads = table(img, h->threads, sizeof(*img->threads));
	img->channels = table(img, h->channels, sizeof(*img->channels));
	img->strings = table(img, h->strings, 1);
	return img->components && img->segments && img->caps && img->regions && img->maps &&
	       img->threads && img->channels && img->strings;
}

static const char *check_header(struct image *img, uint64_t size)
{
	const struct image_header *h = img->header;

	if (size < sizeof(*h) || h->size != size)
		return "its size is wrong";
	if (h->magic != IMAGE_MAGIC || h->revision != IMAGE_REVISION)
		return "it is no boot image of this revision";
	if (!find_tables(img))
		return "a table lies outside the image";
	if (!h->components.count || h->components.count > AOS_MAX_COMPONENTS)
		return "number of components";
	if (!h->threads.count || h->threads.count > AOS_MAX_THREADS)
		return "number of threads";
	if (h->regions.count > IMAGE_REGIONS_MAX)
		return "number of regions";
	if (h->channels.count > BOOTINFO_CHANNELS)
		return "number of channels";
	if (h->strings.count && img->strings[h->strings.count - 1])
		return "its strings do not end";
	return NULL;
}

/* ---- what all entries have ---- */

static bool range_inside(uint64_t first, uint64_t count, uint64_t of)
{
	return first <= of && count <= of - first;
}

static bool name_valid(const char name[ABI_NAME_LEN])
{
	uint32_t len = 0;

	while (len < ABI_NAME_LEN && name[len])
		len++;
	return len && len < ABI_NAME_LEN;
}

/* Inside the part of the component's gigabyte that is not kept for stacks? */
static bool inside_component(const struct image_component *c, uint64_t vaddr, uint64_t bytes)
{
	uint64_t base = c->stack_base - IMAGE_STACKS_OFFSET;

	return vaddr >= base && range_inside(vaddr - base, bytes, IMAGE_STACKS_OFFSET);
}

/* ---- components and what belongs to them ---- */

static const char *check_segment(const struct image *img, const struct image_component *c,
				 const struct image_segment *s)
{
	if (s->vaddr % PAGE || !inside_component(c, s->vaddr, s->mem_pages * PAGE))
		return "a segment lies outside its component";
	if (s->file_off % PAGE || !range_inside(s->file_off, s->file_size, img->header->size))
		return "a segment's contents lie outside the image";
	if (s->file_size > s->mem_pages * PAGE)
		return "a segment is smaller than its contents";
	return s->rights > AOS_MAP_EXEC ? "a segment has unknown rights" : NULL;
}

static bool has_endpoint(const struct image *img, const struct image_component *c, uint32_t slot)
{
	const struct image_cap *cap = img->caps + c->first_cap;

	for (uint32_t i = 0; i < c->ncaps; i++)
		if (cap[i].kind == IMAGE_CAP_ENDPOINT && cap[i].slot == slot)
			return true;
	return false;
}

static bool endpoint_valid(const struct image *img, const struct image_cap *cap)
{
	if (cap->source == AOS_SOURCE_CHANNEL)
		return cap->channel < img->header->channels.count;
	return cap->source <= AOS_SOURCE_FAULT;
}

static const char *check_cap(const struct image *img, const struct image_component *c,
			     const struct image_cap *cap)
{
	if (cap->name >= img->header->strings.count)
		return "a capability's name lies outside the strings";
	switch (cap->kind) {
	case IMAGE_CAP_INVOKE:
		return cap->target < img->header->components.count &&
		       inside_component(&img->components[cap->target], cap->value, 1) ?
			NULL : "an invocation leads nowhere";
	case IMAGE_CAP_ENDPOINT:
		return endpoint_valid(img, cap) ? NULL : "an endpoint has no valid source";
	case IMAGE_CAP_TIMER:
		return has_endpoint(img, c, cap->target) ? NULL : "a timer has no endpoint";
	case IMAGE_CAP_CHANNEL:
		return cap->target < img->header->channels.count ?
			NULL : "a doorbell has no channel";
	default:
		return "a capability is of unknown kind";
	}
}

static const char *check_caps(const struct image *img, const struct image_component *c)
{
	uint64_t taken = 0;

	for (uint32_t i = 0; i < c->ncaps; i++) {
		const struct image_cap *cap = &img->caps[c->first_cap + i];
		const char *why = check_cap(img, c, cap);

		if (why)
			return why;
		if (cap->slot < AOS_SLOT_FIRST || cap->slot >= AOS_SLOT_DYNAMIC ||
		    taken >> cap->slot & 1)
			return "a capability's slot is taken, or no such slot";
		taken |= 1ull << cap->slot;
	}
	return NULL;
}

/* Only these fields say where inside_component() may look. */
static bool place_valid(const struct image_component *c, uint32_t i)
{
	uint64_t base = c->stack_base - IMAGE_STACKS_OFFSET;

	return c->stack_base >= IMAGE_COMPONENT_BASE && base % IMAGE_COMPONENT_STRIDE == 0 &&
	       base <= IMAGE_REGION_BASE - IMAGE_COMPONENT_STRIDE &&
	       c->counters_vaddr == IMAGE_COUNTERS_BASE + i * PAGE;
}

static const char *check_place(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];

	if (!name_valid(c->name))
		return "its name is empty or does not end";
	if (!place_valid(c, i))
		return "it is not at a place for components";
	for (uint32_t j = 0; j < i; j++)
		if (img->components[j].stack_base == c->stack_base)
			return "it has the place of another";
	return NULL;
}

static const char *check_component(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];
	const char *why;

	if (!range_inside(c->first_segment, c->nsegments, img->header->segments.count) ||
	    !range_inside(c->first_cap, c->ncaps, img->header->caps.count))
		return "its segments or capabilities lie outside their tables";
	if (c->heap_max_pages && (c->heap_vaddr % PAGE ||
				  !inside_component(c, c->heap_vaddr, c->heap_max_pages * PAGE)))
		return "its heap lies outside it";
	why = policy_check_component(img, i);
	for (uint32_t s = 0; s < c->nsegments && !why; s++)
		why = check_segment(img, c, &img->segments[c->first_segment + s]);
	return why ? why : check_caps(img, c);
}

/* ---- the rest ---- */

static const char *check_region(const struct image *img, uint32_t i)
{
	const struct image_region *r = &img->regions[i];

	if (!name_valid(r->name))
		return "its name is empty or does not end";
	if (r->vaddr % PAGE || r->vaddr < IMAGE_REGION_BASE || !r->pages ||
	    !range_inside(r->vaddr, r->pages * PAGE, IMAGE_FILE_VADDR))
		return "it is not at a place for regions";
	if (r->kind == IMAGE_REGION_CHANNEL)
		return r->channel < img->header->channels.count && r->part < RING_PARTS ?
			NULL : "no such part of a channel";
	if (r->kind == IMAGE_REGION_COUNTERS)
		return r->pages == img->header->components.count * (1 + HISTOGRAM_PAGES) ?
			NULL : "it has not the pages that components show";
	return r->kind == IMAGE_REGION_FRAMES || r->kind == IMAGE_REGION_HOST ?
		NULL : "unknown kind";
}

static const char *check_map(const struct image *img, uint32_t i)
{
	const struct image_map *m = &img->maps[i];
	const struct image_region *r;

	if (m->component >= img->header->components.count ||
	    m->region >= img->header->regions.count)
		return "no such component or region";
	r = &img->regions[m->region];
	if (m->rights != AOS_MAP_READ && m->rights != AOS_MAP_WRITE)
		return "unknown rights";
	if (m->rights == AOS_MAP_WRITE && r->kind == IMAGE_REGION_CHANNEL &&
	    r->part == RING_PART_HOST)
		return "what Linux writes is for reading only";
	if (m->rights == AOS_MAP_WRITE && r->kind == IMAGE_REGION_COUNTERS)
		return "counters are for reading only";
	return NULL;
}

static const char *check_thread(const struct image *img, uint32_t i)
{
	const struct image_thread *t = &img->threads[i];

	if (!name_valid(t->name))
		return "its name is empty or does not end";
	if (t->component >= img->header->components.count ||
	    !inside_component(&img->components[t->component], t->entry, 1))
		return "it starts outside its component";
	if (!i && t->component)
		return "the first thread is not the loader's";
	return policy_check_thread(t);
}

static const char *check_channel(const struct image *img, uint32_t i)
{
	const struct image_channel *c = &img->channels[i];

	if (!name_valid(c->name))
		return "its name is empty or does not end";
	return c->kind <= IMAGE_CHANNEL_TRANSLATOR ? NULL : "unknown kind";
}

typedef const char *(*entry_check)(const struct image *img, uint32_t i);

static bool check_table(const struct image *img, struct image_error *error, const char *name,
			uint32_t count, entry_check check)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *why = check(img, i);

		if (!why)
			continue;
		*error = (struct image_error){ name, i, why };
		return false;
	}
	return true;
}

bool image_open(struct image *img, const void *base, uint64_t size, struct image_error *error)
{
	const struct image_header *h = base;
	const char *why;

	img->base = base;
	img->header = h;
	why = check_header(img, size);
	if (why) {
		*error = (struct image_error){ "header", 0, why };
		return false;
	}
	/* Places first: the other checks use those of any component. */
	if (!check_table(img, error, "component", h->components.count, check_place) ||
	    !check_table(img, error, "channel", h->channels.count, check_channel) ||
	    !check_table(img, error, "component", h->components.count, check_component) ||
	    !check_table(img, error, "region", h->regions.count, check_region) ||
	    !check_table(img, error, "map", h->maps.count, check_map) ||
	    !check_table(img, error, "thread", h->threads.count, check_thread))
		return false;
	why = policy_check_schedulers(img);
	*error = (struct image_error){ "header", 0, why };
	return !why;
}

/* Components that `component` invokes itself; for memory, by a page fault. */
static uint32_t reach_once(const struct image *img, uint32_t component)
{
	const struct image_component *c = &img->components[component];
	uint32_t to = image_grows(c) ? 1u << image_manager(img) : 0;

	for (uint32_t i = 0; i < c->ncaps; i++) {
		const struct image_cap *cap = &img->caps[c->first_cap + i];

		if (cap->kind == IMAGE_CAP_INVOKE)
			to |= 1u << cap->target;
	}
	return to;
}

uint32_t image_reach(const struct image *img, uint32_t component)
{
	uint32_t reached = 1u << component, todo = reached;

	while (todo) {
		uint32_t next = (uint32_t)__builtin_ctz(todo), more;

		todo &= todo - 1;
		more = reach_once(img, next) & ~reached;
		reached |= more;
		todo |= more;
	}
	return reached;
}
