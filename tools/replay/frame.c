// SPDX-License-Identifier: GPL-2.0-or-later
/* Building UDP, IP (with fragments) and Ethernet. */
#include "frame.h"

#include <string.h>

#include "bytes.h"

#define IP4_HEADER 20
#define IP6_HEADER 40
#define FRAGMENT_HEADER 8
#define UDP_HEADER 8
#define HOP_LIMIT 64
#define NEXT_FRAGMENT 44

/* One fragment (or the whole) of a packet. */
struct piece {
	const uint8_t *data;
	size_t size, offset;
	bool more, fragmented;
	uint32_t id;
};

void frame_header(uint8_t *out, const uint8_t to[6], const uint8_t from[6],
		  uint16_t type)
{
	memcpy(out, to, 6);
	memcpy(out + 6, from, 6);
	put16(out + 12, type);
}

size_t udp_payload_max(uint8_t family)
{
	/* The IPv4 total length counts its own header, IPv6's does not. */
	return TRANSPORT_MAX - UDP_HEADER - (family == 4 ? IP4_HEADER : 0);
}

size_t udp_build(uint8_t *out, size_t room, const struct endpoint *from,
		 const struct endpoint *to, const void *payload, size_t size)
{
	size_t whole = size + UDP_HEADER;
	uint16_t sum;

	if (size > udp_payload_max(to->address.family) || whole > room)
		return 0;
	put16(out, from->port);
	put16(out + 2, to->port);
	put16(out + 4, (uint16_t)whole);
	put16(out + 6, 0);
	if (size)
		memcpy(out + UDP_HEADER, payload, size);
	sum = checksum_fold(checksum_add(
		checksum_pseudo(&from->address, &to->address, PROTOCOL_UDP,
				whole), out, whole));
	/* 0 means "none"; the same number is written the other way. */
	put16(out + 6, sum ? sum : 0xffff);
	return whole;
}

static size_t ip4_build(uint8_t *p, const struct address *from,
			const struct address *to, uint8_t protocol,
			const struct piece *piece)
{
	put16(p, 0x4500);
	put16(p + 2, (uint16_t)(IP4_HEADER + piece->size));
	put16(p + 4, (uint16_t)piece->id);
	put16(p + 6, (uint16_t)(piece->offset / 8 |
				(piece->more ? 0x2000 : 0)));
	p[8] = HOP_LIMIT;
	p[9] = protocol;
	put16(p + 10, 0);
	memcpy(p + 12, from->bytes, 4);
	memcpy(p + 16, to->bytes, 4);
	put16(p + 10, checksum_fold(checksum_add(0, p, IP4_HEADER)));
	memcpy(p + IP4_HEADER, piece->data, piece->size);
	return IP4_HEADER + piece->size;
}

static size_t ip6_build(uint8_t *p, const struct address *from,
			const struct address *to, uint8_t protocol,
			const struct piece *piece)
{
	size_t extra = piece->fragmented ? FRAGMENT_HEADER : 0;
	uint8_t *fragment = p + IP6_HEADER;

	put32(p, 0x60000000);
	put16(p + 4, (uint16_t)(extra + piece->size));
	p[6] = piece->fragmented ? NEXT_FRAGMENT : protocol;
	/* Neighbour discovery is believed only with the full hop limit. */
	p[7] = protocol == PROTOCOL_ICMP6 ? 255 : HOP_LIMIT;
	memcpy(p + 8, from->bytes, 16);
	memcpy(p + 24, to->bytes, 16);
	if (piece->fragmented) {
		fragment[0] = protocol;
		fragment[1] = 0;
		put16(fragment + 2, (uint16_t)(piece->offset | piece->more));
		put32(fragment + 4, piece->id);
	}
	memcpy(fragment + extra, piece->data, piece->size);
	return IP6_HEADER + extra + piece->size;
}

/* How much payload goes into one fragment: a multiple of 8. */
static size_t fragment_room(uint8_t family, uint16_t mtu)
{
	size_t headers = family == 4 ? IP4_HEADER :
				       IP6_HEADER + FRAGMENT_HEADER;

	return (mtu - headers) & ~(size_t)7;
}

static size_t packet_room(uint8_t family, uint16_t mtu)
{
	return mtu - (family == 4 ? IP4_HEADER : IP6_HEADER);
}

static uint32_t id_next(struct frame_link *link)
{
	if (++link->next_id == 0)
		link->next_id = 1;
	return link->next_id;
}

static int piece_send(struct frame_link *link, const uint8_t to_mac[6],
		      const struct address *from, const struct address *to,
		      uint8_t protocol, const struct piece *piece,
		      frame_emit emit, void *arg)
{
	uint8_t frame[FRAME_MAX];
	size_t size;

	frame_header(frame, to_mac, link->source,
		     to->family == 4 ? TYPE_IP4 : TYPE_IP6);
	size = ETHERNET_HEADER +
	       (to->family == 4 ? ip4_build : ip6_build)(
		       frame + ETHERNET_HEADER, from, to, protocol, piece);
	if (size < FRAME_MIN) {
		memset(frame + size, 0, FRAME_MIN - size);
		size = FRAME_MIN;
	}
	return emit(arg, frame, size);
}

int frame_send(struct frame_link *link, const uint8_t to_mac[6],
	       const struct address *from, const struct address *to,
	       uint8_t protocol, const uint8_t *data, size_t size,
	       frame_emit emit, void *arg)
{
	bool fragmented = size > packet_room(to->family, link->mtu);
	size_t room = fragmented ? fragment_room(to->family, link->mtu) : size;
	struct piece piece = { .fragmented = fragmented,
			       .id = id_next(link) };
	int frames = 0;

	do {
		int status;

		piece.data = data + piece.offset;
		piece.size = size - piece.offset < room ?
				     size - piece.offset : room;
		piece.more = piece.offset + piece.size < size;
		status = piece_send(link, to_mac, from, to, protocol, &piece,
				    emit, arg);
		if (status < 0)
			return status;
		piece.offset += piece.size;
		frames++;
	} while (piece.offset < size);
	return frames;
}
