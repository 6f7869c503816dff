// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames: checksums, fragments, neighbours, hostile input, our sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "frame.h"
#include "icmp.h"
#include "neighbour.h"

static struct endpoint end(const char *text)
{
	struct endpoint e;

	assert_true(endpoint_parse(text, 7, &e));
	return e;
}

/* Sums worked out by another program. */
static void udp_known_checksums(void **state)
{
	struct endpoint from = end("10.0.2.2:20000"), to = end("10.9.0.1:7");
	uint8_t out[64];

	(void)state;
	assert_int_equal(udp_build(out, sizeof(out), &from, &to, "hello", 5),
			 13);
	assert_int_equal(get16(out + 6), 0x57cf);
	from = end("[fd00:2::2]:20000");
	to = end("[fd00:9::1]:7");
	udp_build(out, sizeof(out), &from, &to, "hello", 5);
	assert_int_equal(get16(out + 6), 0x73cb);
}

/* A sum of 0 is sent as ffff, since 0 means "none". */
static void udp_zero_checksum(void **state)
{
	struct endpoint from = end("10.0.2.2:20000"), to = end("10.9.0.1:7");
	uint8_t out[64], payload[2] = { 0, 0 };

	(void)state;
	udp_build(out, sizeof(out), &from, &to, payload, 2);
	put16(payload, get16(out + 6));
	udp_build(out, sizeof(out), &from, &to, payload, 2);
	assert_int_equal(get16(out + 6), 0xffff);
}

static void udp_too_long(void **state)
{
	static uint8_t out[70000], payload[70000];
	struct endpoint to4 = end("10.9.0.1:7"), to6 = end("[fd00::1]:7");

	(void)state;
	assert_int_equal(udp_build(out, sizeof(out), &to4, &to4, payload,
				   65507), 65515);
	assert_int_equal(udp_build(out, sizeof(out), &to4, &to4, payload,
				   65508), 0);
	assert_int_equal(udp_build(out, sizeof(out), &to6, &to6, payload,
				   65527), 65535);
	assert_int_equal(udp_build(out, sizeof(out), &to6, &to6, payload,
				   65528), 0);
	assert_int_equal(udp_build(out, 10, &to4, &to4, payload, 3), 0);
}

struct collected {
	uint8_t data[65536];
	size_t size, frames, largest;
	bool last;
};

/* Puts fragments together in the plainest way, to compare. */
static int frame_collect(void *arg, const uint8_t *frame, size_t size)
{
	struct collected *c = arg;
	struct ip_packet ip;

	assert_int_equal(ip_parse(frame + ETHERNET_HEADER,
				  size - ETHERNET_HEADER, &ip), PACKET_OK);
	assert_true(ip.checksum_ok);
	assert_int_equal(ip.offset, c->size);
	memcpy(c->data + ip.offset, ip.payload, ip.length);
	c->size += ip.length;
	c->last = !ip.more;
	c->frames++;
	if (size > c->largest)
		c->largest = size;
	return 0;
}

static void frame_sizes(void **state)
{
	static uint8_t data[65535];
	static const size_t sizes[] = { 8, 1452, 1453, 1460, 1461, 1480, 1481,
					2960, 2961, 65515 };
	static const char *const ends[] = { "10.0.0.1:1", "[fd00::1]:1" };
	struct frame_link link = { .mtu = 1500 };
	struct collected *c = malloc(sizeof(*c));
	const uint8_t mac[6] = { 2 };

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i ^ i >> 8);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes) * 2; i++) {
		struct endpoint e = end(ends[i & 1]);

		memset(c, 0, sizeof(*c));
		frame_send(&link, mac, &e.address, &e.address, PROTOCOL_UDP,
			   data, sizes[i / 2], frame_collect, c);
		assert_true(c->last);
		assert_int_equal(c->size, sizes[i / 2]);
		assert_memory_equal(c->data, data, c->size);
		assert_true(c->largest <= ETHERNET_HEADER + 1500);
		assert_true(c->largest >= FRAME_MIN);
		assert_int_equal(c->frames > 1,
				 sizes[i / 2] > (i & 1 ? 1460u : 1480u));
	}
	free(c);
}

/* The parsers read copies of exact size, so ASan sees each byte too far. */
static void parse_exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct ip_packet ip;
	struct udp_packet udp;
	struct icmp_echo echo;

	memcpy(copy, data, size);
	if (ip_parse(copy, size, &ip) == PACKET_OK) {
		udp_parse(ip.payload, ip.length, &udp);
		transport_checksum_ok(&ip, ip.payload, ip.length);
		icmp_echo_reply(&ip, &echo);
	}
	free(copy);
}

static void parse_hostile(void **state)
{
	uint8_t data[128];

	(void)state;
	srand(1);
	for (int round = 0; round < 200000; round++) {
		size_t size = (size_t)rand() % sizeof(data);

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)rand();
		if (size > 40) {
			data[0] = round & 1 ? 0x45 : 0x60;
			put16(data + 2, (uint16_t)(rand() % 140));
			put16(data + 4, (uint16_t)(rand() % 100));
			data[6] = (uint8_t)(rand() % 5 == 0 ? 44 :
					    rand() % 4 == 0 ? 60 : 17);
			data[40] = (uint8_t)(rand() % 3 ? 44 : 0);
		}
		parse_exact(data, size);
	}
}

