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

#include "replay_peer.h"
#include "replay_run.h"

static uint64_t kind(const struct run *r, enum match_result result)
{
	return r->results.streams[0].match.results[result];
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
	assert_int_equal(r->results.streams[0].match.sent, 60);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_true(r->options.side.checks[0].answered >= 3);
	assert_true(r->options.side.checks[1].answered >= 3);
	assert_true(r->options.side.checks[2].answered >= 3);
	assert_non_null(strstr(r->report, "PASS"));
	assert_null(strstr(r->report, "ring_drops"));
	assert_non_null(strstr(r->json, "\"passed\": true"));
	run_end(r);
}

/* The recorded 118 ms at speed 1, and no datagram before its time. */
static void wire_keeps_gaps(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--loop 2");

	(void)state;
	assert_int_equal(kind(r, MATCH_VERIFIED), 120);
	assert_int_equal(r->results.streams[0].lag.count, 120);
	assert_true(r->results.elapsed >= 238000000);
	run_end(r);
}

/* As many as were sent, over the time that it took. */
static void says_rate(const struct run *r, unsigned int sent)
{
	char rate[64];

	snprintf(rate, sizeof(rate), "(speed max, %.0f datagrams/s)",
		 sent / ((double)r->results.sending / 1e9));
	assert_non_null(strstr(r->report, rate));
}

static void wire_fast(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--speed max --loop 20");

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(kind(r, MATCH_VERIFIED), 1200);
	says_rate(r, 1200);
	run_end(r);
}

static void wire_losses(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .lose = 10 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(r->results.streams[0].match.lost >= 5);
	assert_int_equal(kind(r, MATCH_VERIFIED) + r->results.streams[0].match.lost, 60);
	assert_non_null(strstr(r->report, "ring_drops 3"));
	assert_non_null(strstr(r->report, "FAIL"));
	assert_non_null(strstr(r->json, "\"passed\": false"));
	run_end(r);
}

static void wire_duplicates(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .repeat = 10 },
				 "--window 1");

	(void)state;
	assert_false(r->passed);
	assert_int_equal(r->results.streams[0].match.lost, 0);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_true(kind(r, MATCH_DUPLICATE) >= 5);
	run_end(r);
}

static void wire_altered(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .alter = 7 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(kind(r, MATCH_CORRUPT) >= 5);
	assert_int_equal(r->results.streams[0].damaged, 0);
	assert_int_equal(kind(r, MATCH_VERIFIED) + r->results.streams[0].match.lost, 60);
	assert_non_null(strstr(r->report, "a corrupt reply of this size"));
	run_end(r);
}

static void wire_bad_checksums(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .spoil_checksum = 9 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(r->results.streams[0].damaged >= 5);
	assert_int_equal(kind(r, MATCH_CORRUPT), r->results.streams[0].damaged);
	run_end(r);
}

static void wire_strays(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .stray = 8 },
				 "--speed 10");

	(void)state;
	assert_false(r->passed);
	assert_true(kind(r, MATCH_UNEXPECTED) >= 5);
	run_end(r);
}

static void wire_deaf_side(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .deaf_ping = 1 },
				 "--speed 10 --ping " PEER4);

	(void)state;
	assert_false(r->passed);
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	assert_int_equal(r->options.side.checks[0].answered, 0);
	run_end(r);
}

static void wire_nobody(void **state)
{
	struct run *r = run_new();
	struct replay_peer peer = { 0 };
	char line[512];

	(void)state;
	peer_start(&peer);
	peer_stop(&peer);
	snprintf(line, sizeof(line), "--wire dgram:%u:%u --to4 10.9.0.1 "
		 "--to6 fd00:9::1 --source4 10.0.2.2 --source6 fd00:2::2 "
		 "--gateway4 " PEER4 " --wait 1 capture",
		 (unsigned int)peer.tool_port, (unsigned int)peer.port);
	run_go(r, line, NULL);
	assert_int_equal(r->results.status, SESSION_NO_ANSWER);
	assert_non_null(strstr(r->results.message, PEER4));
	assert_int_equal(r->results.streams[0].match.sent, 0);
	assert_non_null(strstr(r->report, "FAIL"));
	run_end(r);
}

/* With the MAC given nobody is asked, and one family may be left out. */
static void wire_peer_mac(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--peer-mac " PEER_MAC);

	(void)state;
	assert_int_equal(kind(r, MATCH_VERIFIED), 60);
	run_end(r);
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
