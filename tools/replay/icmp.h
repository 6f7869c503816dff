// SPDX-License-Identifier: GPL-2.0-or-later
/* ICMP and ICMPv6 echo, as ping does it. */
#ifndef REPLAY_ICMP_H
#define REPLAY_ICMP_H

#include "packet.h"

#define ICMP_ECHO_SIZE 64

struct icmp_echo {
	uint16_t id, sequence;
};

/* Writes an echo request of ICMP_ECHO_SIZE bytes. */
void icmp_echo_build(uint8_t out[ICMP_ECHO_SIZE], const struct address *from,
		     const struct address *to, struct icmp_echo echo);

/* Is this packet an unharmed answer to one of our requests? */
bool icmp_echo_reply(const struct ip_packet *ip, struct icmp_echo *echo);

/* Fills in the ICMPv6 checksum of a message; also for neighbour discovery. */
void icmp6_seal(uint8_t *message, size_t size, const struct address *from,
		const struct address *to);

#endif
