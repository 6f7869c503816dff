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

#define FATES(X)							\
	X(udp_delivered)	/* answered or not, udpapp has seen it */	\
	X(icmp_replied)		/* echo */				\
	X(fragments_joined)						\
	X(drop_reference)	/* vnic named no such buffer */		\
	X(drop_length)		/* header and packet disagree */	\
	X(drop_version)							\
	X(drop_header)		/* other nonsense in the IP header */	\
	X(drop_ip_checksum)						\
	X(drop_ttl)							\
	X(drop_options)		/* malformed, or source routes */	\
	X(drop_extension)	/* IPv6 extension headers likewise */	\
	X(drop_source)		/* nobody can have sent this */		\
	X(drop_address)		/* not sent to us */			\
	X(drop_protocol)						\
	X(drop_reassembly)	/* late, overlapping, or too many */	\
	X(drop_icmp_type)						\
	X(drop_icmp_length)						\
	X(drop_icmp_checksum)						\
	X(drop_udp_length)						\
	X(drop_udp_checksum)						\
	X(drop_udp_port)	/* no service there */			\
	X(drop_memory)							\
	X(drop_tx_buffers)	/* vnic lent too few to answer */	\
	X(drop_app)		/* udpapp faulted, or is stopped */	\
	X(drop_restart)		/* we faulted with these in hand */	\
	X(drop_other)

#define FATE_ENUM(name) FATE_##name,
enum fate {
	FATES(FATE_ENUM)
	FATE_COUNT,
	FATE_OPEN = FATE_COUNT,	/* not decided yet */
	FATE_QUEUED		/* waits for udpapp; server.c counts it */
};

/* Counters outlive a fault: what came in then and has no fate was lost. */
void fate_init(uint64_t in_packets);

/* Around the stack's handling of one packet.  held: it is a copy that the
 * stack still keeps when it is done. */
void fate_begin(void);
void fate_end(bool held);

/* From inside: the packet's fate is known. */
void fate_set(enum fate fate);
/* A packet has left, or could not leave for want of a buffer. */
void fate_output(bool sent);
/* The stack has freed a copied packet. */
void fate_copy_freed(void);

/* Outside of a packet: count n of that fate. */
void fate_count(enum fate fate, uint32_t n);
/* Copies freed by the clock have been given up. */
void fate_tick(void);

#endif
