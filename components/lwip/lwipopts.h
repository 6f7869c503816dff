/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lwIP as this appliance uses it: UDP and echo over both IP versions, no
 * link layer below, no thread beside.  Everything not named here keeps
 * lwIP's default.
 */
#ifndef LWIP_LWIPOPTS_H
#define LWIP_LWIPOPTS_H

/* One thread at a time is inside, called in batches; no timers of lwIP's
 * own: netstack_tick() calls the two that matter. */
#define NO_SYS				1
#define SYS_LIGHTWEIGHT_PROT		0
#define LWIP_TIMERS			0
#define LWIP_NETCONN			0
#define LWIP_SOCKET			0

/* Protocols. */
#define LWIP_IPV4			1
#define LWIP_IPV6			1
#define LWIP_UDP			1
#define LWIP_ICMP			1
#define LWIP_ICMP6			1
#define LWIP_TCP			0
#define LWIP_RAW			0
#define LWIP_IGMP			0
#define LWIP_IPV6_MLD			0
#define LWIP_DNS			0

/* The link is point-to-point: no ARP, no neighbours, no routers to find. */
#define LWIP_ARP			0
#define LWIP_ETHERNET			0
#define PBUF_LINK_HLEN			0
#define PBUF_LINK_ENCAPSULATION_HLEN	0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT	0
#define LWIP_IPV6_AUTOCONFIG		0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS	0
#define LWIP_ND6_ALLOW_RA_UPDATES	0
#define LWIP_ND6_QUEUEING		0
#define LWIP_ND6_NUM_DESTINATIONS	1
#define LWIP_ND6_NUM_NEIGHBORS		1
#define LWIP_IPV6_SCOPES		0
#define LWIP_NETIF_LOOPBACK		0

/* One interface per address (vnicif.c), one IPv6 address on each. */
#define LWIP_IPV6_NUM_ADDRESSES		1
#define LWIP_HOOK_FILENAME		"hooks.h"
#define LWIP_HOOK_IP4_ROUTE_SRC(src, dest)	vnicif_route4(src, dest)

/* Fragments: a 64 KiB datagram has 45 of them at an MTU of 1500. */
#define IP_REASSEMBLY			1
#define IP_FRAG				1
#define LWIP_IPV6_REASS			1
#define LWIP_IPV6_FRAG			1
#define IPV6_FRAG_COPYHEADER		1
#define IP_REASS_MAX_PBUFS		48
#define MEMP_NUM_REASSDATA		8
#define IP_REASS_MAXAGE			15
#define IPV6_REASS_MAXAGE		15

/* Memory: static, inside the component. */
#define MEM_ALIGNMENT			8
#define MEM_SIZE			(160 * 1024)
#define MEMP_NUM_UDP_PCB		16
#define MEMP_NUM_PBUF			16
#define MEMP_NUM_FRAG_PBUF		16
#define PBUF_POOL_SIZE			1
#define PBUF_POOL_BUFSIZE		64
#define LWIP_SUPPORT_CUSTOM_PBUF	1

/* What became of a packet is read from these (fate.c). */
#define LWIP_STATS			1
#define LWIP_STATS_LARGE		1
#define LINK_STATS			0
#define MEM_STATS			0
#define MEMP_STATS			0
#define SYS_STATS			0

/* ICMP errors quote this much; a ping of the dead is not answered at all. */
#define LWIP_MULTICAST_PING		0
#define LWIP_BROADCAST_PING		0

#endif
