// SPDX-License-Identifier: GPL-2.0-or-later
/* ARP and IPv6 neighbour discovery. */
#include "neighbour.h"

#include <string.h>

#include "bytes.h"
#include "icmp.h"

#define ARP_SIZE 28
#define ND_SIZE 32	/* message with one link-layer address option */

enum { ARP_REQUEST = 1, ARP_REPLY = 2 };
enum { ND_SOLICIT = 135, ND_ADVERTISE = 136 };
enum { OPTION_SOURCE_MAC = 1, OPTION_TARGET_MAC = 2 };
enum { ND_SOLICITED = 0x40, ND_OVERRIDE = 0x20 };

static const uint8_t mac_broadcast[6] = { 255, 255, 255, 255, 255, 255 };
static const uint8_t mac_none[6];

struct neighbour *neighbour_hop(struct neighbours *n, uint8_t family)
{
	return family == 4 ? &n->hop4 : &n->hop6;
}

static void hop_learn(struct neighbour *hop, const struct address *address,
		      const uint8_t *mac)
{
	/* A multicast address is nobody's own. */
	if (!address_equal(&hop->address, address) || mac[0] & 1)
		return;
	memcpy(hop->mac, mac, 6);
	hop->known = true;
}

static size_t arp_build(uint8_t *frame, uint16_t operation,
			const uint8_t our_mac[6], const struct address *our,
			const uint8_t to_mac[6], const uint8_t *to)
{
	uint8_t *p = frame + ETHERNET_HEADER;

	memset(frame, 0, FRAME_MIN);
	frame_header(frame, operation == ARP_REQUEST ? mac_broadcast : to_mac,
		     our_mac, TYPE_ARP);
	put16(p, 1);
	put16(p + 2, TYPE_IP4);
	put16(p + 4, 0x0604);
	put16(p + 6, operation);
	memcpy(p + 8, our_mac, 6);
	memcpy(p + 14, our->bytes, 4);
	memcpy(p + 18, to_mac, 6);
	memcpy(p + 24, to, 4);
	return FRAME_MIN;
}

size_t neighbour_arp(struct neighbours *n, const uint8_t *frame, size_t size,
		     uint8_t reply[FRAME_MIN * 2])
{
	const uint8_t *p = frame + ETHERNET_HEADER;
	struct address sender = { .family = 4 }, target = { .family = 4 };

	if (size < ETHERNET_HEADER + ARP_SIZE || get16(p) != 1 ||
	    get16(p + 2) != TYPE_IP4 || get16(p + 4) != 0x0604)
		return 0;
	memcpy(sender.bytes, p + 14, 4);
	memcpy(target.bytes, p + 24, 4);
	hop_learn(&n->hop4, &sender, p + 8);
	if (get16(p + 6) != ARP_REQUEST || !sources_own(n->own, &target))
		return 0;
	return arp_build(reply, ARP_REPLY, n->mac, &target, p + 8, p + 14);
}

/* One neighbour discovery message in a frame; no fragments, no emit needed. */
static size_t nd_build(uint8_t *frame, const uint8_t to_mac[6],
		       const uint8_t our_mac[6], const struct address *from,
		       const struct address *to, const uint8_t *message)
{
	uint8_t *p = frame + ETHERNET_HEADER;

	frame_header(frame, to_mac, our_mac, TYPE_IP6);
	put32(p, 0x60000000);
	put16(p + 4, ND_SIZE);
	p[6] = PROTOCOL_ICMP6;
	p[7] = 255;
	memcpy(p + 8, from->bytes, 16);
	memcpy(p + 24, to->bytes, 16);
	memcpy(p + 40, message, ND_SIZE);
	icmp6_seal(p + 40, ND_SIZE, from, to);
	return ETHERNET_HEADER + 40 + ND_SIZE;
}

static void nd_message(uint8_t out[ND_SIZE], uint8_t type, uint8_t flags,
		       const struct address *target, const uint8_t mac[6])
{
	memset(out, 0, ND_SIZE);
	out[0] = type;
	out[4] = flags;
	memcpy(out + 8, target->bytes, 16);
	out[24] = type == ND_SOLICIT ? OPTION_SOURCE_MAC : OPTION_TARGET_MAC;
	out[25] = 1;
	memcpy(out + 26, mac, 6);
}

static size_t nd_solicit(const struct neighbours *n,
			 const struct neighbour *hop, uint8_t *frame)
{
	struct address group = { 6, { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
				      0xff } };
	uint8_t mac[6] = { 0x33, 0x33, 0xff };
	uint8_t message[ND_SIZE];

	memcpy(group.bytes + 13, hop->address.bytes + 13, 3);
	memcpy(mac + 3, hop->address.bytes + 13, 3);
	nd_message(message, ND_SOLICIT, 0, &hop->address, n->mac);
	return nd_build(frame, mac, n->mac, &n->own->base6, &group, message);
}

size_t neighbour_ask(const struct neighbours *n, const struct neighbour *hop,
		     uint8_t frame[FRAME_MIN * 2])
{
	if (hop->address.family == 6)
		return nd_solicit(n, hop, frame);
	return arp_build(frame, ARP_REQUEST, n->mac, &n->own->base4, mac_none,
			 hop->address.bytes);
}

/* The option of this type, bounded; NULL if it is not there. */
static const uint8_t *nd_option(const struct ip_packet *ip, uint8_t type)
{
	size_t at = 24;

	while (ip->length >= 8 && at <= ip->length - 8) {
		const uint8_t *option = ip->payload + at;
		size_t size = (size_t)option[1] * 8;

		if (size == 0 || size > ip->length - at)
			return NULL;
		if (option[0] == type)
			return option + 2;
		at += size;
	}
	return NULL;
}

static size_t nd_answer(const struct neighbours *n, const uint8_t *frame,
			const struct ip_packet *ip,
			const struct address *target, uint8_t *reply)
{
	uint8_t message[ND_SIZE];

	nd_message(message, ND_ADVERTISE, ND_SOLICITED | ND_OVERRIDE, target,
		   n->mac);
	return nd_build(reply, frame + 6, n->mac, target, &ip->source,
			message);
}

size_t neighbour_discovery(struct neighbours *n, const uint8_t *frame,
			   const struct ip_packet *ip,
			   uint8_t reply[FRAME_MIN * 2])
{
	static const uint8_t nobody[16];
	struct address target = { .family = 6 };
	const uint8_t *mac;

	/* A smaller hop limit means: sent from beyond this link. */
	if (ip->length < 24 || ip->hop_limit != 255 || ip->payload[1] != 0 ||
	    !transport_checksum_ok(ip, ip->payload, ip->length))
		return 0;
	memcpy(target.bytes, ip->payload + 8, 16);
	if (ip->payload[0] == ND_ADVERTISE) {
		mac = nd_option(ip, OPTION_TARGET_MAC);
		/* The option may be left out; the frame says it too. */
		hop_learn(&n->hop6, &target, mac ? mac : frame + 6);
		return 0;
	}
	/* From "::" comes duplicate address detection: not a question to us. */
	if (ip->payload[0] != ND_SOLICIT || !sources_own(n->own, &target) ||
	    !memcmp(ip->source.bytes, nobody, 16))
		return 0;
	return nd_answer(n, frame, ip, &target, reply);
}
