/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets through the whole data path in one process:
 *
 *   world_put() -> to_aos -> vnic -> lwip (upstream's sources) -> udpapp
 *   world_take() <- from_aos <- vnic <-'
 *
 * The channel's host part is mapped read-only for the components, so that a
 * write to a received packet ends the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "build.h"
#include "netstack/netstack.h"
#include "packet/packet.h"
#include "vnic.h"
#include "world.h"
#include "abi/drop.h"

#define MTU	1500u

static const struct flow to_echo = { "192.0.2.7", "10.1.0.1", "2001:db8::7", "fd00::1", 4242, 7 };
static const struct flow to_second = { "192.0.2.8", "10.1.0.2", "2001:db8::8", "fd00::2", 999, 7 };

static uint8_t packet[70000], fragment[2048], reply[70000];

/* ---- helpers ---- */

static void run(void)
{
	while (vnic_step())
		;
}

/* What fate.h promises. */
static uint64_t accounted(void)
{
	return world_counter("udp_delivered") + world_counter("icmp_replied") +
	       world_counter("fragments_joined") + world_counter("fragments_held") +
	       world_counters("lwip", "drop_") - world_counters("lwip", "drop_reply_") -
	       world_counters("lwip", "drop_out_");
}

static uint64_t vnic_dropped(void)
{
	return world_counter("drop_descriptor") + world_counter("drop_short") +
	       world_counters("vnic", "drop_version") + world_counters("vnic", "drop_length") +
	       world_counter("drop_stack");
}

static void assert_accounted(void)
{
	uint64_t in = world_counter("in_packets");

	if (in != accounted())
		world_counters_print();
	assert_int_equal(in, accounted());
	assert_int_equal(world_counter("rx_packets"), in + vnic_dropped());
}

static void assert_nothing_sent(void)
{
	assert_int_equal(world_take(reply), 0);
	assert_accounted();
}

static void tick_seconds(uint32_t n)
{
	while (n--) {
		world.now_ns += 1000000000ull;
		run();
	}
}

static int setup(void **state)
{
	(void)state;
	world_counters_clear();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tick_seconds(20);
	while (world_take(reply))
		;
	assert_int_equal(world_counter("fragments_held"), 0);
	assert_accounted();
	return 0;
}

static void fill(uint8_t *p, uint32_t len)
{
	while (len--)
		*p++ = (uint8_t)rand();
}

static void put_fragments(const uint8_t *whole, uint32_t len, uint32_t mtu, uint32_t id)
{
	uint32_t n, part;

	for (n = 0; (part = build_fragment(fragment, whole, len, mtu, id, n)); n++)
		world_put(fragment, part);
}

static uint32_t take_whole(uint8_t *whole)
{
	uint32_t len, have = 0;
	bool last = false;

	while (!last) {
		len = world_take(fragment);
		assert_true(len > 0 && len <= MTU);
		have = join_fragment(whole, have, fragment, len, &last);
	}
	return have;
}

/* ---- echo ---- */

static void echo_once(uint8_t family, const struct flow *f, uint32_t len)
{
	static uint8_t data[2048];
	const uint8_t *answer;
	uint32_t answer_len, total;

	fill(data, len);
	total = build_udp(packet, family, f, data, len);
	world_put(packet, total);
	run();
	total = world_take(reply);
	answer = reply_udp(reply, total, family, f, &answer_len);
	assert_non_null(answer);
	assert_int_equal(answer_len, len);
	assert_memory_equal(answer, data, len);
	assert_nothing_sent();
}

static void echo_lengths(void **state)
{
	uint32_t len;

	(void)state;
	for (len = 0; len <= 1472; len++)
		echo_once(4, &to_echo, len);
	for (len = 0; len <= 1452; len++)
		echo_once(6, &to_echo, len);
	assert_int_equal(world_counter("out_copied"), 0);
	assert_int_equal(world_counter("udp_delivered"), 1473 + 1453);
}

static void echo_every_address(void **state)
{
	(void)state;
	echo_once(4, &to_second, 100);
	echo_once(6, &to_second, 100);
}

static void echo_batches(void **state)
{
	uint32_t i, n, total, len;
	struct flow f = to_echo;

	(void)state;
	for (n = 1; n <= 100; n++) {
		for (i = 0; i < n; i++) {
			f.from_port = (uint16_t)(1000 + i);
			total = build_udp(packet, i & 1 ? 6 : 4, &f, &i, sizeof(i));
			world_put(packet, total);
		}
		run();
		for (i = 0; i < n; i++) {
			f.from_port = (uint16_t)(1000 + i);
			total = world_take(reply);
			assert_non_null(reply_udp(reply, total, i & 1 ? 6 : 4, &f, &len));
		}
		assert_nothing_sent();
	}
}

static void one_doorbell_per_batch(void **state)
{
	uint32_t i, total = build_udp(packet, 4, &to_echo, "x", 1);

	(void)state;
	world.doorbells = 0;
	world.host->tx_event = world.comp->tx_prod;
	for (i = 0; i < RING_BATCH; i++)
		world_put(packet, total);
	run();
	assert_int_equal(world.doorbells, 1);
	assert_int_equal(world_counter("rx_batches"), 1);
	while (world_take(reply))
		;
}

static void no_udp_checksum(void **state)
{
	uint32_t total = build_udp(packet, 4, &to_echo, "abcd", 4), len;

	(void)state;
	put16(packet + IP4 + 6, 0);
	world_put(packet, total);
	run();
	total = world_take(reply);
	assert_non_null(reply_udp(reply, total, 4, &to_echo, &len));
	total = build_udp(packet, 6, &to_echo, "abcd", 4);
	put16(packet + IP6 + 6, 0);
	world_put(packet, total);
	run();
	assert_int_equal(world_counter("drop_udp_checksum"), 1);
	assert_nothing_sent();
}

static void ethernet_padding(void **state)
{
	uint32_t total = build_udp(packet, 4, &to_echo, "ab", 2), len;

	(void)state;
	memset(packet + total, 0xee, 46 - total);
	world_put(packet, 46);
	run();
	total = world_take(reply);
	assert_non_null(reply_udp(reply, total, 4, &to_echo, &len));
	assert_int_equal(len, 2);
}

static void options_are_ignored(void **state)
{
	uint32_t total = build_udp(packet, 4, &to_echo, "abcd", 4), len;

	(void)state;
	memmove(packet + IP4 + 4, packet + IP4, total - IP4);
	memcpy(packet + IP4, "\x94\x04\x00\x00", 4);	/* router alert */
	packet[0] = 0x46;
	put16(packet + 2, total + 4);
	build_ip4_sum(packet);
	world_put(packet, total + 4);
	run();
	total = world_take(reply);
	assert_non_null(reply_udp(reply, total, 4, &to_echo, &len));
	assert_int_equal(len, 4);
}

static void extensions_are_ignored(void **state)
{
	uint32_t total = build_udp(packet, 6, &to_echo, "abcd", 4), len;

	(void)state;
	memmove(packet + IP6 + 16, packet + IP6, total - IP6);
	memcpy(packet + IP6, "\x3c\x00\x01\x04\x00\x00\x00\x00", 8);	/* hop-by-hop, PadN */
	memcpy(packet + IP6 + 8, "\x11\x00\x01\x04\x00\x00\x00\x00", 8); /* destination */
	packet[6] = 0;
	put16(packet + 4, total - IP6 + 16);
	world_put(packet, total + 16);
	run();
	total = world_take(reply);
	assert_non_null(reply_udp(reply, total, 6, &to_echo, &len));
	assert_int_equal(len, 4);
}

/* ---- fragments ---- */

static void ping_once(uint8_t family, uint32_t len);

static void echo_fragments(uint8_t family, uint32_t len, uint32_t mtu)
{
	static uint8_t data[66000];
	const uint8_t *answer;
	uint32_t answer_len, total;

	fill(data, len);
	total = build_udp(packet, family, &to_echo, data, len);
	put_fragments(packet, total, mtu, (uint32_t)rand());
	run();
	total = len + UDP > MTU - (family == 4 ? IP4 : IP6) ? take_whole(reply)
							    : world_take(reply);
	answer = reply_udp(reply, total, family, &to_echo, &answer_len);
	assert_non_null(answer);
	assert_int_equal(answer_len, len);
	assert_memory_equal(answer, data, len);
	assert_nothing_sent();
}

/* One entry for each answer, however many packets it is; in a component one for each batch. */
static void latencies(void **state)
{
	const struct histogram *echo = world_histogram("cos0.7.echo");
	const struct histogram *kv = world_histogram("cos0.11211.kv");
	const struct histogram *batches = world_histogram("batch");
	uint64_t before = echo->n, batches_before = batches->n, in_bucket;
	uint32_t bucket = histogram_bucket(5000);

	(void)state;
	in_bucket = echo->bucket[bucket];
	for (uint32_t i = 0; i < 3; i++)
		world_put(packet, build_udp(packet, 4, &to_echo, "x", 1));
	world.now_ns += 5000;
	run();
	assert_int_equal(echo->n, before + 3);
	assert_int_equal(echo->bucket[bucket], in_bucket + 3);
	assert_int_equal(batches->n, batches_before + 1);
	while (world_take(reply))
		;
	echo_fragments(4, 5000, 1500);
	echo_fragments(6, 5000, 1500);
	assert_int_equal(echo->n, before + 5);
	assert_int_equal(kv->n, 0);
	ping_once(4, 100);
	assert_int_equal(echo->n, before + 5);
}

static void fragments(void **state)
{
	uint32_t len;

	(void)state;
	for (len = 1400; len < 6000; len += 37) {
		echo_fragments(4, len, 1500);
		echo_fragments(6, len, 1500);
	}
	echo_fragments(4, 600, 300);
	echo_fragments(6, 1300, 1280);
}

static void fragments_longest(void **state)
{
	(void)state;
	echo_fragments(4, 65507, 1500);
	echo_fragments(6, 65487, 1500);
	assert_int_equal(world_counter("reassembled"), 2);
	assert_int_equal(world_counter("replies_long"), 2);
	/* a request that IPv6 can just carry: lwIP's length of the packet wraps */
	put_fragments(packet, build_udp(packet, 6, &to_echo, packet + 100, 65527), 1500, 1);
	run();
	assert_int_equal(world_counter("reassembled"), 3);
	put_fragments(packet, build_echo(packet, 6, &to_echo, 1, packet + 100, 65527), 1500, 2);
	run();
	assert_int_equal(world_counter("drop_other"), 1);
	assert_nothing_sent();
}

static void fragments_backwards(void **state)
{
	uint32_t total, n, family;

	(void)state;
	for (family = 4; family <= 6; family += 2) {
		total = build_udp(packet, (uint8_t)family, &to_echo, packet + 100, 4000);
		for (n = 3; n-- > 0;)
			world_put(fragment, build_fragment(fragment, packet, total, 1500, 77, n));
		run();
		assert_int_equal(take_whole(reply), total);
	}
	assert_int_equal(world_counter("fragments_joined"), 4);
	assert_int_equal(world_counter("udp_delivered"), 2);
}

static void fragment_missing(void **state)
{
	uint32_t total, family;

	(void)state;
	for (family = 4; family <= 6; family += 2) {
		total = build_udp(packet, (uint8_t)family, &to_echo, packet + 100, 4000);
		world_put(fragment, build_fragment(fragment, packet, total, 1500, 5, 0));
		world_put(fragment, build_fragment(fragment, packet, total, 1500, 5, 2));
	}
	run();
	assert_int_equal(world_counter("fragments_held"), 4);
	assert_true(world.timer_at > world.now_ns);
	tick_seconds(20);
	assert_int_equal(world_counter("drop_reassembly"), 4);
	/* both give the sender notice */
	total = world_take(reply);
	assert_int_equal(reply[9], 1);
	assert_int_equal(reply[IP4], 11);
	assert_int_equal(reply[IP4 + 1], 1);
	assert_int_equal(transport_sum(reply, total), 0);
	total = world_take(reply);
	assert_int_equal(reply[6], 58);
	assert_int_equal(reply[IP6], 3);
	assert_int_equal(transport_sum(reply, total), 0);
	assert_nothing_sent();
}

static void fragment_flood(void **state)
{
	uint32_t i, total;

	(void)state;
	for (i = 0; i < 5000; i++) {
		total = build_udp(packet, i & 1 ? 6 : 4, &to_echo, packet + 100, 4000);
		world_put(fragment, build_fragment(fragment, packet, total, 1500, i,
						   (uint32_t)rand() % 3));
		run();
		while (world_take(reply))
			;
		assert_accounted();
	}
	/* and a whole one still gets through */
	echo_fragments(4, 3000, 1500);
	echo_fragments(6, 3000, 1500);
}

/* Overlaps, holes, ends that move, headers that disagree; first bytes of
 * what comes out of it that mean neighbour discovery. */
static uint32_t soup_fragment(uint32_t id)
{
	static const uint8_t firsts[] = { 128, 133, 134, 135, 136, 137, 2, 8, 13 };
	uint8_t family = rand() & 1 ? 4 : 6, proto = rand() & 1 ? 17 : family == 4 ? 1 : 58;
	uint32_t part = (uint32_t)rand() % 3 * 8 + (rand() % 8 ? 0 : (uint32_t)rand() % 8);
	uint32_t at = (uint32_t)rand() % (rand() % 8 ? 3 : 12) * 8, more = rand() % 3 != 0;
	uint8_t *p = packet + 200;

	fill(p, 8 + part);
	if (!at)
		p[family == 4 ? 0 : 8] = firsts[(uint32_t)rand() % sizeof(firsts)];
	if (family == 4) {
		build_ip(packet, 4, &to_echo, proto, p, part);
		put16(packet + 4, id);
		put16(packet + 6, at / 8 | more << 13);
		build_ip4_sum(packet);
		return IP4 + part;
	}
	p[0] = proto;
	p[1] = 0;
	put16(p + 2, at | more);
	put32(p + 4, id);
	return build_ip(packet, 6, &to_echo, 44, p, 8 + part);
}

static void fragment_soup(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		world_put(packet, soup_fragment(i / 16 + (uint32_t)rand() % 2));
		if (rand() % 4)
			continue;
		world.now_ns += (uint64_t)rand() % 200000000;
		run();
		assert_accounted();
		while (world_take(reply))
			;
	}
	run();
	if (getenv("VERBOSE"))
		world_counters_print();
	assert_true(world_counter("fragments_joined") > 1000);
}

