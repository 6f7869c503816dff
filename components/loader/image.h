/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot image as the loader reads it: every table entry checked once, so
 * that what builds the system need not doubt an index.  Pure; the image must
 * not change while it is in use (it is mapped read-only, and nowhere else).
 */
#ifndef LOADER_IMAGE_H
#define LOADER_IMAGE_H

#include "abi/image.h"

#define IMAGE_REGIONS_MAX	64u

struct image {
	const uint8_t *base;
	const struct image_header *header;
	const struct image_component *components;
	const struct image_segment *segments;
	const struct image_cap *caps;
	const struct image_region *regions;
	const struct image_map *maps;
	const struct image_thread *threads;
	const struct image_channel *channels;
	const char *strings;
};

/* Why an image was refused: entry `index` of a table, in words. */
struct image_error {
	const char *table;
	uint32_t index;
	const char *why;
};

/** image_open() - check all of it; false with *error filled in if it is refused. */
bool image_open(struct image *img, const void *base, uint64_t size, struct image_error *error);

/** image_reach() - components a thread of `component` can get to by invocation: bit mask. */
uint32_t image_reach(const struct image *img, uint32_t component);

/** image_scheduler() - the root scheduler: the one that schedules itself. */
uint32_t image_scheduler(const struct image *img);

/** image_manager() - the memory manager, or the number of components: there is none. */
uint32_t image_manager(const struct image *img);

/** image_grows() - may a component get more heap or stack than is mapped at the start? */
bool image_grows(const struct image_component *c);

/*
 * policy.c's part of image_open(): what the image says about growth, restarts,
 * times and schedulers.  NULL, or why it is refused.  Indices in the image's
 * tables are checked before; of components and threads, place and entry.
 */
const char *policy_check_component(const struct image *img, uint32_t i);
const char *policy_check_thread(const struct image_thread *t);
const char *policy_check_schedulers(const struct image *img);

#endif
