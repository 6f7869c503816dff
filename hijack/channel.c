// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packet channels [R4, T3]: memory shared between a network device and an
 * AOS, and a signal each way.  Pages live until both ends have let go.
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
#include "aos/hal.h"
#include "hijack/channel.h"
#include "hijack/hijack.h"

struct hijack_channel {
	struct list_head list;		/* channel_lock; empty: the device is gone */
	struct kref kref;
	struct net *ns;			/* a key only, never followed */
	char name[ABI_NAME_LEN];
	u32 slots, mtu;
	void *part[RING_PARTS];		/* vmalloc */

	const struct hijack_channel_ops *ops;	/* channel_lock; NULL: the device is gone */
	void *priv;
	struct irq_work doorbell;	/* queued by the AOS only */

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

	for (i = 0; i < RING_PARTS; i++)
		vfree(ch->part[i]);
	kfree(ch);
	atomic_dec(&channels_alive);
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
	struct ring_host *host;
	int i;

	for (i = 0; i < RING_PARTS; i++) {
		ch->part[i] = vzalloc(ring_part_bytes(i, ch->slots));
		if (!ch->part[i])
			return -ENOMEM;
	}
	host = ch->part[RING_PART_HOST];
	host->magic = RING_MAGIC;
	host->revision = RING_REVISION;
	host->slots = ch->slots;
	host->mtu = ch->mtu;
	return 0;
}

struct hijack_channel *hijack_channel_create(struct net *ns, const char *name, u32 slots,
					     u32 mtu, const struct hijack_channel_ops *ops,
					     void *priv)
{
	struct hijack_channel *ch;
	int err = 0;

	if (!ring_slots_valid(slots) || mtu > RING_BUF_SIZE || strlen(name) >= ABI_NAME_LEN)
		return ERR_PTR(-EINVAL);
	ch = kzalloc(sizeof(*ch), GFP_KERNEL);
	if (!ch)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&channels_alive);
	kref_init(&ch->kref);
	ch->ns = ns;
	strscpy(ch->name, name, sizeof(ch->name));
	ch->slots = slots;
	ch->mtu = mtu;
	ch->ops = ops;
	ch->priv = priv;
	ch->doorbell = IRQ_WORK_INIT_HARD(channel_doorbell_work);

	mutex_lock(&channel_lock);
	err = channel_find(ns, name) ? -EEXIST : channel_alloc_parts(ch);
	if (!err)
		list_add_tail(&ch->list, &channels);
	mutex_unlock(&channel_lock);
	if (err) {
		kref_put(&ch->kref, channel_free);
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
	kref_put(&ch->kref, channel_free);
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

static int channel_attach_one(struct hijack_instance *inst, u32 i)
{
	struct bootinfo_channel *info = &inst->info.channel[i];
	struct hijack_channel *ch;

	info->name[ABI_NAME_LEN - 1] = '\0';
	ch = channel_find(current->nsproxy->net_ns, info->name);
	if (!ch) {
		pr_err("hijack: no cosnet interface '%s' here (ip link add %s type cosnet)\n",
		       info->name, info->name);
		return -ENODEV;
	}
	if (rcu_access_pointer(ch->inst)) {
		pr_err("hijack: interface '%s' already belongs to an AOS\n", info->name);
		return -EBUSY;
	}
	kref_get(&ch->kref);
	info->slots = ch->slots;
	info->mtu = ch->mtu;
	inst->channel[i] = ch;
	ch->event = HAL_EVENT_CHANNEL(i);
	WRITE_ONCE(ch->throttled, false);
	/* vnic of an earlier AOS left its indices behind. */
	memset(ch->part[RING_PART_CTRL], 0, ring_part_bytes(RING_PART_CTRL, ch->slots));
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
	for (i = 0; i < BOOTINFO_CHANNELS; i++) {
		if (inst->channel[i])
			kref_put(&inst->channel[i]->kref, channel_free);
		inst->channel[i] = NULL;
	}
}

/* ---- for the HAL: AOS CPU, interrupts off ---- */

int channel_page_pfn(struct hijack_instance *inst, u32 channel, u32 part, u32 page,
		     unsigned long *pfn)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (!ch || page >= ring_part_bytes(part, ch->slots) / PAGE_SIZE)
		return -AOS_ENOENT;
	*pfn = vmalloc_to_pfn(ch->part[part] + (unsigned long)page * PAGE_SIZE);
	return 0;
}

void channel_doorbell(struct hijack_instance *inst, u32 channel)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (ch && rcu_access_pointer(ch->inst))
		irq_work_queue(&ch->doorbell);
}

void channel_throttle(struct hijack_instance *inst, u32 channel, bool on)
{
	struct hijack_channel *ch = channel < BOOTINFO_CHANNELS ? inst->channel[channel] : NULL;

	if (ch)
		WRITE_ONCE(ch->throttled, on);
}
