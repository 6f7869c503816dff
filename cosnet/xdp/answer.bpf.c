// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The XDP program of `answers = "direct"`, on a cosnet interface: a packet of the AOS
 * that Linux would only forward becomes a frame, by Linux's own routes and neighbours,
 * and goes to the interface where it leaves without Linux's IP layer.  What the program
 * cannot tell for certain goes there, as ever: a neighbour not known, a local or an
 * unusual destination, what is too long on its way, IP options, a time to live that
 * ends, a source that is not the AOS's, an interface that does not take frames.
 *
 * Linux keeps asking neighbours whom it uses whether they are there.  It does not know
 * of frames, so one answer a second to each neighbour goes by its IP layer all the same.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "cosnet/xdp/answer.h"

#define AF_INET		2
#define AF_INET6	10
#define IPV4_FRAGMENT	0x3fff		/* more fragments, or an offset */
#define IPV6_FLOW	0x0fffffff	/* traffic class and flow label */
#define SECOND		1000000000ull

const volatile struct answer_source answer_sources[ANSWER_SOURCES];

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, ANSWER_LINKS);
	__type(key, __u32);
	__type(value, __u32);
} answer_by SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ANSWER_ASKED);
	__type(key, __u32);
	__type(value, __u64);
} answer_asked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ANSWER_KNOWN);
	__type(key, __u32);
	__type(value, struct answer_known);
} answer_known SEC(".maps");

/* The addresses are constants when the program is loaded: few comparisons are left. */
static __always_inline int is_own(__u32 family, const __be32 *address, int words)
{
#pragma unroll
	for (int i = 0; i < ANSWER_SOURCES; i++) {
		const volatile struct answer_source *own = &answer_sources[i];
		int same = own->family == family;

		for (int j = 0; same && j < words; j++)
			same = own->address[j] == address[j];
		if (same)
			return 1;
	}
	return 0;
}

/* Rules of routing may name ports; what has none that can be seen is asked for without. */
static __always_inline void ask_ports(struct bpf_fib_lookup *to, __u8 protocol,
				      const __be16 *ports, const void *end)
{
	to->l4_protocol = protocol;
	if ((protocol != IPPROTO_UDP && protocol != IPPROTO_TCP) || (const void *)(ports + 2) > end)
		return;
	to->sport = ports[0];
	to->dport = ports[1];
}

static __always_inline int ask_ipv4(const struct iphdr *ip, const void *end,
				    struct bpf_fib_lookup *to)
{
	if ((const void *)(ip + 1) > end || ip->ihl != 5 || ip->ttl <= 1 ||
	    bpf_ntohs(ip->tot_len) != end - (const void *)ip || !is_own(4, &ip->saddr, 1))
		return 0;
	to->family = AF_INET;
	to->tos = ip->tos;
	to->ipv4_src = ip->saddr;
	to->ipv4_dst = ip->daddr;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENT))
		to->l4_protocol = ip->protocol;
	else
		ask_ports(to, ip->protocol, (const void *)(ip + 1), end);
	return 1;
}

static __always_inline int ask_ipv6(const struct ipv6hdr *ip, const void *end,
				    struct bpf_fib_lookup *to)
{
	if ((const void *)(ip + 1) > end || ip->version != 6 || ip->hop_limit <= 1 ||
	    ip->nexthdr == IPPROTO_HOPOPTS ||
	    bpf_ntohs(ip->payload_len) != end - (const void *)(ip + 1) ||
	    !is_own(6, ip->saddr.in6_u.u6_addr32, 4))
		return 0;
	to->family = AF_INET6;
	to->flowinfo = *(const __be32 *)ip & bpf_htonl(IPV6_FLOW);
	__builtin_memcpy(to->ipv6_src, &ip->saddr, sizeof(to->ipv6_src));
	__builtin_memcpy(to->ipv6_dst, &ip->daddr, sizeof(to->ipv6_dst));
	ask_ports(to, ip->nexthdr, (const void *)(ip + 1), end);
	return 1;
}

/* All that is asked but the length, for which the answer says up to where it holds. */
static __always_inline int is_same(const struct bpf_fib_lookup *one,
				   const struct bpf_fib_lookup *other)
{
	const __u64 *a = (const void *)one, *b = (const void *)other;

	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3] && a[4] == b[4] &&
	       a[5] == b[5];
}

/* Of all bytes in which clients differ. */
static __always_inline __u32 known_slot(const struct bpf_fib_lookup *to)
{
	__u32 mix = to->ipv6_dst[0] ^ to->ipv6_dst[3] ^ to->dport;

	mix ^= mix >> 16;
	mix ^= mix >> 8;
	return mix % ANSWER_KNOWN;
}

