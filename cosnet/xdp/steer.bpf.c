// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The programs of steering modes "redirect" and "xdp" [R2], and the rules that they
 * share (steer.h): what is addressed to this interface, and to a destination of which
 * a rule takes it, goes to the rule's cosnet device; all else is left to Linux.
 *
 *   filter	for tc, on the interface's ingress: packets, whatever they are
 *   frame	for XDP, before that; leaves to the filter what it cannot tell (frames
 *		with a VLAN tag), what XDP does not carry (those that are too long), and
 *		rules that are not for it
 *
 * Where a rule names ports, fragments are Linux's, for they have none.  IPv6 extension
 * headers are looked through up to a fragment's, as Linux's flow dissector does.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "cosnet/uapi/cosnet.h"
#include "cosnet/xdp/steer.h"

#define IPV4_FRAGMENT	0x3fff		/* more fragments, or an offset */
#define IPV4_LONGEST	60		/* header, bytes */
#define PORTS		4		/* of UDP and TCP: first in the header, bytes */
#define HEADERS		(ETH_HLEN + IPV4_LONGEST + PORTS)
#define VLAN_ID		0xfff
#define NO_RULES_TAG	0xffff		/* a tag that no rule can name */

enum { FILTER, FRAME };

/* The interface's own address, as it lies in a frame; written before loading. */
const volatile __u16 own_address[ETH_ALEN / 2];

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, STEER_SLOTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct steer_key4);
	__type(value, struct steer_list);
} steer_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, STEER_SLOTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct steer_key6);
	__type(value, struct steer_list);
} steer_ipv6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, STEER_SLOTS);
	__type(key, __u32);
	__type(value, struct steer_rule);
} steer_rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, STEER_SLOTS);
	__type(key, __u32);
	__type(value, struct steer_hits);
} steer_hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, STEER_SLOTS);
	__type(key, __u32);
	__type(value, __u32);
} steer_to SEC(".maps");

/* What rules ask of a packet. */
struct packet {
	const struct steer_list *list;	/* that its destination has, or NULL */
	__u32 bytes;			/* with its Ethernet header */
	__u16 vlan;			/* 0: untagged */
	__u16 port;			/* destination's, host order; 0: it has none */
	__u8 protocol;
};

/* ---- looking at the packet ---- */

static __always_inline int is_own(const struct ethhdr *eth)
{
	const __u16 *to = (const void *)eth->h_dest;

	return !((to[0] ^ own_address[0]) | (to[1] ^ own_address[1]) |
		 (to[2] ^ own_address[2]));
}

static __always_inline __u16 port_at(const void *transport, const void *end)
{
	const __be16 *ports = transport;

	return transport + PORTS > end ? 0 : bpf_ntohs(ports[1]);
}

static __always_inline void see_ipv4(const struct iphdr *ip, const void *end,
				     struct packet *packet)
{
	struct steer_key4 key = { .length = 32 };

	if ((const void *)(ip + 1) > end || ip->version != 4 || ip->ihl < 5)
		return;
	__builtin_memcpy(key.address, &ip->daddr, sizeof(key.address));
	packet->list = bpf_map_lookup_elem(&steer_ipv4, &key);
	packet->protocol = ip->protocol;
	if (!(ip->frag_off & bpf_htons(IPV4_FRAGMENT)))
		packet->port = port_at((const void *)ip + ip->ihl * 4, end);
}

static __always_inline long read(void *ctx, int way, __u32 at, void *to, __u32 n)
{
	return way == FRAME ? bpf_xdp_load_bytes(ctx, at, to, n)
			    : bpf_skb_load_bytes(ctx, at, to, n);
}

static __always_inline int is_extension(__u8 next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS;
}

/* From the first extension header on.  One that is cut off hides what follows. */
static __always_inline void see_extensions(void *ctx, int way, struct packet *packet)
{
	__u32 at = ETH_HLEN + sizeof(struct ipv6hdr);
	__u8 header[2];
	__be16 ports[2];

	for (int i = 0; i < STEER_EXTENSIONS && is_extension(packet->protocol); i++) {
		if (read(ctx, way, at, header, sizeof(header)))
			return;
		packet->protocol = header[0];
		at += 8 * (1 + header[1]);
	}
	if (packet->protocol == IPPROTO_FRAGMENT) {
		if (!read(ctx, way, at, header, sizeof(header)))
			packet->protocol = header[0];
	} else if (!read(ctx, way, at, ports, sizeof(ports))) {
		packet->port = bpf_ntohs(ports[1]);
	}
}

static __always_inline void see_ipv6(void *ctx, int way, const struct ipv6hdr *ip,
				     const void *end, struct packet *packet)
{
	struct steer_key6 key = { .length = 128 };

	if ((const void *)(ip + 1) > end || ip->version != 6)
		return;
	__builtin_memcpy(key.address, &ip->daddr, sizeof(key.address));
	packet->list = bpf_map_lookup_elem(&steer_ipv6, &key);
	packet->protocol = ip->nexthdr;
	if (is_extension(ip->nexthdr) || ip->nexthdr == IPPROTO_FRAGMENT)
		see_extensions(ctx, way, packet);
	else
		packet->port = port_at(ip + 1, end);
}

