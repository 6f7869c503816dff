/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A boot image that was changed gets its checksum. */
#ifndef GUEST_SEALED_H
#define GUEST_SEALED_H

#include <stdint.h>

#include "abi/image.h"

static inline void sealed_image(struct image_header *h, uint32_t size)
{
	const uint8_t *bytes = (const uint8_t *)h;
	uint32_t crc = ~0u;

	h->crc32 = 0;
	for (uint32_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	h->crc32 = ~crc;
}

#endif
