/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How vnic and lwip show each other a batch of packets: two shared regions,
 * each with one writer.  Only references move; the packets stay in the
 * channel's buffers.
 *
 *   pkt_in   written by vnic, read-only in lwip:   struct packet_in
 *   pkt_out  written by lwip, read-only in vnic:   struct packet_out
 *
 * The other side is hostile: read a field once, check the copy, use the copy.
 */
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include "abi/ring.h"

/* Most packets one invocation sends; also the most buffers vnic lends. */
#define PACKET_OUT_MAX		64u

/* packet_out.next_tick_ms: no tick is wanted */
#define PACKET_NO_TICK		UINT32_MAX

/* A packet in a buffer of the to_aos (pkt_in) or from_aos (pkt_out) ring. */
struct packet {
	uint32_t buf;
	uint16_t off;
	uint16_t len;
};
ABI_SIZE(struct packet, 8);

struct packet_in {
	uint32_t nlent;			/* entries of lent[] */
	uint32_t pad;
	struct packet packet[RING_BATCH];
	uint32_t lent[PACKET_OUT_MAX];	/* from_aos buffers lwip may fill, last first */
};
ABI_SIZE(struct packet_in, 520);

struct packet_out {
	uint32_t taken;			/* entries looked at, from the end of lent[] */
	uint32_t next_tick_ms;		/* from now, or PACKET_NO_TICK */
	struct packet packet[PACKET_OUT_MAX];
};
ABI_SIZE(struct packet_out, 520);

#endif
