/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a packet did not get through, wherever that was decided: one list for
 * cosnet, vnic, lwip, the translator, the proxy and all that shows it.  Every packet is
 * either passed on or counted under exactly one of these, by the part that
 * decided; the counter is called "drop_<name>".
 *
 * Its number crosses the ring (abi/ring.h): new ones come at the end.
 */
#ifndef ABI_DROP_H
#define ABI_DROP_H

#include "types.h"

/* Where it may be given, for drop_places(). */
#define DROP_AT_TO_AOS		0x01u	/* cosnet, Linux to AOS */
#define DROP_AT_FROM_AOS	0x02u	/* cosnet, AOS to Linux */
#define DROP_AT_VNIC_IN		0x04u	/* vnic, of what it takes from the ring */
#define DROP_AT_VNIC_OUT	0x08u	/* vnic, of what it is to send */
#define DROP_AT_LWIP_IN		0x10u	/* lwip, of what vnic gives it */
#define DROP_AT_REPLY		0x20u	/* lwip, of the services' replies */
#define DROP_AT_LWIP_OUT	0x40u	/* lwip, of what it gives vnic to send */
#define DROP_AT_TRANSLATOR	0x80u	/* either end of a translator channel, and aosctl's proxy */
#define DROP_AT_LINUX		0x100u	/* before cosnet, which does not see it: aosctl does */
#define DROP_AT_COSNET		(DROP_AT_TO_AOS | DROP_AT_FROM_AOS)
#define DROP_AT_VNIC		(DROP_AT_VNIC_IN | DROP_AT_VNIC_OUT)
#define DROP_AT_COMPONENTS	(0xffu & ~DROP_AT_COSNET)
#define DROP_AT_LWIP		(DROP_AT_LWIP_IN | DROP_AT_REPLY | DROP_AT_LWIP_OUT)

/* As trace points show them. */
#define DROP_PLACE_WORDS \
	{ DROP_AT_TO_AOS, "to_aos" }, { DROP_AT_FROM_AOS, "from_aos" }, \
	{ DROP_AT_VNIC_IN, "vnic" }, { DROP_AT_VNIC_OUT, "vnic_out" }, \
	{ DROP_AT_LWIP_IN, "lwip" }, { DROP_AT_REPLY, "reply" }, \
	{ DROP_AT_LWIP_OUT, "lwip_out" }, { DROP_AT_TRANSLATOR, "translator" }

