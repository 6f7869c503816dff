// SPDX-License-Identifier: GPL-2.0-or-later
/* What came of it, for people (standard output) and for programs (JSON). */
#ifndef REPLAY_REPORT_H
#define REPLAY_REPORT_H

#include <stdio.h>

#include "counters.h"
#include "session.h"

struct report {
	const struct job *job;
	const struct results *results;	/* NULL: nothing was sent */
	const struct side *side;
	const struct counters *counters;	/* may be empty */
	struct transport *transport;
};

void report_print(const struct report *r, FILE *out);

/* The schema is in README.md. 0, or -1: no memory, or not written. */
int report_json(const struct report *r, FILE *out);

/* One stream, up to its times. */
void report_stream(const struct report *r, unsigned int stream, FILE *out);

/*
 * Round trips and sending errors of one stream, of all together (nothing for a
 * single one), and of the two that are compared.
 */
void report_times(const struct report *r, unsigned int stream, FILE *out);
void report_sum(const struct report *r, FILE *out);
void report_comparison(const struct report *r, FILE *out);

/* What is to be said of a capture's longest silence; false: nothing. */
#define SILENCE_TEXT 160
bool silence_format(const struct job *job, const struct stream *s,
		    char text[SILENCE_TEXT]);

/* The name of a match result, as in JSON. */
const char *match_result_name(enum match_result result);

/* What people call a part. */
const char *part_title(enum part part);

/* Percentiles that are reported. */
#define PERCENTILES 5
extern const double report_percents[PERCENTILES];

/* What every line begins with. */
#define REPORT_LABEL "%-13s"

#endif