/* Fragments hide an ICMPv6 type from the filter: lwIP must bear them all. */
static void neighbour_discovery_in_fragments(void **state)
{
	static const uint8_t types[] = { 133, 134, 135, 136, 137, 2, 1, 130, 143 };
	uint32_t i, total;

	(void)state;
	for (i = 0; i < 20000; i++) {
		fill(packet + 200, 120);
		if (rand() & 1)		/* a target of ours, options that fit */
			memcpy(packet + 200, (uint8_t[16]){ 0xfd, [15] = 1 }, 16);
		packet[216] = (uint8_t)rand() % 6;
		packet[217] = (uint8_t)rand() % 4;
		total = build_echo(packet, 6, &to_echo, (uint16_t)rand(), packet + 200,
				   (uint32_t)rand() % 120);
		packet[7] = 255;
		packet[IP6] = types[(uint32_t)rand() % sizeof(types)];
		put16(packet + IP6 + 2, 0);
		put16(packet + IP6 + 2, transport_sum(packet, total));
		put_fragments(packet, total, 64, i);
		run();
		assert_accounted();
		while (world_take(reply))
			;
	}
	if (getenv("VERBOSE"))
		world_counters_print();
}

static void nested_fragment_header(void **state)
{
	uint32_t total;

	(void)state;
	total = build_udp(packet, 6, &to_echo, packet + 100, 4000);
	packet[6] = 44;	/* what the fragments will say is inside */
	put_fragments(packet, total, 1500, 9);
	run();
	assert_int_equal(world_counter("drop_extension"), 3);
	assert_nothing_sent();
}

