// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the appliance had a datagram in its hands: what its service "stamps"
 * puts behind a reply (components/udpapp/stamps.md), and the hardware time
 * stamp of a packet that comes out of cosnet. All are readings of its
 * processor's time-stamp counter (TSC), which can be compared with ours if
 * the tool runs on the same machine, in whichever namespace.
 */
#ifndef REPLAY_BOX_STAMPS_H
#define REPLAY_BOX_STAMPS_H

#include <stddef.h>

#include "way.h"

struct box_stamps {
	uint64_t queued, taken, answered;	/* TSC; 0: not known */
	uint64_t returned;			/* the same, by cosnet */
	uint32_t khz;				/* 0: the reply had none */
};

/* Reads the stamps behind a reply and takes them off; false: there are none. */
bool box_stamps_take(struct box_stamps *b, const uint8_t *payload,
		     size_t *length);

/*
 * Enters them in @w, brought to clock_ns() by the distance of the two clocks
 * right now, and the appliance's idea of its frequency. What cannot be a moment of the
 * past is entered as the end of time, where way_settle() finds it.
 */
void box_stamps_enter(const struct box_stamps *b, struct way *w);

#endif
