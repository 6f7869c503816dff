/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How lwip hands a batch of UDP datagrams to udpapp and gets the replies:
 * one invocation, regions with one writer each.
 *
 *   dgram_in    written by lwip:    struct datagram_in
 *   dgram_copy  written by lwip:    payload of datagrams that came in fragments
 *   dgram_out   written by udpapp:  struct datagram_out
 *   reply_copy  written by udpapp:  replies too long for one packet
 *
 * All others that need a region map it read-only.  Short replies go straight
 * into the channel's TX part, into the buffer that the datagram names.
 */
#ifndef APP_DATAGRAM_H
#define APP_DATAGRAM_H

#include "abi/ring.h"

#define DATAGRAM_COPY_BYTES	65536u
#define DATAGRAM_REPLY_BYTES	65536u
#define DATAGRAM_NO_REPLY	(-1)

enum datagram_place {		/* where its payload lies: off is from there */
	DATAGRAM_IN_RING = 0,	/* part HOST of the channel */
	DATAGRAM_IN_COPY = 1	/* region dgram_copy */
};

struct datagram {
	uint16_t service;	/* index into bootinfo service[] */
	uint8_t family;		/* 4 or 6 */
	uint8_t place;		/* enum datagram_place */
	uint16_t port;		/* of the sender, host order */
	uint16_t pad;
	uint32_t off;
	uint32_t len;
	uint32_t reply_off;	/* in part TX of the channel */
	uint32_t reply_room;	/* bytes there */
	uint8_t from[16];	/* network order; IPv4 uses the first four */
	uint8_t to[16];
};
ABI_SIZE(struct datagram, 56);

struct datagram_in {
	struct datagram datagram[RING_BATCH];
};

/* len <= reply_room: the reply is at reply_off; else at off in reply_copy. */
struct datagram_reply {
	int32_t len;		/* or DATAGRAM_NO_REPLY */
	uint32_t off;
};
ABI_SIZE(struct datagram_reply, 8);

struct datagram_out {
	struct datagram_reply reply[RING_BATCH];
};

/* Answer datagram[0..n).  0, or a negated AOS_E*. */
int64_t app_input(uint32_t n);

#endif
