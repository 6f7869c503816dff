// SPDX-License-Identifier: GPL-2.0-or-later
/* Data files for gnuplot, its script, and running it. */
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "gnuplot.h"

#define SCRIPT "plot.gp"
/* Of longer runs only the extremes of each slot are drawn: none is hidden. */
#define SLOTS 20000
#define BINS_PER_DECADE 20

static FILE *file_begin(const char *dir, const char *name, unsigned int stream)
{
	char path[4096];
	int n = stream ?
		snprintf(path, sizeof(path), "%s/%s-%u.dat", dir, name,
			 stream) :
		snprintf(path, sizeof(path), "%s/%s", dir, name);

	if (n >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return fopen(path, "w");
}

static int file_end(FILE *file)
{
	bool bad = ferror(file);

	return fclose(file) || bad ? -1 : 0;
}

static int distribution_write(const char *dir, const char *name,
			      unsigned int stream, const struct histogram *h)
{
	FILE *out = file_begin(dir, name, stream);
	uint64_t value, n, seen = 0;
	size_t step = 0;

	if (!out)
		return -1;
	fputs("# duration in us, share of those not longer\n", out);
	while (histogram_next(h, &step, &value, &n)) {
		seen += n;
		fprintf(out, "%.3f %.9f\n", (double)value / NS_PER_US,
			(double)seen / (double)h->count);
	}
	return file_end(out);
}

static const char *part_file(enum part part, char name[32])
{
	snprintf(name, 32, "part-%s", part_name(part));
	return name;
}

static int parts_write(const char *dir, unsigned int stream,
		       const struct stream_results *s)
{
	char name[32];

	for (int i = 0; i < PARTS; i++)
		if (s->parts[i].count &&
		    distribution_write(dir, part_file(i, name), stream,
				       &s->parts[i]))
			return -1;
	return 0;
}

static double bin_first(long bin)
{
	return pow(10, (double)bin / BINS_PER_DECADE);
}

static int histogram_write(const char *dir, unsigned int stream,
			   const struct histogram *h)
{
	FILE *out = file_begin(dir, "histogram", stream);
	uint64_t value, n, in_bin = 0;
	long bin = 0, next;
	size_t step = 0;

	if (!out)
		return -1;
	fputs("# round trip from us, to us, how many\n", out);
	while (histogram_next(h, &step, &value, &n)) {
		next = value ? lround(floor(log10((double)value) *
					    BINS_PER_DECADE)) : 0;
		if (in_bin && next != bin) {
			fprintf(out, "%.4f %.4f %llu\n", bin_first(bin) / 1e3,
				bin_first(bin + 1) / 1e3,
				(unsigned long long)in_bin);
			in_bin = 0;
		}
		bin = next;
		in_bin += n;
	}
	if (in_bin)
		fprintf(out, "%.4f %.4f %llu\n", bin_first(bin) / 1e3,
			bin_first(bin + 1) / 1e3, (unsigned long long)in_bin);
	return file_end(out);
}

static uint64_t round_trip(const struct record *r)
{
	return r->way.at[MOMENT_RECEIVED] - r->way.at[MOMENT_SENT];
}

static void point_print(FILE *out, const struct record *r, uint64_t start)
{
	if (r)
		fprintf(out, "%.6f %.3f\n", (double)(r->way.at[MOMENT_SENT] - start) / 1e9,
			(double)round_trip(r) / NS_PER_US);
}

/* One slot's records [from, to) of the stream: the shortest and the longest. */
static void slot_print(FILE *out, const struct report *r, unsigned int stream,
		       uint64_t from, uint64_t to)
{
	const struct record *least = NULL, *most = NULL;

	for (uint64_t i = from; i < to; i++) {
		const struct record *e = &r->results->journal.list[i];

		if (!e->way.at[MOMENT_RECEIVED] || !e->measured ||
		    job_stream(r->job, i) != &r->job->streams[stream])
			continue;
		if (!least || round_trip(e) < round_trip(least))
			least = e;
		if (!most || round_trip(e) > round_trip(most))
			most = e;
	}
	point_print(out, least, r->results->start);
	if (most != least)
		point_print(out, most, r->results->start);
}

static int course_write(const char *dir, unsigned int stream,
			const struct report *r)
{
	FILE *out = file_begin(dir, "course", stream + 1);
	uint64_t count = r->results->journal.count;
	uint64_t step = count / SLOTS + 1;

	if (!out)
		return -1;
	fputs("# sent at s, round trip in us\n", out);
	for (uint64_t i = 0; i < count; i += step)
		slot_print(out, r, stream, i,
			   count - i < step ? count : i + step);
	return file_end(out);
}

/* The data of all streams with something to draw, as gnuplot's arguments. */
static void curves_print(FILE *out, const struct report *r, const char *name,
			 const char *how)
{
	const char *comma = "plot ";
	char to[ADDRESS_TEXT];

	for (unsigned int i = 0; i < r->job->count; i++) {
		const struct stream_options *s = r->job->streams[i].options;

		if (!r->results->streams[i].latency.count)
			continue;
		fprintf(out, "%s'%s-%u.dat' %s title 'stream %u, %s'", comma,
			name, i + 1, how, i + 1,
			endpoint_format(s->to4.address.family ? &s->to4 :
								&s->to6, to));
		comma = ", \\\n     ";
	}
	fputc('\n', out);
}

static void picture_begin(FILE *out, const char *name, const char *settings)
{
	fprintf(out, "\nreset\nset grid\nset key outside top center\n%s"
		"set terminal pngcairo size 1000,600\n"
		"set output '%s.png'\n", settings, name);
}

/* The same once more, as SVG. */
static void picture_end(FILE *out, const char *name)
{
	fprintf(out, "set terminal svg size 1000,600\nset output '%s.svg'\n"
		"replot\nunset output\n", name);
}

static void picture_print(FILE *out, const struct report *r, const char *name,
			  const char *settings, const char *how)
{
	picture_begin(out, name, settings);
	curves_print(out, r, name, how);
	picture_end(out, name);
}

/* The parts of a stream's round trips beside the whole, if there are any. */
static void parts_picture(FILE *out, const struct report *r,
			  unsigned int stream)
{
	const struct stream_results *s = &r->results->streams[stream - 1];
	char picture[32], name[32];

	if (!s->parts[PART_NETWORK].count)
		return;
	snprintf(picture, sizeof(picture), "parts-%u", stream);
	picture_begin(out, picture, "set title 'Parts of round trips'\n"
		      "set xlabel 'us'\nset logscale x\n"
		      "set ylabel 'share not longer'\nset yrange [0:1]\n");
	fprintf(out, "plot 'distribution-%u.dat' using 1:2 with steps "
		"linewidth 2 title 'round trip'", stream);
	for (int i = 0; i < PARTS; i++)
		if (s->parts[i].count)
			fprintf(out, ", \\\n     '%s-%u.dat' using 1:2 with "
				"steps title '%s'", part_file(i, name), stream,
				part_title(i));
	fputc('\n', out);
	picture_end(out, picture);
}

static int script_write(const char *dir, const struct report *r)
{
	FILE *out = file_begin(dir, SCRIPT, 0);

	if (!out)
		return -1;
	fputs("# gnuplot " SCRIPT " draws the pictures again.\n", out);
	picture_print(out, r, "distribution",
		      "set title 'Distribution of round trips'\n"
		      "set xlabel 'round trip, us'\nset logscale x\n"
		      "set ylabel 'share not longer'\nset yrange [0:1]\n",
		      "using 1:2 with steps");
	picture_print(out, r, "course",
		      "set title 'Round trips over time'\n"
		      "set xlabel 'sent at, s'\nset logscale y\n"
		      "set ylabel 'round trip, us'\n",
		      "using 1:2 with points pointtype 7 pointsize 0.3");
	picture_print(out, r, "histogram",
		      "set title 'Histogram of round trips'\n"
		      "set xlabel 'round trip, us'\nset logscale x\n"
		      "set ylabel 'datagrams'\nset yrange [0:*]\n"
		      "set style fill transparent solid 0.3\n",
		      "using (sqrt($1 * $2)) : 3 : 1 : 2 : (0) : 3 with boxxyerror");
	for (unsigned int i = 1; i <= r->job->count; i++)
		parts_picture(out, r, i);
	return file_end(out);
}

static int data_write(const struct report *r, const char *dir)
{
	for (unsigned int i = 0; i < r->job->count; i++) {
		const struct stream_results *s = &r->results->streams[i];
		const struct histogram *h = &s->latency;

		if (distribution_write(dir, "distribution", i + 1, h) ||
		    parts_write(dir, i + 1, s) ||
		    histogram_write(dir, i + 1, h) || course_write(dir, i, r))
			return -1;
	}
	return script_write(dir, r);
}

int plot_folder(const char *dir, char *error, size_t error_size)
{
	char inside[4096];

	snprintf(inside, sizeof(inside), "%s/.", dir);
	if ((!mkdir(dir, 0777) || errno == EEXIST) &&
	    !access(inside, W_OK | X_OK))
		return 0;
	snprintf(error, error_size, "%s: %s - give a folder for pictures that "
		 "can be written", dir, strerror(errno));
	return -1;
}

int plot_write(const struct report *r, const char *dir, char *error,
	       size_t error_size)
{
	uint64_t answers = 0, warm = 0;
	int status;

	for (unsigned int i = 0; i < r->job->count; i++) {
		answers += r->results->streams[i].latency.count;
		warm += r->results->streams[i].warm;
	}
	if (!answers) {
		snprintf(error, error_size, "%s: nothing to draw: no answer "
			 "came%s", dir, warm ? " after the warm-up" : "");
		return -1;
	}
	if (data_write(r, dir)) {
		snprintf(error, error_size, "%s: %s - no pictures", dir,
			 strerror(errno));
		return -1;
	}
	status = gnuplot_run(dir, SCRIPT);
	if (status)
		snprintf(error, error_size, "%s: %s - the data is there: "
			 "'gnuplot " SCRIPT "' in that folder draws it", dir,
			 status == 127 ? "gnuplot is not installed (package "
				"gnuplot-nox)" : "gnuplot failed");
	return status ? -1 : 0;
}