/* ---- ICMP ---- */

static void ping_once(uint8_t family, uint32_t len)
{
	static uint8_t data[66000];
	uint32_t hlen = family == 4 ? IP4 : IP6, total;

	fill(data, len);
	total = build_echo(packet, family, &to_echo, 0x1234, data, len);
	if (total > MTU)
		put_fragments(packet, total, MTU, (uint32_t)rand());
	else
		world_put(packet, total);
	run();
	assert_int_equal(total > MTU ? take_whole(reply) : world_take(reply), total);
	assert_int_equal(reply[hlen], family == 4 ? 0 : 129);
	assert_int_equal(transport_sum(reply, total), 0);
	assert_memory_equal(reply + hlen + 4, packet + hlen + 4, 4 + len);
	if (family == 4)
		assert_int_equal(header_sum(reply), 0);
	assert_nothing_sent();
}

static void pings(void **state)
{
	uint32_t len;

	(void)state;
	for (len = 0; len <= 1452; len += 11) {
		ping_once(4, len);
		ping_once(6, len);
	}
	assert_int_equal(world_counter("icmp_replied"), 2 * 133);
	for (len = 1500; len < 60000; len = len * 3 / 2) {
		ping_once(4, len);
		ping_once(6, len);
	}
}

static void port_unreachable(void **state)
{
	struct flow f = to_second;
	uint32_t total, family;

	(void)state;
	f.to_port = 4711;
	for (family = 4; family <= 6; family += 2) {
		total = build_udp(packet, (uint8_t)family, &f, "nobody", 6);
		world_put(packet, total);
		run();
		total = world_take(reply);
		assert_int_equal(transport_sum(reply, total), 0);
		if (family == 4) {
			assert_memory_equal(reply + 12, packet + 16, 4);
			assert_memory_equal(reply + IP4, "\x03\x03", 2);
			assert_memory_equal(reply + IP4 + 8, packet, 28);
		} else {
			assert_memory_equal(reply + 8, packet + 24, 16);
			assert_memory_equal(reply + IP6, "\x01\x04", 2);
		}
	}
	assert_int_equal(world_counter("drop_udp_port"), 2);
	assert_nothing_sent();
}

