// SPDX-License-Identifier: GPL-2.0-or-later
/* Captures: link types, fragments, snapped and broken files, times. */
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "capture.h"
#include "frame.h"
#include "link.h"
#include "reassembly.h"
#include "replay_pcap.h"

static const struct capture_limits all = { .want4 = true, .want6 = true };

static int read_all(struct capture *c, const struct replay_pcap *p,
		    char error[512])
{
	return capture_read(c, p->path, &all, error, 512);
}

/* ---- whole captures ---- */

static void capture_both_families(void **state)
{
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 1000, "10.0.0.1:5000", "10.0.0.2:53", "one", 3);
	pcap_udp(&p, 3000, "[fd00::1]:5000", "[fd00::2]:53", "", 0);
	pcap_udp(&p, 3500, "10.0.0.1:5000", "10.0.0.2:53", "three", 5);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.count, 3);
	assert_int_equal(c.found4, 2);
	assert_int_equal(c.found6, 1);
	assert_int_equal(c.flows.count, 2);
	assert_int_equal(c.list[0].flow, c.list[2].flow);
	assert_int_equal(c.list[1].time, 2000000);
	assert_int_equal(c.list[2].time, 2500000);
	assert_int_equal(c.list[1].length, 0);
	assert_memory_equal(c.list[2].payload, "three", 5);
	assert_int_equal(c.list[2].packet, 3);
	capture_free(&c);
	pcap_remove(&p);
}

static void capture_fragments(void **state)
{
	static uint8_t big[9000];
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 31 >> 3);
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 0, "10.0.0.1:1", "10.0.0.2:2", big, sizeof(big));
	pcap_udp(&p, 9, "[fd00::1]:1", "[fd00::2]:2", big, 4001);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.fragmented, 2);
	assert_int_equal(c.list[0].length, sizeof(big));
	assert_memory_equal(c.list[0].payload, big, sizeof(big));
	assert_int_equal(c.list[1].length, 4001);
	assert_memory_equal(c.list[1].payload, big, 4001);
	/* The packet in which the datagram began. */
	assert_int_equal(c.list[0].packet, 1);
	capture_free(&c);
	pcap_remove(&p);
}

static void capture_skips(void **state)
{
	uint8_t frame[100] = { 0 }, data[3000] = { 0 };
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 0, "10.0.0.1:1", "10.0.0.2:2", "x", 1);
	put16(frame + 12, TYPE_ARP);
	pcap_packet(&p, 1, frame, 60, 60);
	pcap_packet(&p, 2, frame, 60, 10);		/* snapped */
	pcap_packet(&p, 3, frame, 10, 10);		/* no header */
	put16(frame + 12, TYPE_IP4);
	frame[14] = 0x45;
	put16(frame + 16, 40);
	frame[23] = 6;
	pcap_packet(&p, 4, frame, 60, 60);		/* TCP */
	put16(frame + 16, 400);
	pcap_packet(&p, 5, frame, 60, 60);		/* truncated */
	frame[14] = 0x44;
	pcap_packet(&p, 6, frame, 60, 60);		/* header of 16 */
	frame[14] = 0x45;
	frame[23] = 17;
	put16(frame + 16, 28);
	put16(frame + 38, 7);
	pcap_packet(&p, 7, frame, 60, 60);		/* UDP length 7 */
	put16(frame + 38, 9);
	pcap_packet(&p, 8, frame, 60, 60);		/* UDP length 9 of 8 */
	put16(frame + 20, 0x2000);
	pcap_packet(&p, 9, frame, 60, 60);		/* a first fragment */
	pcap_udp(&p, 10, "10.0.0.1:1", "10.0.0.2:2", data, sizeof(data));
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.skipped[SKIP_NOT_IP], 1);
	assert_int_equal(c.skipped[SKIP_SNAPPED], 1);
	assert_int_equal(c.skipped[SKIP_NOT_UDP], 1);
	assert_int_equal(c.skipped[SKIP_TRUNCATED], 3);
	assert_int_equal(c.skipped[SKIP_MALFORMED], 2);
	assert_int_equal(c.skipped[SKIP_INCOMPLETE], 1);
	capture_free(&c);
	pcap_remove(&p);
}

static void capture_times(void **state)
{
	struct capture_limits limits = all;
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	limits.max_gap = 1000000;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 5000000, "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_udp(&p, 4000000, "10.0.0.1:1", "10.0.0.2:2", "b", 1);
	pcap_udp(&p, 4000500, "10.0.0.1:1", "10.0.0.2:2", "c", 1);
	pcap_udp(&p, 9000000, "10.0.0.1:1", "10.0.0.2:2", "d", 1);
	pcap_end(&p);
	assert_int_equal(capture_read(&c, p.path, &limits, error, 512), 0);
	assert_int_equal(c.backwards, 1);
	assert_int_equal(c.shortened, 1);
	assert_int_equal(c.list[1].time, 0);
	assert_int_equal(c.list[2].time, 500000);
	assert_int_equal(c.list[3].time, 1500000);
	capture_free(&c);
	pcap_remove(&p);
}

