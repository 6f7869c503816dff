/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row of the results: what was measured, how, and what came out.  A row is
 * either measured (n > 0) or says why it is not.
 */
#ifndef RESULTS_ROW_H
#define RESULTS_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_NAME	64	/* bytes of a name, its end included */
#define ROW_REASON	256
#define ROW_ENOUGH	1000	/* samples; rows with fewer say why */
#define ROW_STATISTICS	9	/* mean ... max, see row_statistic_name() */
#define ROW_P50		3	/* index of the median */
#define ROW_EVENTS	11	/* length and the plugin's events, see row_event_name() */

struct row {
	char metric[ROW_NAME], method[ROW_NAME], unit[ROW_NAME], configuration[ROW_NAME];
	char reason[ROW_REASON];	/* why it is not measured, or not oftener */
	uint64_t n;			/* samples; 0: not measured */
	double value[ROW_STATISTICS];
	bool has_events;
	uint64_t events[ROW_EVENTS];	/* of the most frequent way, per operation */
};

/** row_statistic_name() - the JSON key of value[@i], @i < ROW_STATISTICS. */
const char *row_statistic_name(size_t i);

/** row_statistic_index() - Return: the index of such a name, or -1. */
int row_statistic_index(const char *name);

/** row_event_name() - the JSON key of events[@i], @i < ROW_EVENTS. */
const char *row_event_name(size_t i);

/**
 * row_summarise() - n and value[] of @row from @n samples, which it sorts.
 * Percentiles are by nearest rank. @n > 0
 */
void row_summarise(struct row *row, double *samples, size_t n);

/**
 * row_load() - fills @row, whose names are set, from the raw files of its configuration.
 * @raw: directory with samples/METRIC.METHOD (a number per line, in the order of time) or
 *	summaries/METRIC.METHOD (n and the statistics, in one line), perhaps
 *	events/METRIC.METHOD, or few/METRIC.METHOD that says why there are not more samples;
 *	else missing/METRIC.METHOD with the reason.
 * Return: 0; -1 if there is nothing, or nonsense, with the reason in the row.
 */
int row_load(struct row *row, const char *raw);

/**
 * row_samples() - the samples of a row in the order of time.
 * @n: how many there are; 0 if the raw files hold a summary alone
 * Return: to be freed, or NULL
 */
double *row_samples(const struct row *row, const char *raw, size_t *n);

#endif