static void protocol_unreachable(void **state)
{
	uint32_t total;

	(void)state;
	world_put(packet, build_ip(packet, 4, &to_echo, 6, packet + 100, 40));
	world_put(packet, build_ip(packet, 6, &to_echo, 6, packet + 100, 40));
	run();
	total = world_take(reply);
	assert_memory_equal(reply + IP4, "\x03\x02", 2);
	assert_int_equal(transport_sum(reply, total), 0);
	total = world_take(reply);
	assert_memory_equal(reply + IP6, "\x04\x01", 2);
	assert_int_equal(get32(reply + IP6 + 4), 6);	/* where it says so */
	assert_int_equal(world_counter("drop_protocol"), 2);
	assert_nothing_sent();
}

static void errors_are_limited(void **state)
{
	struct packet_in *in = world_pkt_in;
	struct flow f = to_echo;
	uint32_t i, n = 0, total;

	(void)state;
	in->tx_total = 0;	/* as the counters */
	tick_seconds(2);
	f.to_port = 4711;
	total = build_udp(packet, 4, &f, "nobody", 6);
	for (i = 0; i < 1000; i++) {
		world_put(packet, total);
		run();
		while (world_take(reply))
			n++;
	}
	assert_int_equal(n, 50);
	assert_int_equal(world_counter("icmp_errors_limited"), 950);
	assert_int_equal(world_counter("drop_udp_port"), 1000);
	world.now_ns += 10000000;
	for (i = 0; i < 100; i++)
		world_put(packet, total);
	run();
	for (n = 0; world_take(reply);)
		n++;
	assert_int_equal(n, 10);
	/* one that was refused is no packet out: not even one that was lost */
	world_put(packet, total);
	run();
	assert_int_equal(world_counter("out_packets"), 60);
	assert_int_equal(world_counter("tx_packets"), 60);
	assert_int_equal(world_counter("drop_out_restart"), 0);
	assert_nothing_sent();
}

