// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading IP and UDP headers. Used for captures and for what comes from the
 * wire; both are hostile, so every length is checked against what is there.
 */
#ifndef REPLAY_PACKET_H
#define REPLAY_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58 };

enum packet_status {
	PACKET_OK,
	PACKET_TRUNCATED,	/* the header promises more than is there */
	PACKET_MALFORMED,	/* the header contradicts itself */
};

/* One IP packet, or one fragment of one; @payload points into the input. */
struct ip_packet {
	struct address source, destination;
	uint8_t protocol;
	uint8_t hop_limit;
	bool fragment;		/* the next three are for fragments only */
	bool more;		/* another fragment follows */
	uint16_t offset;	/* of the payload, in bytes */
	uint32_t id;
	const uint8_t *payload;
	size_t length;
	bool checksum_ok;	/* of the IPv4 header; true for IPv6 */
};

struct udp_packet {
	uint16_t source, destination;
	const uint8_t *payload;
	size_t length;
};

/* Reads an IPv4 or IPv6 header, and the extension headers up to a fragment. */
enum packet_status ip_parse(const uint8_t *data, size_t size,
			    struct ip_packet *out);

/* Reads the UDP header of a whole datagram. */
enum packet_status udp_parse(const uint8_t *data, size_t size,
			     struct udp_packet *out);

/* One's complement sum; start with 0, finish with checksum_fold(). */
uint32_t checksum_add(uint32_t sum, const uint8_t *data, size_t size);
uint16_t checksum_fold(uint32_t sum);

/* The pseudo header of UDP and ICMPv6. */
uint32_t checksum_pseudo(const struct address *source,
			 const struct address *destination, uint8_t protocol,
			 size_t length);

/* Is the checksum of this UDP (or ICMPv6) datagram right? */
bool transport_checksum_ok(const struct ip_packet *ip, const uint8_t *data,
			   size_t size);

#endif