/* X(enum, name, places, sentence) */
#define DROP_REASONS(X) \
	X(UNKNOWN, "unknown", 0, "a component gave a reason that does not exist") \
	X(TO_AOS_NO_AOS, "to_aos_no_aos", DROP_AT_TO_AOS | DROP_AT_TRANSLATOR, \
	  "no AOS is attached to the interface, and no rule says what else to do") \
	X(TO_AOS_REJECTED, "to_aos_rejected", DROP_AT_TO_AOS, \
	  "no AOS is attached; by the rule's 'down' the sender was told by ICMP") \
	X(TO_AOS_NO_WAY_BACK, "to_aos_no_way_back", DROP_AT_TO_AOS, \
	  "it was to go on in Linux, but the interface it came from is gone") \
	X(TO_AOS_LINK_HEADER, "to_aos_link_header", DROP_AT_TO_AOS, \
	  "neither an IP packet nor an Ethernet frame with something in it") \
	X(TO_AOS_PROTOCOL, "to_aos_protocol", DROP_AT_TO_AOS, \
	  "neither IPv4 nor IPv6, or with a VLAN tag") \
	X(TO_AOS_SHORT, "to_aos_short", DROP_AT_TO_AOS, "shorter than an IP header") \
	X(TO_AOS_VERSION, "to_aos_version", DROP_AT_TO_AOS, \
	  "the IP version is not the one that its protocol number says") \
	X(TO_AOS_LENGTH, "to_aos_length", DROP_AT_TO_AOS, \
	  "the IP header's lengths do not fit to the packet's") \
	X(TO_AOS_TOO_BIG, "to_aos_too_big", DROP_AT_TO_AOS, "larger than the interface's MTU") \
	X(TO_AOS_COPY, "to_aos_copy", DROP_AT_TO_AOS, \
	  "Linux's description of the packet was inconsistent") \
	X(TO_AOS_FULL, "to_aos_full", DROP_AT_TO_AOS, \
	  "the ring was full: the AOS does not keep up") \
	X(TO_AOS_BUDGET, "to_aos_budget", DROP_AT_TO_AOS, \
	  "the ring was full: the thread that takes from it has used up its budget") \
	X(TO_AOS_LIE, "to_aos_lie", DROP_AT_TO_AOS, \
	  "the AOS claims to have taken what it was not given (rx_cons)") \
	X(TO_AOS_PURGED, "to_aos_purged", DROP_AT_TO_AOS | DROP_AT_TRANSLATOR, \
	  "still in the ring when the AOS ended") \
	X(FROM_AOS_DESC, "from_aos_desc", DROP_AT_FROM_AOS, \
	  "its descriptor points out of the ring's memory") \
	X(FROM_AOS_SHORT, "from_aos_short", DROP_AT_FROM_AOS, "shorter than an IP header") \
	X(FROM_AOS_VERSION, "from_aos_version", DROP_AT_FROM_AOS, "neither IPv4 nor IPv6") \
	X(FROM_AOS_LENGTH, "from_aos_length", DROP_AT_FROM_AOS, \
	  "the IP header's lengths do not fit to the packet's") \
	X(FROM_AOS_TOO_BIG, "from_aos_too_big", DROP_AT_FROM_AOS, \
	  "larger than the interface's MTU") \
	X(FROM_AOS_NOMEM, "from_aos_nomem", DROP_AT_FROM_AOS, "Linux had no memory for it") \
	X(FROM_AOS_DOWN, "from_aos_down", DROP_AT_FROM_AOS | DROP_AT_TRANSLATOR, \
	  "sent while the interface was down") \
	X(FROM_AOS_PURGED, "from_aos_purged", DROP_AT_FROM_AOS, \
	  "still in the ring when the AOS ended") \
	X(DESCRIPTOR, "descriptor", DROP_AT_VNIC_IN, \
	  "cosnet's descriptor points out of the ring's memory") \
	X(SHORT, "short", DROP_AT_VNIC_IN, "shorter than an IP header") \
	X(STACK, "stack", DROP_AT_VNIC_IN, "lwip faulted while it had it, or did not start") \
	X(TX_FULL, "tx_full", DROP_AT_VNIC_OUT, \
	  "the ring to Linux was full: Linux does not keep up") \
	X(TX_DOWN, "tx_down", DROP_AT_VNIC_OUT, "the interface was down when it was to be sent") \
	X(TX_INVALID, "tx_invalid", DROP_AT_VNIC_OUT, \
	  "lwip named a buffer that it was not lent, or no packet") \
	X(VERSION, "version", DROP_AT_VNIC_IN | DROP_AT_LWIP_IN, "neither IPv4 nor IPv6") \
	X(LENGTH, "length", DROP_AT_VNIC_IN | DROP_AT_LWIP_IN, \
	  "the IP header's lengths do not fit to the packet's") \
	X(RESTART, "restart", DROP_AT_VNIC_IN | DROP_AT_LWIP_IN, \
	  "the component itself faulted while it had it") \
	X(REFERENCE, "reference", DROP_AT_LWIP_IN, "vnic named no such buffer") \
	X(HEADER, "header", DROP_AT_LWIP_IN, "nonsense in the IP header") \
	X(IP_CHECKSUM, "ip_checksum", DROP_AT_LWIP_IN, "the IP header's checksum is wrong") \
	X(TTL, "ttl", DROP_AT_LWIP_IN, "its time to live has run out") \
	X(OPTIONS, "options", DROP_AT_LWIP_IN, "malformed IP options, or source routes") \
	X(EXTENSION, "extension", DROP_AT_LWIP_IN, \
	  "malformed IPv6 extension headers, or source routes") \
	X(SOURCE, "source", DROP_AT_LWIP_IN, "nobody can have sent it from that address") \
	X(ADDRESS, "address", DROP_AT_LWIP_IN, "not sent to an address of the AOS") \
	X(PROTOCOL, "protocol", DROP_AT_LWIP_IN, "neither UDP nor an ICMP echo") \
	X(REASSEMBLY, "reassembly", DROP_AT_LWIP_IN, \
	  "a fragment: late, overlapping, or one of too many") \
	X(ICMP_TYPE, "icmp_type", DROP_AT_LWIP_IN, "ICMP, but no echo request") \
	X(ICMP_LENGTH, "icmp_length", DROP_AT_LWIP_IN, "ICMP, shorter than its header") \
	X(ICMP_CHECKSUM, "icmp_checksum", DROP_AT_LWIP_IN, "the ICMP checksum is wrong") \
	X(UDP_LENGTH, "udp_length", DROP_AT_LWIP_IN, \
	  "the UDP header and the packet's length disagree") \
	X(UDP_CHECKSUM, "udp_checksum", DROP_AT_LWIP_IN, "the UDP checksum is wrong") \
	X(UDP_PORT, "udp_port", DROP_AT_LWIP_IN, "no service has that port") \
	X(MEMORY, "memory", DROP_AT_LWIP_IN, "lwip had no memory for it") \
	X(TX_BUFFERS, "tx_buffers", DROP_AT_LWIP_IN, "vnic had lent too few buffers to answer") \
	X(APP, "app", DROP_AT_LWIP_IN, "udpapp faulted while it had it, or is stopped") \
	X(OTHER, "other", DROP_AT_LWIP_IN, "lwip gave no reason") \
	X(REPLY_INVALID, "reply_invalid", DROP_AT_REPLY, \
	  "a reply that lies where udpapp may put none") \
	X(REPLY_BUFFERS, "reply_buffers", DROP_AT_REPLY, \
	  "a long reply, and vnic had lent too few buffers for all its fragments") \
	X(REPLY_FAILED, "reply_failed", DROP_AT_REPLY, "a reply that lwip could not send") \
	X(REPLY_RESTART, "reply_restart", DROP_AT_REPLY, \
	  "a reply: lwip faulted after it had delivered the request") \
	X(OUT_RESTART, "out_restart", DROP_AT_LWIP_OUT, \
	  "given to vnic for sending when it or lwip faulted") \
	X(TRANSLATOR_LIE, "translator_lie", DROP_AT_TRANSLATOR, \
	  "the process wrote an index or record that cannot be: what lay in its ring was " \
	  "passed over, counted once") \
	X(TO_AOS_RESTART, "to_aos_restart", DROP_AT_TRANSLATOR, \
	  "in the hands of the proxy's process when that was killed") \
	X(TO_AOS_LONG, "to_aos_long", DROP_AT_TRANSLATOR, \
	  "a record from the proxy, longer than a packet can be") \
	X(FROM_AOS_REFUSED, "from_aos_refused", DROP_AT_TRANSLATOR, \
	  "Linux took it for no IP packet") \
	X(FROM_AOS_RESTART, "from_aos_restart", DROP_AT_TRANSLATOR, \
	  "in the hands of the proxy's process when that was killed") \
	X(FROM_AOS_GONE, "from_aos_gone", DROP_AT_TRANSLATOR, \
	  "no proxy was there to take it") \
	X(TO_AOS_LINK_DOWN, "to_aos_link_down", DROP_AT_LINUX, \
	  "redirected by tc while the interface was set down: 'ip link set ... up'") \
	X(FROM_AOS_PROGRAM, "from_aos_program", DROP_AT_FROM_AOS, \
	  "an XDP program on the interface dropped it") \
	X(FROM_AOS_ABORTED, "from_aos_aborted", DROP_AT_FROM_AOS, \
	  "an XDP program on the interface failed, or wants what cannot be there (XDP_TX)") \
	X(FROM_AOS_REDIRECT, "from_aos_redirect", DROP_AT_FROM_AOS, \
	  "an XDP program on the interface redirected it to where it cannot go") \
	X(FROM_AOS_FRAME, "from_aos_frame", DROP_AT_FROM_AOS, \
	  "the interface that it was redirected to as a frame did not take it: its queue was " \
	  "full, or it takes none (any more)")

