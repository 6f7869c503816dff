/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_DATAGRAM_H
#define BENCH_DATAGRAM_H

#include <string.h>

static inline void bytes_swap(unsigned char *a, unsigned char *b, size_t n)
{
	unsigned char kept[8];

	memcpy(kept, a, n);
	memcpy(a, b, n);
	memcpy(b, kept, n);
}

/** datagram_turn() - an IPv4 packet without options, with UDP, goes back; no checksum changes. */
static inline void datagram_turn(unsigned char *ip)
{
	bytes_swap(ip + 12, ip + 16, 4);	/* addresses */
	bytes_swap(ip + 20, ip + 22, 2);	/* ports */
}

#endif