/* The moments, in us, of datagrams recorded at these. */
static void times_check(const uint64_t *stamps, const uint64_t *moments,
			size_t n, uint64_t backwards)
{
	struct replay_pcap p;
	struct capture c;
	char error[512];

	pcap_begin(&p, DLT_EN10MB);
	for (size_t i = 0; i < n; i++)
		pcap_udp(&p, stamps[i], "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.backwards, backwards);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(c.list[i].time, moments[i] * 1000);
	capture_free(&c);
	pcap_remove(&p);
}

#define YEARS 1800000000000000

/* What is out of order makes the replay no longer than the recording. */
static void capture_disorder(void **state)
{
	static const uint64_t stamps[] = { 1000, 1400, 1100, 1200, 1500, 1450,
					   1900 };
	static const uint64_t moments[] = { 0, 400, 400, 400, 500, 500, 900 };

	(void)state;
	times_check(stamps, moments, 7, 2);
}

/* One stamp of another time, and a clock that is set back for good. */
static void capture_clock_set(void **state)
{
	static const uint64_t once[] = { YEARS, 0, YEARS + 10, YEARS + 20 };
	static const uint64_t once_moments[] = { 0, 0, 10, 20 };
	static const uint64_t back[] = { YEARS, YEARS + 10, 500, 600,
					 YEARS + 50 };
	static const uint64_t back_moments[] = { 0, 10, 10, 110, 150 };

	(void)state;
	times_check(once, once_moments, 4, 1);
	times_check(back, back_moments, 5, 1);
}

/* A silence that no one would wait for is said, and where it is. */
static void capture_silence(void **state)
{
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	for (unsigned int i = 0; i < 5; i++)
		pcap_udp(&p, i > 2 ? YEARS + i : i, "10.0.0.1:1",
			 "10.0.0.2:2", "a", 1);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.silence, (uint64_t)(YEARS + 1) * 1000);
	assert_int_equal(c.silence_at, 4);
	capture_free(&c);
	pcap_remove(&p);
}

/* Through the moment at which 32 signed bits end. */
static void capture_2038(void **state)
{
	uint64_t end = (uint64_t)INT32_MAX * 1000000;
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, end, "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_udp(&p, end + 2000000, "10.0.0.1:1", "10.0.0.2:2", "b", 1);
	pcap_end(&p);
	assert_int_equal(capture_read(&c, p.path, &all, error, 512), 0);
	assert_int_equal(c.backwards, 0);
	assert_int_equal(c.list[1].time, 2000000000);
	capture_free(&c);
	pcap_remove(&p);
}

/* A long file's reading can be ended, and is then no capture. */
static void capture_stopped(void **state)
{
	static const volatile sig_atomic_t stop = 1;
	struct capture_limits limits = all;
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	limits.stop = &stop;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 1, "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_end(&p);
	assert_int_equal(capture_read(&c, p.path, &limits, error, 512), -1);
	assert_non_null(strstr(error, "interrupted"));
	capture_free(&c);
	pcap_remove(&p);
}

static void capture_one_family(void **state)
{
	struct capture_limits only6 = { .want6 = true };
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 1, "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_end(&p);
	assert_int_equal(capture_read(&c, p.path, &only6, error, 512), -1);
	assert_non_null(strstr(error, p.path));
	assert_non_null(strstr(error, "--to4"));
	capture_free(&c);
	pcap_remove(&p);
}

/*
 * UDP behind IPv6 extension headers and a VLAN tag, as it is recorded; and the
 * same cut short by a snap length, which must not be sent as if it were whole.
 */
static void capture_extensions(void **state)
{
	static const uint8_t packet[] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 5, 0x86, 0xdd,
		0x60, 0, 0, 0, 0, 28, 0, 64,	/* 28 bytes, hop-by-hop */
		0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		60, 0, 1, 4, 0, 0, 0, 0,	/* then destination options */
		17, 0, 1, 4, 0, 0, 0, 0,	/* then UDP */
		0, 53, 0, 7, 0, 12, 0, 0, 'd', 'a', 't', 'a',
	};
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_packet(&p, 1, packet, sizeof(packet), sizeof(packet));
	pcap_packet(&p, 2, packet, sizeof(packet), sizeof(packet) - 1);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), 0);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.list[0].length, 4);
	assert_memory_equal(c.list[0].payload, "data", 4);
	assert_int_equal(c.flows.flows[0].source.port, 53);
	assert_int_equal(c.skipped[SKIP_SNAPPED], 1);
	capture_free(&c);
	pcap_remove(&p);
}

