// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hop R3 without an skb: Ethernet frames that an XDP program redirects to the
 * device, from the receiving driver's NAPI, into the ring to the AOS.  Softirqs
 * off.  Every frame is ours from then on: delivered, handed back to Linux, or
 * dropped and counted.
 */
#include <linux/etherdevice.h>
#include <net/xdp.h>

#include "cosnet/cosnet.h"

/* tx_lock held. */
static enum drop put(struct cosnet_dev *cd, const struct xdp_frame *frame)
{
	const struct ethhdr *eth = frame->data;

	if (!cd->tx_open)
		return DROP_TO_AOS_NO_AOS;
	if (frame->len <= ETH_HLEN)
		return DROP_TO_AOS_LINK_HEADER;
	if (xdp_frame_has_frags((struct xdp_frame *)frame))
		return DROP_TO_AOS_TOO_BIG;
	return cosnet_to_aos_put(cd, eth->h_proto, eth + 1, frame->len - ETH_HLEN);
}

/* Its bytes from the IP header on; those of its first part. */
void cosnet_drop_frame(struct cosnet_dev *cd, enum drop why, const struct xdp_frame *frame)
{
	u32 len = frame->len > ETH_HLEN ? frame->len - ETH_HLEN : 0;

	cosnet_drop_bytes(cd, why, frame->data + ETH_HLEN, len);
}

static void finish(struct cosnet_dev *cd, struct xdp_frame *frame, enum drop why)
{
	if (why) {
		cosnet_drop_frame(cd, why, frame);
	} else {
		cosnet_count(cd, COSNET_TO_AOS_FRAMES, 1);
		cosnet_count_packet(cd, COSNET_TO_AOS_PACKETS, COSNET_TO_AOS_BYTES,
				    frame->len - ETH_HLEN);
	}
	xdp_return_frame_rx_napi(frame);
}

static void transmit(struct cosnet_dev *cd, struct xdp_frame *frame)
{
	enum drop why;

	spin_lock(&cd->tx_lock);
	why = put(cd, frame);
	spin_unlock(&cd->tx_lock);
	if (why == DROP_TO_AOS_NO_AOS)
		cosnet_fallback_frame(cd, frame);
	else
		finish(cd, frame, why);
}

/* ndo_xdp_xmit.  Return: how many frames it took, which is all of them. */
int cosnet_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames, u32 flags)
{
	struct cosnet_dev *cd = netdev_priv(dev);
	int i;

	if (flags & ~XDP_XMIT_FLAGS_MASK)
		return -EINVAL;
	for (i = 0; i < n; i++)
		transmit(cd, frames[i]);
	if (!(flags & XDP_XMIT_FLUSH))
		return n;
	spin_lock(&cd->tx_lock);
	if (cd->tx_open)
		cosnet_to_aos_flush(cd);
	spin_unlock(&cd->tx_lock);
	return n;
}
