// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading IP and UDP headers, and the Internet checksum. */
#include "packet.h"

#include <string.h>

#include "bytes.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define UDP_HEADER 8
/* More extension headers than this are an attack, not a packet. */
#define EXTENSIONS_MAX 8

enum { NEXT_HOP_BY_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44,
       NEXT_DESTINATION = 60 };

uint32_t checksum_add(uint32_t sum, const uint8_t *data, size_t size)
{
	uint64_t wide = sum;
	size_t i;

	for (i = 0; i + 1 < size; i += 2)
		wide += get16(data + i);
	if (i < size)
		wide += (uint32_t)data[i] << 8;
	while (wide >> 32)
		wide = (wide & 0xffffffff) + (wide >> 32);
	return (uint32_t)wide;
}

uint16_t checksum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint32_t checksum_pseudo(const struct address *source,
			 const struct address *destination, uint8_t protocol,
			 size_t length)
{
	size_t size = address_size(source);
	uint32_t sum = checksum_add(0, source->bytes, size);

	sum = checksum_add(sum, destination->bytes, size);
	return sum + protocol + (uint32_t)length;
}

bool transport_checksum_ok(const struct ip_packet *ip, const uint8_t *data,
			   size_t size)
{
	uint32_t sum;

	/* IPv4 lets a UDP sender leave the checksum out; IPv6 does not. */
	if (ip->protocol == PROTOCOL_UDP && size >= UDP_HEADER) {
		size = get16(data + 4) <= size ? get16(data + 4) : size;
		if (get16(data + 6) == 0)
			return ip->source.family == 4;
	}
	sum = checksum_pseudo(&ip->source, &ip->destination, ip->protocol,
			      size);
	return checksum_fold(checksum_add(sum, data, size)) == 0;
}

static void address_set(struct address *a, uint8_t family, const uint8_t *from)
{
	memset(a, 0, sizeof(*a));
	a->family = family;
	memcpy(a->bytes, from, address_size(a));
}

static enum packet_status ip4_parse(const uint8_t *data, size_t size,
				    struct ip_packet *out)
{
	size_t header, total;
	uint16_t flags;

	if (size < IP4_HEADER)
		return PACKET_TRUNCATED;
	header = (size_t)(data[0] & 15) * 4;
	total = get16(data + 2);
	/* A sender with segmentation offload is recorded with length 0. */
	if (total == 0)
		total = size;
	if (header < IP4_HEADER || header > total)
		return PACKET_MALFORMED;
	if (total > size)
		return PACKET_TRUNCATED;
	address_set(&out->source, 4, data + 12);
	address_set(&out->destination, 4, data + 16);
	flags = get16(data + 6);
	out->hop_limit = data[8];
	out->protocol = data[9];
	out->more = flags & 0x2000;
	out->offset = (uint16_t)((flags & 0x1fff) * 8);
	out->fragment = out->more || out->offset;
	out->id = get16(data + 4);
	out->payload = data + header;
	out->length = total - header;
	out->checksum_ok = checksum_fold(checksum_add(0, data, header)) == 0;
	return PACKET_OK;
}

static void fragment_header_parse(const uint8_t *p, struct ip_packet *out)
{
	uint16_t field = get16(p + 2);

	out->protocol = p[0];
	out->offset = field & 0xfff8;
	out->more = field & 1;
	/* An "atomic" fragment (RFC 6946) is a whole packet. */
	out->fragment = out->more || out->offset;
	out->id = get32(p + 4);
}

/* Walks extension headers until the upper protocol or a fragment header. */
static enum packet_status ip6_extensions(const uint8_t *p, size_t left,
					 uint8_t next, struct ip_packet *out)
{
	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		size_t size = 8;

		out->protocol = next;
		out->payload = p;
		out->length = left;
		if (next != NEXT_HOP_BY_HOP && next != NEXT_ROUTING &&
		    next != NEXT_FRAGMENT && next != NEXT_DESTINATION)
			return PACKET_OK;
		if (left < 8)
			return PACKET_MALFORMED;
		if (next == NEXT_FRAGMENT)
			fragment_header_parse(p, out);
		else
			size = ((size_t)p[1] + 1) * 8;
		if (size > left)
			return PACKET_MALFORMED;
		next = p[0];
		p += size;
		left -= size;
		if (out->fragment) {
			out->payload = p;
			out->length = left;
			return PACKET_OK;
		}
	}
	return PACKET_MALFORMED;
}

static enum packet_status ip6_parse(const uint8_t *data, size_t size,
				    struct ip_packet *out)
{
	size_t length;

	if (size < IP6_HEADER)
		return PACKET_TRUNCATED;
	length = get16(data + 4);
	if (length > size - IP6_HEADER)
		return PACKET_TRUNCATED;
	address_set(&out->source, 6, data + 8);
	address_set(&out->destination, 6, data + 24);
	out->hop_limit = data[7];
	out->checksum_ok = true;
	return ip6_extensions(data + IP6_HEADER, length, data[6], out);
}

enum packet_status ip_parse(const uint8_t *data, size_t size,
			    struct ip_packet *out)
{
	memset(out, 0, sizeof(*out));
	if (size == 0)
		return PACKET_TRUNCATED;
	if (data[0] >> 4 == 4)
		return ip4_parse(data, size, out);
	if (data[0] >> 4 == 6)
		return ip6_parse(data, size, out);
	return PACKET_MALFORMED;
}

enum packet_status udp_parse(const uint8_t *data, size_t size,
			     struct udp_packet *out)
{
	size_t length;

	if (size < UDP_HEADER)
		return PACKET_TRUNCATED;
	length = get16(data + 4);
	if (length < UDP_HEADER)
		return PACKET_MALFORMED;
	if (length > size)
		return PACKET_TRUNCATED;
	out->source = get16(data);
	out->destination = get16(data + 2);
	out->payload = data + UDP_HEADER;
	out->length = length - UDP_HEADER;
	return PACKET_OK;
}
