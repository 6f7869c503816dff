// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Side checks: while the capture is replayed to the appliance, Linux itself
 * must go on answering, on its own addresses: pings, and a UDP echo service.
 */
#ifndef REPLAY_SIDE_H
#define REPLAY_SIDE_H

#include "transport.h"

#define SIDE_MAX 16
#define SIDE_REMEMBERED 1024

enum side_kind { SIDE_PING, SIDE_ECHO };

struct side_check {
	enum side_kind kind;
	struct endpoint to;
	uint64_t sent, answered, wrong, worst;
	int error;		/* of the last sending that failed, negative */
	uint64_t waiting[SIDE_REMEMBERED];	/* when sent; 0: answered */
};

struct side {
	struct side_check checks[SIDE_MAX];
	unsigned int count;
	uint64_t interval;	/* ns */
	uint64_t next;		/* when the next round is due */
};

/* false if there are too many already. */
bool side_add(struct side *s, enum side_kind kind, const struct endpoint *to);

/* The source of an echo check; number 0 of the service ports is the probe. */
struct endpoint side_source(const struct side *s, unsigned int check,
			    const struct sources *sources);

/* Sends one round if it is due. */
void side_tick(struct side *s, struct transport *t,
	       const struct sources *sources, uint64_t now);

/* Takes a message if it belongs to a side check; false if not. */
bool side_reply(struct side *s, const struct sources *sources,
		const struct message *m);

/* Requests not answered yet. */
uint64_t side_open(const struct side *s);

/* Was everything answered right, and at least once? */
bool side_passed(const struct side *s);

#endif