#define DROP_ENUM(name, string, places, sentence) DROP_##name,
enum drop {
	DROP_NONE,		/* not dropped */
	DROP_REASONS(DROP_ENUM)
	DROPS
};

#undef DROP_ENUM

/**
 * drop_counter_name() - what its counter is called
 * @why: DROP_NONE < @why < DROPS
 * Return: "drop_...", shorter than COUNTER_NAME_LEN.  Any context.
 */
static inline const char *drop_counter_name(enum drop why)
{
#define DROP_NAME(name, string, places, sentence) \
	[DROP_##name] = "drop_" string,
	static const char *const names[DROPS] = { DROP_REASONS(DROP_NAME) };

	return names[why];
#undef DROP_NAME
}

/**
 * drop_places() - where a reason may be given
 * @why: DROP_NONE < @why < DROPS
 * Return: a sum of DROP_AT_TO_AOS ... DROP_AT_LINUX.  Any context.
 */
static inline uint32_t drop_places(enum drop why)
{
#define DROP_PLACES(name, string, places, sentence) \
	[DROP_##name] = (places),
	static const uint16_t where[DROPS] = { DROP_REASONS(DROP_PLACES) };

	return where[why];
#undef DROP_PLACES
}

/**
 * drop_valid() - may this be: is there such a reason, at that one place?
 * @why: anything; @place: anything
 * Any context.
 */
static inline bool drop_valid(uint32_t why, uint32_t place)
{
	return why > DROP_NONE && why < DROPS && !(place & (place - 1)) &&
	       drop_places((enum drop)why) & place;
}

#endif
