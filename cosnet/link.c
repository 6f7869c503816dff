// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The life of a device's channel: made and destroyed with the device,
 * attached to and left by an AOS at any time, up and down by the operator.
 * Three facts (ready, peer, up) come from three directions; link_sync()
 * alone draws the conclusions (carrier, transmit allowed, NAPI enabled).
 * Process context throughout.
 */
#include <linux/rtnetlink.h>

#include "cosnet/cosnet.h"

#define LEAVE_AGAIN	1	/* jiffies */

/* Poll once, since nobody heard a doorbell until now. */
static void poll_start(struct cosnet_dev *cd)
{
	napi_enable(&cd->napi);
	local_bh_disable();
	napi_schedule(&cd->napi);
	local_bh_enable();
}

/*
 * tc redirects to no device without carrier, and a route that stays shall not lead
 * to a queue that drops and counts nothing: for those the carrier can be kept.
 */
static void show_carrier(struct cosnet_dev *cd, bool link)
{
	if (link || cd->keep_carrier)
		netif_carrier_on(cd->dev);
	else
		queue_delayed_work(system_unbound_wq, &cd->leave, 0);
	if (!link && cd->keep_carrier)
		netif_dormant_on(cd->dev);
	else
		netif_dormant_off(cd->dev);
}

/*
 * Linux, left to itself, first takes the queue away from a device that has lost its
 * carrier and then tells its routes.  Told here they lead elsewhere before that: until
 * then packets come to us, and are counted.  RTNL keeps Linux's own work waiting until
 * who has looked for a route before is through.
 */
static void tell_routes(struct net_device *dev)
{
	write_lock(&dev_base_lock);
	dev->operstate = IF_OPER_DOWN;
	write_unlock(&dev_base_lock);
	netdev_state_change(dev);
	synchronize_net();
}

/* Who takes the device away waits for this, with RTNL held: do not wait for that. */
static void leave(struct work_struct *work)
{
	struct cosnet_dev *cd = container_of(to_delayed_work(work), struct cosnet_dev, leave);
	bool lost;

	if (!rtnl_trylock()) {
		queue_delayed_work(system_unbound_wq, &cd->leave, LEAVE_AGAIN);
		return;
	}
	mutex_lock(&cd->lock);
	lost = !cd->linked && !cd->keep_carrier && netif_carrier_ok(cd->dev);
	if (lost)
		netif_carrier_off(cd->dev);
	mutex_unlock(&cd->lock);
	if (lost)
		tell_routes(cd->dev);
	rtnl_unlock();
}

void cosnet_link_init(struct cosnet_dev *cd)
{
	mutex_init(&cd->lock);
	INIT_DELAYED_WORK(&cd->leave, leave);
}

static void link_attach(struct cosnet_dev *cd)
{
	cd->rx_lied = false;
	cosnet_to_aos_open(cd);
	show_carrier(cd, true);
	local_bh_disable();
	cosnet_count(cd, COSNET_ATTACHES, 1);
	local_bh_enable();
}

/*
 * The next AOS shall find the rings empty, and none of the last one's data.
 * Not so if it is the channel that goes: the AOS keeps its memory then.
 */
static void link_detach(struct cosnet_dev *cd)
{
	show_carrier(cd, false);
	cosnet_to_aos_close(cd);
	cosnet_from_aos_discard(cd, DROP_FROM_AOS_PURGED);
	if (!cd->peer)
		ring_reset(&cd->to_aos, &cd->from_aos, &cd->log, cd->part);
}

static void link_sync(struct cosnet_dev *cd)
{
	bool link = cd->ready && cd->peer, poll = link && cd->up;

	lockdep_assert_held(&cd->lock);
	if (cd->polling && !poll)
		napi_disable(&cd->napi);
	if (cd->linked && !link)
		link_detach(cd);
	if (!cd->linked && link)
		link_attach(cd);
	if (!cd->polling && poll)
		poll_start(cd);
	cd->linked = link;
	cd->polling = poll;
}

/* hijack_channel_ops.attached: no RTNL here. */
static void cosnet_attached(void *priv, bool on)
{
	struct cosnet_dev *cd = priv;

	mutex_lock(&cd->lock);
	cd->peer = on;
	link_sync(cd);
	mutex_unlock(&cd->lock);
}

static const struct hijack_channel_ops channel_ops = {
	.doorbell	= cosnet_doorbell,
	.attached	= cosnet_attached,
};

