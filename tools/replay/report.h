// SPDX-License-Identifier: GPL-2.0-or-later
/* What came of it, for people (standard output) and for programs (JSON). */
#ifndef REPLAY_REPORT_H
#define REPLAY_REPORT_H

#include <stdio.h>

#include "capture.h"
#include "counters.h"
#include "options.h"
#include "session.h"

struct report {
	const struct options *options;
	const struct capture *capture;
	const struct results *results;	/* NULL: nothing was sent */
	const struct side *side;
	const struct counters *counters;	/* may be empty */
	struct transport *transport;
};

void report_print(const struct report *r, FILE *out);
void report_json(const struct report *r, FILE *out);

/* The names of the match results, as in JSON. */
const char *match_result_name(enum match_result result);

/* Latency percentiles that are reported. */
#define PERCENTILES 4
extern const double report_percents[PERCENTILES];

#endif