/* ---- what must not get in ---- */

/* One bad packet: dropped for that reason, no answer. */
static void refuse(const char *reason, uint32_t len)
{
	uint64_t before = world_counter(reason);

	world.host->tell = 1;
	world_put(packet, len);
	run();
	if (world_counter(reason) != before + 1)
		world_counters_print();
	assert_int_equal(world_counter(reason), before + 1);
	world_assert_told(reason, DROP_AT_VNIC_IN | DROP_AT_LWIP_IN);
	assert_nothing_sent();
}

static void bad_ip4(void **state)
{
	uint32_t total = build_udp(packet, 4, &to_echo, "abcd", 4);

	(void)state;
	packet[11] ^= 1;
	refuse("drop_ip_checksum", total);
	packet[8] = 0;
	build_ip4_sum(packet);
	refuse("drop_ttl", total);
	build_udp(packet, 4, &to_echo, "abcd", 4);
	packet[0] = 0x44;
	refuse("drop_header", total);
	packet[0] = 0x4f;
	refuse("drop_length", total);
	packet[0] = 0x55;
	refuse("drop_version", total);
	packet[0] = 0x45;
	refuse("drop_length", total - 1);
	refuse("drop_short", 19);
	refuse("drop_short", 0);
	packet[19]++;
	build_ip4_sum(packet);
	packet[19] = 99;
	build_ip4_sum(packet);
	refuse("drop_address", total);
}

