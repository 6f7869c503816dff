// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The XDP program of steering mode "xdp": frames to this interface whose
 * destination has a rule go to the rule's cosnet device, all others on to
 * Linux.  What a rule cannot tell for certain goes to Linux as well: where it
 * names ports, every fragment and every packet with IP options; where it names a
 * protocol, IPv6 packets with extension headers other than a fragment's; always,
 * frames with a VLAN tag and those that are too long for the device.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "cosnet/uapi/cosnet.h"
#include "cosnet/xdp/steer.h"

#define IPV4_FRAGMENT	0x3fff		/* more fragments, or an offset */
#define IPV6_FRAGMENT	44		/* next header */

struct fragment_header {
	__u8 nexthdr, reserved;
	__be16 offset;
	__be32 id;
};

/* The interface's own address; written before loading. */
const volatile __u8 own_address[ETH_ALEN];

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, STEER_SLOTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct steer_key4);
	__type(value, struct steer_rule);
} steer_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, STEER_SLOTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct steer_key6);
	__type(value, struct steer_rule);
} steer_ipv6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, STEER_SLOTS);
	__type(key, __u32);
	__type(value, __u32);
} steer_to SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, STEER_SLOTS);
	__type(key, __u32);
	__type(value, struct steer_hits);
} steer_hits SEC(".maps");

/* Of a packet: its rule, its protocol, and where that begins if it is plain. */
struct found {
	const struct steer_rule *rule;
	const void *transport;		/* NULL: a fragment, or IP options */
	__u8 protocol;
};

static __always_inline void *data(const struct xdp_md *ctx)
{
	return (void *)(long)ctx->data;
}

static __always_inline void *data_end(const struct xdp_md *ctx)
{
	return (void *)(long)ctx->data_end;
}

static __always_inline int is_own(const struct ethhdr *eth)
{
	int same = 1;

#pragma unroll
	for (int i = 0; i < ETH_ALEN; i++)
		same &= eth->h_dest[i] == own_address[i];
	return same;
}

static __always_inline void find_ipv4(const struct iphdr *ip, const void *end,
				      struct found *found)
{
	struct steer_key4 key = { .length = 32 };

	if ((const void *)(ip + 1) > end || ip->version != 4)
		return;
	__builtin_memcpy(key.address, &ip->daddr, sizeof(key.address));
	found->rule = bpf_map_lookup_elem(&steer_ipv4, &key);
	found->protocol = ip->protocol;
	if (ip->ihl == 5 && !(ip->frag_off & bpf_htons(IPV4_FRAGMENT)))
		found->transport = ip + 1;
}

static __always_inline void find_ipv6(const struct ipv6hdr *ip, const void *end,
				      struct found *found)
{
	const struct fragment_header *fragment = (const void *)(ip + 1);
	struct steer_key6 key = { .length = 128 };

	if ((const void *)(ip + 1) > end || ip->version != 6)
		return;
	__builtin_memcpy(key.address, &ip->daddr, sizeof(key.address));
	found->rule = bpf_map_lookup_elem(&steer_ipv6, &key);
	found->protocol = ip->nexthdr;
	if (ip->nexthdr != IPV6_FRAGMENT)
		found->transport = ip + 1;
	else if ((const void *)(fragment + 1) <= end)
		found->protocol = fragment->nexthdr;
}

/* Does the rule take such a packet?  UDP and TCP have their ports in one place. */
static __always_inline int takes(const struct found *found, const void *end)
{
	const struct steer_rule *rule = found->rule;
	const __be16 *ports = found->transport;
	__u16 to;

	if (!rule->protocol)
		return 1;
	if (found->protocol != rule->protocol)
		return 0;
	if (!rule->first)
		return 1;
	if (!ports || (const void *)(ports + 2) > end)
		return 0;
	to = bpf_ntohs(ports[1]);
	return to >= rule->first && to <= rule->last;
}

/* For the device, should no AOS be there. */
static __always_inline int tell_policy(struct xdp_md *ctx, __u32 down)
{
	struct cosnet_meta *meta;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*meta)))
		return -1;
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 1) > data(ctx))
		return -1;
	meta->magic = COSNET_META_MAGIC;
	meta->ifindex = ctx->ingress_ifindex;
	meta->down = down;
	return 0;
}

static __always_inline void count(__u32 slot, __u32 bytes)
{
	struct steer_hits *hits = bpf_map_lookup_elem(&steer_hits, &slot);

	if (!hits)
		return;
	hits->packets++;
	hits->bytes += bytes;
}

SEC("xdp")
int steer(struct xdp_md *ctx)
{
	const struct ethhdr *eth = data(ctx);
	const void *end = data_end(ctx);
	__u32 bytes = ctx->data_end - ctx->data;
	struct found found = {};

	if ((const void *)(eth + 1) > end || !is_own(eth))
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		find_ipv4((const void *)(eth + 1), end, &found);
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		find_ipv6((const void *)(eth + 1), end, &found);
	if (!found.rule || bytes > found.rule->longest || !takes(&found, end))
		return XDP_PASS;
	if (found.rule->down != COSNET_DOWN_DROP && tell_policy(ctx, found.rule->down))
		return XDP_PASS;
	count(found.rule->slot, bytes);
	return bpf_redirect_map(&steer_to, found.rule->slot, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
