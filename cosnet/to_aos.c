// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hop R3: packets that Linux transmits on the device, into the ring to the
 * AOS.  Softirqs off.  They come from routing, from a tc redirect (without
 * their link-layer header) or from a generic XDP redirect (with it).
 *
 * The ring has a lock of its own (NETIF_F_LLTX): what becomes of a packet
 * without AOS is done outside of it.
 *
 * A packet is copied once, straight into its ring slot, checked there (no
 * component can write to it, nor look at it before it is published), and
 * published together with the others of its burst.
 *
 * A full ring: packets are dropped, or the queue stops.  A stopped queue
 * starts again when the AOS rings the doorbell, or within a jiffy of a slot
 * becoming free; an AOS that frees none for STALL_LIMIT is not waited for
 * any longer.  So nothing at the other end can block Linux.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/timex.h>
#include <net/checksum.h>

#include "cosnet/cosnet.h"

#define STALL_LIMIT	HZ
#define STALL_CHECK	1	/* jiffies */

static enum drop lied(struct cosnet_dev *cd)
{
	if (!cd->tx_lied)
		netdev_warn(cd->dev, "the AOS claims an impossible rx_cons\n");
	cd->tx_lied = true;
	return DROP_TO_AOS_LIE;
}

/* tx_lock held. */
void cosnet_to_aos_flush(struct cosnet_dev *cd)
{
	if (!ring_out_publish(&cd->to_aos))
		return;
	cosnet_count(cd, COSNET_TO_AOS_SIGNALS, 1);
	hijack_channel_signal(cd->ch);
}

/* Copy the packet, and finish the transport checksum on the way if asked to. */
static bool copy(const struct sk_buff *skb, u8 *to)
{
	int start, field;
	__sum16 sum;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return !skb_copy_bits(skb, 0, to, skb->len);

	start = skb_checksum_start_offset(skb);
	field = start + skb->csum_offset;
	if (start < 0 || field > (int)skb->len - (int)sizeof(sum) ||
	    skb_copy_bits(skb, 0, to, start))
		return false;
	sum = csum_fold(skb_copy_and_csum_bits(skb, start, to + start,
					       skb->len - start));
	if (!sum)	/* in UDP, zero would mean: no checksum */
		sum = CSUM_MANGLED_0;
	memcpy(to + field, &sum, sizeof(sum));
	return true;
}

static enum drop judge(__be16 protocol, const u8 *packet, u32 len)
{
	switch (ip_check(packet, len)) {
	case IP_IS_V4:
		return protocol == htons(ETH_P_IP) ? DROP_NONE :
						     DROP_TO_AOS_VERSION;
	case IP_IS_V6:
		return protocol == htons(ETH_P_IPV6) ? DROP_NONE :
						       DROP_TO_AOS_VERSION;
	case IP_BAD_SHORT:
		return DROP_TO_AOS_SHORT;
	case IP_BAD_LENGTH:
		return DROP_TO_AOS_LENGTH;
	case IP_BAD_VERSION:
		break;
	}
	return DROP_TO_AOS_VERSION;
}

static enum drop find_room(struct cosnet_dev *cd)
{
	int room = ring_out_room(&cd->to_aos);

	if (!room) {		/* of this very burst, perhaps */
		cosnet_to_aos_flush(cd);
		room = ring_out_room(&cd->to_aos);
	}
	if (room < 0)
		return lied(cd);
	if (!room)
		return hijack_channel_throttled(cd->ch) ? DROP_TO_AOS_BUDGET :
							  DROP_TO_AOS_FULL;
	cosnet_drops_take(cd);	/* while the slots still have the packets */
	cd->tx_stalled = false;
	return DROP_NONE;
}

/* Is there a slot for such a packet?  tx_lock held. */
static enum drop admit(struct cosnet_dev *cd, __be16 protocol, u32 len)
{
	if (!cd->tx_open)
		return DROP_TO_AOS_NO_AOS;
	if (protocol != htons(ETH_P_IP) && protocol != htons(ETH_P_IPV6))
		return DROP_TO_AOS_PROTOCOL;
	if (len > min_t(u32, READ_ONCE(cd->dev->mtu), RING_BUF_SIZE))
		return DROP_TO_AOS_TOO_BIG;
	return find_room(cd);
}

/* The packet is in its slot.  tx_lock held. */
static enum drop push(struct cosnet_dev *cd, __be16 protocol, u32 len)
{
	enum drop why = judge(protocol, ring_out_buf(&cd->to_aos), len);

	if (!why)
		ring_out_push(&cd->to_aos, len, get_cycles());
	return why;
}

/* A packet that is no skb, in private memory.  tx_lock held. */
enum drop cosnet_to_aos_put(struct cosnet_dev *cd, __be16 protocol,
				   const void *packet, u32 len)
{
	enum drop why = admit(cd, protocol, len);

	if (why)
		return why;
	memcpy(ring_out_buf(&cd->to_aos), packet, len);
	return push(cd, protocol, len);
}

static enum drop put(struct cosnet_dev *cd, struct sk_buff *skb)
{
	enum drop why = admit(cd, skb->protocol, skb->len);

	if (why)
		return why;
	/* A tag beside the packet: of a VLAN that a rule names, or of a device on ours. */
	if (skb_vlan_tag_present(skb) && !cosnet_is_told(skb))
		return DROP_TO_AOS_PROTOCOL;
	if (!copy(skb, ring_out_buf(&cd->to_aos)))
		return DROP_TO_AOS_COPY;
	why = push(cd, skb->protocol, skb->len);
	if (!why)
		skb_tx_timestamp(skb);
	return why;
}

