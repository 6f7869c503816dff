// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hop R3: packets that Linux transmits on the device, into the ring to the
 * AOS.  Softirqs off, under the lock of transmit queue 0.
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
#include <linux/skbuff.h>
#include <linux/timex.h>
#include <net/checksum.h>

#include "cosnet/cosnet.h"

#define STALL_LIMIT	HZ
#define STALL_CHECK	1	/* jiffies */

static enum cosnet_drop lied(struct cosnet_dev *cd)
{
	if (!cd->tx_lied)
		netdev_warn(cd->dev, "the AOS claims an impossible rx_cons\n");
	cd->tx_lied = true;
	return COSNET_DROP_TO_AOS_LIE;
}

static void flush(struct cosnet_dev *cd)
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

static enum cosnet_drop judge(const struct sk_buff *skb, const u8 *packet)
{
	switch (ip_check(packet, skb->len)) {
	case IP_IS_V4:
		return skb->protocol == htons(ETH_P_IP) ? COSNET_PASS :
							  COSNET_DROP_TO_AOS_VERSION;
	case IP_IS_V6:
		return skb->protocol == htons(ETH_P_IPV6) ? COSNET_PASS :
							    COSNET_DROP_TO_AOS_VERSION;
	case IP_BAD_SHORT:
		return COSNET_DROP_TO_AOS_SHORT;
	case IP_BAD_LENGTH:
		return COSNET_DROP_TO_AOS_LENGTH;
	case IP_BAD_VERSION:
		break;
	}
	return COSNET_DROP_TO_AOS_VERSION;
}

static enum cosnet_drop find_room(struct cosnet_dev *cd)
{
	int room = ring_out_room(&cd->to_aos);

	if (!room) {		/* of this very burst, perhaps */
		flush(cd);
		room = ring_out_room(&cd->to_aos);
	}
	if (room < 0)
		return lied(cd);
	if (!room)
		return COSNET_DROP_TO_AOS_FULL;
	cd->tx_stalled = false;
	return COSNET_PASS;
}

static enum cosnet_drop put(struct cosnet_dev *cd, struct sk_buff *skb)
{
	enum cosnet_drop why;
	u8 *to;

	if (!cd->tx_open)
		return COSNET_DROP_TO_AOS_NO_AOS;
	if (skb->protocol != htons(ETH_P_IP) && skb->protocol != htons(ETH_P_IPV6))
		return COSNET_DROP_TO_AOS_PROTOCOL;
	if (skb->len > min_t(u32, READ_ONCE(cd->dev->mtu), RING_BUF_SIZE))
		return COSNET_DROP_TO_AOS_TOO_BIG;
	why = find_room(cd);
	if (why)
		return why;

	to = ring_out_buf(&cd->to_aos);
	if (!copy(skb, to))
		return COSNET_DROP_TO_AOS_COPY;
	why = judge(skb, to);
	if (why)
		return why;
	skb_tx_timestamp(skb);
	ring_out_push(&cd->to_aos, skb->len, get_cycles());
	return COSNET_PASS;
}

/* The ring took its last packet: make Linux wait, unless that is hopeless. */
static void stop_if_full(struct cosnet_dev *cd)
{
	if (cd->tx_stalled || ring_out_room(&cd->to_aos))
		return;
	flush(cd);
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

netdev_tx_t cosnet_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct cosnet_dev *cd = netdev_priv(dev);
	enum cosnet_drop why = put(cd, skb);

	if (why) {
		cosnet_drop(cd, why, 1);
		kfree_skb(skb);
	} else {
		cosnet_count_packet(cd, COSNET_TO_AOS_PACKETS, COSNET_TO_AOS_BYTES,
				    skb->len);
		consume_skb(skb);
		if (READ_ONCE(cd->stop_on_full))
			stop_if_full(cd);
	}
	if (cd->tx_open && (!netdev_xmit_more() || netif_queue_stopped(dev)))
		flush(cd);
	return NETDEV_TX_OK;
}

/* Queue lock held.  Return: the queue is to stay stopped. */
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

	__netif_tx_lock_bh(txq);
	if (netif_running(cd->dev) && netif_tx_queue_stopped(txq)) {
		full = still_full(cd);
		if (!full)
			netif_tx_wake_queue(txq);
	}
	__netif_tx_unlock_bh(txq);
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
	INIT_DELAYED_WORK(&cd->unstop, unstop_work);
}

void cosnet_to_aos_open(struct cosnet_dev *cd)
{
	struct netdev_queue *txq = netdev_get_tx_queue(cd->dev, 0);

	__netif_tx_lock_bh(txq);
	cd->tx_open = true;
	cd->tx_stalled = false;
	cd->tx_lied = false;
	__netif_tx_unlock_bh(txq);
}

/* After return the ring belongs to the caller. */
void cosnet_to_aos_close(struct cosnet_dev *cd)
{
	struct netdev_queue *txq = netdev_get_tx_queue(cd->dev, 0);
	struct ring_out *out = &cd->to_aos;

	__netif_tx_lock_bh(txq);
	cd->tx_open = false;
	if (ring_out_room(out) >= 0)
		cosnet_drop(cd, COSNET_DROP_TO_AOS_PURGED, out->prod - out->cons);
	__netif_tx_unlock_bh(txq);
	cosnet_to_aos_unstop(cd);
}
