/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of each packet.  Every packet that comes in ends in exactly
 * one of these counters, so that at any time between two calls
 *
 *   in_packets = udp_delivered + icmp_replied + fragments_joined
 *              + fragments_held + the sum of all drop_*
 *
 * A datagram that came in n fragments counts once where it ended and n - 1
 * times in fragments_joined.
 */
#ifndef LWIP_FATE_H
#define LWIP_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/drop.h"

/* Beside the reasons of enum drop. */
enum fate {
	FATE_OPEN = DROP_NONE,	/* not decided yet */
	FATE_UDP_DELIVERED = DROPS, /* answered or not, udpapp has seen it */
	FATE_ICMP_REPLIED,	/* echo */
	FATE_FRAGMENTS_JOINED,
	FATES,
	FATE_QUEUED = FATES	/* waits for udpapp; server.c counts it */
};

/* Counters outlive a fault: what came in then and has no fate was lost. */
void fate_init(uint64_t in_packets);

/* Around the stack's handling of one packet, in that to_aos buffer.  held: it is
 * a copy that the stack still keeps when it is done. */
void fate_begin(void);
void fate_end(bool held, uint32_t buf);

/* From inside: the packet's fate is known, an enum fate or enum drop. */
void fate_set(uint32_t fate);
/* A packet has left, or could not leave for want of a buffer. */
void fate_output(bool sent);
/* The stack has freed a copied packet. */
void fate_copy_freed(void);

/* Outside of a packet: count n of that fate. */
void fate_count(uint32_t fate, uint32_t n);
/* The same for a drop of one packet, of which the buffer is still known. */
void fate_drop(enum drop why, uint32_t buf);
/* Copies freed by the clock have been given up. */
void fate_tick(void);

#endif
