// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second reader of boot images, written from abi/image.h alone: it checks
 * every table before any test looks into it.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "test_coslink.h"

#define PAGE ABI_PAGE_SIZE

/* --- header and tables --- */

static void check_header(const struct view *v)
{
	struct image_header head;
	uint32_t sum;

	assert_true(v->size >= sizeof(head));
	memcpy(&head, v->bytes, sizeof(head));
	assert_int_equal(head.magic, IMAGE_MAGIC);
	assert_int_equal(head.revision, IMAGE_REVISION);
	assert_int_equal(head.size, v->size);
	assert_true(head.size <= IMAGE_MAX_SIZE);
	head.crc32 = 0;
	sum = (uint32_t)crc32(0, (const uint8_t *)&head, sizeof(head));
	sum = (uint32_t)crc32(sum, v->bytes + sizeof(head), (uInt)(v->size - sizeof(head)));
	assert_int_equal(sum, v->head->crc32);
}

/* Tables follow one another, 8-aligned, inside the image. */
static const void *table(const struct view *v, struct image_table t, size_t size,
			 uint64_t *end)
{
	assert_int_equal(t.off % 8, 0);
	assert_true(t.off >= *end);
	*end = t.off + (uint64_t)t.count * size;
	assert_true(*end <= v->size);
	return v->bytes + t.off;
}

static void find_tables(struct view *v)
{
	const struct image_header *h = v->head;
	uint64_t end = sizeof(*h);

	v->components = table(v, h->components, sizeof(*v->components), &end);
	v->segments = table(v, h->segments, sizeof(*v->segments), &end);
	v->caps = table(v, h->caps, sizeof(*v->caps), &end);
	v->regions = table(v, h->regions, sizeof(*v->regions), &end);
	v->maps = table(v, h->maps, sizeof(*v->maps), &end);
	v->threads = table(v, h->threads, sizeof(*v->threads), &end);
	v->channels = table(v, h->channels, sizeof(*v->channels), &end);
	v->strings = table(v, h->strings, 1, &end);
	v->places = table(v, h->places, sizeof(*v->places), &end);
	assert_int_equal(h->places.count, h->components.count + h->threads.count);
	assert_true(h->overhead_ns <= 1000000);
	assert_true(h->strings.count > 0);
	assert_int_equal(v->strings[0], 0);
	assert_int_equal(v->strings[h->strings.count - 1], 0);
	for (uint32_t i = 0; i < h->segments.count; i++)
		assert_true(v->segments[i].file_off >= end);
}

static void check_name(const char name[ABI_NAME_LEN])
{
	size_t len = strnlen(name, ABI_NAME_LEN);

	assert_in_range(len, 1, ABI_NAME_LEN - 1);
	for (size_t i = len; i < ABI_NAME_LEN; i++)
		assert_int_equal(name[i], 0);
}

/* --- addresses: nothing overlaps, and a guard page follows everything --- */

struct range {
	uint64_t start, end;
};

static struct range ranges[1024];
static size_t nranges;

