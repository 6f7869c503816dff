/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Internet checksum (RFC 1071), in place of lwIP's core/inet_chksum.c: what
 * lwip/inet_chksum.h promises, of that what we build asks for.  Every payload byte
 * passes here twice.
 *
 * Sums are of words of 64 bits as they lie in memory; what carries out of the top
 * comes in again at the bottom, so one sum holds those of all shorter words, and is
 * folded to 16 bits once, at the end.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lwip/inet_chksum.h"
#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"

static uint64_t word_at(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Two instructions, as gcc makes it. */
static uint64_t add_carry(uint64_t sum, uint64_t word)
{
	uint64_t low;
	bool carry = __builtin_add_overflow(sum, word, &low);

	return low + carry;
}

/* Fewer than eight bytes, as if zeros followed. */
static uint64_t tail(const uint8_t *p, uint32_t len)
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

static uint64_t sum_of(const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + (len & ~7u);
	uint64_t sum = 0;

	for (; end - p >= 32; p += 32) {
		sum = add_carry(sum, word_at(p));
		sum = add_carry(sum, word_at(p + 8));
		sum = add_carry(sum, word_at(p + 16));
		sum = add_carry(sum, word_at(p + 24));
	}
	for (; p != end; p += 8)
		sum = add_carry(sum, word_at(p));
	return len & 7 ? add_carry(sum, tail(p, len & 7)) : sum;
}

/* Behind an odd number of bytes, each is the other one of its pair. */
static uint64_t sum_of_chain(const struct pbuf *p, uint64_t sum)
{
	uint64_t part;
	bool odd = false;

	for (; p; p = p->next) {
		part = sum_of(p->payload, p->len);
		sum = add_carry(sum, odd ? part << 8 | part >> 56 : part);
		odd ^= p->len & 1;
	}
	return sum;
}

/* Each half added to the other: the upper one has the sum, and what the lower carried. */
static uint16_t checksum(uint64_t sum)
{
	uint32_t half;

	sum += sum << 32 | sum >> 32;
	half = (uint32_t)(sum >> 32);
	half += half << 16 | half >> 16;
	return (uint16_t)~(half >> 16);
}

/* A pseudo header but its addresses (RFC 768; RFC 8200, 8.1). */
static uint64_t sum_of_pseudo(uint8_t proto, uint16_t len)
{
	return (uint64_t)lwip_htons(proto) + lwip_htons(len);
}

u16_t inet_chksum(const void *data, u16_t len)
{
	return checksum(sum_of(data, len));
}

u16_t inet_chksum_pbuf(struct pbuf *p)
{
	return checksum(sum_of_chain(p, 0));
}

u16_t ip6_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t len, const ip6_addr_t *from,
			const ip6_addr_t *to)
{
	uint64_t sum = sum_of_pseudo(proto, len);

	for (uint32_t i = 0; i < 4; i++)
		sum += (uint64_t)from->addr[i] + to->addr[i];
	return checksum(sum_of_chain(p, sum));
}

u16_t ip_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t len, const ip_addr_t *from,
		       const ip_addr_t *to)
{
	uint64_t sum;

	if (IP_IS_V6(to))
		return ip6_chksum_pseudo(p, proto, len, ip_2_ip6(from), ip_2_ip6(to));
	sum = sum_of_pseudo(proto, len) + ip_2_ip4(from)->addr + ip_2_ip4(to)->addr;
	return checksum(sum_of_chain(p, sum));
}
