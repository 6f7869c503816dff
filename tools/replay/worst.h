// SPDX-License-Identifier: GPL-2.0-or-later
/* The longest round trips, each with what was around it. */
#ifndef REPLAY_WORST_H
#define REPLAY_WORST_H

#include <stddef.h>

#include "match.h"
#include "way.h"

struct worst_entry {
	struct match_datagram datagram;
	struct way way;
	uint64_t still;		/* others unanswered when its reply came */
};

struct worst {
	struct worst_entry *list;	/* the longest first */
	size_t count, room;
};

/* Room for @room entries, 0 for none. 0, or -1: no memory. */
int worst_init(struct worst *w, size_t room);
void worst_free(struct worst *w);

uint64_t worst_round_trip(const struct worst_entry *e);

/* Keeps a copy if it is among the longest; of equal ones the earlier stays. */
void worst_note(struct worst *w, const struct worst_entry *e);

#endif