static void bad_options4(void **state)
{
	static const char *const options[] = {
		"\x83\x04\x04\x00",	/* loose source route */
		"\x89\x04\x04\x00",	/* strict */
		"\x94\x00\x00\x00",	/* no length */
		"\x94\x05\x00\x00",	/* too long */
		"\x01\x01\x01\x94",	/* no length byte */
	};
	uint32_t i, total;

	(void)state;
	for (i = 0; i < 5; i++) {
		total = build_udp(packet, 4, &to_echo, "abcd", 4);
		memmove(packet + IP4 + 4, packet + IP4, total - IP4);
		memcpy(packet + IP4, options[i], 4);
		packet[0] = 0x46;
		put16(packet + 2, total + 4);
		build_ip4_sum(packet);
		refuse("drop_options", total + 4);
	}
}

static void bad_ip6(void **state)
{
	uint32_t total = build_udp(packet, 6, &to_echo, "abcd", 4);

	(void)state;
	packet[7] = 0;
	refuse("drop_ttl", total);
	packet[7] = 64;
	refuse("drop_length", total - 1);
	refuse("drop_short", 39);
	packet[39] = 99;
	refuse("drop_address", total);
	build_udp(packet, 6, &to_echo, "abcd", 4);
	packet[6] = 59;
	refuse("drop_protocol", total);
	packet[6] = 43;		/* routing: the UDP header reads as segments left */
	refuse("drop_extension", total);
}

static void bad_sources(void **state)
{
	static const char *const from4[] = { "0.0.0.0", "127.0.0.1", "224.0.0.1",
					     "255.255.255.255", "10.1.0.1", "10.1.0.2" };
	static const char *const from6[] = { "::", "::1", "ff02::1", "::ffff:1.2.3.4",
					     "fd00::1", "fd00::2" };
	struct flow f = to_echo;
	uint32_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		f.from4 = from4[i];
		f.from6 = from6[i];
		refuse("drop_source", build_udp(packet, 4, &f, "abcd", 4));
		refuse("drop_source", build_udp(packet, 6, &f, "abcd", 4));
	}
	f = to_echo;
	f.from_port = 0;
	refuse("drop_source", build_udp(packet, 4, &f, "abcd", 4));
}

static void bad_destinations(void **state)
{
	struct flow f = to_echo;

	(void)state;
	f.to4 = "10.1.0.255";	/* its prefix is a /24 */
	f.to6 = "ff02::1";
	refuse("drop_address", build_udp(packet, 4, &f, "abcd", 4));
	refuse("drop_address", build_udp(packet, 6, &f, "abcd", 4));
	f.to4 = "255.255.255.255";
	refuse("drop_address", build_udp(packet, 4, &f, "abcd", 4));
}

static void bad_udp(void **state)
{
	uint32_t total, family, hlen;

	(void)state;
	for (family = 4; family <= 6; family += 2) {
		hlen = family == 4 ? IP4 : IP6;
		total = build_udp(packet, (uint8_t)family, &to_echo, "abcd", 4);
		packet[hlen + UDP] ^= 1;
		refuse("drop_udp_checksum", total);
		put16(packet + hlen + 4, UDP + 5);
		refuse("drop_udp_length", total);
		put16(packet + hlen + 4, UDP + 3);
		refuse("drop_udp_length", total);
		put16(packet + hlen + 4, 0);
		refuse("drop_udp_length", total);
		refuse("drop_udp_length",
		       build_ip(packet, (uint8_t)family, &to_echo, 17, "1234567", 7));
	}
}

static void bad_icmp(void **state)
{
	uint32_t total = build_echo(packet, 4, &to_echo, 1, "abcd", 4);

	(void)state;
	packet[IP4 + 8] ^= 1;
	refuse("drop_icmp_checksum", total);
	total = build_echo(packet, 6, &to_echo, 1, "abcd", 4);
	packet[IP6 + 8] ^= 1;
	refuse("drop_icmp_checksum", total);
	refuse("drop_icmp_length", build_ip(packet, 4, &to_echo, 1, "\x08\x00\xf7\xff", 4));
	refuse("drop_icmp_length", build_ip(packet, 6, &to_echo, 58, "\x80\x00", 2));
	total = build_echo(packet, 6, &to_echo, 1, "abcd", 4);
	packet[IP6] = 135;	/* neighbour solicitation */
	refuse("drop_icmp_type", total);
	total = build_echo(packet, 4, &to_echo, 1, "abcd", 4);
	packet[IP4] = 13;
	refuse("drop_icmp_type", total);
}

