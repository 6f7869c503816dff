/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CRC-32 as in IEEE 802.3. */
#ifndef COSLINK_CRC32_H
#define COSLINK_CRC32_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t crc32(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint32_t crc = ~0u;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

#endif