/* The ring took its last packet: make Linux wait, unless that is hopeless. */
static void stop_if_full(struct cosnet_dev *cd)
{
	if (cd->tx_stalled || ring_out_room(&cd->to_aos))
		return;
	cosnet_to_aos_flush(cd);
	netif_stop_queue(cd->dev);
	smp_mb__after_atomic();	/* a slot freed before this is seen below */
	if (ring_out_room(&cd->to_aos)) {
		netif_start_queue(cd->dev);
		return;
	}
	cosnet_count(cd, COSNET_TO_AOS_STOPS, 1);
	cd->tx_deadline = jiffies + STALL_LIMIT;
	queue_delayed_work(system_unbound_wq, &cd->unstop, STALL_CHECK);
}

static enum drop transmit(struct cosnet_dev *cd, struct sk_buff *skb)
{
	enum drop why;

	spin_lock(&cd->tx_lock);
	why = put(cd, skb);
	if (!why && READ_ONCE(cd->stop_on_full))
		stop_if_full(cd);
	if (cd->tx_open && (!netdev_xmit_more() || netif_queue_stopped(cd->dev)))
		cosnet_to_aos_flush(cd);
	spin_unlock(&cd->tx_lock);
	return why;
}

static void finish(struct cosnet_dev *cd, struct sk_buff *skb, enum drop why)
{
	if (why) {
		cosnet_drop_skb(cd, why, skb);
		kfree_skb(skb);
		return;
	}
	cosnet_count_packet(cd, COSNET_TO_AOS_PACKETS, COSNET_TO_AOS_BYTES, skb->len);
	consume_skb(skb);
}

static void transmit_packet(struct cosnet_dev *cd, struct sk_buff *skb)
{
	enum drop why = transmit(cd, skb);

	if (why == DROP_TO_AOS_NO_AOS)
		cosnet_fallback(cd, skb);
	else
		finish(cd, skb, why);
}

/* From generic XDP comes a frame: a packet once more, without its header. */
static void transmit_frame(struct cosnet_dev *cd, struct sk_buff *skb)
{
	if (skb_network_offset(skb) != ETH_HLEN || skb->len <= ETH_HLEN) {
		finish(cd, skb, DROP_TO_AOS_LINK_HEADER);
		return;
	}
	__skb_pull(skb, ETH_HLEN);
	/* The card took the tag off before the XDP program could see it. */
	if (skb_vlan_tag_present(skb))
		cosnet_to_linux(cd, skb);
	else
		transmit_packet(cd, skb);
}

netdev_tx_t cosnet_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);

	if (unlikely(skb_network_offset(skb)))
		transmit_frame(cd, skb);
	else
		transmit_packet(cd, skb);
	return NETDEV_TX_OK;
}

/* tx_lock held.  Return: the queue is to stay stopped. */
static bool still_full(struct cosnet_dev *cd)
{
	if (!cd->tx_open || ring_out_room(&cd->to_aos))
		return false;
	if (time_before(jiffies, cd->tx_deadline))
		return true;
	cd->tx_stalled = true;
	cosnet_count(cd, COSNET_TO_AOS_STALLS, 1);
	return false;
}

static bool unstop(struct cosnet_dev *cd)
{
	struct netdev_queue *txq = netdev_get_tx_queue(cd->dev, 0);
	bool full = false;

	spin_lock_bh(&cd->tx_lock);
	if (netif_running(cd->dev) && netif_tx_queue_stopped(txq)) {
		full = still_full(cd);
		if (!full)
			netif_tx_wake_queue(txq);
	}
	spin_unlock_bh(&cd->tx_lock);
	return full;
}

/* The AOS may have freed slots of a full ring.  Softirq or process context. */
void cosnet_to_aos_unstop(struct cosnet_dev *cd)
{
	if (netif_queue_stopped(cd->dev))
		unstop(cd);
}

static void unstop_work(struct work_struct *work)
{
	struct cosnet_dev *cd = container_of(to_delayed_work(work), struct cosnet_dev,
					     unstop);

	if (unstop(cd))
		queue_delayed_work(system_unbound_wq, &cd->unstop, STALL_CHECK);
}

void cosnet_to_aos_init(struct cosnet_dev *cd)
{
	spin_lock_init(&cd->tx_lock);
	INIT_DELAYED_WORK(&cd->unstop, unstop_work);
}

void cosnet_to_aos_open(struct cosnet_dev *cd)
{
	spin_lock_bh(&cd->tx_lock);
	cd->tx_open = true;
	cd->tx_stalled = false;
	cd->tx_lied = false;
	spin_unlock_bh(&cd->tx_lock);
}

/* After return the ring belongs to the caller. */
void cosnet_to_aos_close(struct cosnet_dev *cd)
{
	struct ring_out *out = &cd->to_aos;
	int left;

	spin_lock_bh(&cd->tx_lock);
	left = ring_out_left(out);
	cosnet_drops_take(cd);
	cd->tx_open = false;
	if (left > 0)
		cosnet_drop_range(cd, DROP_TO_AOS_PURGED, out->cons, left);
	spin_unlock_bh(&cd->tx_lock);
	cosnet_to_aos_unstop(cd);
}
