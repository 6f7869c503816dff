// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drops, see drops.h.  A component's drops come over the log in the ring
 * (abi/ring.h): hostile words, so what it says is shown and never counted here.
 *
 * Components log while ring_host.tell says so.  It follows the trace point: 'told',
 * and who must hear of it, are under devices_lock, which is taken outside of
 * cosnet_dev.lock and inside of nothing else of ours.
 */
#include "cosnet/cosnet.h"

#define CREATE_TRACE_POINTS
#include "cosnet/trace.h"

#define LOOK_AGAIN	1	/* jiffies */

static DEFINE_MUTEX(devices_lock);
static LIST_HEAD(devices);
static bool wanted;		/* written under devices_lock */

static void count(struct cosnet_dev *cd, enum drop why, u32 n)
{
	struct cosnet_stats *stats = this_cpu_ptr(cd->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->drop[why], n);
	u64_stats_update_end(&stats->syncp);
}

static void drop(struct cosnet_dev *cd, const struct cosnet_dropped *d)
{
	count(cd, d->why, d->n);
	trace_cosnet_drop(cd->dev, d);
}

void cosnet_drop_skb(struct cosnet_dev *cd, enum drop why, const struct sk_buff *skb)
{
	drop(cd, &(struct cosnet_dropped){ .why = why, .n = 1, .place = drop_places(why),
					   .skb = skb, .len = skb->len });
}

void cosnet_drop_bytes(struct cosnet_dev *cd, enum drop why, const void *data, u32 len)
{
	drop(cd, &(struct cosnet_dropped){ .why = why, .n = 1, .place = drop_places(why),
					   .data = data, .len = len });
}

void cosnet_drop_range(struct cosnet_dev *cd, enum drop why, u32 packet, u32 n)
{
	drop(cd, &(struct cosnet_dropped){ .why = why, .n = n, .place = drop_places(why),
					   .packet = packet, .known = true });
}

void cosnet_drop(struct cosnet_dev *cd, enum drop why, u32 n)
{
	drop(cd, &(struct cosnet_dropped){ .why = why, .n = n, .place = drop_places(why) });
}

static void trace_component(struct cosnet_dev *cd, const struct ring_drop *said)
{
	struct cosnet_dropped d = { .why = said->why, .n = said->n, .packet = said->packet,
				    .place = said->place, .known = said->known };

	if (d.known)
		d.data = ring_out_packet(&cd->to_aos, d.packet, &d.len);
	trace_cosnet_drop(cd->dev, &d);
}

/* No more at a time than the log holds: its writer may be at it for ever. */
void cosnet_drops_take_logged(struct cosnet_dev *cd)
{
	struct ring_drop said;
	u32 i;

	if (!cd->tx_open)
		return;
	for (i = 0; i < cd->log.slots && ring_log_take(&cd->log, &said); i++)
		trace_component(cd, &said);
	ring_log_release(&cd->log);
}

/* Drops may come when no more packets do. */
static void look(struct work_struct *work)
{
	struct cosnet_dev *cd = container_of(to_delayed_work(work), struct cosnet_dev, look);

	spin_lock_bh(&cd->tx_lock);
	cosnet_drops_take(cd);
	spin_unlock_bh(&cd->tx_lock);
	if (READ_ONCE(wanted))
		queue_delayed_work(system_unbound_wq, &cd->look, LOOK_AGAIN);
}

/* ---- who wants to know ---- */

void cosnet_drops_ready(struct cosnet_dev *cd)
{
	lockdep_assert_held(&cd->lock);
	WRITE_ONCE(cd->host->tell, READ_ONCE(wanted));
}

/* What was told to those who looked before is nobody's any more. */
static void forget(struct cosnet_dev *cd)
{
	spin_lock_bh(&cd->tx_lock);
	if (cd->tx_open)
		ring_log_forget(&cd->log);
	spin_unlock_bh(&cd->tx_lock);
}

/* devices_lock held. */
static void tell(struct cosnet_dev *cd)
{
	mutex_lock(&cd->lock);
	if (wanted)
		forget(cd);
	if (cd->host)
		cosnet_drops_ready(cd);
	mutex_unlock(&cd->lock);
	if (wanted)
		queue_delayed_work(system_unbound_wq, &cd->look, LOOK_AGAIN);
}

void cosnet_drops_join(struct cosnet_dev *cd)
{
	INIT_DELAYED_WORK(&cd->look, look);
	mutex_lock(&devices_lock);
	list_add(&cd->tell, &devices);
	tell(cd);
	mutex_unlock(&devices_lock);
}

void cosnet_drops_leave(struct cosnet_dev *cd)
{
	mutex_lock(&devices_lock);
	list_del(&cd->tell);
	mutex_unlock(&devices_lock);
	cancel_delayed_work_sync(&cd->look);
}

/* A device whose rings come just now reads 'wanted' under its lock, as we do. */
static void tell_all(bool on)
{
	struct cosnet_dev *cd;

	mutex_lock(&devices_lock);
	WRITE_ONCE(wanted, on);
	list_for_each_entry(cd, &devices, tell)
		tell(cd);
	mutex_unlock(&devices_lock);
}

int cosnet_drops_wanted(void)
{
	tell_all(true);
	return 0;
}

void cosnet_drops_unwanted(void)
{
	tell_all(false);
}