/* What is no file at all says so. */
static void capture_directory(void **state)
{
	struct capture c;
	char error[512];

	(void)state;
	assert_int_equal(capture_read(&c, "/tmp", &all, error, 512), -1);
	assert_non_null(strstr(error, "Is a directory"));
	capture_free(&c);
}

/* Every length at which the file can break off: an error or what was before. */
static void capture_cut_anywhere(void **state)
{
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	pcap_udp(&p, 1, "10.0.0.1:1", "10.0.0.2:2", "first", 5);
	pcap_udp(&p, 2, "[fd00::1]:1", "[fd00::2]:2", "second", 6);
	pcap_end(&p);
	for (off_t size = 24 + 2 * 16 + 60 + 68 - 1; size >= 0; size--) {
		assert_int_equal(truncate(p.path, size), 0);
		error[0] = '\0';
		if (read_all(&c, &p, error)) {
			assert_true(size < 24 + 16 + 60);
			assert_non_null(strstr(error, p.path));
		} else {
			assert_int_equal(c.count, 1);
			assert_int_equal(c.cut_short, size > 24 + 16 + 60);
			assert_int_equal(*c.cut_why != '\0', c.cut_short);
		}
		capture_free(&c);
	}
	pcap_remove(&p);
}

/* Not every file that cannot be read to its end is cut short: libpcap tells. */
static void capture_two_link_types(void **state)
{
	static const uint32_t blocks[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28,
		1, 20, DLT_EN10MB, 0, 20,
		1, 20, 101 /* raw IP */, 0, 20,
	};
	struct capture c;
	char error[512];
	FILE *in = fmemopen((void *)(uintptr_t)blocks, sizeof(blocks), "rb");

	(void)state;
	assert_int_equal(capture_read_stream(&c, in, "two", &all, error, 512),
			 -1);
	if (!strstr(error, "two: ") || !strstr(error, "type"))
		fail_msg("%s", error);
	assert_true(c.cut_short);
	capture_free(&c);
}

static void capture_refuses(void **state)
{
	struct replay_pcap p;
	struct capture c;
	char error[512];

	(void)state;
	assert_int_equal(capture_read(&c, "/nonexistent/x.pcap", &all, error,
				      512), -1);
	assert_non_null(strstr(error, "/nonexistent/x.pcap"));
	capture_free(&c);
	pcap_begin(&p, DLT_IEEE802_11);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), -1);
	assert_non_null(strstr(error, "IEEE802_11"));
	capture_free(&c);
	pcap_remove(&p);
	pcap_begin(&p, DLT_RAW);
	pcap_end(&p);
	assert_int_equal(read_all(&c, &p, error), -1);
	assert_non_null(strstr(error, "no UDP datagram"));
	capture_free(&c);
	pcap_remove(&p);
}

/* ---- link types ---- */

static void link_types(void **state)
{
	uint8_t data[64] = { 0 };
	size_t at;

	(void)state;
	data[0] = 0x45;
	assert_int_equal(link_strip(DLT_RAW, data, 20, &at), LINK_IP);
	assert_int_equal(at, 0);
	data[4] = 0x60;
	assert_int_equal(link_strip(DLT_NULL, data, 44, &at), LINK_IP);
	assert_int_equal(at, 4);
	put16(data + 14, 0x86dd);
	data[16] = 0x60;
	assert_int_equal(link_strip(DLT_LINUX_SLL, data, 60, &at), LINK_IP);
	assert_int_equal(at, 16);
	put16(data, 0x0800);
	data[20] = 0x45;
	assert_int_equal(link_strip(DLT_LINUX_SLL2, data, 60, &at), LINK_IP);
	assert_int_equal(at, 20);
	put16(data + 12, 0x88a8);
	put16(data + 16, 0x8100);
	put16(data + 20, 0x0800);
	data[22] = 0x45;
	assert_int_equal(link_strip(DLT_EN10MB, data, 60, &at), LINK_IP);
	assert_int_equal(at, 22);
	for (size_t size = 0; size < 22; size++)
		assert_int_equal(link_strip(DLT_EN10MB, data, size, &at),
				 LINK_TRUNCATED);
	put16(data + 20, TYPE_ARP);
	assert_int_equal(link_strip(DLT_EN10MB, data, 60, &at), LINK_NOT_IP);
	assert_false(link_known(DLT_IEEE802_11));
}

/* ---- reassembly ---- */

