// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A capture as a list of UDP datagrams, whole and in memory: what is to be
 * sent, and when. Everything that is not sent is counted with its reason.
 */
#ifndef REPLAY_CAPTURE_H
#define REPLAY_CAPTURE_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#include "flow.h"

/* No stamp, and no time after the first one, is more: 292 years in ns. */
#define CAPTURE_TIME_MAX ((uint64_t)INT64_MAX)

enum capture_skip {
	SKIP_SNAPPED,		/* recorded with a snap length too short */
	SKIP_NOT_IP,
	SKIP_NOT_UDP,
	SKIP_TRUNCATED,		/* header promises more than was sent */
	SKIP_MALFORMED,
	SKIP_INCOMPLETE,	/* a fragment is missing; counts datagrams */
	SKIP_OVERLAP,		/* fragments contradict; counts datagrams */
	SKIP_FAMILY4,		/* no --to4 given */
	SKIP_FAMILY6,		/* no --to6 given */
	SKIP_COUNT
};

struct datagram {
	uint64_t time;		/* ns after the first; never runs backwards */
	uint64_t packet;	/* its number in the file, from 1 */
	const uint8_t *payload;
	uint32_t length, flow, hash;
	uint8_t family;
};

struct capture_limits {
	bool want4, want6;	/* families that have a destination */
	uint64_t datagrams;	/* read at most so many; 0: all */
	uint64_t max_gap;	/* ns; longer silences are shortened; 0: keep */
	const volatile sig_atomic_t *stop;	/* ends the reading; may be NULL */
};

struct capture {
	struct datagram *list;
	uint64_t count, room;
	struct flow_table flows;
	uint64_t packets, found4, found6, fragmented, bytes;
	uint64_t backwards;	/* time stamps that ran backwards */
	uint64_t shortened;	/* gaps cut by max_gap */
	uint64_t silence;	/* the longest gap, and the packet that ended it */
	uint64_t silence_at;
	uint32_t smallest, largest;
	uint64_t skipped[SKIP_COUNT];
	bool cut_short;		/* the file ends inside a packet, or worse */
	char cut_why[128];	/* in libpcap's words */
	struct chunk *chunks;	/* payloads live here and never move */
};

/* The reason in words, for the report, and as a name for JSON. */
const char *capture_skip_text(enum capture_skip reason);
const char *capture_skip_name(enum capture_skip reason);

/*
 * Reads a pcap or pcapng file ("-": standard input). Returns 0, or -1 with one
 * line in @error that names the file and the remedy. A file that breaks off is
 * read up to there.
 */
int capture_read(struct capture *c, const char *path,
		 const struct capture_limits *limits, char *error,
		 size_t error_size);

/* The same from an open stream, which is closed; @path is for messages. */
int capture_read_stream(struct capture *c, FILE *stream, const char *path,
			const struct capture_limits *limits, char *error,
			size_t error_size);
void capture_free(struct capture *c);

#endif
