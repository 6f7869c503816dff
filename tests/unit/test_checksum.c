/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Internet checksum of components/lwip against RFC 1071, one pair of bytes at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/inet_chksum.h"

#define LONGEST	300u
#define CHAIN	5u

static uint8_t bytes[65535];

static void fill(unsigned int seed)
{
	srand(seed);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)rand();
}

/* As it stands in a header: network order. */
static uint16_t reference(uint64_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += (uint64_t)p[i] << (i & 1 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return __builtin_bswap16((uint16_t)~sum);
}

/* Of their own size on the heap, so that a byte read beyond is noticed. */
static void *exact(const uint8_t *from, size_t len)
{
	void *copy = malloc(len);

	assert_non_null(copy);
	memcpy(copy, from, len);
	return copy;
}

static void all_lengths(void **state)
{
	void *data;

	(void)state;
	fill(1);
	for (uint16_t len = 1; len <= LONGEST; len++) {
		data = exact(bytes, len);
		assert_int_equal(inet_chksum(data, len), reference(0, bytes, len));
		free(data);
	}
	assert_int_equal(inet_chksum(bytes, 0), 0xffff);
}

static void all_places(void **state)
{
	(void)state;
	fill(2);
	for (size_t at = 0; at < 16; at++)
		for (uint16_t len = 0; len < 80; len++)
			assert_int_equal(inet_chksum(bytes + at, len),
					 reference(0, bytes + at, len));
}

/* Every addition carries; and nothing but zeros is zero. */
static void carries(void **state)
{
	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	for (uint32_t len = 1; len <= sizeof(bytes); len += len < LONGEST ? 1 : 997)
		assert_int_equal(inet_chksum(bytes, (uint16_t)len), reference(0, bytes, len));
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(inet_chksum(bytes, sizeof(bytes)), 0xffff);
	bytes[777] = 1;
	assert_int_equal(inet_chksum(bytes, sizeof(bytes)), reference(0, bytes, sizeof(bytes)));
}

/* -> bytes of all of them */
static uint16_t chain_make(struct pbuf *p, unsigned int longest)
{
	uint16_t total = 0;

	for (unsigned int i = 0; i < CHAIN; i++) {
		p[i] = (struct pbuf){ .next = i + 1 < CHAIN ? &p[i + 1] : NULL,
				      .payload = bytes + total,
				      .len = (uint16_t)((unsigned int)rand() % (longest + 1)) };
		total = (uint16_t)(total + p[i].len);
	}
	return total;
}

static void chains(void **state)
{
	struct pbuf p[CHAIN];
	uint16_t total;

	(void)state;
	fill(3);
	for (int i = 0; i < 1000; i++) {
		total = chain_make(p, 60);
		assert_int_equal(inet_chksum_pbuf(p), reference(0, bytes, total));
	}
}

/* The 32-bit words of an address, as the pseudo header's sum takes them. */
static uint64_t sum_of(const uint8_t *address, size_t len)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint64_t)address[i] << 8 | address[i + 1];
	return sum;
}

static void pseudo_headers(void **state)
{
	ip_addr_t from = { .type = IPADDR_TYPE_V4 }, to = { .type = IPADDR_TYPE_V4 };
	uint8_t a[16], b[16];
	struct pbuf p[CHAIN];
	uint16_t total;
	uint64_t rest;

	(void)state;
	fill(4);
	for (int i = 0; i < 1000; i++) {
		for (size_t k = 0; k < sizeof(a); k++) {
			a[k] = (uint8_t)(i % 2 ? rand() : 0xff);
			b[k] = (uint8_t)(i % 2 ? rand() : 0xff);
		}
		memcpy(from.u_addr.ip6.addr, a, sizeof(a));
		memcpy(to.u_addr.ip6.addr, b, sizeof(b));
		total = chain_make(p, 400);
		rest = 17u + total;
		from.type = to.type = IPADDR_TYPE_V4;
		assert_int_equal(ip_chksum_pseudo(p, 17, total, &from, &to),
				 reference(sum_of(a, 4) + sum_of(b, 4) + rest, bytes, total));
		from.type = to.type = IPADDR_TYPE_V6;
		assert_int_equal(ip_chksum_pseudo(p, 17, total, &from, &to),
				 reference(sum_of(a, 16) + sum_of(b, 16) + rest, bytes, total));
		assert_int_equal(ip6_chksum_pseudo(p, 17, total, &from.u_addr.ip6, &to.u_addr.ip6),
				 ip_chksum_pseudo(p, 17, total, &from, &to));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lengths), cmocka_unit_test(all_places),
		cmocka_unit_test(carries), cmocka_unit_test(chains),
		cmocka_unit_test(pseudo_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
