// SPDX-License-Identifier: GPL-2.0-or-later
/* replay: sends captures' UDP datagrams to echo services; see --help. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "results_file.h"

enum { EXIT_PASSED, EXIT_FAILED, EXIT_USAGE };

static volatile sig_atomic_t stop;

static void stop_note(int signal)
{
	(void)signal;
	stop = 1;
}

/*
 * A second signal kills: SA_RESETHAND. A terminal that goes away ends the run
 * like any other, unless nohup(1) has said that nobody minds. Who reads the
 * report and leaves must not take the files of results along.
 */
static void signals_catch(void)
{
	struct sigaction action = { .sa_handler = stop_note,
				    .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (signal(SIGHUP, SIG_IGN) != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
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

static int csv_write(const struct report *r, FILE *out)
{
	journal_csv(&r->results->journal, r->job, out);
	return ferror(out) ? -1 : 0;
}

/* What is written besides the report. */
struct files {
	struct results_file json, csv;
};

static int files_open(struct files *f, const struct options *o, char *error,
		      size_t size)
{
	if (results_file_open(&f->json, o->json, error, size))
		return -1;
	if (o->dry_run ||
	    (!results_file_open(&f->csv, o->csv, error, size) &&
	     (!o->plot || !plot_folder(o->plot, error, size))))
		return 0;
	results_file_close(&f->json);
	results_file_close(&f->csv);
	return -1;
}

static bool file_save(struct results_file *f, const struct report *r,
		      int (*write)(const struct report *r, FILE *out))
{
	char error[512];

	if (!results_file_write(f, r, write, error, sizeof(error)))
		return true;
	complain(0, error);
	return false;
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

/* Has all that was printed arrived? */
static bool output_end(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	fprintf(stderr, "replay: standard output: %s - the report is not "
		"whole\n", strerror(errno));
	return false;
}

/* The results reach the screen even if a file cannot be written, and vice versa. */
static int results_report(struct report *r, struct files *files)
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
	saved = output_end();
	saved &= file_save(&files->json, r, report_json);
	saved &= file_save(&files->csv, r, csv_write);
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

static int replay(const struct job *job, struct side *side,
		  struct files *files)
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
		status = results_report(&report, files);
	results_free(&results);
	report.transport->ops->close(report.transport);
	return status;
}

static int dry_run(const struct job *job, struct files *files)
{
	struct report report = { .job = job };
	bool saved;

	report_print(&report, stdout);
	saved = output_end();
	saved &= file_save(&files->json, &report, report_json);
	return saved ? EXIT_PASSED : EXIT_FAILED;
}

static int job_do(const struct job *job, struct options *o)
{
	struct files files = { 0 };
	char error[512];
	int status;

	if (files_open(&files, o, error, sizeof(error)))
		return complain(EXIT_USAGE, error);
	status = o->dry_run ? dry_run(job, &files) :
			      replay(job, &o->side, &files);
	results_file_close(&files.json);
	results_file_close(&files.csv);
	return status;
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
		return output_end() ? EXIT_PASSED : EXIT_FAILED;
	}
	signals_catch();
	if (job_prepare(&job, &options, &stop, error, sizeof(error)))
		status = complain(stop ? EXIT_FAILED : EXIT_USAGE, error);
	else
		status = job_do(&job, &options);
	job_free(&job);
	return status;
}
