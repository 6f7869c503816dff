// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XDP programs of an operator's, for a cosnet interface: each one way in which a
 * program may treat a packet of the AOS.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#define NO_INTERFACE	0x7ffffffe
#define AWAY		99

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int aborted(struct xdp_md *ctx)
{
	return XDP_ABORTED;
}

SEC("xdp")
int tx(struct xdp_md *ctx)
{
	return XDP_TX;
}

SEC("xdp")
int verdict(struct xdp_md *ctx)
{
	return 77;
}

/* Room in front, given back: the packet is as it was, where it was. */
SEC("xdp")
int moved(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, -ETH_HLEN) || bpf_xdp_adjust_head(ctx, ETH_HLEN))
		return XDP_ABORTED;
	return XDP_PASS;
}

/* What is no IP packet any more. */
SEC("xdp")
int framed(struct xdp_md *ctx)
{
	__u8 *first;

	if (bpf_xdp_adjust_head(ctx, -ETH_HLEN))
		return XDP_ABORTED;
	first = (void *)(long)ctx->data;
	if ((void *)(first + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	*first = 0;
	return XDP_PASS;
}

/* Shorter than its header says. */
SEC("xdp")
int shorter(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_tail(ctx, -9) ? XDP_ABORTED : XDP_PASS;
}

SEC("xdp")
int nowhere(struct xdp_md *ctx)
{
	return bpf_redirect(NO_INTERFACE, 0);
}

/* A veth device of the test's that takes frames, or does not. */
SEC("xdp")
int away(struct xdp_md *ctx)
{
	return bpf_redirect(AWAY, 0);
}

char LICENSE[] SEC("license") = "GPL";
