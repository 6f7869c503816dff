/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a packet did not get through.  Every packet that cosnet is given is
 * either passed on or counted under exactly one of these; `ethtool -S` shows
 * each as "drop_<name>".
 */
#ifndef COSNET_DROP_H
#define COSNET_DROP_H

#define COSNET_DROP_REASONS(X) \
	/* hop R3, Linux to AOS */ \
	X(TO_AOS_NO_AOS,	"to_aos_no_aos")	/* nobody at the other end */ \
	X(TO_AOS_PROTOCOL,	"to_aos_protocol")	/* neither IPv4 nor IPv6 */ \
	X(TO_AOS_SHORT,		"to_aos_short")		/* less than an IP header */ \
	X(TO_AOS_VERSION,	"to_aos_version")	/* not what skb->protocol says */ \
	X(TO_AOS_LENGTH,	"to_aos_length")	/* header and length disagree */ \
	X(TO_AOS_TOO_BIG,	"to_aos_too_big")	/* larger than the MTU */ \
	X(TO_AOS_COPY,		"to_aos_copy")		/* skb or its checksum offsets bad */ \
	X(TO_AOS_FULL,		"to_aos_full")		/* no free slot */ \
	X(TO_AOS_LIE,		"to_aos_lie")		/* rx_cons is impossible */ \
	X(TO_AOS_PURGED,	"to_aos_purged")	/* in the ring when the AOS went */ \
	/* hop T5, AOS to Linux */ \
	X(FROM_AOS_DESC,	"from_aos_desc")	/* descriptor out of bounds */ \
	X(FROM_AOS_SHORT,	"from_aos_short") \
	X(FROM_AOS_VERSION,	"from_aos_version")	/* neither IPv4 nor IPv6 */ \
	X(FROM_AOS_LENGTH,	"from_aos_length") \
	X(FROM_AOS_TOO_BIG,	"from_aos_too_big") \
	X(FROM_AOS_NOMEM,	"from_aos_nomem")	/* no skb */ \
	X(FROM_AOS_DOWN,	"from_aos_down")	/* sent while the link was down */ \
	X(FROM_AOS_PURGED,	"from_aos_purged")	/* in the ring when the AOS went */

#define COSNET_DROP_ENUM(name, string) COSNET_DROP_##name,
enum cosnet_drop {
	COSNET_PASS,			/* not dropped */
	COSNET_DROP_REASONS(COSNET_DROP_ENUM)
	COSNET_DROPS
};

#undef COSNET_DROP_ENUM

#define COSNET_DROP_FIRST_FROM_AOS	COSNET_DROP_FROM_AOS_DESC

#endif
