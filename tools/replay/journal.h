// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record of every datagram of a run, for CSV and plots. All of it is taken
 * and touched before the first datagram leaves, so that noting costs no page
 * fault. Times are clock_ns().
 */
#ifndef REPLAY_JOURNAL_H
#define REPLAY_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "job.h"
#include "way.h"

enum fate {
	FATE_NOT_SENT, FATE_UNANSWERED, FATE_VERIFIED, FATE_LATE, FATES
};

struct record {
	uint64_t due;		/* 0: not known */
	struct way way;
	uint32_t in_flight;
	uint8_t fate;
	bool measured;
};

struct journal {
	struct record *list;	/* by sequence number; NULL: not wanted */
	uint64_t count;
};

/* 0, or -1: no memory. */
int journal_init(struct journal *j, uint64_t count);
void journal_free(struct journal *j);

/* The record of this datagram, or NULL if no journal is kept. */
struct record *journal_record(struct journal *j, uint64_t sequence);

/* One line per datagram in order of sending, under a line of names. */
void journal_csv(const struct journal *j, const struct job *job, FILE *out);

#endif
