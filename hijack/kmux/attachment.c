// SPDX-License-Identifier: GPL-2.0-or-later
/* Attachments: made by ATTACH, freed by a work item when nobody holds them. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "hijack/kmux/kmux.h"

DEFINE_MUTEX(kmux_lock);
static LIST_HEAD(attachments);

/* ---- filters ---- */

static struct kmux_filter_entry *filter_new(const struct kmux_rules *rules)
{
	struct kmux_filter_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	int err;

	if (!entry)
		return ERR_PTR(-ENOMEM);
	err = kmux_filter_make(&entry->filter, rules);
	if (err) {
		kfree(entry);
		return ERR_PTR(err);
	}
	return entry;
}

/* The caller holds the attachment.  May sleep. */
int kmux_attachment_narrow(struct kmux_attachment *at, const struct kmux_rules *rules,
			   const struct kmux_filter *older, const struct kmux_filter **out)
{
	struct kmux_filter_entry *entry = filter_new(rules);

	if (IS_ERR(entry))
		return PTR_ERR(entry);
	kmux_filter_narrow(&entry->filter, older);
	mutex_lock(&kmux_lock);
	if (at->nfilters == KMUX_MAX_FILTERS) {
		mutex_unlock(&kmux_lock);
		kfree(entry);
		return -ENOSPC;
	}
	list_add_tail(&entry->list, &at->filters);
	at->nfilters++;
	mutex_unlock(&kmux_lock);
	*out = &entry->filter;
	return 0;
}

/* The one that ATTACH brought. */
const struct kmux_filter *kmux_attachment_filter(struct kmux_attachment *at)
{
	return &list_first_entry(&at->filters, struct kmux_filter_entry, list)->filter;
}

/* ---- the end ---- */

static void attachment_free(struct kmux_attachment *at)
{
	struct kmux_filter_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &at->filters, list)
		kfree(entry);
	kvfree(at->log.record);
	kvfree(at->taken);
	kvfree(at);
}

/* Frees what nobody holds; with the last one the hooks go. */
static void reap(struct work_struct *work)
{
	struct kmux_attachment *at, *next;
	unsigned int freed = 0;

	mutex_lock(&kmux_lock);
	list_for_each_entry_safe(at, next, &attachments, list) {
		if (refcount_read(&at->users))
			continue;
		list_del(&at->list);
		attachment_free(at);
		freed++;
	}
	if (freed && list_empty(&attachments))
		kmux_hooks_off();
	mutex_unlock(&kmux_lock);
	while (freed--)
		module_put(THIS_MODULE);
}
static DECLARE_WORK(reap_work, reap);

/* Any context. */
void kmux_attachment_put(struct kmux_attachment *at)
{
	if (refcount_dec_and_test(&at->users))
		schedule_work(&reap_work);
}

/* The module goes: all are freed, since each keeps it. */
void kmux_attachments_exit(void)
{
	cancel_work_sync(&reap_work);
}

/* ---- the beginning ---- */

static struct kmux_attachment *attachment_alloc(u32 nthreads)
{
	struct kmux_attachment *at;

	at = kvzalloc(struct_size(at, thread, nthreads), GFP_KERNEL_ACCOUNT);
	if (!at)
		return NULL;
	INIT_LIST_HEAD(&at->filters);
	mutex_init(&at->reading);
	refcount_set(&at->users, 1);
	at->nthreads = nthreads;
	at->taken = kvcalloc(BITS_TO_LONGS(nthreads), sizeof(long), GFP_KERNEL_ACCOUNT);
	at->log.record = kvcalloc(KMUX_LOG_RECORDS, sizeof(*at->log.record), GFP_KERNEL_ACCOUNT);
	if (at->taken && at->log.record)
		return at;
	attachment_free(at);
	return NULL;
}

/* It is known from now on, keeps the module, and has the hooks on. */
static int attachment_add(struct kmux_attachment *at)
{
	int err = 0;

	mutex_lock(&kmux_lock);
	if (list_empty(&attachments))
		err = kmux_hooks_on();
	if (!err) {
		__module_get(THIS_MODULE);
		list_add_tail(&at->list, &attachments);
	}
	mutex_unlock(&kmux_lock);
	return err;
}

/* *out is the caller's.  May sleep. */
int kmux_attachment_new(const struct kmux_rules *rules, struct kmux_attachment **out)
{
	struct kmux_filter_entry *entry = filter_new(rules);
	struct kmux_attachment *at;
	int err;

	if (IS_ERR(entry))
		return PTR_ERR(entry);
	at = attachment_alloc(rules->threads);
	if (!at) {
		kfree(entry);
		return -ENOMEM;
	}
	list_add(&entry->list, &at->filters);
	at->nfilters = 1;
	at->inherit = rules->flags & KMUX_INHERIT;
	err = attachment_add(at);
	if (err) {
		attachment_free(at);
		return err;
	}
	*out = at;
	return 0;
}

/* ---- finding ---- */

static bool has_thread(const struct kmux_attachment *at, const struct task_struct *task)
{
	unsigned int i;

	for_each_set_bit(i, at->taken, at->nthreads)
		if (READ_ONCE(at->thread[i].task) == task)
			return true;
	return false;
}

/* The one that a thread, by its number as the caller sees it, is under; held, or NULL. */
struct kmux_attachment *kmux_attachment_find(pid_t number)
{
	struct pid *pid = find_get_pid(number);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct kmux_attachment *at, *found = NULL;

	put_pid(pid);
	if (!task)
		return NULL;
	mutex_lock(&kmux_lock);
	list_for_each_entry(at, &attachments, list)
		if (!found && has_thread(at, task) && refcount_inc_not_zero(&at->users))
			found = at;
	mutex_unlock(&kmux_lock);
	put_task_struct(task);
	return found;
}
