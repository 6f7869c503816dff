/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Internet checksum (RFC 1071) of a run of bytes, folded to 16 bits but
 * not inverted: what lwIP expects of LWIP_CHKSUM.  Eight bytes a step, since
 * every payload byte passes here twice.
 */
#include <stdint.h>
#include <string.h>

#include "arch/cc.h"

static uint64_t add_carry(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

static uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffffu) + (sum >> 32);
	sum = (sum & 0xffffffffu) + (sum >> 32);
	sum = (sum & 0xffffu) + (sum >> 16);
	sum = (sum & 0xffffu) + (sum >> 16);
	return (uint16_t)((sum & 0xffffu) + (sum >> 16));
}

/* Fewer than eight bytes, as if zeros followed. */
static uint64_t tail(const uint8_t *p, int len)
{
	uint64_t sum = 0;
	uint32_t four;
	uint16_t two;

	if (len & 4) {
		memcpy(&four, p, 4);
		sum += four;
		p += 4;
	}
	if (len & 2) {
		memcpy(&two, p, 2);
		sum += two;
		p += 2;
	}
	return len & 1 ? sum + *p : sum;
}

uint16_t port_checksum(const void *data, int len)
{
	const uint8_t *p = data;
	uint64_t sum = 0, word;

	for (; len >= 8; len -= 8, p += 8) {
		memcpy(&word, p, 8);
		sum = add_carry(sum, word);
	}
	return fold(add_carry(sum, tail(p, len)));
}
