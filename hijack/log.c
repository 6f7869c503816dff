// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The AOS's log: the last 64 KiB of text.  Written on the AOS CPU with
 * interrupts off, read by anyone: a reader that was overtaken goes on with
 * the oldest text that is still whole.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "hijack/hijack.h"

int log_init(struct hijack_log *log)
{
	log->head = 0;
	log->text = kvzalloc(HIJACK_LOG_SIZE, GFP_KERNEL_ACCOUNT);
	return log->text ? 0 : -ENOMEM;
}

void log_free(struct hijack_log *log)
{
	kvfree(log->text);
	log->text = NULL;
}

void log_write(struct hijack_log *log, const char *text, u32 len)
{
	u32 head = log->head, i;

	for (i = 0; i < len; i++)
		log->text[head++ % HIJACK_LOG_SIZE] = text[i];
	/* Release: pairs with log_read(), which sees all text before its head. */
	smp_store_release(&log->head, head);
}

/* *pos counts bytes since the start of the log. */
ssize_t log_read(const struct hijack_log *log, char __user *buf, size_t len, loff_t *pos)
{
	/* Acquire: pairs with log_write(). */
	u32 head = smp_load_acquire(&log->head), from = (u32)*pos, at, n;

	if (head - from > HIJACK_LOG_SIZE)
		from = head - HIJACK_LOG_SIZE;
	n = min_t(size_t, head - from, len);
	at = from % HIJACK_LOG_SIZE;
	n = min_t(u32, n, HIJACK_LOG_SIZE - at);
	if (n && copy_to_user(buf, log->text + at, n))
		return -EFAULT;
	*pos = from + n;
	return n;
}
