// SPDX-License-Identifier: GPL-2.0-or-later
/* One run: waiting for the appliance, sending on time, taking the replies. */
#ifndef REPLAY_SESSION_H
#define REPLAY_SESSION_H

#include <signal.h>

#include "capture.h"
#include "histogram.h"
#include "match.h"
#include "options.h"

enum session_status {
	SESSION_DONE,
	SESSION_NO_ANSWER,	/* the appliance never answered */
	SESSION_STOPPED,	/* by a signal; the results so far are kept */
	SESSION_BROKEN,		/* the transport or the memory failed */
};

/* What the report is made of, besides the capture. */
struct results {
	enum session_status status;
	char message[512];	/* why, unless SESSION_DONE */
	uint64_t planned;	/* datagrams, all rounds */
	uint64_t bytes, replies, elapsed;
	uint64_t refused;	/* could not be sent at all */
	int refused_error;	/* the last reason, negative errno */
	uint64_t damaged;	/* replies with wrong checksums, in corrupt */
	uint64_t strangers;	/* from or to an address of no flow, in
				 * unexpected */
	struct histogram latency, lag;
	struct match_totals match;
};

/* Runs it all. @stop is set by a signal handler. 0, or -1: no memory. */
int session_run(const struct options *o, const struct capture *c,
		struct transport *t, struct side *side,
		const volatile sig_atomic_t *stop, struct results *out);
void results_free(struct results *r);

/* Is everything as it must be? */
bool results_passed(const struct results *r, const struct side *side);

#endif
