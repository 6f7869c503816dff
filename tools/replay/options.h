// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. */
#ifndef REPLAY_OPTIONS_H
#define REPLAY_OPTIONS_H

#include "schedule.h"
#include "side.h"
#include "transport.h"

#define STREAMS_MAX 8
#define WORST_MAX 1000

enum transport_kind { TRANSPORT_NONE, TRANSPORT_WIRE, TRANSPORT_SOCKET };

/* One capture and where it goes. */
struct stream_options {
	const char *capture;
	struct endpoint to4, to6;	/* family 0: not given */
	bool comparison;	/* the first one's capture, to elsewhere */
};

struct options {
	struct stream_options streams[STREAMS_MAX];
	unsigned int stream_count;
	struct stream_options everywhere;	/* said before any capture */
	struct stream_options compare;		/* family 0: no comparison */
	const char *json, *csv, *plot, *counters;
	enum transport_kind transport;
	struct wire_config wire;
	struct sources sources;
	struct schedule schedule;
	bool speed_given, rate_given;
	struct side side;
	uint64_t limit, rounds, window;
	bool window_given;
	uint64_t warm_count, warm_time;	/* datagrams, or ns; 0: none */
	uint64_t worst;			/* how many are shown */
	uint64_t timeout, wait, max_gap;	/* ns */
	const char *wrong;	/* with the last argument; NULL: its form */
	const char *wire_only;	/* an option that sockets cannot heed */
	bool progress, no_progress, no_kernel_stamps, stamps, dry_run, help;
};

/* Fills @o from the command line; false with one line in @error. */
bool options_parse(struct options *o, int argc, char **argv, char *error,
		   size_t error_size);

void options_help(void);

/* The destination for this family. */
const struct endpoint *stream_to(const struct stream_options *s,
				 uint8_t family);

#endif
