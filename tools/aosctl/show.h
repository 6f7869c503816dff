/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an instance is doing: state, figures, log.  name: "" for the only one.
 * All return 0, SHOW_NOT_UP, or -1 and have said why.
 */
#ifndef AOSCTL_SHOW_H
#define AOSCTL_SHOW_H

#include <jansson.h>
#include <stdbool.h>

#define SHOW_NOT_UP 1

enum show_form { SHOW_TEXT, SHOW_RAW, SHOW_JSON };

int show_status(const char *name, enum show_form form);
/* explain: the drops alone, each with its reason. */
int show_stats(const char *name, enum show_form form, bool explain);

/*
 * Every so many seconds what has changed, with its rate, until the AOS has ended or
 * a signal comes; as JSON one object per line.
 */
int show_watch(const char *name, double seconds, bool json);

/*
 * How long invocations and flows took; seconds > 0: every so many, what has come since.
 */
int show_latency(const char *name, double seconds, bool json);

int show_log(const char *name, bool follow);

/* What has changed between two trees of counters.  Pure; the caller drops it. */
json_t *show_rates(json_t *now, json_t *before, double seconds);

#endif
