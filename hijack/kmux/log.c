// SPDX-License-Identifier: GPL-2.0-or-later
/* Pure but for atomics: tests/unit/test_kmux_log.c. */
#include <linux/string.h>
#include "hijack/kmux/log.h"

void kmux_log_write(struct kmux_log *log, const struct kmux_record *record)
{
	s64 head = atomic64_read(&log->head);
	struct kmux_record *place;

	do {
		/* Acquire: pairs with kmux_log_next(), which is done with the place. */
		if (head - smp_load_acquire(&log->tail) >= KMUX_LOG_RECORDS) {
			atomic64_inc(&log->dropped);
			return;
		}
	} while (!atomic64_try_cmpxchg(&log->head, &head, head + 1));

	place = &log->record[head % KMUX_LOG_RECORDS];
	place->time = record->time;
	place->ip = record->ip;
	memcpy(place->argument, record->argument, sizeof(place->argument));
	place->call = record->call;
	place->thread = record->thread;
	place->process = record->process;
	place->error = record->error;
	place->action = record->action;
	/* Release: pairs with kmux_log_peek(), which sees all of it then. */
	smp_store_release(&place->sequence, (u64)head + 1);
}

const struct kmux_record *kmux_log_peek(const struct kmux_log *log)
{
	const struct kmux_record *place = &log->record[log->tail % KMUX_LOG_RECORDS];

	/* Acquire: pairs with kmux_log_write(). */
	return smp_load_acquire(&place->sequence) == (u64)log->tail + 1 ? place : NULL;
}

void kmux_log_next(struct kmux_log *log)
{
	/* Release: pairs with kmux_log_write(), which may use the place then. */
	smp_store_release(&log->tail, log->tail + 1);
}
