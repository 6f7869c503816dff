// SPDX-License-Identifier: GPL-2.0-or-later
/* The wire's incoming side: from a frame to a message. */
#include <string.h>

#include "bytes.h"
#include "wire.h"

static int udp_take(struct wire *w, const struct ip_packet *ip,
		    struct message *m)
{
	struct udp_packet udp;

	if (udp_parse(ip->payload, ip->length, &udp) != PACKET_OK) {
		w->counts[COUNT_BAD_IP]++;
		return 0;
	}
	m->kind = MESSAGE_UDP;
	if (!transport_checksum_ok(ip, ip->payload, ip->length)) {
		w->counts[COUNT_BAD_CHECKSUM]++;
		m->kind = MESSAGE_DAMAGED;
	}
	m->from = (struct endpoint) { ip->source, udp.source };
	m->to = (struct endpoint) { ip->destination, udp.destination };
	m->payload = udp.payload;
	m->length = udp.length;
	return 1;
}

static int icmp_take(struct wire *w, const uint8_t *frame,
		     const struct ip_packet *ip, struct message *m)
{
	uint8_t reply[FRAME_MIN * 2];
	size_t size;

	if (icmp_echo_reply(ip, &m->echo)) {
		m->kind = MESSAGE_PONG;
		m->from = (struct endpoint) { ip->source, 0 };
		return 1;
	}
	if (ip->protocol == PROTOCOL_ICMP6) {
		size = neighbour_discovery(&w->neighbours, frame, ip, reply);
		if (size)
			wire_frame_write(w, reply, size, TAG_NONE);
	}
	/* "Unreachable" and "time exceeded": why a datagram never came back. */
	if (ip->length && (ip->protocol == PROTOCOL_ICMP ?
			   ip->payload[0] == 3 || ip->payload[0] == 11 :
			   ip->payload[0] >= 1 && ip->payload[0] <= 4))
		w->counts[COUNT_ICMP_ERROR]++;
	return 0;
}

/* Multicast is for us only as far as neighbour discovery goes. */
static bool packet_for_us(const struct wire *w, const struct ip_packet *ip)
{
	return sources_own(&w->sources, &ip->destination) ||
	       (ip->protocol == PROTOCOL_ICMP6 &&
		ip->destination.bytes[0] == 0xff);
}

static int packet_take(struct wire *w, const uint8_t *frame, size_t size,
		       struct message *m)
{
	struct ip_packet ip, whole;
	uint64_t tag = 0;

	if (ip_parse(frame + ETHERNET_HEADER, size - ETHERNET_HEADER, &ip) !=
	    PACKET_OK || !ip.checksum_ok) {
		w->counts[COUNT_BAD_IP]++;
		return 0;
	}
	if (!packet_for_us(w, &ip)) {
		w->counts[COUNT_FOREIGN]++;
		return 0;
	}
	if (ip.fragment) {
		w->counts[COUNT_FRAGMENTS_IN]++;
		if (reassembly_add(w->reassembly, &ip, m->stamp, &tag,
				   &whole) != REASSEMBLY_COMPLETE)
			return 0;
		ip = whole;
	}
	if (ip.protocol == PROTOCOL_UDP)
		return udp_take(w, &ip, m);
	if (ip.protocol == (ip.source.family == 4 ? PROTOCOL_ICMP :
						    PROTOCOL_ICMP6))
		return icmp_take(w, frame, &ip, m);
	w->counts[COUNT_FOREIGN]++;
	return 0;
}

static bool frame_for_us(const struct wire *w, const uint8_t *frame)
{
	return frame[0] & 1 || !memcmp(frame, w->link.source, 6);
}

int wire_frame_take(struct wire *w, const uint8_t *frame, size_t size,
		    struct message *m)
{
	uint8_t reply[FRAME_MIN * 2];
	size_t answer;

	w->counts[COUNT_FRAMES_IN]++;
	if (size < ETHERNET_HEADER) {
		w->counts[COUNT_RUNT]++;
		return 0;
	}
	if (!frame_for_us(w, frame)) {
		w->counts[COUNT_FOREIGN]++;
		return 0;
	}
	switch (get16(frame + 12)) {
	case TYPE_ARP:
		answer = neighbour_arp(&w->neighbours, frame, size, reply);
		if (answer)
			wire_frame_write(w, reply, answer, TAG_NONE);
		return 0;
	case TYPE_IP4:
	case TYPE_IP6:
		return packet_take(w, frame, size, m);
	}
	w->counts[COUNT_FOREIGN]++;
	return 0;
}
