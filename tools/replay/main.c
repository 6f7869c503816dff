// SPDX-License-Identifier: GPL-2.0-or-later
/* replay: sends a capture's UDP datagrams to an echo service; see --help. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

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
		socket_open(&o->sources, error, size);
}

/* The results reach the screen even if the file cannot be written. */
static bool json_write(const struct report *r)
{
	const char *path = r->options->json;
	FILE *file;

	if (!path)
		return true;
	file = fopen(path, "w");
	if (file)
		report_json(r, file);
	if (file && fclose(file) == 0)
		return true;
	fprintf(stderr, "replay: %s: %s - results are not saved\n", path,
		strerror(errno));
	return false;
}

static int results_report(struct report *r)
{
	static struct counters counters;
	char error[512];
	bool saved;

	if (r->options->counters &&
	    !counters_read(&counters, r->options->counters, error,
			   sizeof(error)))
		complain(0, error);
	r->counters = &counters;
	report_print(r, stdout);
	saved = json_write(r);
	if (r->results && r->results->status != SESSION_DONE)
		complain(0, r->results->message);
	return saved && results_passed(r->results, r->side) ? EXIT_PASSED :
							      EXIT_FAILED;
}

static int replay(struct options *o, const struct capture *c)
{
	struct results results;
	struct report report = { .options = o, .capture = c, .side = &o->side,
				 .results = &results };
	char error[512];
	int status;

	if (c->flows.count > sources_capacity(&o->sources)) {
		snprintf(error, sizeof(error), "%s: %u flows, but only %llu "
			 "sources - use --sources or a lower --source-port",
			 o->capture, c->flows.count,
			 (unsigned long long)sources_capacity(&o->sources));
		return complain(EXIT_USAGE, error);
	}
	report.transport = transport_open(o, error, sizeof(error));
	if (!report.transport)
		return complain(EXIT_USAGE, error);
	if (session_run(o, c, report.transport, &o->side, &stop, &results))
		status = complain(EXIT_FAILED, "out of memory");
	else
		status = results_report(&report);
	results_free(&results);
	report.transport->ops->close(report.transport);
	return status;
}

static int dry_run(const struct options *o, const struct capture *c)
{
	struct report report = { .options = o, .capture = c };

	report_print(&report, stdout);
	return json_write(&report) ? EXIT_PASSED : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct capture capture;
	struct capture_limits limits;
	char error[512];
	int status;

	if (!options_parse(&options, argc, argv, error, sizeof(error)))
		return complain(EXIT_USAGE, error);
	if (options.help) {
		options_help();
		return EXIT_PASSED;
	}
	/* A dry run shows everything, unless told where to send. */
	limits = (struct capture_limits) {
		.want4 = options.to4.address.family || (options.dry_run &&
			!options.to6.address.family),
		.want6 = options.to6.address.family || (options.dry_run &&
			!options.to4.address.family),
		.datagrams = options.limit,
		.max_gap = options.max_gap,
	};
	signals_catch();
	if (capture_read(&capture, options.capture, &limits, error,
			 sizeof(error)))
		status = complain(EXIT_USAGE, error);
	else if (options.dry_run)
		status = dry_run(&options, &capture);
	else
		status = replay(&options, &capture);
	capture_free(&capture);
	return status;
}