static __always_inline void see(void *ctx, int way, const struct ethhdr *eth,
				const void *end, __be16 type, struct packet *packet)
{
	if ((const void *)(eth + 1) > end || !is_own(eth))
		return;
	if (type == bpf_htons(ETH_P_IP))
		see_ipv4((const void *)(eth + 1), end, packet);
	else if (type == bpf_htons(ETH_P_IPV6))
		see_ipv6(ctx, way, (const void *)(eth + 1), end, packet);
}

/* ---- asking the rules ---- */

static __always_inline int takes(const struct steer_rule *rule, int way,
				 const struct packet *packet)
{
	if (!rule->to || rule->vlan != packet->vlan)
		return 0;
	if (way == FRAME && packet->bytes > rule->longest)
		return 0;
	if (rule->protocol && rule->protocol != packet->protocol)
		return 0;
	return !rule->first || (packet->port >= rule->first && packet->port <= rule->last);
}

/* A loop that the kernel looks at once, not for each of its rounds, as it loads it. */
struct search {
	const struct packet *packet;
	const struct steer_rule *rule;	/* that takes it, or NULL */
	__u32 slot;			/* the last one asked */
	int way;
};

static long ask(__u32 i, struct search *search)
{
	const struct steer_list *list = search->packet->list;
	const struct steer_rule *rule;

	if (!list || i >= list->n)
		return 1;
	search->slot = list->slot[i % STEER_SLOTS];	/* n is below that */
	rule = bpf_map_lookup_elem(&steer_rules, &search->slot);
	if (!rule || !takes(rule, search->way, search->packet))
		return 0;
	search->rule = rule;
	return 1;
}

static __always_inline const struct steer_rule *choose(const struct packet *packet, int way,
						       __u32 *slot)
{
	struct search search = { .packet = packet, .way = way };

	if (!packet->list)
		return 0;
	bpf_loop(STEER_SLOTS, ask, &search, 0);
	*slot = search.slot;
	return search.rule;
}

static __always_inline void count(__u32 slot, __u32 packets, __u32 bytes, __u32 frames)
{
	struct steer_hits *hits = bpf_map_lookup_elem(&steer_hits, &slot);

	if (!hits)
		return;
	hits->packets += packets;
	hits->bytes += bytes;
	hits->frames += frames;
}

/* ---- the filter ---- */

/* The rules' tags are 802.1Q's; Linux has taken it off already, and put it beside. */
static __always_inline __u16 tag_of(const struct __sk_buff *skb)
{
	__u16 tag = skb->vlan_tci & VLAN_ID;

	if (!skb->vlan_present)
		return 0;
	return tag && skb->vlan_proto == bpf_htons(ETH_P_8021Q) ? tag : NO_RULES_TAG;
}

/* Drivers may leave headers in fragments. */
static __always_inline void gather(struct __sk_buff *skb)
{
	__u32 there = skb->data_end - skb->data;

	if (there < HEADERS && there < skb->len)
		bpf_skb_pull_data(skb, skb->len < HEADERS ? skb->len : HEADERS);
}

SEC("tc")
int filter(struct __sk_buff *skb)
{
	struct packet packet = { .bytes = skb->len, .vlan = tag_of(skb) };
	const struct steer_rule *rule;
	__u32 slot, to;

	gather(skb);
	see(skb, FILTER, (const void *)(long)skb->data, (const void *)(long)skb->data_end,
	    skb->protocol, &packet);
	rule = choose(&packet, FILTER, &slot);
	to = rule ? rule->to : 0;
	if (!to)
		return TC_ACT_UNSPEC;
	skb->priority = COSNET_PRIORITY | rule->down;
	count(slot, skb->gso_segs ? skb->gso_segs : 1, packet.bytes, 0);
	return bpf_redirect(to, 0);
}

/* ---- the XDP program ---- */

/* For the device, should no AOS be there. */
static __always_inline int tell_policy(struct xdp_md *ctx, __u32 down)
{
	struct cosnet_meta *meta;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*meta)))
		return -1;
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 1) > (void *)(long)ctx->data)
		return -1;
	meta->magic = COSNET_META_MAGIC;
	meta->ifindex = ctx->ingress_ifindex;
	meta->down = down;
	return 0;
}

SEC("xdp")
int frame(struct xdp_md *ctx)
{
	struct packet packet = { .bytes = ctx->data_end - ctx->data };
	const struct ethhdr *eth = (const void *)(long)ctx->data;
	const void *end = (const void *)(long)ctx->data_end;
	const struct steer_rule *rule;
	__u32 slot;

	if ((const void *)(eth + 1) > end)
		return XDP_PASS;
	see(ctx, FRAME, eth, end, eth->h_proto, &packet);
	rule = choose(&packet, FRAME, &slot);
	if (!rule)
		return XDP_PASS;
	if (rule->down != COSNET_DOWN_DROP && tell_policy(ctx, rule->down))
		return XDP_PASS;
	count(slot, 1, packet.bytes, 1);
	return bpf_redirect_map(&steer_to, slot, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
