// SPDX-License-Identifier: GPL-2.0-or-later
/* ICMP and ICMPv6 echo. */
#include "icmp.h"

#include <string.h>

#include "bytes.h"

#define ICMP_HEADER 8

enum { ECHO4_REQUEST = 8, ECHO4_REPLY = 0, ECHO6_REQUEST = 128,
       ECHO6_REPLY = 129 };

void icmp6_seal(uint8_t *message, size_t size, const struct address *from,
		const struct address *to)
{
	uint32_t sum = checksum_pseudo(from, to, PROTOCOL_ICMP6, size);

	put16(message + 2, 0);
	put16(message + 2, checksum_fold(checksum_add(sum, message, size)));
}

static void pattern_fill(uint8_t *out, struct icmp_echo echo)
{
	for (size_t i = 0; i < ICMP_ECHO_SIZE - ICMP_HEADER; i++)
		out[i] = (uint8_t)(i + echo.sequence);
}

void icmp_echo_build(uint8_t out[ICMP_ECHO_SIZE], const struct address *from,
		     const struct address *to, struct icmp_echo echo)
{
	memset(out, 0, ICMP_ECHO_SIZE);
	out[0] = to->family == 4 ? ECHO4_REQUEST : ECHO6_REQUEST;
	put16(out + 4, echo.id);
	put16(out + 6, echo.sequence);
	pattern_fill(out + ICMP_HEADER, echo);
	if (to->family == 6)
		icmp6_seal(out, ICMP_ECHO_SIZE, from, to);
	else
		put16(out + 2, checksum_fold(checksum_add(0, out,
							  ICMP_ECHO_SIZE)));
}

static bool icmp_checksum_ok(const struct ip_packet *ip)
{
	if (ip->protocol == PROTOCOL_ICMP6)
		return transport_checksum_ok(ip, ip->payload, ip->length);
	return checksum_fold(checksum_add(0, ip->payload, ip->length)) == 0;
}

bool icmp_echo_reply(const struct ip_packet *ip, struct icmp_echo *echo)
{
	bool four = ip->source.family == 4;
	uint8_t pattern[ICMP_ECHO_SIZE - ICMP_HEADER];
	const uint8_t *p = ip->payload;

	if (ip->protocol != (four ? PROTOCOL_ICMP : PROTOCOL_ICMP6) ||
	    ip->length != ICMP_ECHO_SIZE ||
	    p[0] != (four ? ECHO4_REPLY : ECHO6_REPLY) || p[1] != 0 ||
	    !icmp_checksum_ok(ip))
		return false;
	echo->id = get16(p + 4);
	echo->sequence = get16(p + 6);
	pattern_fill(pattern, *echo);
	return memcmp(p + ICMP_HEADER, pattern, sizeof(pattern)) == 0;
}
