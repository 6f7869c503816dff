// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channels [R4, T3]: memory shared between a device and an AOS, and a signal
 * each way.  Pages live until both ends have let go.  Of packet channels the
 * device is a network interface, which was there before; of translators it is
 * made for the AOS, with it (translator/).
 */
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "abi/errno.h"
#include "abi/image.h"
#include "aos/hal.h"
#include "hijack/channel.h"
#include "hijack/hijack.h"
#include "hijack/translator/translator.h"

struct hijack_channel {
	struct list_head list;		/* channel_lock; empty: the device is gone */
	struct kref kref;
	struct net *ns;			/* a key only, never followed */
	char name[ABI_NAME_LEN];
	u32 slots, mtu;			/* of packets */
	void *part[RING_PARTS];		/* vmalloc; NULL where there are no bytes */
	u32 bytes[RING_PARTS];		/* whole pages */

	const struct hijack_channel_ops *ops;	/* channel_lock; NULL: the device is gone */
	void *priv;
	void (*free)(void *priv);	/* the last reference is gone, or NULL */
	struct irq_work doorbell;	/* queued by the AOS only */
	atomic64_t rings;		/* times it did, and nobody has taken yet */

	struct hijack_instance __rcu *inst;	/* channel_lock; who is attached */
	u32 event;			/* HAL_EVENT_CHANNEL() there */
	bool throttled;			/* written by the AOS, on its CPU */
};

static LIST_HEAD(channels);
static DEFINE_MUTEX(channel_lock);	/* taken inside RTNL, never the other way */

static atomic_t channels_alive = ATOMIC_INIT(0);	/* with memory, listed or not */

u32 channel_count(void)
{
	return atomic_read(&channels_alive);
}

static void channel_free(struct kref *kref)
{
	struct hijack_channel *ch = container_of(kref, struct hijack_channel, kref);
	int i;

	if (ch->free)
		ch->free(ch->priv);
	for (i = 0; i < RING_PARTS; i++)
		vfree(ch->part[i]);
	kfree(ch);
	atomic_dec(&channels_alive);
}

void channel_put(struct hijack_channel *ch)
{
	kref_put(&ch->kref, channel_free);
}

static struct hijack_channel *channel_find(struct net *ns, const char *name)
{
	struct hijack_channel *ch;

	list_for_each_entry(ch, &channels, list)
		if (ch->ns == ns && !strncmp(ch->name, name, sizeof(ch->name)))
			return ch;
	return NULL;
}

/* Hard interrupt, AOS CPU: a thread of -rt would wait for the AOS to idle. */
static void channel_doorbell_work(struct irq_work *work)
{
	struct hijack_channel *ch = container_of(work, struct hijack_channel, doorbell);

	ch->ops->doorbell(ch->priv);
}

static int channel_alloc_parts(struct hijack_channel *ch)
{
	int i;

	for (i = 0; i < RING_PARTS; i++) {
		if (!ch->bytes[i])
			continue;
		ch->part[i] = vzalloc(ch->bytes[i]);
		if (!ch->part[i])
			return -ENOMEM;
	}
	return 0;
}

/* In no list, attached to nothing, one reference.  ERR_PTR(-ENOMEM). */
struct hijack_channel *channel_new(const char *name, const u32 bytes[RING_PARTS],
				   const struct hijack_channel_ops *ops, void *priv)
{
	struct hijack_channel *ch = kzalloc(sizeof(*ch), GFP_KERNEL);

	if (!ch)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&channels_alive);
	kref_init(&ch->kref);
	INIT_LIST_HEAD(&ch->list);
	strscpy(ch->name, name, sizeof(ch->name));
	memcpy(ch->bytes, bytes, sizeof(ch->bytes));
	ch->ops = ops;
	ch->priv = priv;
	ch->doorbell = IRQ_WORK_INIT_HARD(channel_doorbell_work);
	if (channel_alloc_parts(ch)) {
		channel_put(ch);
		return ERR_PTR(-ENOMEM);
	}
	return ch;
}

static void channel_describe(struct hijack_channel *ch, u32 slots, u32 mtu)
{
	struct ring_host *host = ch->part[RING_PART_HOST];

	ch->slots = slots;
	ch->mtu = mtu;
	host->magic = RING_MAGIC;
	host->revision = RING_REVISION;
	host->slots = slots;
	host->mtu = mtu;
}

