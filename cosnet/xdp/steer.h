/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What aosctl and the XDP program share: keys and values of its maps.
 *
 *   steer_ipv4, steer_ipv6	longest prefix of the destination -> steer_rule
 *   steer_to			slot -> interface (devmap)
 *   steer_hits			slot -> steer_hits, per CPU
 *
 * aosctl is the only writer of all but the last; it fills the slot before the
 * prefix, and empties it after, so the program finds a whole rule or none.
 */
#ifndef COSNET_XDP_STEER_H
#define COSNET_XDP_STEER_H

#include <linux/types.h>

#define STEER_SLOTS	128

struct steer_key4 {
	__u32 length;		/* of the prefix, bits */
	__u8 address[4];
};

struct steer_key6 {
	__u32 length;
	__u8 address[16];
};

struct steer_rule {
	__u32 slot;		/* below STEER_SLOTS */
	__u16 longest;		/* frame that the interface takes, bytes with its header */
	__u16 first, last;	/* destination ports, host order; 0, 0: any */
	__u8 protocol;		/* 0: any */
	__u8 down;		/* enum cosnet_down */
};

struct steer_hits {
	__u64 packets, bytes;
};

#endif
