// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reasons - drop counters in words.  cosnet's own come from its header.
 */
#include <stddef.h>
#include <string.h>

#include "cosnet/drop.h"
#include "reasons.h"

struct reason {
	const char *counter, *sentence;
};

#define COSNET_REASON(name, string, sentence) { "drop_" string, sentence },
static const struct reason cosnet[] = { COSNET_DROP_REASONS(COSNET_REASON) { 0 } };

static const struct reason proxy[] = {
	{ "drop_to_aos_restart", "in the hands of the proxy's process when that was killed" },
	{ "drop_from_aos_refused", "Linux took it for no IP packet" },
	{ "drop_from_aos_restart", "in the hands of the proxy's process when that was killed" },
	{ "drop_to_aos_long", "tunnel: a record from the proxy, longer than a packet can be" },
	{ "drop_from_aos_gone", "tunnel: no proxy was there to take it" },
	{ 0 }
};

static const struct reason vnic[] = {
	{ "drop_descriptor", "cosnet's descriptor points out of the ring's memory" },
	{ "drop_short", "shorter than an IP header" },
	{ "drop_version", "neither IPv4 nor IPv6" },
	{ "drop_length", "the IP header says more than came" },
	{ "drop_stack", "lwip faulted while it had it, or did not start" },
	{ "drop_restart", "vnic itself faulted while it had it" },
	{ "drop_tx_full", "the ring to Linux was full: Linux does not keep up" },
	{ "drop_tx_down", "the interface was down when it was to be sent" },
	{ "drop_tx_invalid", "lwip named a buffer that it was not lent, or no packet" },
	{ 0 }
};

static const struct reason lwip[] = {
	{ "drop_reference", "vnic named no such buffer" },
	{ "drop_length", "the IP header and the packet's length disagree" },
	{ "drop_version", "neither IPv4 nor IPv6" },
	{ "drop_header", "nonsense in the IP header" },
	{ "drop_ip_checksum", "the IP header's checksum is wrong" },
	{ "drop_ttl", "its time to live has run out" },
	{ "drop_options", "malformed IP options, or source routes" },
	{ "drop_extension", "malformed IPv6 extension headers, or source routes" },
	{ "drop_source", "nobody can have sent it from that address" },
	{ "drop_address", "not sent to an address of the AOS" },
	{ "drop_protocol", "neither UDP nor an ICMP echo" },
	{ "drop_reassembly", "a fragment: late, overlapping, or one of too many" },
	{ "drop_icmp_type", "ICMP, but no echo request" },
	{ "drop_icmp_length", "ICMP, shorter than its header" },
	{ "drop_icmp_checksum", "the ICMP checksum is wrong" },
	{ "drop_udp_length", "the UDP header and the packet's length disagree" },
	{ "drop_udp_checksum", "the UDP checksum is wrong" },
	{ "drop_udp_port", "no service has that port" },
	{ "drop_memory", "lwip had no memory for it" },
	{ "drop_tx_buffers", "vnic had lent too few buffers to answer" },
	{ "drop_app", "udpapp faulted while it had it, or is stopped" },
	{ "drop_restart", "lwip faulted while it had it" },
	{ "drop_other", "lwip gave no reason" },
	{ 0 }
};

static const char *find(const struct reason *reason, const char *counter)
{
	for (; reason->counter; reason++)
		if (!strcmp(reason->counter, counter))
			return reason->sentence;
	return NULL;
}

const char *reasons_explain(const char *owner, const char *counter)
{
	const char *sentence;

	if (!strcmp(owner, "vnic"))
		return find(vnic, counter);
	if (!strcmp(owner, "lwip"))
		return find(lwip, counter);
	sentence = find(strcmp(owner, "tunnel") ? cosnet : vnic, counter);
	return sentence ? sentence : find(proxy, counter);
}