static void add_range(uint64_t start, uint64_t pages, uint64_t guard)
{
	if (!pages)
		return;
	assert_int_equal(start % PAGE, 0);
	assert_true(nranges < sizeof(ranges) / sizeof(ranges[0]));
	ranges[nranges++] = (struct range){ start, start + (pages + guard) * PAGE };
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static void check_ranges(void)
{
	qsort(ranges, nranges, sizeof(ranges[0]), by_start);
	for (size_t i = 1; i < nranges; i++)
		assert_true(ranges[i - 1].end <= ranges[i].start);
}

/* --- components --- */

static void check_segments(const struct view *v, const struct image_component *c)
{
	for (uint32_t i = 0; i < c->nsegments; i++) {
		const struct image_segment *s = &v->segments[c->first_segment + i];

		assert_int_equal(s->file_off % PAGE, 0);
		assert_true((uint64_t)s->file_off + s->file_size <= v->size);
		assert_true(s->file_size <= (uint64_t)s->mem_pages * PAGE);
		assert_true(s->mem_pages > 0);
		assert_true(s->rights == AOS_MAP_READ || s->rights == AOS_MAP_WRITE ||
			    s->rights == AOS_MAP_EXEC);
		add_range(s->vaddr, s->mem_pages, 1);
	}
}

static void check_cap(const struct view *v, const struct image_component *c,
		      const struct image_cap *cap)
{
	const struct image_segment *segment;

	assert_true(cap->name > 0 && cap->name < v->head->strings.count);
	switch (cap->kind) {
	case IMAGE_CAP_INVOKE:
		assert_true(cap->target < v->head->components.count);
		assert_ptr_not_equal(&v->components[cap->target], c);
		segment = view_segment(v, cap->value);
		assert_non_null(segment);
		assert_int_equal(segment->rights, AOS_MAP_EXEC);
		assert_in_range(segment - v->segments, v->components[cap->target].first_segment,
				v->components[cap->target].first_segment +
					v->components[cap->target].nsegments - 1);
		break;
	case IMAGE_CAP_ENDPOINT:
		assert_in_range(cap->source, AOS_SOURCE_SOFT, AOS_SOURCE_FAULT);
		assert_true(!cap->channel || cap->channel < v->head->channels.count);
		break;
	case IMAGE_CAP_TIMER:
		assert_in_range(cap->target, AOS_SLOT_FIRST, AOS_SLOT_DYNAMIC - 1);
		break;
	case IMAGE_CAP_CHANNEL:
		assert_true(cap->target < v->head->channels.count);
		break;
	default:
		fail_msg("capability of kind %u", cap->kind);
	}
}

static void check_caps(const struct view *v, const struct image_component *c)
{
	for (uint32_t i = 0; i < c->ncaps; i++) {
		const struct image_cap *cap = &v->caps[c->first_cap + i];

		assert_int_equal(cap->slot, AOS_SLOT_FIRST + i);
		assert_true(cap->slot < AOS_SLOT_DYNAMIC);
		check_cap(v, c, cap);
	}
}

static void check_component(const struct view *v, uint32_t index)
{
	const struct image_component *c = &v->components[index];

	check_name(c->name);
	assert_int_equal(c->flags & ~(AOS_COMP_KERNEL_FLAGS | AOS_COMP_LOADER_FLAGS | AOS_COMP_FP), 0);
	assert_in_range(c->heap_pages, 0, c->heap_max_pages);
	assert_in_range(c->stack_max_pages, c->stack_pages, 15);
	assert_in_range(c->scheduler, 0, v->head->components.count - 1);
	assert_true(v->components[c->scheduler].flags & AOS_COMP_SCHED);
	assert_true((uint64_t)c->first_segment + c->nsegments <= v->head->segments.count);
	assert_true((uint64_t)c->first_cap + c->ncaps <= v->head->caps.count);
	assert_in_range(c->stack_pages, 1, 15);
	assert_int_equal(c->stack_base % IMAGE_COMPONENT_STRIDE, IMAGE_STACKS_OFFSET);
	assert_int_equal(c->counters_vaddr, IMAGE_COUNTERS_BASE + index * PAGE);
	add_range(c->heap_vaddr, c->heap_max_pages, 1);
	add_range(c->stack_base, AOS_MAX_THREADS * AOS_STACK_STRIDE / PAGE, 0);
	add_range(c->counters_vaddr, 1, 0);
	check_segments(v, c);
	check_caps(v, c);
}

/* --- the rest --- */

static void check_regions(const struct view *v)
{
	for (uint32_t i = 0; i < v->head->regions.count; i++) {
		const struct image_region *r = &v->regions[i];

		check_name(r->name);
		assert_true(r->pages > 0);
		assert_true(r->vaddr >= IMAGE_REGION_BASE && r->vaddr < IMAGE_FILE_VADDR);
		assert_in_range(r->kind, IMAGE_REGION_FRAMES, IMAGE_REGION_COUNTERS);
		assert_true(r->kind != IMAGE_REGION_CHANNEL ||
			    r->channel < v->head->channels.count);
		add_range(r->vaddr, r->pages, 1);
	}
	for (uint32_t i = 0; i < v->head->channels.count; i++)
		check_name(v->channels[i].name);
	for (uint32_t i = 0; i < v->head->maps.count; i++) {
		assert_true(v->maps[i].component < v->head->components.count);
		assert_true(v->maps[i].region < v->head->regions.count);
		assert_true(v->maps[i].rights <= AOS_MAP_WRITE);
		assert_int_equal(v->maps[i].pad, 0);
	}
}

static void check_threads(const struct view *v)
{
	assert_int_equal(v->threads[0].component, 0);
	for (uint32_t i = 0; i < v->head->threads.count; i++) {
		const struct image_thread *t = &v->threads[i];
		const struct image_segment *segment = view_segment(v, t->entry);

		check_name(t->name);
		assert_true(t->component < v->head->components.count);
		assert_true(t->priority <= AOS_URGENCY_MAX);
		assert_in_range(t->server, IMAGE_SERVER_NONE, IMAGE_SERVER_SPORADIC);
		assert_true(t->budget_us <= t->deadline_us && t->deadline_us <= t->period_us);
		assert_int_equal(!t->budget_us, !t->period_us);
		assert_non_null(segment);
		assert_int_equal(segment->rights, AOS_MAP_EXEC);
	}
}

struct view view_open(const char *file)
{
	struct view v = { 0 };

	v.bytes = rig_read(file, &v.size);
	v.head = (const struct image_header *)v.bytes;
	nranges = 0;
	check_header(&v);
	find_tables(&v);
	for (uint32_t i = 0; i < v.head->components.count; i++)
		check_component(&v, i);
	check_regions(&v);
	check_threads(&v);
	check_ranges();
	return v;
}

void view_close(struct view *v)
{
	free((void *)v->bytes);
}

/* --- looking things up --- */

const struct image_component *view_component(const struct view *v, const char *name)
{
	for (uint32_t i = 0; i < v->head->components.count; i++)
		if (!strcmp(v->components[i].name, name))
			return &v->components[i];
	fail_msg("no component %s", name);
	return NULL;
}

const struct image_cap *view_cap(const struct view *v, const char *component,
				 const char *name)
{
	const struct image_component *c = view_component(v, component);

	for (uint32_t i = 0; i < c->ncaps; i++)
		if (!strcmp(v->strings + v->caps[c->first_cap + i].name, name))
			return &v->caps[c->first_cap + i];
	fail_msg("no capability %s in %s", name, component);
	return NULL;
}

const struct image_region *view_region(const struct view *v, const char *name)
{
	for (uint32_t i = 0; i < v->head->regions.count; i++)
		if (!strcmp(v->regions[i].name, name))
			return &v->regions[i];
	fail_msg("no region %s", name);
	return NULL;
}

const struct image_segment *view_segment(const struct view *v, uint64_t vaddr)
{
	for (uint32_t i = 0; i < v->head->segments.count; i++) {
		const struct image_segment *s = &v->segments[i];

		if (vaddr >= s->vaddr && vaddr < s->vaddr + (uint64_t)s->mem_pages * PAGE)
			return s;
	}
	return NULL;
}

const void *view_at(const struct view *v, uint64_t vaddr, size_t n)
{
	const struct image_segment *s = view_segment(v, vaddr);

	assert_non_null(s);
	assert_true(vaddr - s->vaddr + n <= s->file_size);
	return v->bytes + s->file_off + (vaddr - s->vaddr);
}

uint64_t view_u64(const struct view *v, uint64_t vaddr)
{
	uint64_t value;

	memcpy(&value, view_at(v, vaddr, sizeof(value)), sizeof(value));
	return value;
}
