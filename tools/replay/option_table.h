// SPDX-License-Identifier: GPL-2.0-or-later
/* The options' tables, one for each group of --help. */
#ifndef REPLAY_OPTION_TABLE_H
#define REPLAY_OPTION_TABLE_H

#include "options.h"

struct option_entry {
	const char *name, *argument;	/* without one: a switch */
	bool (*take)(struct options *o, const char *value);
	const char *help;
};

struct option_group {
	const char *title;
	const struct option_entry *entries;
	size_t count;
};

extern const struct option_group option_traffic, option_timing, option_link,
	option_side, option_results;

/* A plain decimal number between @least and @most. */
bool number_parse(const char *text, uint64_t least, uint64_t most,
		  uint64_t *out);

/* A number up to @most, times @unit. */
bool number_scaled(uint64_t *out, const char *text, uint64_t most,
		   uint64_t unit);

/* Begins a stream of this capture; false if there are too many. */
bool stream_begin(struct options *o, const char *capture);

#define ECHO_PORT 7

#endif