/*
 * Linux's look-up is most of what this costs.  What it has said holds for packets of the
 * same tick: they come in bursts, and might as well have left when the first did.
 */
static __always_inline int look_up(void *ctx, struct bpf_fib_lookup *to, __u16 length)
{
	__u32 slot = known_slot(to);
	struct answer_known *known = bpf_map_lookup_elem(&answer_known, &slot);
	__u64 now = bpf_ktime_get_coarse_ns();

	if (!known)
		return 0;
	if (known->tick == now && length <= known->found.mtu_result && is_same(&known->asked, to)) {
		*to = known->found;
		return 1;
	}
	known->tick = 0;
	known->asked = *to;
	to->tot_len = length;
	if (bpf_fib_lookup(ctx, to, sizeof(*to), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return 0;
	known->found = *to;
	known->tick = now;
	return 1;
}

/* By which interface and neighbour Linux would forward it, if that is certain. */
static __always_inline int find_way(void *ctx, const struct iphdr *ip, const void *end,
				    struct bpf_fib_lookup *to)
{
	if ((const void *)(ip + 1) > end ||
	    !(ip->version == 4 ? ask_ipv4(ip, end, to) : ask_ipv6((const void *)ip, end, to)))
		return 0;
	return look_up(ctx, to, end - (const void *)ip);
}

/* ---- changing it: what is changed goes no longer to Linux, which would do it again ---- */

/* The sum is of 16-bit words: the time to live is the upper half of one. */
static __always_inline void age_ipv4(struct iphdr *ip)
{
	__u32 sum = ip->check + bpf_htons(0x0100);

	ip->check = (__u16)(sum + (sum >= 0xffff));
	ip->ttl--;
}

/* Its Ethernet type (the next hop may be of another family); 0: nothing is changed. */
static __always_inline __be16 age(void *packet, const void *end)
{
	struct iphdr *ip = packet;
	struct ipv6hdr *ip6 = packet;

	if ((const void *)(ip + 1) > end)
		return 0;
	if (ip->version == 4) {
		age_ipv4(ip);
		return bpf_htons(ETH_P_IP);
	}
	if ((const void *)(ip6 + 1) > end)
		return 0;
	ip6->hop_limit--;
	return bpf_htons(ETH_P_IPV6);
}

/* Two neighbours of one slot are asked for in turn, as chance has it. */
static __always_inline int is_to_be_asked(const struct bpf_fib_lookup *to)
{
	__u32 slot = to->dmac[5] ^ to->dmac[4];
	__u64 *last = bpf_map_lookup_elem(&answer_asked, &slot), now = bpf_ktime_get_coarse_ns();

	if (!last || now - *last < SECOND)
		return 0;
	*last = now;
	return 1;
}

static __always_inline int make_frame(struct xdp_md *ctx, const struct bpf_fib_lookup *to)
{
	struct ethhdr *eth;
	const void *end;

	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*eth)))
		return XDP_PASS;
	eth = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if ((const void *)(eth + 1) > end)
		return XDP_ABORTED;
	eth->h_proto = age(eth + 1, end);
	if (!eth->h_proto)
		return XDP_ABORTED;
	__builtin_memcpy(eth->h_dest, to->dmac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, to->smac, ETH_ALEN);
	return XDP_REDIRECT;
}

SEC("xdp")
int answer(struct xdp_md *ctx)
{
	struct bpf_fib_lookup to = { .ifindex = ctx->ingress_ifindex };

	if (!find_way(ctx, (void *)(long)ctx->data, (void *)(long)ctx->data_end, &to) ||
	    bpf_redirect_map(&answer_by, to.ifindex, XDP_PASS) != XDP_REDIRECT ||
	    is_to_be_asked(&to))
		return XDP_PASS;
	return make_frame(ctx, &to);
}

/* ---- does an interface take frames?  One is sent there, and Linux tells who took it. ---- */

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} attempt_to SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct answer_attempt);
} attempt_came SEC(".maps");

SEC("xdp")
int attempt(struct xdp_md *ctx)
{
	(void)ctx;
	return bpf_redirect_map(&attempt_to, 0, XDP_DROP);
}

/* From where, to where, sent, dropped, error: none if it takes them, but is full just now. */
SEC("raw_tp/xdp_devmap_xmit")
int attempt_sent(struct bpf_raw_tracepoint_args *ctx)
{
	struct answer_attempt *came;
	__u32 first = 0;

	came = bpf_map_lookup_elem(&attempt_came, &first);
	if (came && came->process == bpf_get_current_pid_tgid() >> 32)
		came->sent += !(__s32)ctx->args[4];
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
