// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole runs for tests. */
#include "replay_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "replay_pcap.h"

/* 60 datagrams: both families, all sizes, many of equal content. */
static void capture_write(struct replay_pcap *p)
{
	static const size_t sizes[] = { 0, 1, 18, 200, 1452, 1472, 1473, 5000,
					200, 200, 9000, 64 };
	static uint8_t data[9000];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 13 >> 2);
	pcap_begin(p, DLT_EN10MB);
	for (unsigned int i = 0; i < 60; i++)
		pcap_udp(p, i * 2000, i & 1 ? "[fd77::1]:4000" :
			 i & 2 ? "10.7.0.1:4000" : "10.7.0.1:4001",
			 i & 1 ? "[fd77::2]:53" : "10.7.0.2:53", data,
			 sizes[i % 12]);
	pcap_end(p);
}

static int print(const struct report *r, FILE *out)
{
	report_print(r, out);
	return 0;
}

static void text_take(char *to, size_t size, const struct report *r,
		      int (*write)(const struct report *, FILE *))
{
	FILE *out = fmemopen(to, size, "w");

	assert_int_equal(write(r, out), 0);
	fclose(out);
}

static void session_go(struct run *r, const volatile sig_atomic_t *stop)
{
	static struct counters counters = { 1, { { "ring_drops", 3 } } };
	static const volatile sig_atomic_t never;
	struct replay_pcap p;
	struct report report = { &r->job, &r->results, &r->options.side,
				 &counters, NULL };
	char error[512];

	capture_write(&p);
	for (unsigned int i = 0; i < r->options.stream_count; i++)
		r->options.streams[i].capture = p.path;
	if (job_prepare(&r->job, &r->options, NULL, error, sizeof(error)))
		fail_msg("%s", error);
	report.transport = r->options.transport == TRANSPORT_WIRE ?
		wire_open(&r->options.wire, error, sizeof(error)) :
		socket_open(!r->options.no_kernel_stamps, error,
			    sizeof(error));
	assert_non_null(report.transport);
	assert_int_equal(session_run(&r->job, report.transport,
				     &r->options.side, stop ? stop : &never,
				     &r->results), 0);
	r->passed = results_passed(&r->results, &r->options.side);
	text_take(r->report, sizeof(r->report), &report, print);
	text_take(r->json, sizeof(r->json), &report, report_json);
	r->csv_size = 0;
	if (r->results.journal.list) {
		FILE *out = open_memstream(&r->csv, &r->csv_size);

		journal_csv(&r->results.journal, &r->job, out);
		fclose(out);
	}
	if (r->options.plot)
		plot_write(&report, r->options.plot, r->plot,
			   sizeof(r->plot));
	report.transport->ops->close(report.transport);
	pcap_remove(&p);
}

static void options_set(struct run *r, const char *line)
{
	static char copy[1024];
	char *argv[50] = { "replay" }, *save, *word, error[256];
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	if (!options_parse(&r->options, argc, argv, error, sizeof(error)))
		fail_msg("%s", error);
}

struct run *run_new(void)
{
	struct run *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	return r;
}

void run_go(struct run *r, const char *line, const volatile sig_atomic_t *stop)
{
	options_set(r, line);
	session_go(r, stop);
}

void run_end(struct run *r)
{
	job_free(&r->job);
	results_free(&r->results);
	free(r->csv);
	free(r);
}

struct run *wire_run(struct replay_peer peer, const char *more)
{
	struct run *r = run_new();
	char line[1024];

	peer_start(&peer);
	snprintf(line, sizeof(line), "--wire dgram:%u:%u --to4 10.9.0.1:7 "
		 "--to6 [fd00:9::1]:7 --source4 10.0.2.2 --source6 fd00:2::2 "
		 "--gateway4 " PEER4 " --gateway6 " PEER6 " --wait 5 "
		 "--timeout 400 %s capture",
		 (unsigned int)peer.tool_port, (unsigned int)peer.port, more);
	run_go(r, line, NULL);
	peer_stop(&peer);
	return r;
}
