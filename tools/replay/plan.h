// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One round, worked out before the first datagram leaves: the datagrams of all
 * captures in the order of their sending.
 */
#ifndef REPLAY_PLAN_H
#define REPLAY_PLAN_H

#include "capture.h"

/* One capture's part in it. */
struct plan_input {
	const struct capture *capture;
	bool halfway;		/* a comparison: each between two of the first */
};

struct plan_entry {
	uint64_t time;		/* ns after the first of all */
	uint64_t index;		/* in its capture */
	uint32_t input;		/* its capture's number */
};

struct plan {
	struct plan_entry *list;
	uint64_t count, span;
};

/*
 * With @rate (datagrams/s, 0: none) each capture's datagrams are evenly
 * spaced, else they keep their recorded times. Datagrams of one moment go in
 * turn, and no capture always first. 0, or -1: no memory.
 */
int plan_build(struct plan *p, const struct plan_input *inputs,
	       uint32_t count, double rate);
void plan_free(struct plan *p);

#endif