/* From here on cosnet_attached() may come in, also before this returns. */
int cosnet_channel_open(struct cosnet_dev *cd)
{
	struct net *net = dev_net(cd->dev);
	struct hijack_channel *ch;
	enum ring_part p;

	ch = hijack_channel_create(net, cd->dev->name, cd->slots, cd->dev->mtu,
				   &channel_ops, cd);
	if (IS_ERR(ch))
		return PTR_ERR(ch);
	cd->ch = ch;
	cd->ch_net = net;
	strscpy(cd->ch_name, cd->dev->name, sizeof(cd->ch_name));

	mutex_lock(&cd->lock);
	for (p = 0; p < RING_PARTS; p++)
		cd->part[p] = hijack_channel_part(ch, p);
	cd->host = (struct ring_host *)cd->part[RING_PART_HOST];
	ring_out_init(&cd->to_aos, cd->part, cd->slots);
	ring_in_init(&cd->from_aos, cd->part, cd->slots);
	ring_log_init(&cd->log, cd->part, cd->slots);
	cosnet_drops_ready(cd);
	WRITE_ONCE(cd->host->up, cd->up);
	cd->ready = true;
	link_sync(cd);
	mutex_unlock(&cd->lock);
	return 0;
}

void cosnet_channel_close(struct cosnet_dev *cd)
{
	if (!cd->ch)
		return;
	mutex_lock(&cd->lock);
	WRITE_ONCE(cd->host->up, 0);
	hijack_channel_signal(cd->ch);
	cd->ready = false;
	link_sync(cd);
	cd->host = NULL;	/* before it goes: see drops.c */
	mutex_unlock(&cd->lock);

	hijack_channel_destroy(cd->ch);
	cd->ch = NULL;
	cd->peer = false;
}

/*
 * RTNL, link down.  A channel cannot grow, and two cannot bear one name: the
 * old one goes first, and comes back if there is no memory for the new one.
 * Should even that fail, the link cannot be set up until it succeeds.
 */
int cosnet_channel_resize(struct cosnet_dev *cd, u32 slots)
{
	u32 old = cd->slots;
	int err;

	cosnet_channel_close(cd);
	cd->slots = slots;
	err = cosnet_channel_open(cd);
	if (err) {
		cd->slots = old;
		if (cosnet_channel_open(cd))
			netdev_err(cd->dev, "no memory for the rings\n");
	}
	return err;
}

/* RTNL.  The device has, perhaps, a new name or network namespace. */
int cosnet_channel_rename(struct cosnet_dev *cd)
{
	struct net *net = dev_net(cd->dev);
	int err;

	if (!cd->ch || (cd->ch_net == net && !strcmp(cd->ch_name, cd->dev->name)))
		return 0;
	err = hijack_channel_rename(cd->ch, net, cd->dev->name);
	if (err)
		return err;
	cd->ch_net = net;
	strscpy(cd->ch_name, cd->dev->name, sizeof(cd->ch_name));
	return 0;
}

static void link_set(struct cosnet_dev *cd, bool up)
{
	mutex_lock(&cd->lock);
	if (up && cd->linked)	/* sent in spite of ring_host.up == 0 */
		cosnet_from_aos_discard(cd, DROP_FROM_AOS_DOWN);
	cd->up = up;
	WRITE_ONCE(cd->host->up, up);
	link_sync(cd);
	mutex_unlock(&cd->lock);
	hijack_channel_signal(cd->ch);
}

/* RTNL, there is a channel.  The AOS is told, and looks at ring_host.up. */
void cosnet_link_up(struct cosnet_dev *cd)
{
	link_set(cd, true);
}

void cosnet_link_down(struct cosnet_dev *cd)
{
	link_set(cd, false);
}

/* RTNL.  Larger packets from the AOS will be dropped from now on. */
void cosnet_link_mtu(struct cosnet_dev *cd, u32 mtu)
{
	if (cd->ch)
		WRITE_ONCE(cd->host->mtu, mtu);
}

/* Whether the device keeps its carrier when the AOS goes. */
void cosnet_link_keep_carrier(struct cosnet_dev *cd, bool keep)
{
	mutex_lock(&cd->lock);
	cd->keep_carrier = keep;
	show_carrier(cd, cd->linked);
	mutex_unlock(&cd->lock);
}
