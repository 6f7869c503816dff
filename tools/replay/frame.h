// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Building what goes on the wire: UDP datagrams with their checksum, IP
 * packets, fragments where the MTU asks for them, Ethernet around it all.
 */
#ifndef REPLAY_FRAME_H
#define REPLAY_FRAME_H

#include "packet.h"

#define ETHERNET_HEADER 14
#define FRAME_MTU_MIN 1280	/* what IPv6 asks of every link */
#define FRAME_MTU_MAX 9000
#define FRAME_MAX (ETHERNET_HEADER + FRAME_MTU_MAX)
#define FRAME_MIN 60		/* without the check sequence */
#define TRANSPORT_MAX 65535	/* UDP or ICMP header and payload */

enum { TYPE_IP4 = 0x0800, TYPE_ARP = 0x0806, TYPE_IP6 = 0x86dd };

/* The sending side of a link. */
struct frame_link {
	uint8_t source[6];
	uint16_t mtu;
	uint32_t next_id;	/* for fragments; never 0 */
};

/* Takes one finished frame; a negative result ends the packet. */
typedef int (*frame_emit)(void *arg, const uint8_t *frame, size_t size);

void frame_header(uint8_t *out, const uint8_t to[6], const uint8_t from[6],
		  uint16_t type);

/* Writes UDP header and payload; returns the size, 0 if it does not fit. */
size_t udp_build(uint8_t *out, size_t room, const struct endpoint *from,
		 const struct endpoint *to, const void *payload, size_t size);

/* The longest UDP payload that IP of this family can carry. */
size_t udp_payload_max(uint8_t family);

/*
 * Sends one IP packet with the payload @data as one frame or as several
 * fragments. Returns the number of frames, or what @emit returned below 0.
 */
int frame_send(struct frame_link *link, const uint8_t to_mac[6],
	       const struct address *from, const struct address *to,
	       uint8_t protocol, const uint8_t *data, size_t size,
	       frame_emit emit, void *arg);

#endif
