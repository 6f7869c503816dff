/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot image as aosctl needs it: is it whole, which channels and components
 * does it have, how much memory will it ask for.  hijack and the loader check
 * it again by their own rules; here a mistake gets a good message.
 */
#ifndef AOSCTL_IMAGE_H
#define AOSCTL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/image.h"

struct image {
	uint8_t *bytes;
	size_t size;
	struct image_header header;	/* checked copy */
};

/*
 * Reads and checks an image file.  NULL, or why not (with the remedy); then
 * nothing is held.
 */
const char *image_open(struct image *image, const char *path);
void image_close(struct image *image);

/* Checks bytes already in memory, e.g. a fuzzer's.  NULL or why not. */
const char *image_check(struct image *image);

/* A channel, of either kind; its name ends. */
void image_channel(const struct image *image, uint32_t i, struct image_channel *channel);

/* The name is copied, so that it ends; room is ABI_NAME_LEN + 1. */
void image_component_name(const struct image *image, uint32_t i, char *name);

/* An entry of the table of components or of threads; its name may have no end. */
void image_component(const struct image *image, uint32_t i, struct image_component *component);
void image_thread(const struct image *image, uint32_t i, struct image_thread *thread);

/*
 * Where in its composition that component is written, or that thread; line 0: the image does
 * not say.
 */
void image_place_of_component(const struct image *image, uint32_t i, struct image_place *place);
void image_place_of_thread(const struct image *image, uint32_t i, struct image_place *place);

/*
 * A sum over all that cannot change while the AOS runs: the same for images that differ in
 * settings alone (settings.h).
 */
uint32_t image_fixed_sum(const struct image *image);

/* Frames that segments, heaps and shared regions take: a lower bound. */
uint64_t image_frames(const struct image *image);

/*
 * The region of kind "host" with that name; *writable: a component maps it "rw".
 * False: there is none, or not at a place where a process can have it.
 */
bool image_host_region(const struct image *image, const char *name,
		       struct image_region *region, bool *writable);

/*
 * The thread of the component that takes packets from a channel.  False: there is
 * none, or no thread of its own does.  component: room as above.
 */
bool image_taker(const struct image *image, uint32_t channel, char *component,
		 struct image_thread *thread);

uint32_t image_crc32(const uint8_t *bytes, size_t size, uint32_t crc);

#endif