/* ---- buffers run out, components fail ---- */

static void host_takes_nothing(void **state)
{
	uint32_t i, n, total = build_udp(packet, 4, &to_echo, "abcd", 4);

	(void)state;
	for (i = 0; i < 3 * WORLD_SLOTS; i++) {
		world_put(packet, total);
		run();
		assert_accounted();
	}
	assert_true(world_counter("drop_tx_buffers") >= 2 * WORLD_SLOTS);
	assert_int_equal(world_counter("tx_packets"), WORLD_SLOTS);
	for (n = 0; world_take(reply);)
		n++;
	assert_int_equal(n, WORLD_SLOTS);
	for (i = 0; i < 10; i++)
		echo_once(4, &to_echo, 64);
}

static void interface_down(void **state)
{
	(void)state;
	world.host->up = 0;
	world_put(packet, build_udp(packet, 4, &to_echo, "abcd", 4));
	run();
	assert_int_equal(world_counter("drop_tx_down"), 1);
	assert_nothing_sent();
	world.host->up = 1;
	echo_once(4, &to_echo, 64);
}

/* vnic gone mad: the stack must bear anything in pkt_in. */
static void hostile_vnic(void **state)
{
	struct packet_in *in = world_pkt_in;
	uint32_t i, nlent = in->nlent;
	struct packet_in kept = *in;
	int64_t n;

	(void)state;
	for (i = 0; i < 20000; i++) {
		fill((uint8_t *)in, sizeof(*in));
		if (i & 1)
			in->nlent = (uint32_t)rand() % 70;
		if (i & 2)
			in->lent[rand() % 64] = (uint32_t)rand() % WORLD_SLOTS;
		n = netstack_input((uint32_t)rand() % 40);
		assert_true(n == -AOS_EINVAL || (n >= 0 && n <= PACKET_OUT_MAX));
	}
	assert_int_equal(world_counter("in_packets"), accounted());
	world_counters_clear();
	*in = kept;
	in->nlent = nlent;
}

/* ---- everything at once ---- */

static uint32_t random_packet(void)
{
	static uint32_t id;
	struct flow f = rand() % 4 ? to_echo : to_second;
	uint8_t family = rand() & 1 ? 4 : 6;
	uint32_t len = (uint32_t)rand() % (rand() % 4 ? 200 : 4000), total;

	f.to_port = rand() % 8 ? 7 : rand() & 1 ? 11211 : 4711;
	fill(packet + 100, len);
	total = rand() % 5 ? build_udp(packet, family, &f, packet + 100, len)
			   : build_echo(packet, family, &f, 1, packet + 100, len);
	if (total > MTU || rand() % 16 == 0) {
		id += rand() % 3 == 0;
		memcpy(reply, packet, total);
		total = build_fragment(packet, reply, total, rand() & 1 ? 1500 : 576, id,
				       (uint32_t)rand() % 3);
	}
	return total;
}

static uint32_t mutate(uint32_t len)
{
	uint32_t n = (uint32_t)rand() % 4;

	while (n-- && len)
		packet[rand() & 1 ? (uint32_t)rand() % len : (uint32_t)rand() % 60 % len] =
			(uint8_t)rand();
	if (rand() % 3 && len >= IP4 && packet[0] >> 4 == 4 && (packet[0] & 15) * 4u <= len)
		build_ip4_sum(packet);
	return rand() % 8 ? len : len ? (uint32_t)rand() % len : 0;
}

static void random_packets(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		world_put(packet, rand() % 20 ? mutate(random_packet())
					      : (fill(packet, 100), (uint32_t)rand() % 100));
		if (rand() % 8)
			continue;
		world.now_ns += (uint64_t)rand() % 100000000;
		run();
		assert_accounted();
		while (world_take(reply))
			;
	}
	run();
	assert_int_equal(world_counter("rx_packets"), 100000);
	assert_true(world_counter("udp_delivered") > 10000);
	assert_true(world_counter("icmp_replied") > 1000);
	if (getenv("VERBOSE"))
		world_counters_print();
}

