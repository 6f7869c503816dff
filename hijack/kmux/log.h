/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of a filter: a ring of records, many writers, one reader.
 *
 * Writers are threads in a system call, on any CPU, with interrupts off, and
 * wait for nobody: a record for which there is no room is counted as dropped.
 * So logged = read + still there, exactly.  The reader is whoever holds the
 * attachment's `reading` mutex.
 */
#ifndef KMUX_LOG_H
#define KMUX_LOG_H

#include <linux/atomic.h>
#include <linux/types.h>
#include "hijack/uapi/kmux.h"

struct kmux_log {
	struct kmux_record *record;	/* KMUX_LOG_RECORDS; zero at the start */
	atomic64_t head;		/* records ever given a place; writers */
	s64 tail;			/* records ever read; the reader */
	atomic64_t dropped;
};

/* A copy of *record goes in, with its number.  Any context. */
void kmux_log_write(struct kmux_log *log, const struct kmux_record *record);

/* The oldest record, or NULL if there is none (or its writer is still at it). */
const struct kmux_record *kmux_log_peek(const struct kmux_log *log);

/* It has been read: its place is free. */
void kmux_log_next(struct kmux_log *log);

#endif
