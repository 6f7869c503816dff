/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the boot image of abi/image.h. */
#ifndef COSLINK_IMAGE_H
#define COSLINK_IMAGE_H

#include "system.h"

struct image {
	uint8_t *bytes;
	uint32_t size;
};

/* Build the image in memory; false: it would be larger than allowed. */
bool image_build(const struct system *system, struct image *image);

/* Write a whole file or nothing: to a temporary name, then rename. */
bool image_write(const void *bytes, size_t size, const char *path, struct pool *pool,
		 struct diag *diag);

#endif
