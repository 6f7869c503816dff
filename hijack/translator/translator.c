// SPDX-License-Identifier: GPL-2.0-or-later
/* Translator channels: who holds them, and who is woken. */
#include <linux/err.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "hijack/translator/translator.h"

/* ---- the process is woken ---- */

static void wake_pollers(struct work_struct *work)
{
	struct translator *tr = container_of(work, struct translator, wake_pollers);

	wake_up_interruptible_poll(&tr->pollers, EPOLLIN | EPOLLRDNORM);
}

/*
 * AOS CPU, interrupts off: in the AOS's system call, or in an interrupt.  The
 * wait queue's lock sleeps on -rt: there a worker on any CPU takes it.  The
 * barrier in wq_has_sleeper() pairs with the one in translator_poll().
 */
static void translator_doorbell(void *priv)
{
	struct translator *tr = priv;

	rcuwait_wake_up(&tr->reader);
	if (!wq_has_sleeper(&tr->pollers))
		return;
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		queue_work(system_unbound_wq, &tr->wake_pollers);
	else
		wake_up_interruptible_poll(&tr->pollers, EPOLLIN | EPOLLRDNORM);
}

/* Off: everybody wakes, and finds that the AOS is gone. */
static void translator_attached(void *priv, bool on)
{
	struct translator *tr = priv;

	if (on)
		return;
	rcuwait_wake_up(&tr->reader);
	wake_up_interruptible_poll(&tr->pollers, EPOLLIN | EPOLLHUP | EPOLLERR);
}

static const struct hijack_channel_ops translator_ops = {
	.doorbell = translator_doorbell,
	.wakes_only = true,
	.attached = translator_attached,
};

/* ---- a translator's life ---- */

static void translator_free(void *priv)
{
	struct translator *tr = priv;

	cancel_work_sync(&tr->wake_pollers);
	translator_drops_leave(tr);
	kfree(tr);
}

static struct translator *translator_new(const struct bootinfo_channel *info)
{
	struct translator *tr = kzalloc(sizeof(*tr), GFP_KERNEL);

	if (!tr)
		return NULL;
	tr->to_aos = info->to_aos;
	tr->from_aos = info->from_aos;
	mutex_init(&tr->lock);
	mutex_init(&tr->reading);
	rcuwait_init(&tr->reader);
	init_waitqueue_head(&tr->pollers);
	INIT_WORK(&tr->wake_pollers, wake_pollers);
	return tr;
}

struct hijack_channel *translator_create(const struct bootinfo_channel *info,
					 const char *instance)
{
	struct hijack_channel *ch;
	struct translator *tr;
	u32 bytes[RING_PARTS];
	int i;

	if (!translator_bytes_valid(info->to_aos) || !translator_bytes_valid(info->from_aos))
		return ERR_PTR(-EINVAL);
	for (i = 0; i < RING_PARTS; i++)
		bytes[i] = translator_part_bytes(i, info->to_aos, info->from_aos);
	tr = translator_new(info);
	if (!tr)
		return ERR_PTR(-ENOMEM);
	ch = channel_new(info->name, bytes, &translator_ops, tr);
	if (IS_ERR(ch)) {
		kfree(tr);
		return ch;
	}
	channel_own(ch, translator_free);
	tr->channel = ch;
	tr->host = hijack_channel_part(ch, RING_PART_HOST);
	tr->host->magic = TRANSLATOR_MAGIC;
	tr->host->revision = TRANSLATOR_REVISION;
	tr->host->to_aos = tr->to_aos;
	tr->host->from_aos = tr->from_aos;
	strscpy(tr->instance, instance, sizeof(tr->instance));
	strscpy(tr->name, info->name, sizeof(tr->name));
	translator_drops_join(tr);
	return ch;
}

/* ---- a process comes and goes ---- */

/* lock held.  The component looks, and finds an epoch it does not know. */
static void next_epoch(struct translator *tr)
{
	/* Release: who sees it sees what was cleared before. */
	smp_store_release(&tr->host->epoch, tr->host->epoch + 1);
}

int translator_claim(struct translator *tr)
{
	bool taken;

	mutex_lock(&tr->lock);
	taken = tr->bound;
	if (!taken) {
		tr->bound = true;
		channel_take_rings(tr->channel);
		next_epoch(tr);
	}
	mutex_unlock(&tr->lock);
	if (taken)
		return -EBUSY;
	hijack_channel_signal(tr->channel);
	return 0;
}

void translator_release(struct translator *tr)
{
	mutex_lock(&tr->lock);
	translator_drops_unbind(tr);
	next_epoch(tr);
	smp_wmb();	/* the epoch ends first: what is cleared then is no lie to anybody */
	memset((void *)tr->host + TRANSLATOR_PROCESS_OFF, 0, PAGE_SIZE);
	tr->bound = false;
	mutex_unlock(&tr->lock);
	hijack_channel_signal(tr->channel);
}
