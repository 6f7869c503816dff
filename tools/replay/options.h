// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. */
#ifndef REPLAY_OPTIONS_H
#define REPLAY_OPTIONS_H

#include "schedule.h"
#include "side.h"
#include "transport.h"

enum transport_kind { TRANSPORT_NONE, TRANSPORT_WIRE, TRANSPORT_SOCKET };

struct options {
	const char *capture, *json, *counters;
	enum transport_kind transport;
	struct wire_config wire;
	struct sources sources;
	struct endpoint to4, to6;	/* family 0: not given */
	struct schedule schedule;
	struct side side;
	uint64_t limit, rounds, window;
	bool window_given;
	uint64_t timeout, wait, max_gap;	/* ns */
	bool progress, dry_run, help;
};

/* Fills @o from the command line; false with one line in @error. */
bool options_parse(struct options *o, int argc, char **argv, char *error,
		   size_t error_size);

void options_help(void);

/* The destination for this family. */
const struct endpoint *options_to(const struct options *o, uint8_t family);

#endif