/* ---- key/value ---- */

static uint32_t kv_ask(uint8_t op, const char *key, const char *value, uint32_t *len)
{
	struct flow f = to_echo;
	uint8_t request[1200] = { 'K', 1, op, 0, 1, 2, 3, 4 };
	const uint8_t *answer;
	uint32_t total;

	f.to_port = 11211;
	put16(request + 12, (uint32_t)strlen(key));
	put16(request + 14, (uint32_t)strlen(value));
	memcpy(request + 16, key, strlen(key));
	memcpy(request + 16 + strlen(key), value, strlen(value));
	world_put(packet, build_udp(packet, 4, &f, request,
				    (uint32_t)(16 + strlen(key) + strlen(value))));
	run();
	total = world_take(reply);
	answer = reply_udp(reply, total, 4, &f, len);
	assert_non_null(answer);
	assert_memory_equal(answer + 4, request + 4, 4);
	assert_int_equal(answer[2], op | 0x80);
	memmove(packet, answer, *len);
	return packet[3];
}

static void key_value(void **state)
{
	uint32_t len;

	(void)state;
	assert_int_equal(kv_ask(1, "colour", "", &len), 1);
	assert_int_equal(kv_ask(2, "colour", "green", &len), 0);
	assert_int_equal(kv_ask(1, "colour", "", &len), 0);
	assert_int_equal(len, 21);
	assert_memory_equal(packet + 16, "green", 5);
	assert_int_equal(kv_ask(3, "colour", "", &len), 0);
	assert_int_equal(kv_ask(1, "colour", "", &len), 1);
	assert_int_equal(kv_ask(4, "", "", &len), 0);
	assert_int_equal(len, 16 + 64);
	assert_int_equal(world_counter("requests_kv"), 6);
	assert_int_equal(world_counter("replies_kv"), 6);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* n requests of 64 bytes, one by one or in batches: for callgrind. */
static int echo_only(uint32_t n, uint32_t batch)
{
	static uint8_t data[64];
	uint32_t i, total = build_udp(packet, 4, &to_echo, data, sizeof(data));

	while (n >= batch) {
		for (i = 0; i < batch; i++, n--)
			world_put(packet, total);
		run();
		while (world_take(reply))
			;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(echo_lengths), TEST(echo_every_address), TEST(echo_batches),
		TEST(one_doorbell_per_batch), TEST(no_udp_checksum), TEST(ethernet_padding),
		TEST(options_are_ignored), TEST(extensions_are_ignored), TEST(latencies),
		TEST(fragments),
		TEST(fragments_longest), TEST(fragments_backwards), TEST(fragment_missing),
		TEST(fragment_flood), TEST(fragment_soup), TEST(neighbour_discovery_in_fragments),
		TEST(nested_fragment_header), TEST(pings),
		TEST(port_unreachable), TEST(protocol_unreachable), TEST(errors_are_limited),
		TEST(bad_ip4), TEST(bad_options4), TEST(bad_ip6), TEST(bad_sources),
		TEST(bad_destinations), TEST(bad_udp), TEST(bad_icmp), TEST(host_takes_nothing),
		TEST(interface_down), TEST(hostile_vnic), TEST(random_packets), TEST(key_value),
	};

	srand(argc == 2 ? (unsigned int)atoi(argv[1]) : 1);
	world_init(WORLD_SLOTS, MTU);
	world_address4("10.1.0.1");
	world_address4("10.1.0.2");
	world_address6("fd00::1");
	world_address6("fd00::2");
	world_service("echo", 7);
	world_service("kv", 11211);
	((struct packet_out *)world_pkt_out)->in_total = 10;
	counter_add(world_component_counter("lwip", "in_packets"), 9);	/* died just before the tenth */
	counter_add(world_component_counter("lwip", "udp_delivered"), 3);
	counter_add(world_component_counter("lwip", "fragments_held"), 2);
	if (!vnic_start() || world_counter("drop_restart") != 7)
		return 1;	/* a former life's packets have not been accounted for */
	if (world.timer_at)
		return 1;	/* a tick, and nothing is held */
	if (argc == 3)
		return echo_only((uint32_t)atoi(argv[1]), (uint32_t)atoi(argv[2]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
