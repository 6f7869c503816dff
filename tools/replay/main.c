// SPDX-License-Identifier: GPL-2.0-or-later
/* replay: sends captures' UDP datagrams to echo services; see --help. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

enum { EXIT_PASSED, EXIT_FAILED, EXIT_USAGE };

static volatile sig_atomic_t stop;

static void stop_note(int signal)
{
	(void)signal;
	stop = 1;
}

/* A second signal kills: SA_RESETHAND. */
static void signals_catch(void)
{
	struct sigaction action = { .sa_handler = stop_note,
				    .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int complain(int status, const char *line)
{
	fprintf(stderr, "replay: %s\n", line);
	return status;
}

static struct transport *transport_open(const struct options *o, char *error,
					size_t size)
{
	return o->transport == TRANSPORT_WIRE ?
		wire_open(&o->wire, error, size) :
		socket_open(!o->no_kernel_stamps, error, size);
}

/* The results reach the screen even if a file cannot be written. */
static bool file_write(const struct report *r, const char *path,
		       int (*write)(const struct report *r, FILE *out))
{
	FILE *file;
	bool good;

	if (!path)
		return true;
	file = fopen(path, "w");
	good = file && !write(r, file);
	if (file && fclose(file) == 0 && good)
		return true;
	fprintf(stderr, "replay: %s: %s - not saved\n", path, strerror(errno));
	return false;
}

static int csv_write(const struct report *r, FILE *out)
{
	journal_csv(&r->results->journal, r->job, out);
	return ferror(out) ? -1 : 0;
}

static bool plots_draw(const struct report *r)
{
	char error[512];

	if (!r->job->options->plot ||
	    !plot_write(r, r->job->options->plot, error, sizeof(error)))
		return true;
	complain(0, error);
	return false;
}

static int results_report(struct report *r)
{
	const struct options *o = r->job->options;
	static struct counters counters;
	char error[512];
	bool saved;

	if (o->counters &&
	    !counters_read(&counters, o->counters, error, sizeof(error)))
		complain(0, error);
	r->counters = &counters;
	report_print(r, stdout);
	saved = file_write(r, o->json, report_json);
	saved &= file_write(r, o->csv, csv_write);
	fflush(stdout);
	saved &= plots_draw(r);
	if (r->results->status != SESSION_DONE)
		complain(0, r->results->message);
	return saved && results_passed(r->results, r->side) ? EXIT_PASSED :
							      EXIT_FAILED;
}

/* Before the first datagram, not when years have passed. */
static void silences_tell(const struct job *job)
{
	char text[SILENCE_TEXT];

	for (unsigned int i = 0; i < job->count; i++)
		if (silence_format(job, &job->streams[i], text))
			fprintf(stderr, "replay: %s: %s\n",
				job->streams[i].options->capture, text);
}

static int replay(const struct job *job, struct side *side)
{
	static struct results results;
	struct report report = { .job = job, .side = side,
				 .results = &results };
	char error[512];
	int status;

	report.transport = transport_open(job->options, error, sizeof(error));
	if (!report.transport)
		return complain(EXIT_USAGE, error);
	silences_tell(job);
	if (session_run(job, report.transport, side, &stop, &results))
		status = complain(EXIT_FAILED, "out of memory - use --limit, "
				  "a smaller --loop, or no --csv and --plot");
	else
		status = results_report(&report);
	results_free(&results);
	report.transport->ops->close(report.transport);
	return status;
}

static int dry_run(const struct job *job)
{
	struct report report = { .job = job };

	report_print(&report, stdout);
	return file_write(&report, job->options->json, report_json) ?
		EXIT_PASSED : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct job job;
	char error[512];
	int status;

	if (!options_parse(&options, argc, argv, error, sizeof(error)))
		return complain(EXIT_USAGE, error);
	if (options.help) {
		options_help();
		return EXIT_PASSED;
	}
	signals_catch();
	if (job_prepare(&job, &options, error, sizeof(error)))
		status = complain(EXIT_USAGE, error);
	else if (options.dry_run)
		status = dry_run(&job);
	else
		status = replay(&job, &options.side);
	job_free(&job);
	return status;
}
