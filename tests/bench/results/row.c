// SPDX-License-Identifier: GPL-2.0-or-later
/* Samples to statistics, and the raw files they come from. */
#include "row.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	double share;		/* of the samples are not above; 0: no percentile */
} statistics[ROW_STATISTICS] = {
	{ "mean", 0 }, { "sd", 0 }, { "min", 0 }, { "p50", 0.5 }, { "p90", 0.9 },
	{ "p99", 0.99 }, { "p99.9", 0.999 }, { "p99.99", 0.9999 }, { "max", 1 },
};

static const char *const events[ROW_EVENTS] = {
	"length", "ring0", "cr3", "wrmsr", "swapgs", "invlpg", "locked", "syscalls", "returns",
	"barriers", "copied",
};

const char *row_statistic_name(size_t i)
{
	return statistics[i].name;
}

int row_statistic_index(const char *name)
{
	for (int i = 0; i < ROW_STATISTICS; i++)
		if (!strcmp(name, statistics[i].name))
			return i;
	return -1;
}

const char *row_event_name(size_t i)
{
	return events[i];
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double standard_deviation(const double *samples, size_t n, double mean)
{
	double squares = 0;

	for (size_t i = 0; i < n; i++)
		squares += (samples[i] - mean) * (samples[i] - mean);
	return sqrt(squares / (double)n);
}

void row_summarise(struct row *row, double *samples, size_t n)
{
	double sum = 0;

	qsort(samples, n, sizeof(*samples), ascending);
	for (size_t i = 0; i < n; i++)
		sum += samples[i];
	row->n = n;
	row->value[0] = sum / (double)n;
	row->value[1] = standard_deviation(samples, n, row->value[0]);
	row->value[2] = samples[0];
	for (size_t i = ROW_P50; i < ROW_STATISTICS; i++) {
		double rank = ceil(statistics[i].share * (double)n);

		row->value[i] = samples[rank < 1 ? 0 : (size_t)rank - 1];
	}
}

static FILE *raw_open(const struct row *row, const char *raw, const char *kind)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s/%s/%s.%s", raw, row->configuration, kind,
			 row->metric, row->method);

	return n < (int)sizeof(path) ? fopen(path, "r") : NULL;
}

/* Return: false if memory ends. */
static bool append(double **list, size_t *n, double value)
{
	if ((*n & (*n - 1)) == 0) {
		double *more = realloc(*list, (*n ? 2 * *n : 1) * sizeof(value));

		if (!more)
			return false;
		*list = more;
	}
	(*list)[(*n)++] = value;
	return true;
}

double *row_samples(const struct row *row, const char *raw, size_t *n)
{
	FILE *file = raw_open(row, raw, "samples");
	double *list = NULL, value;

	*n = 0;
	if (!file)
		return NULL;
	while (fscanf(file, "%lf", &value) == 1 && isfinite(value))
		if (!append(&list, n, value))
			break;
	if (!feof(file)) {		/* not a number, or no memory */
		free(list);
		list = NULL;
		*n = 0;
	}
	fclose(file);
	return list;
}

static bool samples_load(struct row *row, const char *raw)
{
	size_t n;
	double *list = row_samples(row, raw, &n);

	if (n)
		row_summarise(row, list, n);
	free(list);
	return n;
}

static bool summary_load(struct row *row, const char *raw)
{
	FILE *file = raw_open(row, raw, "summaries");
	bool whole;

	if (!file)
		return false;
	whole = fscanf(file, "%lu", &row->n) == 1;
	for (int i = 0; whole && i < ROW_STATISTICS; i++)
		whole = fscanf(file, "%lf", &row->value[i]) == 1 && isfinite(row->value[i]);
	fclose(file);
	if (!whole)
		row->n = 0;
	return row->n;
}

static void events_load(struct row *row, const char *raw)
{
	FILE *file = raw_open(row, raw, "events");

	if (!file)
		return;
	row->has_events = true;
	for (int i = 0; i < ROW_EVENTS; i++)
		row->has_events &= fscanf(file, "%lu", &row->events[i]) == 1;
	fclose(file);
}

static bool reason_load(struct row *row, const char *raw, const char *kind)
{
	FILE *file = raw_open(row, raw, kind);
	bool found;

	if (!file)
		return false;
	found = fgets(row->reason, sizeof(row->reason), file);
	row->reason[strcspn(row->reason, "\n")] = 0;
	fclose(file);
	return found && row->reason[0];
}

int row_load(struct row *row, const char *raw)
{
	if (samples_load(row, raw) || summary_load(row, raw)) {
		events_load(row, raw);
		if (row->n < ROW_ENOUGH)
			reason_load(row, raw, "few");
		return 0;
	}
	if (reason_load(row, raw, "missing"))
		return 0;
	snprintf(row->reason, sizeof(row->reason), "no figure came from the run");
	return -1;
}
