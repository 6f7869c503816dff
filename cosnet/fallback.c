// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a packet when no AOS is attached.  Who redirected it said
 * so (uapi/cosnet.h): drop it, tell its sender, or let it go on in Linux where it
 * came in, as if it had not been redirected.  A packet that was routed here says
 * nothing and is dropped; routes have their own way (tools/aosctl/route.c).
 *
 * Softirqs off, tx_lock not held: all of this enters the Linux stack.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/netfilter_netdev.h>
#include <net/icmp.h>
#include <net/route.h>
#include <net/xdp.h>

#include "cosnet/cosnet.h"
#include "cosnet/uapi/cosnet.h"

static void lose(struct cosnet_dev *cd, struct sk_buff *skb, enum drop why)
{
	cosnet_drop_skb(cd, why, skb);
	kfree_skb(skb);
}

/* The link-layer header still lies before the packet; bridges look at it. */
static bool restore_link_header(struct sk_buff *skb, const struct net_device *in)
{
	if (in->type != ARPHRD_ETHER || skb_headroom(skb) < ETH_HLEN)
		return false;
	skb_set_mac_header(skb, -ETH_HLEN);
	skb_reset_mac_len(skb);
	return true;
}

/*
 * By Linux's queue of packets that came in.  'redirected' keeps it from generic
 * XDP, where it has been; so does tc_skip_classify from tc, if it comes from there
 * (then its priority tells).
 */
static void give_back(struct cosnet_dev *cd, struct sk_buff *skb, struct net_device *in)
{
	skb->dev = in;
	skb->tc_skip_classify = cosnet_is_told(skb);
	skb->priority = 0;
	skb->redirected = 1;
	nf_skip_egress(skb, false);
	skb_metadata_clear(skb);
	cosnet_count(cd, COSNET_TO_LINUX_PACKETS, 1);
	netif_rx(skb);
}

/* The interface is of this namespace: redirects end when one of the two moves. */
void cosnet_to_linux(struct cosnet_dev *cd, struct sk_buff *skb)
{
	struct net_device *in;

	rcu_read_lock();
	in = dev_get_by_index_rcu(dev_net(cd->dev), skb->skb_iif);
	if (in && in != cd->dev && restore_link_header(skb, in))
		give_back(cd, skb, in);
	else
		lose(cd, skb, DROP_TO_AOS_NO_WAY_BACK);
	rcu_read_unlock();
}

/* ---- telling the sender ---- */

/* Nobody has looked at the header yet.  ICMP wants it in one piece. */
static bool header_is_good(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return pskb_may_pull(skb, sizeof(struct ipv6hdr)) &&
		       ip_check(skb->data, skb->len) == IP_IS_V6;
	return skb->protocol == htons(ETH_P_IP) &&
	       pskb_may_pull(skb, sizeof(struct iphdr)) &&
	       ip_check(skb->data, skb->len) == IP_IS_V4 &&
	       pskb_may_pull(skb, ip_hdrlen(skb));
}

/* IPv4's needs to know how the packet would have gone on. */
static void reject_ipv4(struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (!ip_route_input_noref(skb, ip->daddr, ip->saddr, ip->tos, skb->dev))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
}

static void reject_from(struct sk_buff *skb, struct net_device *in)
{
	skb->dev = in;
	skb_reset_network_header(skb);
	if (!header_is_good(skb))
		return;
	if (skb->protocol == htons(ETH_P_IP))
		reject_ipv4(skb);
	else
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
}

static void reject(struct cosnet_dev *cd, struct sk_buff *skb)
{
	struct net_device *in;

	rcu_read_lock();
	in = dev_get_by_index_rcu(dev_net(cd->dev), skb->skb_iif);
	if (in)
		reject_from(skb, in);
	rcu_read_unlock();
	lose(cd, skb, DROP_TO_AOS_REJECTED);
}

/* ---- which of them ---- */

static void fall_back(struct cosnet_dev *cd, struct sk_buff *skb, u32 down)
{
	switch (down) {
	case COSNET_DOWN_REJECT:
		reject(cd, skb);
		break;
	case COSNET_DOWN_LINUX:
		cosnet_to_linux(cd, skb);
		break;
	default:
		lose(cd, skb, DROP_TO_AOS_NO_AOS);
	}
}

void cosnet_fallback(struct cosnet_dev *cd, struct sk_buff *skb)
{
	fall_back(cd, skb, cosnet_is_told(skb) ? skb->priority & 0xffffu : COSNET_DOWN_DROP);
}

/* Metadata lies right before the frame. */
static const struct cosnet_meta *meta_of(const struct xdp_frame *frame)
{
	const struct cosnet_meta *meta = frame->data - sizeof(*meta);

	return frame->metasize >= sizeof(*meta) && meta->magic == COSNET_META_MAGIC ?
	       meta : NULL;
}

/* As an skb, as which Linux would have got it from the driver. */
static struct sk_buff *make_skb(struct cosnet_dev *cd, struct xdp_frame *frame, u32 ifindex)
{
	struct net_device *in = dev_get_by_index_rcu(dev_net(cd->dev), ifindex);
	struct sk_buff *skb;

	if (!in || frame->len <= ETH_HLEN)
		return NULL;
	skb = xdp_build_skb_from_frame(frame, in);
	if (!skb)
		return NULL;
	skb->skb_iif = ifindex;
	skb_reset_network_header(skb);
	return skb;
}

void cosnet_fallback_frame(struct cosnet_dev *cd, struct xdp_frame *frame)
{
	const struct cosnet_meta *meta = meta_of(frame);
	u32 down = meta ? meta->down : COSNET_DOWN_DROP;
	struct sk_buff *skb;

	if (down == COSNET_DOWN_DROP) {
		cosnet_drop_frame(cd, DROP_TO_AOS_NO_AOS, frame);
		xdp_return_frame_rx_napi(frame);
		return;
	}
	rcu_read_lock();
	skb = make_skb(cd, frame, meta->ifindex);
	rcu_read_unlock();
	if (skb) {
		fall_back(cd, skb, down);
		return;
	}
	cosnet_drop_frame(cd, DROP_TO_AOS_NO_WAY_BACK, frame);
	xdp_return_frame_rx_napi(frame);
}
