/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <stdlib.h>

#include "build.h"
#include "string.h"

void put16(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

void put32(uint8_t *p, uint32_t n)
{
	put16(p, n >> 16);
	put16(p + 2, n);
}

uint32_t get16(const uint8_t *p)
{
	return (uint32_t)(p[0] << 8 | p[1]);
}

uint32_t get32(const uint8_t *p)
{
	return get16(p) << 16 | get16(p + 2);
}

static uint32_t sum(uint32_t sum, const uint8_t *p, uint32_t n)
{
	for (; n > 1; n -= 2, p += 2)
		sum += get16(p);
	return n ? sum + (uint32_t)(p[0] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint16_t header_sum(const uint8_t *packet)
{
	return fold(sum(0, packet, (packet[0] & 15u) * 4));
}

uint16_t transport_sum(const uint8_t *packet, uint32_t len)
{
	bool v4 = packet[0] >> 4 == 4;
	uint32_t hlen = v4 ? (packet[0] & 15u) * 4 : IP6;
	uint8_t proto = v4 ? packet[9] : packet[6];
	uint32_t s = 0;

	if (v4 && proto != 1)
		s = sum(proto + len - hlen, packet + 12, 8);
	else if (!v4)
		s = sum(proto + len - hlen, packet + 8, 32);
	return fold(sum(s, packet + hlen, len - hlen));
}

void build_ip4_sum(uint8_t *packet)
{
	put16(packet + 10, 0);
	put16(packet + 10, header_sum(packet));
}

static void address(int family, const char *text, uint8_t *to)
{
	if (inet_pton(family, text, to) != 1)
		abort();
}

uint32_t build_ip(uint8_t *packet, uint8_t family, const struct flow *f, uint8_t proto,
		  const void *payload, uint32_t len)
{
	uint32_t hlen = family == 4 ? IP4 : IP6;

	memset(packet, 0, hlen);
	memmove(packet + hlen, payload, len);
	if (family == 4) {
		packet[0] = 0x45;
		put16(packet + 2, hlen + len);
		packet[8] = 63;
		packet[9] = proto;
		address(AF_INET, f->from4, packet + 12);
		address(AF_INET, f->to4, packet + 16);
		build_ip4_sum(packet);
	} else {
		packet[0] = 0x60;
		put16(packet + 4, len);
		packet[6] = proto;
		packet[7] = 63;
		address(AF_INET6, f->from6, packet + 8);
		address(AF_INET6, f->to6, packet + 24);
	}
	return hlen + len;
}

uint32_t build_udp(uint8_t *packet, uint8_t family, const struct flow *f, const void *data,
		   uint32_t len)
{
	uint32_t hlen = family == 4 ? IP4 : IP6;
	uint8_t *udp = packet + hlen;

	memmove(udp + UDP, data, len);
	put16(udp, f->from_port);
	put16(udp + 2, f->to_port);
	put16(udp + 4, UDP + len);
	put16(udp + 6, 0);
	build_ip(packet, family, f, 17, udp, UDP + len);
	put16(udp + 6, transport_sum(packet, hlen + UDP + len));
	if (!get16(udp + 6))
		put16(udp + 6, 0xffff);
	return hlen + UDP + len;
}

uint32_t build_echo(uint8_t *packet, uint8_t family, const struct flow *f, uint16_t id,
		    const void *data, uint32_t len)
{
	uint32_t hlen = family == 4 ? IP4 : IP6;
	uint8_t *icmp = packet + hlen;

	memmove(icmp + 8, data, len);
	memset(icmp, 0, 8);
	icmp[0] = family == 4 ? 8 : 128;
	put16(icmp + 4, id);
	put16(icmp + 6, 1);
	build_ip(packet, family, f, family == 4 ? 1 : 58, icmp, 8 + len);
	put16(icmp + 2, transport_sum(packet, hlen + 8 + len));
	return hlen + 8 + len;
}

static uint32_t fragment4(uint8_t *fragment, const uint8_t *packet, uint32_t len, uint32_t mtu,
			  uint32_t id, uint32_t n)
{
	uint32_t room = (mtu - IP4) & ~7u, from = n * room, all = len - IP4, part;

	if (from >= all)
		return 0;
	part = all - from < room ? all - from : room;
	memcpy(fragment, packet, IP4);
	memcpy(fragment + IP4, packet + IP4 + from, part);
	put16(fragment + 2, IP4 + part);
	put16(fragment + 4, id);
	put16(fragment + 6, from / 8 | (from + part < all ? 0x2000 : 0));
	build_ip4_sum(fragment);
	return IP4 + part;
}

static uint32_t fragment6(uint8_t *fragment, const uint8_t *packet, uint32_t len, uint32_t mtu,
			  uint32_t id, uint32_t n)
{
	uint32_t room = (mtu - IP6 - 8) & ~7u, from = n * room, all = len - IP6, part;

	if (from >= all)
		return 0;
	part = all - from < room ? all - from : room;
	memcpy(fragment, packet, IP6);
	memcpy(fragment + IP6 + 8, packet + IP6 + from, part);
	put16(fragment + 4, 8 + part);
	fragment[IP6] = fragment[6];
	fragment[IP6 + 1] = 0;
	fragment[6] = 44;
	put16(fragment + IP6 + 2, from | (from + part < all));
	put32(fragment + IP6 + 4, id);
	return IP6 + 8 + part;
}

uint32_t build_fragment(uint8_t *fragment, const uint8_t *packet, uint32_t len, uint32_t mtu,
			uint32_t id, uint32_t n)
{
	return packet[0] >> 4 == 4 ? fragment4(fragment, packet, len, mtu, id, n)
				   : fragment6(fragment, packet, len, mtu, id, n);
}

static bool addresses_swapped(const uint8_t *packet, uint8_t family, const struct flow *f)
{
	uint8_t from[16], to[16];

	if (family == 4) {
		address(AF_INET, f->from4, from);
		address(AF_INET, f->to4, to);
		return !memcmp(packet + 12, to, 4) && !memcmp(packet + 16, from, 4);
	}
	address(AF_INET6, f->from6, from);
	address(AF_INET6, f->to6, to);
	return !memcmp(packet + 8, to, 16) && !memcmp(packet + 24, from, 16);
}

static bool header_right(const uint8_t *packet, uint32_t len, uint8_t family, uint8_t proto)
{
	if (len < IP4 || packet[0] >> 4 != family)
		return false;
	if (family == 4)
		return packet[0] == 0x45 && get16(packet + 2) == len && !header_sum(packet) &&
		       packet[8] >= 32 && packet[9] == proto;
	return len >= IP6 && IP6 + get16(packet + 4) == len && packet[6] == proto &&
	       packet[7] >= 32;
}

const uint8_t *reply_udp(const uint8_t *packet, uint32_t len, uint8_t family,
			 const struct flow *f, uint32_t *payload_len)
{
	uint32_t hlen = family == 4 ? IP4 : IP6;
	const uint8_t *udp = packet + hlen;

	if (!header_right(packet, len, family, 17) || !addresses_swapped(packet, family, f))
		return NULL;
	if (get16(udp) != f->to_port || get16(udp + 2) != f->from_port ||
	    get16(udp + 4) != len - hlen || !get16(udp + 6) || transport_sum(packet, len))
		return NULL;
	*payload_len = len - hlen - UDP;
	return udp + UDP;
}

uint32_t join_fragment(uint8_t *packet, uint32_t have, const uint8_t *fragment, uint32_t len,
		       bool *last)
{
	bool v4 = fragment[0] >> 4 == 4;
	uint32_t hlen = v4 ? IP4 : IP6, skip = v4 ? IP4 : IP6 + 8, at;

	at = v4 ? (get16(fragment + 6) & 0x1fff) * 8 : get16(fragment + IP6 + 2) & 0xfff8;
	if (!have)
		memcpy(packet, fragment, hlen);
	if (at != (have ? have - hlen : 0) || (v4 && header_sum(fragment)))
		abort();
	memcpy(packet + hlen + at, fragment + skip, len - skip);
	*last = !(v4 ? fragment[6] & 0x20 : fragment[IP6 + 3] & 1);
	have = hlen + at + len - skip;
	if (v4) {
		put16(packet + 2, have);
		put16(packet + 6, 0);
		build_ip4_sum(packet);
	} else {
		put16(packet + 4, have - IP6);
		packet[6] = fragment[IP6];
	}
	return have;
}
