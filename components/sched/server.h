/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers: how much a thread may still run, from how much it did.  Pure: fed
 * with the chunks of execution that the kernel recorded, oldest first, and
 * asked at any time.  All times are ns of one clock.
 *
 * A deferrable server has `budget` in each period, counted from when it
 * began; what is left at a period's end is lost.  A sporadic one has each
 * chunk back one period after the chunk began.  (Strosnider, Lehoczky, Sha
 * 1995; Sprunt, Sha, Lehoczky 1989, with the corrections of Stanovich et al.
 * 2010: each chunk is replenished by itself, and the first one starts when
 * the thread really ran.)  What was used beyond the budget is a debt.
 */
#ifndef SERVER_H
#define SERVER_H

#include "abi/image.h"
#include "abi/types.h"

#define SERVER_CHUNKS	16u	/* replenishments on their way; more are merged */
#define SERVER_GRAIN_NS	20000u	/* a smaller rest is none: it would not repay the switch */

struct server_chunk {
	uint64_t start, used;
};

struct server {
	uint32_t kind;			/* enum image_server */
	uint32_t nchunks;		/* sporadic: not back yet, in order */
	uint64_t budget, period;
	uint64_t begun;			/* deferrable: this period's begin */
	uint64_t used;			/* deferrable: in this period, and debts */
	struct server_chunk chunk[SERVER_CHUNKS];
};

/** server_start() - full at @now.  0 < @budget <= @period; @kind not NONE. */
void server_start(struct server *s, uint32_t kind, uint64_t budget, uint64_t period,
		  uint64_t now);

/**
 * server_change() - another budget and period from @now on, as server_start() has them.  What was
 * used stays used: of a deferrable server until its period ends, which the new one prolongs or
 * shortens; of a sporadic one until each chunk comes back.  A debt stays one.
 */
void server_change(struct server *s, uint64_t budget, uint64_t period, uint64_t now);

/** server_use() - a chunk that began at @start; not before any told earlier. */
void server_use(struct server *s, uint64_t start, uint64_t used);

/** server_left() - what it may use at @now, ns; negative: its debt.  @now only grows. */
int64_t server_left(struct server *s, uint64_t now);

/** server_grain() - with less than this left it has to wait. */
uint64_t server_grain(const struct server *s);

/**
 * server_refill_at() - when it will have server_grain() again, or more.  Call
 * it with less than that left, after server_left().
 */
uint64_t server_refill_at(const struct server *s);

#endif