static void neighbour_hostile(void **state)
{
	struct sources own = { .count = 1, .first_port = 20000 };
	struct neighbours n = { .own = &own };
	uint8_t reply[FRAME_MIN * 2], *frame;
	struct ip_packet ip;

	(void)state;
	own.base4 = end("10.0.2.2").address;
	own.base6 = end("fd00:2::2").address;
	srand(2);
	for (int round = 0; round < 100000; round++) {
		size_t size = (size_t)(54 + rand() % 60);

		frame = malloc(size);
		for (size_t i = 0; i < size; i++)
			frame[i] = (uint8_t)rand();
		neighbour_arp(&n, frame, size, reply);
		put32(frame + 14, 0x60000000);
		put16(frame + 18, (uint16_t)(size - 54));
		frame[20] = PROTOCOL_ICMP6;
		frame[21] = 255;
		if (ip_parse(frame + 14, size - 14, &ip) == PACKET_OK &&
		    size >= 58) {
			icmp6_seal(frame + 54, size - 54, &ip.source,
				   &ip.destination);
			frame[54] = (uint8_t)(135 + (rand() & 1));
			neighbour_discovery(&n, frame, &ip, reply);
		}
		free(frame);
	}
}

static void neighbour_talk(struct neighbours *a, struct neighbours *b,
			   struct neighbour *hop)
{
	uint8_t ask[FRAME_MIN * 2], answer[FRAME_MIN * 2];
	size_t size = neighbour_ask(a, hop, ask);
	struct ip_packet ip;

	if (hop->address.family == 4) {
		size = neighbour_arp(b, ask, size, answer);
		assert_int_equal(size, FRAME_MIN);
		assert_int_equal(neighbour_arp(a, answer, size, ask), 0);
	} else {
		assert_int_equal(ip_parse(ask + 14, size - 14, &ip),
				 PACKET_OK);
		size = neighbour_discovery(b, ask, &ip, answer);
		assert_int_not_equal(size, 0);
		assert_int_equal(ip_parse(answer + 14, size - 14, &ip),
				 PACKET_OK);
		assert_int_equal(neighbour_discovery(a, answer, &ip, ask), 0);
	}
	assert_true(hop->known);
	assert_memory_equal(hop->mac, b->mac, 6);
}

static void neighbour_both_sides(void **state)
{
	struct sources ours = { .count = 3 }, theirs = { .count = 1 };
	struct neighbours a = { .own = &ours, .mac = { 2, 1 } };
	struct neighbours b = { .own = &theirs, .mac = { 2, 2 } };

	(void)state;
	ours.base4 = end("10.0.2.2").address;
	ours.base6 = end("fd00:2::2").address;
	a.hop4.address = theirs.base4 = end("10.0.2.15").address;
	a.hop6.address = theirs.base6 = end("fd00:2::15").address;
	neighbour_talk(&a, &b, &a.hop4);
	neighbour_talk(&a, &b, &a.hop6);
	/* We answer for our third address, but not for a fourth. */
	b.hop4.address = address_plus(&ours.base4, 2);
	neighbour_talk(&b, &a, &b.hop4);
	b.hop6.address = address_plus(&ours.base6, 3);
	assert_false(sources_own(&ours, &b.hop6.address));
}

static void sources_back_and_forth(void **state)
{
	struct sources s = { .count = 3, .first_port = 65000 };
	struct endpoint e;

	(void)state;
	s.base4 = end("10.0.2.2").address;
	s.base6 = end("fd00:2::2").address;
	assert_int_equal(sources_capacity(&s), 536 * 3);
	for (uint32_t flow = 0; flow < 536 * 3; flow++) {
		e = source_of(&s, flow & 1 ? 4 : 6, flow);
		assert_int_equal(source_flow(&s, &e), flow);
	}
	e = source_service(&s, 4, 0);
	assert_int_equal(source_flow(&s, &e), -1);
	e = end("10.0.2.5:65000");
	assert_int_equal(source_flow(&s, &e), -1);
	e = end("10.0.2.1:65000");
	assert_int_equal(source_flow(&s, &e), -1);
}

static void echo_round(const char *from, const char *to)
{
	struct endpoint a = end(from), b = end(to);
	struct icmp_echo echo = { 0x7270, 500 }, got;
	uint8_t message[ICMP_ECHO_SIZE];
	struct ip_packet ip = { .source = a.address, .destination = b.address,
		.payload = message, .length = sizeof(message) };
	bool four = a.address.family == 4;

	ip.protocol = four ? PROTOCOL_ICMP : PROTOCOL_ICMP6;
	icmp_echo_build(message, &a.address, &b.address, echo);
	assert_false(icmp_echo_reply(&ip, &got));	/* a request is none */
	message[0] = four ? 0 : 129;
	put16(message + 2, 0);
	if (four)
		put16(message + 2, checksum_fold(checksum_add(
			0, message, sizeof(message))));
	else
		icmp6_seal(message, sizeof(message), &a.address, &b.address);
	assert_true(icmp_echo_reply(&ip, &got));
	assert_int_equal(got.sequence, 500);
	message[20] ^= 1;
	assert_false(icmp_echo_reply(&ip, &got));
}

static void icmp_both_families(void **state)
{
	(void)state;
	echo_round("10.0.2.2", "10.0.2.15");
	echo_round("fd00::1", "fd00::2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_known_checksums),
		cmocka_unit_test(udp_zero_checksum),
		cmocka_unit_test(udp_too_long),
		cmocka_unit_test(frame_sizes),
		cmocka_unit_test(parse_hostile),
		cmocka_unit_test(neighbour_hostile),
		cmocka_unit_test(neighbour_both_sides),
		cmocka_unit_test(sources_back_and_forth),
		cmocka_unit_test(icmp_both_families),
	};

	return cmocka_run_group_tests_name("replay: frame", tests, NULL, NULL);
}
