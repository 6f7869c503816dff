/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmux: the personality that stands at the door of Linux processes, and
 * decides which system calls go in.  Its files, and who owns what.
 *
 * An ATTACHMENT is what one ATTACH made: filters, log, and room for threads.
 * A THREAD under it has a place there, from fork or attach to its exit, and
 * knows one FILTER; it is touched by that thread alone, or by its parent
 * before it first runs.  Filters are constant.
 *
 * LIFETIME.  Files and threads hold an attachment (`users`).  Threads end where
 * nothing may sleep or free memory, so what nobody holds is freed by a work
 * item (attachment.c), and until then keeps the module.
 *
 * LOCKING.  `kmux_lock` (mutex) guards the list of attachments and their lists
 * of filters.  Threads take no lock.
 */
#ifndef KMUX_H
#define KMUX_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include "hijack/hijack.h"
#include "hijack/kmux/filter.h"
#include "hijack/kmux/log.h"

#define KMUX_MAX_FILTERS 64	/* of one attachment: NARROW so often, less one */

struct kmux_attachment;

struct kmux_thread {
	struct hijack_scope scope;
	struct kmux_attachment *attachment;
	const struct kmux_filter *filter;
	struct kmux_thread *room;	/* kept for the thread it may make next */
	const struct task_struct *task;	/* to find it; not referenced */
	bool until_exec;		/* shares an attached process's memory, no more */
};

/* A filter of an attachment; kmux_lock.  They live as long as it does. */
struct kmux_filter_entry {
	struct list_head list;
	struct kmux_filter filter;
};

struct kmux_attachment {
	struct list_head list;		/* kmux_lock */
	refcount_t users;		/* files and threads */
	struct list_head filters;	/* kmux_lock; struct kmux_filter_entry */
	unsigned int nfilters;		/* kmux_lock */
	bool inherit;
	struct mutex reading;		/* the log's reader */
	struct kmux_log log;
	atomic64_t refused;
	atomic_t running;		/* threads */
	unsigned long *taken;		/* places in thread[], also those kept as room */
	u32 nthreads;			/* constant */
	struct kmux_thread thread[];
};

extern struct mutex kmux_lock;

/* attachment.c */
int kmux_attachment_new(const struct kmux_rules *rules, struct kmux_attachment **out);
void kmux_attachment_put(struct kmux_attachment *at);
struct kmux_attachment *kmux_attachment_find(pid_t pid);
int kmux_attachment_narrow(struct kmux_attachment *at, const struct kmux_rules *rules,
			   const struct kmux_filter *older, const struct kmux_filter **out);
const struct kmux_filter *kmux_attachment_filter(struct kmux_attachment *at);
void kmux_attachments_exit(void);

/* thread.c */
struct kmux_thread *kmux_thread_current(void);
void kmux_thread_attach(struct kmux_attachment *at, bool at_exec);
void kmux_thread_narrow(struct kmux_thread *thread, const struct kmux_filter *filter);
void kmux_thread_forked(struct task_struct *parent, struct task_struct *child);
void kmux_thread_execed(void);
void kmux_thread_exits(void);

/* hooks.c: those of Linux's trace points that tell of forks, execs and exits */
int kmux_hooks_find(void);
int kmux_hooks_on(void);
void kmux_hooks_off(void);

#endif
