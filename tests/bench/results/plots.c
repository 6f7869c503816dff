// SPDX-License-Identifier: GPL-2.0-or-later
/* Data files, gnuplot's script, and running it.  Names are METRIC.METHOD.CONFIGURATION. */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gnuplot.h"

#define SCRIPT	"plots.gp"
#define POINTS	20000	/* of a course; of more, the longest of each slot is drawn */

static FILE *file_begin(const char *dir, const struct row *row, const char *suffix)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s.%s.%s.%s", dir, row->metric, row->method,
			 row->configuration, suffix);

	return n < (int)sizeof(path) ? fopen(path, "w") : NULL;
}

static int file_end(FILE *file)
{
	int bad = ferror(file);

	return fclose(file) || bad ? -1 : 0;
}

static int course_write(const struct row *row, const char *dir, const double *samples, size_t n)
{
	FILE *out = file_begin(dir, row, "course");
	size_t step = n / POINTS + 1;

	if (!out)
		return -1;
	for (size_t i = 0; i < n; i += step) {
		double most = samples[i];

		for (size_t k = i; k < n && k < i + step; k++)
			most = samples[k] > most ? samples[k] : most;
		fprintf(out, "%zu %g\n", i, most);
	}
	return file_end(out);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One point for each value that occurs. */
static int distribution_write(const struct row *row, const char *dir, double *samples, size_t n)
{
	FILE *out = file_begin(dir, row, "cdf");

	if (!out)
		return -1;
	qsort(samples, n, sizeof(*samples), ascending);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || samples[i + 1] > samples[i])
			fprintf(out, "%g %.9f\n", samples[i], (double)(i + 1) / (double)n);
	return file_end(out);
}

static int row_write(const struct row *row, const char *raw, const char *dir)
{
	size_t n;
	double *samples = row_samples(row, raw, &n);
	int status = 0;

	if (n)
		status = course_write(row, dir, samples, n) ||
			 distribution_write(row, dir, samples, n) ? -1 : 0;
	free(samples);
	return status;
}

static bool has_samples(const struct row *row, const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.%s.%s.cdf", dir, row->metric, row->method,
		 row->configuration);
	return !access(path, R_OK);
}

/* Curves of all rows of a metric with samples. Return: how many. */
static int curves_write(const struct document *d, const struct row *first, const char *dir,
			const char *suffix, const char *how, FILE *out)
{
	int n = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (!series_same(row, first) || !has_samples(row, dir))
			continue;
		fprintf(out, "%s'%s.%s.%s.%s' %s title '%s, %s' noenhanced", n++ ? ", \\\n  " : "plot ",
			row->metric, row->method, row->configuration, suffix, how, row->method,
			row->configuration);
	}
	fputc('\n', out);
	return n;
}

static void picture_begin(const struct row *first, const char *name, const char *words,
			  const char *settings, FILE *out)
{
	fprintf(out, "\nreset\nset grid\nset key outside right\nset title '%s: %s' noenhanced\n%s"
		"set terminal pngcairo size 1200,600\nset output '%s-%s%s.png'\n", first->metric,
		words, settings, first->metric, name, series_suffix(first));
}

static void picture_end(const struct row *first, const char *name, FILE *out)
{
	fprintf(out, "set terminal svg size 1200,600\nset output '%s-%s%s.svg'\nreplot\n"
		"unset output\n", first->metric, name, series_suffix(first));
}

static void curves_picture(const struct document *d, const struct row *first, const char *dir,
			   FILE *out)
{
	char settings[256];

	snprintf(settings, sizeof(settings),
		 "set logscale x\nset xlabel '%s'\nset ylabel 'share not longer'\n", first->unit);
	picture_begin(first, "cdf", "distribution", settings, out);
	curves_write(d, first, dir, "cdf", "using 1:2 with steps", out);
	picture_end(first, "cdf", out);
	snprintf(settings, sizeof(settings),
		 "set logscale y\nset xlabel 'sample'\nset ylabel '%s'\n", first->unit);
	picture_begin(first, "course", "one after the other", settings, out);
	curves_write(d, first, dir, "course", "using 1:2 with points pt 7 ps 0.3", out);
	picture_end(first, "course", out);
}

/* A block of data for gnuplot: label, median, p99.99, worst. */
static void bars_data(const struct document *d, const struct row *first, FILE *out)
{
	fputs("\n$bars << END\n", out);
	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (series_same(row, first) && row->n)
			fprintf(out, "\"%s, %s\" %g %g %g\n", row->method, row->configuration,
				row->value[ROW_P50], row->value[ROW_STATISTICS - 2],
				row->value[ROW_STATISTICS - 1]);
	}
	fputs("END\n", out);
}

static void bars_picture(const struct document *d, const struct row *first, FILE *out)
{
	char settings[512];

	bars_data(d, first, out);
	snprintf(settings, sizeof(settings), "set style data histograms\nset style fill solid 0.6\n"
		 "set ylabel '%s'\nset yrange [0:*]\nset xtics rotate by -40 noenhanced\n",
		 first->unit);
	picture_begin(first, "bars", "medians", settings, out);
	fputs("plot $bars using 2:xtic(1) title 'p50'\n", out);
	picture_end(first, "bars", out);
	picture_begin(first, "worst", "worst case", settings, out);
	fputs("plot $bars using 2:xtic(1) title 'p50', '' using 3 title 'p99.99', "
	      "'' using 4 title 'max'\n", out);
	picture_end(first, "worst", out);
}

static int script_write(const struct document *d, const char *dir)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/" SCRIPT, dir);
	out = fopen(path, "w");
	if (!out)
		return -1;
	for (size_t i = 0; i < d->count; i++) {
		bool samples = false, measured = false;

		for (size_t k = i; series_first(d, i) && k < d->count; k++) {
			if (!series_same(&d->rows[k], &d->rows[i]))
				continue;
			samples |= has_samples(&d->rows[k], dir);
			measured |= d->rows[k].n;
		}
		if (samples)
			curves_picture(d, &d->rows[i], dir, out);
		if (measured)
			bars_picture(d, &d->rows[i], out);
	}
	return file_end(out);
}

int plots_write(const struct document *d, const char *raw, const char *dir, char *error)
{
	int status = 0;

	for (size_t i = 0; !status && i < d->count; i++)
		status = row_write(&d->rows[i], raw, dir);
	if (status || script_write(d, dir)) {
		snprintf(error, DOCUMENT_ERROR, "%.200s: %s", dir, strerror(errno));
		return -1;
	}
	status = gnuplot_run(dir, SCRIPT);
	if (status)
		snprintf(error, DOCUMENT_ERROR, "%.200s: %s", dir, status == 127 ?
			 "gnuplot is not installed (package gnuplot-nox)" : "gnuplot failed on " SCRIPT);
	return status ? -1 : 0;
}
