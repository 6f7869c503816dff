/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One number of the results, by its name: what limits and aims are made of. */
#ifndef RESULTS_FIGURE_H
#define RESULTS_FIGURE_H

#include "document.h"

/* Names, as they stand in limits.json and aims.json. */
struct figure {
	const char *row;		/* METRIC.METHOD */
	const char *configuration;
	const char *statistic;		/* its name; "A/B": their ratio; or "events.NAME" */
};

/** figure_statistic_known() - whether a row can have that. */
bool figure_statistic_known(const char *statistic);

/**
 * figure_find() - looks it up.
 * @why: out: what there is to say if it is not there
 * Return: the figure, 0 or more; or -1
 */
double figure_find(const struct document *d, const struct figure *f, const char **why);

/**
 * figure_ratio() - of two rows, with the same statistic.
 * @to: METRIC.METHOD, or NULL: the figure of @f itself
 * Return: the ratio; or -1 with @why, and in @lost whose figure it is that is not there
 */
double figure_ratio(const struct document *d, const struct figure *f, const char *to,
		    const char **lost, const char **why);

#endif
