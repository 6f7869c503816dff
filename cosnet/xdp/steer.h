/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What aosctl and the steering programs share: keys and values of their maps.
 *
 *   steer_ipv4, steer_ipv6	longest prefix of the destination -> steer_list
 *   steer_rules		slot -> steer_rule
 *   steer_hits			slot -> steer_hits, per CPU
 *   steer_to			slot -> interface (devmap; the XDP program's alone)
 *
 * A prefix's list has the rules of all prefixes that cover it, so one look-up finds
 * all that may take the packet.  aosctl is the only writer of all but the hits.  It
 * fills a slot before a list names it, and empties it when none does any more; a list
 * is replaced as a whole.  So the programs find a whole rule or none.
 */
#ifndef COSNET_XDP_STEER_H
#define COSNET_XDP_STEER_H

#include <linux/types.h>

#define STEER_SLOTS	128	/* slot 0 is not used: flows are counted from 1 */

/* IPv6 extension headers that are looked through for the protocol, at most. */
#define STEER_EXTENSIONS	16

struct steer_key4 {
	__u32 length;		/* of the prefix, bits */
	__u8 address[4];
};

struct steer_key6 {
	__u32 length;
	__u8 address[16];
};

struct steer_list {
	__u8 n;			/* below STEER_SLOTS */
	__u8 slot[STEER_SLOTS];
};

struct steer_rule {
	__u32 to;		/* interface; 0: the slot is empty */
	__u16 longest;		/* frame that XDP may take, bytes with its header; 0: none */
	__u16 first, last;	/* destination ports, host order; 0, 0: any */
	__u16 vlan;		/* tag; 0: none */
	__u8 protocol;		/* 0: any */
	__u8 down;		/* enum cosnet_down */
	__u8 family, length;	/* these two for aosctl: the prefix, 4 or 6, bits */
	__u8 address[16];
};

struct steer_hits {
	__u64 packets, bytes;	/* with their Ethernet headers */
	__u64 frames;		/* of the packets: XDP took them */
};

#endif
