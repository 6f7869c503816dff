// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who has which MAC address: ARP and IPv6 neighbour discovery, both as the one
 * who asks (for the next hop) and as the one who answers (for our sources).
 */
#ifndef REPLAY_NEIGHBOUR_H
#define REPLAY_NEIGHBOUR_H

#include "frame.h"
#include "source.h"

struct neighbour {
	struct address address;		/* the next hop */
	uint8_t mac[6];
	bool known;
};

struct neighbours {
	const struct sources *own;
	uint8_t mac[6];			/* ours */
	struct neighbour hop4, hop6;	/* family 0: not used */
};

/* The next hop for this family. */
struct neighbour *neighbour_hop(struct neighbours *n, uint8_t family);

/* Builds the question for a next hop's MAC; returns the frame's size. */
size_t neighbour_ask(const struct neighbours *n, const struct neighbour *hop,
		     uint8_t frame[FRAME_MIN * 2]);

/*
 * Takes an ARP frame, or an ICMPv6 packet, that came in. Learns a next hop
 * from it, or writes the answer to a question for one of our addresses.
 * Returns the answer's size, 0 for none.
 */
size_t neighbour_arp(struct neighbours *n, const uint8_t *frame, size_t size,
		     uint8_t reply[FRAME_MIN * 2]);
size_t neighbour_discovery(struct neighbours *n, const uint8_t *frame,
			   const struct ip_packet *ip,
			   uint8_t reply[FRAME_MIN * 2]);

#endif
