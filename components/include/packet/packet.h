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
 *
 * Either side may be made anew at any time, in the middle of a batch.  The
 * regions outlive it: each side keeps there what it needs to find out what has
 * become of each packet, and what the other needs to count it once.
 */
#ifndef PACKET_PACKET_H
#define PACKET_PACKET_H

#include "abi/ring.h"

/* Most packets one invocation sends; also the most buffers vnic lends. */
#define PACKET_OUT_MAX		64u

/* Most drops that lwip can tell of in one call: each packet once, and some beside. */
#define PACKET_DROPS		(2 * RING_BATCH)

/* packet_out.next_tick_ms: no tick is wanted */
#define PACKET_NO_TICK		UINT32_MAX

/* A packet in a buffer of the to_aos (pkt_in) or from_aos (pkt_out) ring. */
struct packet {
	uint32_t buf;
	uint16_t off;
	uint16_t len;
};
ABI_SIZE(struct packet, 8);

/* What a packet of lwip's answers. */
struct packet_answer {
	uint8_t flow;		/* index in bootinfo service[], + 1; 0: it is no service's answer,
				 * or not the first packet of one */
	uint8_t packet;		/* index in packet_in.packet[] */
};

struct packet_in {
	uint32_t nlent;			/* entries of lent[] */
	uint32_t rx_taken;		/* vnic's own: to_aos index behind the batch in its hands */
	uint32_t rx_skew;		/* and packets it has counted, less that index */
	uint32_t drop_cons;		/* drops that vnic has taken */
	uint64_t tx_total;		/* packets of lwip's so far that vnic sent or dropped */
	struct packet packet[RING_BATCH];
	uint32_t lent[PACKET_OUT_MAX];	/* from_aos buffers lwip may fill, last first */
};
ABI_SIZE(struct packet_in, 536);

struct packet_out {
	uint32_t taken;			/* entries looked at, from the end of lent[] */
	uint32_t next_tick_ms;		/* from now, or PACKET_NO_TICK */
	uint64_t in_total;		/* packets so far that are lwip's to account for */
	struct packet packet[PACKET_OUT_MAX];
	struct packet_answer answer[PACKET_OUT_MAX];
	uint32_t pad;
	uint32_t drop_prod;		/* drops told so far, while ring_host.tell is 1 */
	struct ring_drop drop[PACKET_DROPS];	/* a ring; packet: its to_aos buffer */
};
ABI_SIZE(struct packet_out, 1688);

#endif
