/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays bytes as the behaviour of ring 3 and of the world: any system call
 * with any arguments, faults, events, the passing of time.  Bytes choose
 * values that mean something (slots, frames, addresses, limits) more often than
 * chance would.  The rig checks all invariants after every step.
 */
#ifndef TEST_AOS_PLAYER_H
#define TEST_AOS_PLAYER_H

#include "aos_rig.h"

struct player {
	struct rig rig;
	const uint8_t *bytes;
	size_t left;
	int64_t last;		/* result of the call before */
	uint64_t second;
};

/** player_run() - boot, play all bytes, close.  The first byte picks the start. */
void player_run(struct player *p, const uint8_t *bytes, size_t size);

#endif