struct hijack_channel *hijack_channel_create(struct net *ns, const char *name, u32 slots,
					     u32 mtu, const struct hijack_channel_ops *ops,
					     void *priv)
{
	struct hijack_channel *ch;
	u32 bytes[RING_PARTS];
	int i, err = 0;

	if (!ring_slots_valid(slots) || mtu > RING_BUF_SIZE || strlen(name) >= ABI_NAME_LEN)
		return ERR_PTR(-EINVAL);
	for (i = 0; i < RING_PARTS; i++)
		bytes[i] = ring_part_bytes(i, slots);
	ch = channel_new(name, bytes, ops, priv);
	if (IS_ERR(ch))
		return ch;
	ch->ns = ns;
	channel_describe(ch, slots, mtu);

	mutex_lock(&channel_lock);
	if (channel_find(ns, name))
		err = -EEXIST;
	else
		list_add_tail(&ch->list, &channels);
	mutex_unlock(&channel_lock);
	if (err) {
		channel_put(ch);
		return ERR_PTR(err);
	}
	return ch;
}
EXPORT_SYMBOL_GPL(hijack_channel_create);

void hijack_channel_destroy(struct hijack_channel *ch)
{
	mutex_lock(&channel_lock);
	list_del_init(&ch->list);
	rcu_assign_pointer(ch->inst, NULL);
	mutex_unlock(&channel_lock);
	synchronize_rcu();		/* no hal_doorbell() will queue it any more */
	irq_work_sync(&ch->doorbell);
	channel_put(ch);
}
EXPORT_SYMBOL_GPL(hijack_channel_destroy);

int hijack_channel_rename(struct hijack_channel *ch, struct net *ns, const char *name)
{
	struct hijack_channel *other;
	int err = 0;

	mutex_lock(&channel_lock);
	other = channel_find(ns, name);
	if (other && other != ch) {
		err = -EEXIST;
	} else {
		ch->ns = ns;
		strscpy(ch->name, name, sizeof(ch->name));
	}
	mutex_unlock(&channel_lock);
	return err;
}
EXPORT_SYMBOL_GPL(hijack_channel_rename);

void *hijack_channel_part(struct hijack_channel *ch, enum ring_part part)
{
	return ch->part[part];
}
EXPORT_SYMBOL_GPL(hijack_channel_part);

