/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * What programs tell cosnet: netlink attributes of link type "cosnet", inside
 * IFLA_INFO_DATA; and what is to become of a redirected packet when no AOS is
 * attached.
 */
#ifndef COSNET_UAPI_H
#define COSNET_UAPI_H

#include <linux/types.h>

enum {
	IFLA_COSNET_UNSPEC,
	IFLA_COSNET_SLOTS,	/* u32, at creation: slots of each ring, a power of two */
	IFLA_COSNET_STOP,	/* u8, at creation: stop the queue when the ring is full */
	__IFLA_COSNET_MAX,
};

#define IFLA_COSNET_MAX (__IFLA_COSNET_MAX - 1)

/* Without AOS a packet is dropped, refused by ICMP, or goes on in Linux. */
enum cosnet_down {
	COSNET_DOWN_DROP,
	COSNET_DOWN_REJECT,
	COSNET_DOWN_LINUX,
};

/* aosctl's tc filter says it by the packet's priority: this, and enum cosnet_down. */
#define COSNET_PRIORITY		0x0c050000u

/*
 * A native XDP program says it by this, as metadata right before the frame.
 * Generic XDP loses metadata when it redirects.
 */
#define COSNET_META_MAGIC	0x636f7331u	/* "cos1" */

struct cosnet_meta {
	__u32 magic;
	__u32 ifindex;		/* interface on which the frame came in */
	__u32 down;		/* enum cosnet_down */
};

#endif
