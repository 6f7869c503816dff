/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door in front of lwIP.  It decides which packets lwIP may see in
 * place: plain UDP, which it only reads.  Everything else it may write to
 * (reassembly puts its lists over the headers, echo turns the request into
 * the reply), so that is copied first.
 *
 * It also keeps out what lwIP 2.1.3 handles badly: a second fragment header
 * inside a reassembled IPv6 datagram runs into an assertion, parameter
 * problems quote the wrong bytes after extension headers, neighbour
 * discovery has no business here, and UDP lengths are never compared.
 */
#include <stddef.h>

#include "filter.h"

#define IP4_HLEN	20u
#define IP6_HLEN	40u
#define UDP_HLEN	8u

enum {				/* protocol numbers */
	PROTO_HOPBYHOP = 0, PROTO_ICMP = 1, PROTO_UDP = 17, PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44, PROTO_ICMP6 = 58, PROTO_NONE = 59, PROTO_DESTOPTS = 60
};

#define ICMP6_ECHO	128u
#define MAX_EXTENSIONS	4u

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

enum drop filter_udp(const uint8_t *header, uint32_t len, uint8_t family)
{
	if (len < UDP_HLEN || get16(header + 4) != len)
		return DROP_UDP_LENGTH;
	if (family == 6 && get16(header + 6) == 0)
		return DROP_UDP_CHECKSUM;	/* RFC 8200, 8.1: not optional */
	if (get16(header) == 0)
		return DROP_SOURCE;	/* RFC 768: no reply is wanted */
	return DROP_NONE;
}

/* ---- IPv4 ---- */

/* Nobody on the network has this address. */
static bool from4_impossible(const uint8_t *from)
{
	return from[0] == 0 || from[0] == 127 || from[0] >= 224;
}

/* Options are ignored, as hosts do, but not source routes and nonsense. */
static bool options4_bad(const uint8_t *option, uint32_t len)
{
	enum { END = 0, NOP = 1, LSRR = 131, SSRR = 137 };
	uint32_t i = 0;

	while (i < len && option[i] != END) {
		if (option[i] == NOP) {
			i++;
			continue;
		}
		if (option[i] == LSRR || option[i] == SSRR || i + 1 >= len ||
		    option[i + 1] < 2 || option[i + 1] > len - i)
			return true;
		i += option[i + 1];
	}
	return false;
}

static enum drop check4(const uint8_t *p, uint32_t len, struct verdict *v)
{
	uint32_t hlen = (p[0] & 15u) * 4;
	uint32_t total = get16(p + 2);
	bool fragment = (get16(p + 6) & 0x3fff) != 0;

	if (hlen < IP4_HLEN)
		return DROP_HEADER;
	if (total < hlen || total > len)
		return DROP_LENGTH;
	v->len = (uint16_t)total;
	if (p[8] == 0)
		return DROP_TTL;
	if (from4_impossible(v->from))
		return DROP_SOURCE;
	if (options4_bad(p + IP4_HLEN, hlen - IP4_HLEN))
		return DROP_OPTIONS;
	v->plain = p[9] == PROTO_UDP && hlen == IP4_HLEN && !fragment;
	return v->plain ? filter_udp(p + hlen, total - hlen, 4) : DROP_NONE;
}

/* ---- IPv6 ---- */

/* Unspecified, loopback, mapped IPv4, multicast. */
static bool from6_impossible(const uint8_t *from)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	uint32_t i = 0;

	if (from[0] == 0xff)
		return true;
	while (i < sizeof(mapped) && from[i] == mapped[i])
		i++;
	if (i == sizeof(mapped))
		return true;
	for (i = 0; i < 15; i++)
		if (from[i])
			return false;
	return from[15] <= 1;
}

/* All options well-formed, and such that who does not know them skips them. */
static bool options6_bad(const uint8_t *option, uint32_t len)
{
	enum { PAD1 = 0, ACTION = 0xc0 };
	uint32_t i = 0;

	while (i < len) {
		if (option[i] == PAD1) {
			i++;
			continue;
		}
		if ((option[i] & ACTION) || i + 1 >= len || option[i + 1] + 2u > len - i)
			return true;
		i += option[i + 1] + 2u;
	}
	return false;
}

/*
 * Walk the extension headers: *proto and *off become those of the payload.
 * A routing header must be used up (RFC 8200, 4.4).
 */
static bool extensions_bad(const uint8_t *p, uint32_t len, uint8_t *proto, uint32_t *off)
{
	uint32_t n, hlen;

	for (n = 0; *proto == PROTO_HOPBYHOP || *proto == PROTO_DESTOPTS ||
	     *proto == PROTO_ROUTING; n++) {
		if (n == MAX_EXTENSIONS || len - *off < 8)
			return true;
		hlen = 8u * (1u + p[*off + 1]);
		if (hlen > len - *off)
			return true;
		if (*proto == PROTO_ROUTING ? p[*off + 3] != 0
					    : options6_bad(p + *off + 2, hlen - 2))
			return true;
		if (*proto == PROTO_HOPBYHOP && n)
			return true;
		*proto = p[*off];
		*off += hlen;
	}
	return n && *proto == PROTO_FRAGMENT;
}

/* Only these are put together again: no headers hide inside. */
static enum drop check_fragment6(const uint8_t *fragment, uint32_t len)
{
	if (len < 8)
		return DROP_LENGTH;
	if (fragment[0] == PROTO_UDP || fragment[0] == PROTO_ICMP6)
		return DROP_NONE;
	return DROP_EXTENSION;
}

static enum drop check6(const uint8_t *p, uint32_t len, struct verdict *v)
{
	uint32_t total = IP6_HLEN + get16(p + 4), off = IP6_HLEN;
	uint8_t proto = p[6];

	if (total > len)
		return DROP_LENGTH;
	v->len = (uint16_t)total;
	if (p[7] == 0)
		return DROP_TTL;
	if (from6_impossible(v->from))
		return DROP_SOURCE;
	if (extensions_bad(p, total, &proto, &off))
		return DROP_EXTENSION;
	if (proto == PROTO_FRAGMENT)
		return check_fragment6(p + off, total - off);
	if (proto == PROTO_NONE)
		return DROP_PROTOCOL;
	if (proto == PROTO_ICMP6 && total > off && p[off] != ICMP6_ECHO)
		return DROP_ICMP_TYPE;
	v->plain = proto == PROTO_UDP && off == IP6_HLEN;
	return v->plain ? filter_udp(p + off, total - off, 6) : DROP_NONE;
}

void filter_packet(const uint8_t *packet, uint32_t len, struct verdict *v)
{
	v->plain = false;
	v->family = len ? packet[0] >> 4 : 0;
	v->drop = DROP_LENGTH;
	if (v->family == 4 && len >= IP4_HLEN) {
		v->from = packet + 12;
		v->to = packet + 16;
		v->drop = check4(packet, len, v);
	} else if (v->family == 6 && len >= IP6_HLEN) {
		v->from = packet + 8;
		v->to = packet + 24;
		v->drop = check6(packet, len, v);
	} else if (len >= IP4_HLEN && v->family != 4 && v->family != 6) {
		v->drop = DROP_VERSION;
	}
}
