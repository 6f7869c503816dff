/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may reach lwIP at all, and how.  Stricter than lwIP where a lenient
 * or faulty path of it would be open to the network (see filter.c).
 */
#ifndef LWIP_FILTER_H
#define LWIP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/drop.h"

struct verdict {
	enum drop drop;		/* DROP_NONE: it may pass */
	uint16_t len;		/* of the datagram; what follows is padding */
	bool plain;		/* nothing will be written to it: no copy is needed */
	uint8_t family;		/* 4 or 6 */
	const uint8_t *to;	/* its addresses, in the packet */
	const uint8_t *from;
};

/* Look at a packet of len bytes; does not look at whose addresses they are. */
void filter_packet(const uint8_t *packet, uint32_t len, struct verdict *v);

/* Is a UDP header right about the datagram's length (header included)? */
enum drop filter_udp(const uint8_t *header, uint32_t len, uint8_t family);

#endif
