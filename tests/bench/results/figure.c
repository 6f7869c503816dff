// SPDX-License-Identifier: GPL-2.0-or-later
#include "figure.h"

#include <stdio.h>
#include <string.h>

#define EVENTS	"events."

/* Indices of "A" or "A/B"; *below is -1 if there is no B. Return: false if they are none. */
static bool statistic_parse(const char *text, int *above, int *below)
{
	const char *slash = strchr(text, '/');
	char name[ROW_NAME];

	*below = -1;
	if (!slash) {
		*above = row_statistic_index(text);
		return *above >= 0;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(slash - text), text);
	*above = row_statistic_index(name);
	*below = row_statistic_index(slash + 1);
	return *above >= 0 && *below >= 0;
}

/* Index of "events.NAME", or -1. */
static int event_index(const char *text)
{
	if (strncmp(text, EVENTS, strlen(EVENTS)))
		return -1;
	for (int i = 0; i < ROW_EVENTS; i++)
		if (!strcmp(text + strlen(EVENTS), row_event_name((size_t)i)))
			return i;
	return -1;
}

bool figure_statistic_known(const char *statistic)
{
	int above, below;

	return event_index(statistic) >= 0 || statistic_parse(statistic, &above, &below);
}

static const struct row *row_named(const struct document *d, const struct figure *f)
{
	const char *dot = strchr(f->row, '.');
	char metric[ROW_NAME];

	if (!dot || dot == f->row || (size_t)(dot - f->row) >= sizeof(metric))
		return NULL;
	snprintf(metric, sizeof(metric), "%.*s", (int)(dot - f->row), f->row);
	return document_find(d, metric, dot + 1, f->configuration);
}

static double value_of(const struct row *row, const char *statistic, const char **why)
{
	int above, below, event = event_index(statistic);

	*why = "no events were told";
	if (event >= 0)
		return row->has_events ? (double)row->events[event] : -1;
	*why = "no such statistic";
	if (!statistic_parse(statistic, &above, &below))
		return -1;
	if (below < 0)
		return row->value[above];
	*why = "is zero";
	return row->value[below] > 0 ? row->value[above] / row->value[below] : -1;
}

double figure_find(const struct document *d, const struct figure *f, const char **why)
{
	const struct row *row = row_named(d, f);

	*why = !row ? "no such row" : row->reason;
	return row && row->n ? value_of(row, f->statistic, why) : -1;
}

double figure_ratio(const struct document *d, const struct figure *f, const char *to,
		    const char **lost, const char **why)
{
	struct figure other = { to, f->configuration, f->statistic };
	double above, below;

	*lost = f->row;
	above = figure_find(d, f, why);
	if (above < 0 || !to)
		return above;
	*lost = to;
	below = figure_find(d, &other, why);
	if (!below)
		*why = "is zero";
	return below > 0 ? above / below : -1;
}
