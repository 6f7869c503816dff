// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures that aosctl writes, read back by libpcap, which knows nothing of us.
 */
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pcapng.h"

static uint8_t packet[70000];

/* A packet of each size, then all of them by libpcap. */
static void read_back(const uint32_t *sizes, size_t n)
{
	struct pcapng_packet p = { .bytes = packet, .time = { 1700000000, 123456789 } };
	char trouble[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	FILE *file = tmpfile();
	pcap_t *reader;

	assert_non_null(file);
	assert_int_equal(pcapng_begin(file, "test"), 0);
	assert_int_equal(pcapng_interface(file, "cos0"), 0);
	for (size_t i = 0; i < n; i++) {
		p.out = i % 2;
		p.size = p.length = sizes[i];
		p.comment = i % 3 ? "to the AOS: dropped" : "";
		assert_int_equal(pcapng_write(file, &p), 0);
	}
	assert_int_equal(pcapng_statistics(file, 0, n, 0, "all of them"), 0);
	rewind(file);
	reader = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO,
							  trouble);
	assert_non_null(reader);
	assert_int_equal(pcap_datalink(reader), DLT_RAW);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pcap_next_ex(reader, &header, &bytes), 1);
		assert_int_equal(header->caplen, sizes[i]);
		assert_int_equal(header->len, sizes[i]);
		assert_int_equal(header->ts.tv_sec, 1700000000);
		assert_int_equal(header->ts.tv_usec, 123456789);
		assert_memory_equal(bytes, packet, sizes[i]);
	}
	assert_int_equal(pcap_next_ex(reader, &header, &bytes), PCAP_ERROR_BREAK);
	pcap_close(reader);
}

static void all_sizes(void **unused)
{
	uint32_t sizes[200];

	(void)unused;
	for (uint32_t i = 0; i < 200; i++)
		sizes[i] = i;
	read_back(sizes, 200);
}

static void the_longest(void **unused)
{
	const uint32_t sizes[] = { 65535, 65536, 1500 };

	(void)unused;
	read_back(sizes, 3);
}

static void nothing(void **unused)
{
	(void)unused;
	read_back(NULL, 0);
}

static void a_full_disk(void **unused)
{
	FILE *full = fopen("/dev/full", "w");

	(void)unused;
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_int_equal(pcapng_begin(full, "test"), -1);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_sizes), cmocka_unit_test(the_longest),
		cmocka_unit_test(nothing), cmocka_unit_test(a_full_disk),
	};

	for (size_t i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)(i * 7);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
