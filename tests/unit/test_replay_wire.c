// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole runs: over the wire to a host in another process, with ARP, neighbour
 * discovery, fragments and faults; and over sockets.
 */
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "replay_pcap.h"
#include "replay_peer.h"
#include "report.h"

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

struct run {
	struct options options;
	struct capture capture;
	struct results results;
	bool passed;
	char report[32768], json[32768];
};

static void text_take(char *to, size_t size, const struct report *r,
		      void (*print)(const struct report *, FILE *))
{
	FILE *out = fmemopen(to, size, "w");

	print(r, out);
	fclose(out);
}

static void session_go(struct run *r)
{
	static const struct capture_limits limits = { true, true, 0, 0 };
	static struct counters counters = { 1, { { "ring_drops", 3 } } };
	static const volatile sig_atomic_t stop;
	struct replay_pcap p;
	struct report report = { &r->options, &r->capture, &r->results,
				 &r->options.side, &counters, NULL };
	char error[512];

	capture_write(&p);
	assert_int_equal(capture_read(&r->capture, p.path, &limits, error,
				      sizeof(error)), 0);
	report.transport = r->options.transport == TRANSPORT_WIRE ?
		wire_open(&r->options.wire, error, sizeof(error)) :
		socket_open(&r->options.sources, error, sizeof(error));
	assert_non_null(report.transport);
	assert_int_equal(session_run(&r->options, &r->capture,
				     report.transport, &r->options.side,
				     &stop, &r->results), 0);
	r->passed = results_passed(&r->results, &r->options.side);
	text_take(r->report, sizeof(r->report), &report, report_print);
	text_take(r->json, sizeof(r->json), &report, report_json);
	report.transport->ops->close(report.transport);
	capture_free(&r->capture);
	results_free(&r->results);
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

/* One run over the wire to a peer with these faults. */
static struct run *wire_run(struct replay_peer peer, const char *more)
{
	struct run *r = calloc(1, sizeof(*r));
	char line[1024];

	peer_start(&peer);
	snprintf(line, sizeof(line), "--wire dgram:%u:%u --to4 10.9.0.1:7 "
		 "--to6 [fd00:9::1]:7 --source4 10.0.2.2 --source6 fd00:2::2 "
		 "--gateway4 " PEER4 " --gateway6 " PEER6 " --wait 5 "
		 "--timeout 400 %s capture",
		 (unsigned int)peer.tool_port, (unsigned int)peer.port, more);
	options_set(r, line);
	session_go(r);
	peer_stop(&peer);
	return r;
}

static uint64_t kind(const struct run *r, enum match_result result)
{
	return r->results.match.results[result];
}

static void wire_clean(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--ping " PEER4 " --ping " PEER6
				 " --side-echo " PEER4 ":7 "
				 "--side-interval 20");

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(r->results.match.sent, 60);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_true(r->options.side.checks[0].answered >= 3);
	assert_true(r->options.side.checks[1].answered >= 3);
	assert_true(r->options.side.checks[2].answered >= 3);
	assert_non_null(strstr(r->report, "PASS"));
	assert_null(strstr(r->report, "ring_drops"));
	assert_non_null(strstr(r->json, "\"passed\": true"));
	free(r);
}

/* The recorded 118 ms at speed 1, and no datagram before its time. */
static void wire_keeps_gaps(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--loop 2");

	(void)state;
	assert_int_equal(kind(r, MATCH_VERIFIED), 120);
	assert_int_equal(r->results.lag.count, 120);
	assert_true(r->results.elapsed >= 238000000);
	free(r);
}

static void wire_fast(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--speed max --loop 20");

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(kind(r, MATCH_VERIFIED), 1200);
	free(r);
}

static void wire_losses(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .lose = 10 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(r->results.match.lost >= 5);
	assert_int_equal(kind(r, MATCH_VERIFIED) + r->results.match.lost, 60);
	assert_non_null(strstr(r->report, "ring_drops 3"));
	assert_non_null(strstr(r->report, "FAIL"));
	assert_non_null(strstr(r->json, "\"passed\": false"));
	free(r);
}

static void wire_duplicates(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .repeat = 10 },
				 "--window 1");

	(void)state;
	assert_false(r->passed);
	assert_int_equal(r->results.match.lost, 0);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_true(kind(r, MATCH_DUPLICATE) >= 5);
	free(r);
}

static void wire_altered(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .alter = 7 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(kind(r, MATCH_CORRUPT) >= 5);
	assert_int_equal(r->results.damaged, 0);
	assert_int_equal(kind(r, MATCH_VERIFIED) + r->results.match.lost, 60);
	assert_non_null(strstr(r->report, "a corrupt reply of this size"));
	free(r);
}

static void wire_bad_checksums(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .spoil_checksum = 9 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(r->results.damaged >= 5);
	assert_int_equal(kind(r, MATCH_CORRUPT), r->results.damaged);
	free(r);
}

static void wire_strays(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .stray = 8 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(kind(r, MATCH_UNEXPECTED) >= 5);
	free(r);
}

static void wire_deaf_side(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .deaf_ping = 1 },
				 "--speed 10 --ping " PEER4);

	(void)state;
	assert_false(r->passed);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_int_equal(r->options.side.checks[0].answered, 0);
	free(r);
}

static void wire_nobody(void **state)
{
	struct run *r = calloc(1, sizeof(*r));
	struct replay_peer peer = { 0 };
	char line[512];

	(void)state;
	peer_start(&peer);
	peer_stop(&peer);
	snprintf(line, sizeof(line), "--wire dgram:%u:%u --to4 10.9.0.1 "
		 "--to6 fd00:9::1 --source4 10.0.2.2 --source6 fd00:2::2 "
		 "--gateway4 " PEER4 " --wait 1 capture",
		 (unsigned int)peer.tool_port, (unsigned int)peer.port);
	options_set(r, line);
	session_go(r);
	assert_int_equal(r->results.status, SESSION_NO_ANSWER);
	assert_non_null(strstr(r->results.message, PEER4));
	assert_int_equal(r->results.match.sent, 0);
	assert_non_null(strstr(r->report, "FAIL"));
	free(r);
}

/* With the MAC given nobody is asked, and one family may be left out. */
static void wire_peer_mac(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--peer-mac " PEER_MAC);

	(void)state;
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire_clean),
		cmocka_unit_test(wire_keeps_gaps),
		cmocka_unit_test(wire_fast),
		cmocka_unit_test(wire_losses),
		cmocka_unit_test(wire_duplicates),
		cmocka_unit_test(wire_altered),
		cmocka_unit_test(wire_bad_checksums),
		cmocka_unit_test(wire_strays),
		cmocka_unit_test(wire_deaf_side),
		cmocka_unit_test(wire_nobody),
		cmocka_unit_test(wire_peer_mac),
	};

	return cmocka_run_group_tests_name("replay: wire", tests, NULL, NULL);
}
