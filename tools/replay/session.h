// SPDX-License-Identifier: GPL-2.0-or-later
/* One run: waiting for the appliance, sending on time, taking the replies. */
#ifndef REPLAY_SESSION_H
#define REPLAY_SESSION_H

#include <signal.h>

#include "histogram.h"
#include "host_time.h"
#include "job.h"
#include "journal.h"
#include "match.h"
#include "worst.h"

enum session_status {
	SESSION_DONE,
	SESSION_NO_ANSWER,	/* the appliance never answered */
	SESSION_STOPPED,	/* by a signal; the results so far are kept */
	SESSION_BROKEN,		/* the transport or the memory failed */
};

/* What came of one stream. */
struct stream_results {
	uint64_t planned;	/* datagrams, all rounds */
	uint64_t bytes, replies;
	uint64_t refused;	/* could not be sent at all */
	int refused_error;	/* the last reason, negative errno */
	uint64_t damaged;	/* replies with wrong checksums, in corrupt */
	uint64_t strangers;	/* from or to an address of no flow, in
				 * unexpected */
	uint64_t warm;		/* answered, but of the warm-up */
	struct histogram latency, lag;
	struct histogram parts[PARTS];
	uint64_t unsplit;	/* of latency: without usable kernel stamps */
	uint64_t unstamped;	/* of latency: no stamps of the appliance's */
	uint64_t foreign;	/* of latency: with such of another clock */
	struct worst worst;
	struct match_totals match;
};

/* What the report is made of, besides the job. */
struct results {
	enum session_status status;
	char message[512];	/* why, unless SESSION_DONE */
	uint64_t start;		/* when the first datagram was due */
	uint64_t sending;	/* ns until the last was sent */
	uint64_t elapsed;	/* ns of it all; 0: nothing was sent */
	struct host_time host;
	struct stream_results streams[STREAMS_MAX];
	unsigned int count;
	struct journal journal;
};

/*
 * Runs it all. @stop is set by a signal handler. 0, or -1: no memory;
 * results_free() in either case.
 */
int session_run(const struct job *job, struct transport *t, struct side *side,
		const volatile sig_atomic_t *stop, struct results *out);
void results_free(struct results *r);

/* Is everything as it must be? */
bool stream_passed(const struct stream_results *s);
bool results_passed(const struct results *r, const struct side *side);

#endif
