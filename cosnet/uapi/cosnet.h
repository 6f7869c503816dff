/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * Netlink attributes of link type "cosnet", inside IFLA_INFO_DATA.
 */
#ifndef COSNET_UAPI_H
#define COSNET_UAPI_H

enum {
	IFLA_COSNET_UNSPEC,
	IFLA_COSNET_SLOTS,	/* u32, at creation: slots of each ring, a power of two */
	IFLA_COSNET_STOP,	/* u8, at creation: stop the queue when the ring is full */
	__IFLA_COSNET_MAX,
};

#define IFLA_COSNET_MAX (__IFLA_COSNET_MAX - 1)

#endif
