/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Translator channels: between a process, at /dev/translator, and a component.
 * One is made when an AOS is set up whose boot information asks for it, and
 * lives until the AOS has ended and the process has let go.
 *
 * Part of hijack.ko, and no module beside it: it has to be there before the
 * AOS is, needs nothing of Linux that hijack does not, and who starts an AOS
 * has one thing less to load, and to take away in the right order.
 */
#ifndef HIJACK_TRANSLATOR_H
#define HIJACK_TRANSLATOR_H

#include <linux/mutex.h>
#include <linux/rcuwait.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "abi/bootinfo.h"
#include "abi/translator.h"
#include "hijack/hijack.h"

/* Goes with its channel. */
struct translator {
	struct hijack_channel *channel;
	u32 to_aos, from_aos;		/* bytes */
	struct translator_host *host;	/* in the channel; Linux is its one writer */

	struct mutex lock;
	bool bound;			/* lock; a file holds the process's end */
	u32 log_cons[TRANSLATOR_ENDS];	/* lock */

	char instance[ABI_NAME_LEN];	/* what trace events call it */
	char name[ABI_NAME_LEN];
	struct list_head tell;		/* drops.c */
	struct delayed_work look;

	struct mutex reading;		/* one blocks in read(), the others here */
	struct rcuwait reader;		/* who blocks */
	wait_queue_head_t pollers;
	struct work_struct wake_pollers;	/* on -rt: from where their lock can be taken */
};

/**
 * translator_create() - the channel that @info asks for
 * @instance: name of the AOS that does
 * Process context, channel_lock held.
 * Return: the channel, with one reference; ERR_PTR(-EINVAL): a size that cannot
 * be, ERR_PTR(-ENOMEM).
 */
struct hijack_channel *translator_create(const struct bootinfo_channel *info,
					 const char *instance);

/**
 * translator_claim() - a file takes the process's end
 * Process context.  The caller has a reference to the channel, and keeps it.
 * Return: 0; -EBUSY: another holds it.
 */
int translator_claim(struct translator *tr);

/** translator_release() - it lets go; its mappings are gone.  Process context. */
void translator_release(struct translator *tr);

/* ---- drops.c; process context ---- */

/* It comes, with its channel, and goes: what was told is traced until the end. */
void translator_drops_join(struct translator *tr);
void translator_drops_leave(struct translator *tr);

/* Its process goes: what that has told, before its side is cleared.  lock held. */
void translator_drops_unbind(struct translator *tr);

/* By tracing: the first begins to look, the last has ended. */
int translator_drops_wanted(void);
void translator_drops_unwanted(void);

#endif
