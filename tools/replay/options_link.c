// SPDX-License-Identifier: GPL-2.0-or-later
/* Options: how datagrams leave, with which addresses, and side checks. */
#include <stdio.h>

#include "clock.h"
#include "frame.h"
#include "option_table.h"

/* Below are the ports of probes and side checks. */
#define SOURCE_PORT_MIN (1024 + SIDE_MAX + STREAMS_MAX)

static const char either[] = "--wire or --socket, not both";

static bool take_wire(struct options *o, const char *value)
{
	unsigned int local, peer;
	int used = 0;

	if (sscanf(value, "dgram:%5u:%5u%n", &local, &peer, &used) != 2 ||
	    value[used] || !local || !peer || local > 65535 || peer > 65535)
		return false;
	if (o->transport == TRANSPORT_SOCKET)
		o->wrong = either;
	o->transport = TRANSPORT_WIRE;
	o->wire.local_port = (uint16_t)local;
	o->wire.peer_port = (uint16_t)peer;
	return !o->wrong;
}

static bool take_socket(struct options *o, const char *value)
{
	(void)value;
	if (o->transport == TRANSPORT_WIRE)
		o->wrong = either;
	o->transport = TRANSPORT_SOCKET;
	return !o->wrong;
}

static bool take_no_kernel_stamps(struct options *o, const char *value)
{
	(void)value;
	o->no_kernel_stamps = true;
	return true;
}

static bool take_stamps(struct options *o, const char *value)
{
	(void)value;
	o->stamps = true;
	return true;
}

static bool take_address(struct address *out, const char *value, int family)
{
	return address_parse(value, out) && out->family == family;
}

static bool take_source4(struct options *o, const char *value)
{
	return take_address(&o->sources.base4, value, 4);
}

static bool take_source6(struct options *o, const char *value)
{
	return take_address(&o->sources.base6, value, 6);
}

static bool take_sources(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, 1, 256, &n))
		return false;
	o->sources.count = (uint32_t)n;
	return true;
}

static bool take_source_port(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, SOURCE_PORT_MIN, 65535, &n))
		return false;
	o->sources.first_port = (uint16_t)n;
	return true;
}

static bool take_gateway4(struct options *o, const char *value)
{
	return take_address(&o->wire.gateway4, value, 4);
}

static bool take_gateway6(struct options *o, const char *value)
{
	return take_address(&o->wire.gateway6, value, 6);
}

static bool take_mac(struct options *o, const char *value)
{
	/* A multicast address cannot be a host's own. */
	return mac_parse(value, o->wire.mac) && !(o->wire.mac[0] & 1);
}

static bool take_peer_mac(struct options *o, const char *value)
{
	o->wire.peer_mac_given = true;
	return mac_parse(value, o->wire.peer_mac);
}

static bool take_mtu(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, FRAME_MTU_MIN, FRAME_MTU_MAX, &n))
		return false;
	o->wire.mtu = (uint16_t)n;
	return true;
}

static const struct option_entry link_entries[] = {
	{ "socket", NULL, take_socket,
	  "ordinary UDP sockets of this machine, in whichever network\n"
	  "namespace the tool runs" },
	{ "wire", "dgram:LOCAL:PEER", take_wire,
	  "speak Ethernet with QEMU's -netdev dgram: our UDP port and\n"
	  "QEMU's, both on 127.0.0.1" },
	{ "source4", "ADDR", take_source4, "our first IPv4 address (wire)" },
	{ "source6", "ADDR", take_source6, "our first IPv6 address (wire)" },
	{ "sources", "N", take_sources,
	  "spread the flows over N consecutive addresses; default 1" },
	{ "source-port", "PORT", take_source_port,
	  "the first flow's source port, counted up from; default 20000" },
	{ "gateway4", "ADDR", take_gateway4,
	  "next hop, asked for by ARP; default: the destination" },
	{ "gateway6", "ADDR", take_gateway6,
	  "next hop, asked for by neighbour discovery; default likewise" },
	{ "mac", "MAC", take_mac, "our own; default 52:54:00:72:70:01" },
	{ "peer-mac", "MAC", take_peer_mac,
	  "the next hop's; do not ask for it" },
	{ "mtu", "BYTES", take_mtu,
	  "longer packets are fragmented; default 1500" },
	{ "no-kernel-stamps", NULL, take_no_kernel_stamps,
	  "do not ask the kernel when packets left and came" },
	{ "stamps", NULL, take_stamps,
	  "the service is the appliance's \"stamps\": take its time stamps\n"
	  "off each reply, and say where in it the time went" },
};

static bool check_add(struct options *o, enum side_kind kind,
		      const struct endpoint *to)
{
	if (side_add(&o->side, kind, to))
		return true;
	o->wrong = "too many side checks";
	return false;
}

static bool take_ping(struct options *o, const char *value)
{
	struct endpoint to = { .port = 0 };

	return address_parse(value, &to.address) &&
	       check_add(o, SIDE_PING, &to);
}

static bool take_side_echo(struct options *o, const char *value)
{
	struct endpoint to;

	return endpoint_parse(value, ECHO_PORT, &to) &&
	       check_add(o, SIDE_ECHO, &to);
}

static bool take_side_interval(struct options *o, const char *value)
{
	return number_scaled(&o->side.interval, value, 60000, NS_PER_MS) &&
	       o->side.interval;
}

static const struct option_entry side_entries[] = {
	{ "ping", "ADDR", take_ping,
	  "ping this address all the while (wire only;\n"
	  "may be given again)" },
	{ "side-echo", "ADDR:PORT", take_side_echo,
	  "another UDP echo service (may be given again)" },
	{ "side-interval", "MS", take_side_interval,
	  "between side checks; default 200" },
};

#define GROUP(text, list) { text, list, sizeof(list) / sizeof(*(list)) }

const struct option_group option_link = GROUP("how, and from where",
					      link_entries);
const struct option_group option_side = GROUP("side checks", side_entries);