static struct ip_packet fragment(uint32_t id, uint16_t offset, size_t length,
				 bool more, const uint8_t *data)
{
	struct ip_packet f = { .id = id, .offset = offset, .length = length,
		.more = more, .fragment = true, .protocol = PROTOCOL_UDP,
		.payload = data + offset, .checksum_ok = true };

	f.source.family = f.destination.family = 4;
	return f;
}

static enum reassembly_status add(struct reassembly *r, struct ip_packet f,
				  uint64_t now, struct ip_packet *whole)
{
	uint64_t tag = 0;

	return reassembly_add(r, &f, now, &tag, whole);
}

static uint8_t sample[65536];

static void reassembly_any_order(void **state)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 },
					 { 2, 0, 1 } };
	struct reassembly *r = reassembly_new(4, 1000);
	struct ip_packet parts[3], whole;

	(void)state;
	parts[0] = fragment(1, 0, 80, true, sample);
	parts[1] = fragment(1, 80, 16, true, sample);
	parts[2] = fragment(1, 96, 5, false, sample);
	for (size_t i = 0; i < 4; i++) {
		for (int n = 0; n < 3; n++) {
			/* A fragment that comes twice does no harm. */
			if (n < 2)
				assert_int_equal(add(r, parts[orders[i][n]], 0,
						     &whole),
						 REASSEMBLY_WAITING);
			assert_int_equal(add(r, parts[orders[i][n]], 0,
					     &whole),
					 n == 2 ? REASSEMBLY_COMPLETE :
						  REASSEMBLY_WAITING);
		}
		assert_int_equal(whole.length, 101);
		assert_memory_equal(whole.payload, sample, 101);
	}
	assert_int_equal(reassembly_incomplete(r), 0);
	reassembly_free(r);
}

static void reassembly_attacks(void **state)
{
	struct reassembly *r = reassembly_new(4, 1000);
	struct ip_packet whole;

	(void)state;
	/* Too long, not a multiple of 8, empty. */
	assert_int_equal(add(r, fragment(1, 65528, 8, false, sample),
			     0, &whole), REASSEMBLY_REFUSED);
	assert_int_equal(add(r, fragment(1, 0, 9, true, sample), 0, &whole),
			 REASSEMBLY_REFUSED);
	assert_int_equal(add(r, fragment(1, 0, 0, true, sample), 0, &whole),
			 REASSEMBLY_REFUSED);
	/* Overlap spoils what is there and what comes after. */
	add(r, fragment(2, 0, 16, true, sample), 0, &whole);
	assert_int_equal(add(r, fragment(2, 8, 16, true, sample), 0, &whole),
			 REASSEMBLY_REFUSED);
	assert_int_equal(add(r, fragment(2, 16, 8, false, sample), 0, &whole),
			 REASSEMBLY_REFUSED);
	/* Two ends. */
	add(r, fragment(3, 32, 8, false, sample), 0, &whole);
	assert_int_equal(add(r, fragment(3, 40, 8, false, sample), 0, &whole),
			 REASSEMBLY_REFUSED);
	assert_int_equal(reassembly_spoilt(r), 5);
	reassembly_free(r);
}

static void reassembly_bounds(void **state)
{
	struct reassembly *r = reassembly_new(2, 1000);
	struct ip_packet whole;

	(void)state;
	for (uint32_t id = 0; id < 5; id++)
		add(r, fragment(id, 0, 8, true, sample), id, &whole);
	/* Three gave way, two wait; the oldest of the two runs out of time. */
	assert_int_equal(reassembly_incomplete(r), 5);
	assert_int_equal(add(r, fragment(4, 8, 8, false, sample), 5, &whole),
			 REASSEMBLY_COMPLETE);
	assert_int_equal(add(r, fragment(3, 8, 8, false, sample), 5000,
			     &whole), REASSEMBLY_WAITING);
	reassembly_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capture_both_families),
		cmocka_unit_test(capture_fragments),
		cmocka_unit_test(capture_skips),
		cmocka_unit_test(capture_times),
		cmocka_unit_test(capture_disorder),
		cmocka_unit_test(capture_clock_set),
		cmocka_unit_test(capture_silence),
		cmocka_unit_test(capture_2038),
		cmocka_unit_test(capture_stopped),
		cmocka_unit_test(capture_one_family),
		cmocka_unit_test(capture_cut_anywhere),
		cmocka_unit_test(capture_extensions),
		cmocka_unit_test(capture_directory),
		cmocka_unit_test(capture_two_link_types),
		cmocka_unit_test(capture_refuses),
		cmocka_unit_test(link_types),
		cmocka_unit_test(reassembly_any_order),
		cmocka_unit_test(reassembly_attacks),
		cmocka_unit_test(reassembly_bounds),
	};

	return cmocka_run_group_tests_name("replay: capture", tests, NULL,
					   NULL);
}
