/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a packet did not get through.  Every packet that cosnet is given is
 * either passed on or counted under exactly one of these; `ethtool -S` shows
 * each as "drop_<name>", `aosctl stats --explain` its sentence.
 */
#ifndef COSNET_DROP_H
#define COSNET_DROP_H

#define COSNET_DROP_REASONS(X) \
	/* hop R3, Linux to AOS */ \
	X(TO_AOS_NO_AOS, "to_aos_no_aos", \
	  "no AOS is attached to the interface, and no rule says what else to do") \
	X(TO_AOS_REJECTED, "to_aos_rejected", \
	  "no AOS is attached; by the rule's 'down' the sender was told by ICMP") \
	X(TO_AOS_NO_WAY_BACK, "to_aos_no_way_back", \
	  "it was to go on in Linux, but the interface it came from is gone") \
	X(TO_AOS_LINK_HEADER, "to_aos_link_header", \
	  "neither an IP packet nor an Ethernet frame with something in it") \
	X(TO_AOS_PROTOCOL, "to_aos_protocol", "neither IPv4 nor IPv6, or with a VLAN tag") \
	X(TO_AOS_SHORT, "to_aos_short", "shorter than an IP header") \
	X(TO_AOS_VERSION, "to_aos_version", \
	  "the IP version is not the one that its protocol number says") \
	X(TO_AOS_LENGTH, "to_aos_length", \
	  "the IP header's lengths do not fit to the packet's") \
	X(TO_AOS_TOO_BIG, "to_aos_too_big", "larger than the interface's MTU") \
	X(TO_AOS_COPY, "to_aos_copy", "Linux's description of the packet was inconsistent") \
	X(TO_AOS_FULL, "to_aos_full", "the ring was full: the AOS does not keep up") \
	X(TO_AOS_BUDGET, "to_aos_budget", \
	  "the ring was full: the thread that takes from it has used up its budget") \
	X(TO_AOS_LIE, "to_aos_lie", \
	  "the AOS claims to have taken what it was not given (rx_cons)") \
	X(TO_AOS_PURGED, "to_aos_purged", "still in the ring when the AOS ended") \
	/* hop T5, AOS to Linux */ \
	X(FROM_AOS_DESC, "from_aos_desc", "its descriptor points out of the ring's memory") \
	X(FROM_AOS_SHORT, "from_aos_short", "shorter than an IP header") \
	X(FROM_AOS_VERSION, "from_aos_version", "neither IPv4 nor IPv6") \
	X(FROM_AOS_LENGTH, "from_aos_length", \
	  "the IP header's lengths do not fit to the packet's") \
	X(FROM_AOS_TOO_BIG, "from_aos_too_big", "larger than the interface's MTU") \
	X(FROM_AOS_NOMEM, "from_aos_nomem", "Linux had no memory for it") \
	X(FROM_AOS_DOWN, "from_aos_down", "sent while the interface was down") \
	X(FROM_AOS_PURGED, "from_aos_purged", "still in the ring when the AOS ended")

#define COSNET_DROP_ENUM(name, string, sentence) COSNET_DROP_##name,
enum cosnet_drop {
	COSNET_PASS,			/* not dropped */
	COSNET_DROP_REASONS(COSNET_DROP_ENUM)
	COSNET_DROPS
};

#undef COSNET_DROP_ENUM

#define COSNET_DROP_FIRST_FROM_AOS	COSNET_DROP_FROM_AOS_DESC

#endif
