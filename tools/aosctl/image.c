// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image - a boot image, read and checked.  The file is hostile until every
 * table has been found to lie inside it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/bootinfo.h"
#include "abi/syscall.h"
#include "file.h"
#include "image.h"

/* IEEE 802.3, reflected; crc of nothing is 0. */
uint32_t image_crc32(const uint8_t *bytes, size_t size, uint32_t crc)
{
	crc = ~crc;
	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* The sum as coslink made it: over the image with the sum's own field zero. */
static uint32_t image_sum(const struct image *image)
{
	static const uint8_t zero[4];
	size_t at = offsetof(struct image_header, crc32), after = at + sizeof(zero);
	uint32_t crc = image_crc32(image->bytes, at, 0);

	crc = image_crc32(zero, sizeof(zero), crc);
	return image_crc32(image->bytes + after, image->size - after, crc);
}

static int table_fits(const struct image *image, const struct image_table *table,
		      size_t entry)
{
	return !(table->off % 8) && table->off <= image->size &&
	       table->count <= (image->size - table->off) / entry;
}

static const char *check_tables(const struct image *image)
{
	const struct image_header *h = &image->header;

	if (!table_fits(image, &h->components, sizeof(struct image_component)) ||
	    !table_fits(image, &h->segments, sizeof(struct image_segment)) ||
	    !table_fits(image, &h->caps, sizeof(struct image_cap)) ||
	    !table_fits(image, &h->regions, sizeof(struct image_region)) ||
	    !table_fits(image, &h->maps, sizeof(struct image_map)) ||
	    !table_fits(image, &h->threads, sizeof(struct image_thread)) ||
	    !table_fits(image, &h->channels, sizeof(struct image_channel)) ||
	    !table_fits(image, &h->strings, 1) ||
	    !table_fits(image, &h->places, sizeof(struct image_place)))
		return "is damaged (a table lies outside it): link it again with coslink";
	if (!h->components.count)
		return "has no component: link it again with coslink";
	if (h->components.count > AOS_MAX_COMPONENTS)
		return "has more components than the AOS can hold: take some out of "
		       "the composition";
	if (h->channels.count > BOOTINFO_CHANNELS)
		return "has more channels than the AOS can hold: take some out of "
		       "the composition";
	return NULL;
}

const char *image_check(struct image *image)
{
	struct image_header *h = &image->header;

	if (image->size < sizeof(*h))
		return "is no boot image (too short): link one with coslink";
	memcpy(h, image->bytes, sizeof(*h));
	if (h->magic != IMAGE_MAGIC)
		return "is no boot image: link one with coslink";
	if (h->revision != IMAGE_REVISION)
		return "is a boot image of another revision: link it again with the "
		       "coslink of this release";
	if (h->size != image->size)
		return "is cut short or has bytes too many: copy or link it again";
	if (image_sum(image) != h->crc32)
		return "is damaged (its checksum is wrong): copy or link it again";
	return check_tables(image);
}

const char *image_open(struct image *image, const char *path)
{
	const char *why;
	int err = file_read_all(path, IMAGE_MAX_SIZE, &image->bytes, &image->size);

	if (err == -ENOENT)
		return "does not exist: link one with coslink, or correct the path";
	if (err == -EFBIG)
		return "is too large for a boot image: correct the path";
	if (err)
		return strerror(-err);
	why = image_check(image);
	if (why)
		image_close(image);
	return why;
}

void image_close(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}

static const uint8_t *entry(const struct image *image,
			    const struct image_table *table, size_t size, uint32_t i)
{
	return image->bytes + table->off + (size_t)i * size;
}

static void copy_name(char *name, const uint8_t *from)
{
	memcpy(name, from, ABI_NAME_LEN);
	name[ABI_NAME_LEN] = '\0';
}

void image_channel(const struct image *image, uint32_t i, struct image_channel *channel)
{
	memcpy(channel, entry(image, &image->header.channels, sizeof(*channel), i),
	       sizeof(*channel));
	channel->name[ABI_NAME_LEN - 1] = '\0';
}

void image_component_name(const struct image *image, uint32_t i, char *name)
{
	const struct image_table *table = &image->header.components;

	copy_name(name, entry(image, table, sizeof(struct image_component), i) +
			offsetof(struct image_component, name));
}

void image_component(const struct image *image, uint32_t i, struct image_component *component)
{
	memcpy(component, entry(image, &image->header.components, sizeof(*component), i),
	       sizeof(*component));
	component->name[ABI_NAME_LEN - 1] = '\0';
}

void image_thread(const struct image *image, uint32_t i, struct image_thread *thread)
{
	memcpy(thread, entry(image, &image->header.threads, sizeof(*thread), i), sizeof(*thread));
	thread->name[ABI_NAME_LEN - 1] = '\0';
}

/* Names of files are shown: any other bytes are not. */
static void place_at(const struct image *image, uint64_t i, struct image_place *place)
{
	*place = (struct image_place){ .line = 0 };
	if (i >= image->header.places.count)
		return;
	memcpy(place, entry(image, &image->header.places, sizeof(*place), (uint32_t)i),
	       sizeof(*place));
	place->file[sizeof(place->file) - 1] = '\0';
	for (char *c = place->file; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

void image_place_of_component(const struct image *image, uint32_t i, struct image_place *place)
{
	place_at(image, i, place);
}

void image_place_of_thread(const struct image *image, uint32_t i, struct image_place *place)
{
	place_at(image, (uint64_t)image->header.components.count + i, place);
}

static void mask_component(struct image_component *c)
{
	c->watchdog = 0;
	c->restart_max = !!c->restart_max;
	c->restart_within_ms = !!c->restart_within_ms;
}

/* Whether it has times cannot change, nor what is the loader's or a scheduler's. */
static void mask_thread(const struct image *image, struct image_thread *t)
{
	struct image_component c = { .flags = AOS_COMP_SCHED };

	if (t->component && t->component < image->header.components.count)
		image_component(image, t->component, &c);
	if (c.flags & AOS_COMP_SCHED && c.scheduler == t->component)
		return;
	t->priority = 0;
	t->period_us = !!t->period_us;
	t->budget_us = !!t->budget_us;
	t->deadline_us = !!t->deadline_us;
}

uint32_t image_fixed_sum(const struct image *image)
{
	const struct image_header *h = &image->header;
	struct image copy = *image;
	uint32_t sum = 0;

	copy.bytes = image->size ? malloc(image->size) : NULL;
	if (!copy.bytes)
		return h->crc32;
	memcpy(copy.bytes, image->bytes, image->size);
	for (uint32_t i = 0; i < h->components.count; i++)
		mask_component((void *)(copy.bytes + h->components.off +
					i * sizeof(struct image_component)));
	for (uint32_t i = 0; i < h->threads.count; i++)
		mask_thread(image, (void *)(copy.bytes + h->threads.off +
					    i * sizeof(struct image_thread)));
	memset(copy.bytes + h->places.off, 0, h->places.count * sizeof(struct image_place));
	sum = image_sum(&copy);
	free(copy.bytes);
	return sum;
}

uint64_t image_frames(const struct image *image)
{
	const struct image_header *h = &image->header;
	struct image_component component;
	struct image_segment segment;
	struct image_region region;
	uint64_t frames = 0;

	for (uint32_t i = 0; i < h->components.count; i++) {
		memcpy(&component, entry(image, &h->components, sizeof(component), i),
		       sizeof(component));
		frames += component.heap_pages;
	}
	for (uint32_t i = 0; i < h->segments.count; i++) {
		memcpy(&segment, entry(image, &h->segments, sizeof(segment), i),
		       sizeof(segment));
		frames += segment.mem_pages;
	}
	for (uint32_t i = 0; i < h->regions.count; i++) {
		memcpy(&region, entry(image, &h->regions, sizeof(region), i),
		       sizeof(region));
		if (region.kind == IMAGE_REGION_FRAMES)
			frames += region.pages;
	}
	return frames;
}

static bool is_written(const struct image *image, uint32_t region)
{
	const struct image_header *h = &image->header;
	struct image_map map;

	for (uint32_t i = 0; i < h->maps.count; i++) {
		memcpy(&map, entry(image, &h->maps, sizeof(map), i), sizeof(map));
		if (map.region == region && map.rights == AOS_MAP_WRITE)
			return true;
	}
	return false;
}

static bool is_host_place(const struct image_region *region)
{
	return region->kind == IMAGE_REGION_HOST && region->pages &&
	       region->vaddr >= IMAGE_REGION_BASE && region->vaddr % ABI_PAGE_SIZE == 0 &&
	       region->vaddr < IMAGE_FILE_VADDR;
}

bool image_host_region(const struct image *image, const char *name,
		       struct image_region *region, bool *writable)
{
	const struct image_header *h = &image->header;

	for (uint32_t i = 0; i < h->regions.count; i++) {
		memcpy(region, entry(image, &h->regions, sizeof(*region), i), sizeof(*region));
		if (strncmp(region->name, name, ABI_NAME_LEN) || !is_host_place(region))
			continue;
		*writable = is_written(image, i);
		return true;
	}
	return false;
}

/* The component with an endpoint for the channel, or -1. */
static int64_t find_taker(const struct image *image, uint32_t channel)
{
	const struct image_header *h = &image->header;
	struct image_component component;
	struct image_cap cap;

	for (uint32_t i = 0; i < h->components.count; i++) {
		memcpy(&component, entry(image, &h->components, sizeof(component), i),
		       sizeof(component));
		for (uint32_t j = 0; j < component.ncaps; j++) {
			uint64_t at = (uint64_t)component.first_cap + j;

			if (at >= h->caps.count)
				break;
			memcpy(&cap, entry(image, &h->caps, sizeof(cap), (uint32_t)at),
			       sizeof(cap));
			if (cap.kind == IMAGE_CAP_ENDPOINT && cap.channel == channel &&
			    cap.source == AOS_SOURCE_CHANNEL)
				return i;
		}
	}
	return -1;
}

bool image_taker(const struct image *image, uint32_t channel, char *component,
		 struct image_thread *thread)
{
	const struct image_table *threads = &image->header.threads;
	int64_t taker = find_taker(image, channel);

	for (uint32_t i = 0; taker >= 0 && i < threads->count; i++) {
		memcpy(thread, entry(image, threads, sizeof(*thread), i), sizeof(*thread));
		if (thread->component != taker)
			continue;
		image_component_name(image, (uint32_t)taker, component);
		return true;
	}
	return false;
}
