// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <string.h>

#include "aims.h"

bool series_same(const struct row *a, const struct row *b)
{
	return !strcmp(a->metric, b->metric) && !strcmp(series_suffix(a), series_suffix(b));
}

bool series_first(const struct document *d, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (series_same(&d->rows[k], &d->rows[i]))
			return false;
	return true;
}

const char *series_suffix(const struct row *row)
{
	return strcmp(row->configuration, DOCUMENT_HARDWARE) ? "" : "-" DOCUMENT_HARDWARE;
}

static void row_write(const struct row *row, FILE *out)
{
	fprintf(out, "| %s | %s |", row->method, row->configuration);
	if (!row->n) {
		fprintf(out, " not measured: %s |", row->reason);
		for (int i = 0; i < ROW_STATISTICS; i++)
			fputs(" |", out);
		fputc('\n', out);
		return;
	}
	fprintf(out, " %lu |", row->n);
	for (int i = 0; i < ROW_STATISTICS; i++)
		fprintf(out, " %.*f |", row->value[i] < 100 ? 1 : 0, row->value[i]);
	fputc('\n', out);
}

static void head_write(FILE *out, const char *first)
{
	fputs(first, out);
	for (size_t i = 0; i < ROW_STATISTICS; i++)
		fprintf(out, " %s |", row_statistic_name(i));
	fputs("\n|---|---|---:|", out);
	for (int i = 0; i < ROW_STATISTICS; i++)
		fputs("---:|", out);
	fputc('\n', out);
}

static bool has_events(const struct document *d, const struct row *first)
{
	for (size_t i = 0; i < d->count; i++)
		if (series_same(&d->rows[i], first) && d->rows[i].has_events)
			return true;
	return false;
}

static void events_write(const struct document *d, const struct row *first, FILE *out)
{
	fputs("\nExpensive events on the most frequent way of the median's length:\n\n"
	      "| method | configuration |", out);
	for (size_t i = 0; i < ROW_EVENTS; i++)
		fprintf(out, " %s |", row_event_name(i));
	fputs("\n|---|---|", out);
	for (int i = 0; i < ROW_EVENTS; i++)
		fputs("---:|", out);
	fputc('\n', out);
	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (!series_same(row, first) || !row->has_events)
			continue;
		fprintf(out, "| %s | %s |", row->method, row->configuration);
		for (int k = 0; k < ROW_EVENTS; k++)
			fprintf(out, " %lu |", row->events[k]);
		fputc('\n', out);
	}
}

static bool measured(const struct document *d, const struct row *first)
{
	for (size_t i = 0; i < d->count; i++)
		if (series_same(&d->rows[i], first) && d->rows[i].n)
			return true;
	return false;
}

/* Why there are not more samples. */
static void few_write(const struct document *d, const struct row *first, FILE *out)
{
	const char *said = "";

	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (!series_same(row, first) || !row->n || !strcmp(row->reason, said))
			continue;
		said = row->reason;
		fprintf(out, "\n%s.\n", row->reason);
	}
}

/* What the unit allows to be said the other way round. */
static void rates_write(const struct document *d, const struct row *first, FILE *out)
{
	if (strcmp(first->unit, "instructions/datagram") || !measured(d, first))
		return;
	fputs("\nDatagrams per million instructions:\n\n"
	      "| method | configuration | |\n|---|---|---:|\n", out);
	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (series_same(row, first) && row->n && row->value[0] > 0)
			fprintf(out, "| %s | %s | %.1f |\n", row->method, row->configuration,
				1e6 / row->value[0]);
	}
}

static void series_write(const struct document *d, const struct row *first, FILE *out)
{
	fprintf(out, "\n## %s, in %s\n\n", first->metric, first->unit);
	head_write(out, "| method | configuration | n |");
	for (size_t i = 0; i < d->count; i++)
		if (series_same(&d->rows[i], first))
			row_write(&d->rows[i], out);
	rates_write(d, first, out);
	few_write(d, first, out);
	if (has_events(d, first))
		events_write(d, first, out);
	if (measured(d, first))
		fprintf(out, "\n![bars](%s-bars%s.svg)\n", first->metric, series_suffix(first));
}

static bool metric_first(const struct document *d, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(d->rows[k].metric, d->rows[i].metric))
			return false;
	return true;
}

/* Instructions, and behind them what they are in time. */
static void metric_write(const struct document *d, const char *metric, FILE *out)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strcmp(d->rows[i].metric, metric) && series_first(d, i))
			series_write(d, &d->rows[i], out);
}

int report_write(const struct document *d, const char *aims, FILE *out, char *error)
{
	fprintf(out, "# Results, %s\n\nKernel %s, %s, one instruction is one tick.\n"
		"Path lengths in instructions, not times (but for native and hardware): docs/measuring.md tells "
		"how to read them.\nReal hardware: %s.\nThe founding paper's figures, times of its machine, could not be had.\n\n## Aims\n\nThe lower, the better; ratios are of the "
		"rows' statistics.\n\n", d->mode, d->kernel, d->emulator, d->hardware);
	if (aims_write(d, aims, out, error))
		return -1;
	for (size_t i = 0; i < d->count; i++)
		if (metric_first(d, i))
			metric_write(d, d->rows[i].metric, out);
	return 0;
}
