/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that are held back for a moment, in the order they came, until it can be
 * said what became of them.  Pure.
 */
#ifndef AOSCTL_HELD_H
#define AOSCTL_HELD_H

#include <stdbool.h>

#include "drops.h"
#include "pcapng.h"

struct held {
	struct held *next;
	struct pcapng_packet packet;	/* its bytes lie behind this; no comment yet */
	unsigned int ifindex;
	double came;			/* seconds, of any steady clock */
	enum drop why;			/* it was dropped: DROP_NONE: nobody said so yet */
	unsigned int place;
	bool process;			/* the proxy's did */
	uint8_t bytes[];
};

struct held_queue {
	struct held *first, **last;
	unsigned long strange;		/* drops of packets that are not here */
};

void held_init(struct held_queue *queue);

/* A copy of the packet.  False: no memory. */
bool held_add(struct held_queue *queue, const struct pcapng_packet *packet, unsigned int ifindex,
	      double now);

/*
 * The oldest packet to the AOS with these bytes, of whose drop nobody has told, was
 * dropped so.  Equal packets are one as good as another. A checksum that Linux leaves
 * to the device is not compared: cosnet fills it in later than we see it.
 */
void held_dropped(struct held_queue *queue, const struct dropped *drop);

/* The oldest, if it came before then, for the caller to free(); or NULL. */
struct held *held_take(struct held_queue *queue, double before);

#endif