void hijack_channel_signal(struct hijack_channel *ch)
{
	struct hijack_instance *inst;

	rcu_read_lock();
	inst = rcu_dereference(ch->inst);
	if (inst)
		hijack_event(inst, ch->event);
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(hijack_channel_signal);

bool hijack_channel_attached(struct hijack_channel *ch)
{
	return rcu_access_pointer(ch->inst);
}
EXPORT_SYMBOL_GPL(hijack_channel_attached);

bool hijack_channel_throttled(struct hijack_channel *ch)
{
	return READ_ONCE(ch->throttled);
}
EXPORT_SYMBOL_GPL(hijack_channel_throttled);

/* ---- the instance's side, process context ---- */

/* With a reference; @info is told what the interface is like. */
static struct hijack_channel *packet_channel(struct bootinfo_channel *info)
{
	struct hijack_channel *ch = channel_find(current->nsproxy->net_ns, info->name);

	if (!ch) {
		pr_err("hijack: no cosnet interface '%s' here (ip link add %s type cosnet)\n",
		       info->name, info->name);
		return ERR_PTR(-ENODEV);
	}
	if (rcu_access_pointer(ch->inst)) {
		pr_err("hijack: interface '%s' already belongs to an AOS\n", info->name);
		return ERR_PTR(-EBUSY);
	}
	kref_get(&ch->kref);
	info->slots = ch->slots;
	info->mtu = ch->mtu;
	/* vnic of an earlier AOS left its indices behind. */
	memset(ch->part[RING_PART_CTRL], 0, ch->bytes[RING_PART_CTRL]);
	return ch;
}

static struct hijack_channel *channel_for(struct bootinfo_channel *info, const char *instance)
{
	info->name[ABI_NAME_LEN - 1] = '\0';
	switch (info->kind) {
	case IMAGE_CHANNEL_PACKETS:
		return packet_channel(info);
	case IMAGE_CHANNEL_TRANSLATOR:
		return translator_create(info, instance);
	default:
		return ERR_PTR(-EINVAL);
	}
}

static int channel_attach_one(struct hijack_instance *inst, u32 i)
{
	struct hijack_channel *ch = channel_for(&inst->info.channel[i], inst->name);

	if (IS_ERR(ch))
		return PTR_ERR(ch);
	inst->channel[i] = ch;
	ch->event = HAL_EVENT_CHANNEL(i);
	WRITE_ONCE(ch->throttled, false);
	rcu_assign_pointer(ch->inst, inst);
	ch->ops->attached(ch->priv, true);
	return 0;
}

/* All of bootinfo's channels, or none. */
int channel_attach(struct hijack_instance *inst)
{
	u32 i;
	int err = 0;

	mutex_lock(&channel_lock);
	for (i = 0; !err && i < inst->info.nchannels; i++)
		err = channel_attach_one(inst, i);
	mutex_unlock(&channel_lock);
	if (err)
		channel_detach(inst);
	return err;
}

/* After it no signal reaches the instance, no doorbell the device. Idempotent. */
void channel_detach(struct hijack_instance *inst)
{
	u32 i;

	mutex_lock(&channel_lock);
	for (i = 0; i < BOOTINFO_CHANNELS; i++) {
		struct hijack_channel *ch = inst->channel[i];

		if (!ch || !rcu_access_pointer(ch->inst))
			continue;
		rcu_assign_pointer(ch->inst, NULL);
		irq_work_sync(&ch->doorbell);
		ch->ops->attached(ch->priv, false);
	}
	mutex_unlock(&channel_lock);
	synchronize_rcu();
	mutex_lock(&channel_lock);
	for (i = 0; i < BOOTINFO_CHANNELS; i++) {
		if (inst->channel[i])
			channel_put(inst->channel[i]);
		inst->channel[i] = NULL;
	}
	mutex_unlock(&channel_lock);
}

/* Attached, with a reference; NULL: it has none of that name, or is over. */
struct hijack_channel *channel_get(struct hijack_instance *inst, u32 kind, const char *name)
{
	struct hijack_channel *ch, *found = NULL;
	u32 i;

	mutex_lock(&channel_lock);
	for (i = 0; i < BOOTINFO_CHANNELS && !found; i++) {
		ch = inst->channel[i];
		if (ch && inst->info.channel[i].kind == kind && rcu_access_pointer(ch->inst) &&
		    !strncmp(ch->name, name, sizeof(ch->name)))
			found = ch;
	}
	if (found)
		kref_get(&found->kref);
	mutex_unlock(&channel_lock);
	return found;
}

void *channel_priv(struct hijack_channel *ch)
{
	return ch->priv;
}

/* From here on the device goes with the channel. */
void channel_own(struct hijack_channel *ch, void (*free)(void *priv))
{
	ch->free = free;
}

bool channel_has_rings(struct hijack_channel *ch)
{
	return atomic64_read(&ch->rings);
}

/* How often the AOS has rung since the last time; any context. */
u64 channel_take_rings(struct hijack_channel *ch)
{
	return channel_has_rings(ch) ? atomic64_xchg(&ch->rings, 0) : 0;
}

/* ---- for the HAL: AOS CPU, interrupts off ---- */

int channel_page_pfn(struct hijack_instance *inst, u32 channel, u32 part, u32 page,
		     unsigned long *pfn)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (!ch || page >= ch->bytes[part] / PAGE_SIZE)
		return -AOS_ENOENT;
	*pfn = vmalloc_to_pfn(ch->part[part] + (unsigned long)page * PAGE_SIZE);
	return 0;
}

void channel_doorbell(struct hijack_instance *inst, u32 channel)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (!ch || !rcu_access_pointer(ch->inst))
		return;
	if (ch->free)			/* whoever reads is told how many */
		atomic64_inc(&ch->rings);
	if (!ch->ops->wakes_only) {
		irq_work_queue(&ch->doorbell);
		return;
	}
	ch->ops->doorbell(ch->priv);
	/* The AOS's way back to ring 3 does not look; an interrupt's does. */
	if (need_resched())
		smp_send_reschedule(smp_processor_id());
}

void channel_throttle(struct hijack_instance *inst, u32 channel, bool on)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (ch)
		WRITE_ONCE(ch->throttled, on);
}
