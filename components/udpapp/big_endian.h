/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers into a datagram: bytes, because nothing there is aligned. */
#ifndef UDPAPP_BIG_ENDIAN_H
#define UDPAPP_BIG_ENDIAN_H

#include <stdint.h>

#include "string.h"

static inline void put_be32(uint8_t to[4], uint32_t n)
{
	n = __builtin_bswap32(n);
	memcpy(to, &n, sizeof(n));
}

static inline void put_be64(uint8_t to[8], uint64_t n)
{
	n = __builtin_bswap64(n);
	memcpy(to, &n, sizeof(n));
}

#endif
