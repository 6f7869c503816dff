// SPDX-License-Identifier: GPL-2.0-or-later
/* What is settled before a run: the captures read, and the plan made. */
#ifndef REPLAY_JOB_H
#define REPLAY_JOB_H

#include "capture.h"
#include "options.h"
#include "plan.h"

/* One capture on its way to one destination. */
struct stream {
	const struct stream_options *options;
	const struct capture *capture;
	uint32_t first_flow;	/* its flows' numbers among all begin here */
};

struct job {
	const struct options *options;
	struct stream streams[STREAMS_MAX];
	unsigned int count;
	struct capture captures[STREAMS_MAX];	/* a comparison's is unused */
	uint32_t flows;		/* of all streams */
	struct plan plan;
};

/*
 * 0, or -1 with one line in @error; job_free() in either case. @stop ends it,
 * NULL: nothing does.
 */
int job_prepare(struct job *job, const struct options *o,
		const volatile sig_atomic_t *stop, char *error,
		size_t error_size);
void job_free(struct job *job);

/* The stream and datagram that number @sequence of a run is. */
const struct stream *job_stream(const struct job *job, uint64_t sequence);
const struct datagram *job_datagram(const struct job *job, uint64_t sequence);

/* The source of a stream's flow. */
struct endpoint job_source(const struct job *job, const struct stream *s,
			   uint32_t flow);

#endif
