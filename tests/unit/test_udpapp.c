/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services called directly, and udpapp against a lwip gone mad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "app/datagram.h"
#include "world.h"

#define HEADER	16u

extern const struct app_service kv_service, echo_service, stamps_service, time_service;

enum { GET = 1, SET, DELETE, STAT };
enum { OK, NO_KEY, MALFORMED, NO_OP, TOO_LONG, FULL };

static uint8_t request[4096], reply[2048];
static uint32_t value_len;

static void put16(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static uint32_t build(uint8_t op, const void *key, uint32_t key_len, const void *value, uint32_t len,
		      uint32_t ttl)
{
	memset(request, 0, HEADER);
	request[0] = 'K';
	request[1] = 1;
	request[2] = op;
	memcpy(request + 4, "\x12\x34\x56\x78", 4);
	put16(request + 8, ttl >> 16);
	put16(request + 10, ttl);
	put16(request + 12, key_len);
	put16(request + 14, len);
	memmove(request + HEADER, key, key_len);
	memmove(request + HEADER + key_len, value, len);
	return HEADER + key_len + len;
}

static int ask_raw(const void *data, uint32_t len)
{
	struct app_request r = { .data = data, .len = len };
	struct app_reply to = { .data = reply, .room = sizeof(reply) };

	return kv_service.datagram(&r, &to);
}

/* -> status; the value is at reply + HEADER, value_len bytes */
static uint32_t ask_len(uint32_t len)
{
	int n = ask_raw(request, len);

	assert_true(n >= (int)HEADER);
	assert_int_equal(reply[0], 'K');
	assert_int_equal(reply[1], 1);
	assert_int_equal(reply[2], request[2] | 0x80);
	assert_memory_equal(reply + 4, request + 4, 4);
	value_len = (uint32_t)(reply[14] << 8 | reply[15]);
	assert_int_equal(n, HEADER + value_len);
	return reply[3];
}

static uint32_t ask(uint8_t op, const char *key, const char *value, uint32_t ttl)
{
	return ask_len(build(op, key, (uint32_t)strlen(key), value, (uint32_t)strlen(value), ttl));
}

static uint32_t ttl_left(void)
{
	return (uint32_t)reply[8] << 24 | (uint32_t)reply[9] << 16 | (uint32_t)reply[10] << 8 |
	       reply[11];
}

static uint64_t stat(uint32_t n)
{
	uint64_t v = 0;
	uint32_t i;

	assert_int_equal(ask(STAT, "", "", 0), OK);
	assert_int_equal(value_len, 64);
	for (i = 0; i < 8; i++)
		v = v << 8 | reply[HEADER + n * 8 + i];
	return v;
}

/* ---- kv ---- */

static void kv_basics(void **state)
{
	(void)state;
	assert_int_equal(ask(GET, "a", "", 0), NO_KEY);
	assert_int_equal(ask(SET, "a", "one", 0), OK);
	assert_int_equal(ask(SET, "b", "", 0), OK);
	assert_int_equal(ask(GET, "a", "", 0), OK);
	assert_int_equal(value_len, 3);
	assert_memory_equal(reply + HEADER, "one", 3);
	assert_int_equal(ttl_left(), 0);
	assert_int_equal(ask(SET, "a", "three", 0), OK);
	assert_int_equal(ask(GET, "a", "", 0), OK);
	assert_memory_equal(reply + HEADER, "three", 5);
	assert_int_equal(ask(GET, "b", "", 0), OK);
	assert_int_equal(value_len, 0);
	assert_int_equal(stat(0), 2);
	assert_int_equal(ask(DELETE, "a", "", 0), OK);
	assert_int_equal(ask(DELETE, "a", "", 0), NO_KEY);
	assert_int_equal(ask(DELETE, "b", "", 0), OK);
	assert_int_equal(stat(0), 0);
}

static void kv_expiry(void **state)
{
	(void)state;
	world.now_ns = 5000000000ull;
	assert_int_equal(ask(SET, "soon", "x", 10), OK);
	assert_int_equal(ask(GET, "soon", "", 0), OK);
	assert_int_equal(ttl_left(), 10);
	world.now_ns += 9500000000ull;
	assert_int_equal(ask(GET, "soon", "", 0), OK);
	assert_int_equal(ttl_left(), 1);
	world.now_ns += 500000000ull;
	assert_int_equal(ask(GET, "soon", "", 0), NO_KEY);
	assert_int_equal(ask(SET, "soon", "x", UINT32_MAX), OK);
	assert_int_equal(ask(GET, "soon", "", 0), OK);
	assert_int_equal(ttl_left(), UINT32_MAX);
	assert_int_equal(ask(SET, "soon", "x", 0), OK);
	world.now_ns += 1000000000ull * UINT32_MAX;
	assert_int_equal(ask(DELETE, "soon", "", 0), OK);
}

static void kv_full(void **state)
{
	char key[16];
	uint32_t i, n = 0;

	(void)state;
	for (i = 0; i < 600; i++) {
		snprintf(key, sizeof(key), "key-%u", i);
		n += ask(SET, key, "v", i < 32 ? 5 : 0) == OK;
	}
	assert_int_equal(n, 512);
	assert_int_equal(ask(SET, "key-511", "other", 0), OK);
	assert_int_equal(ask(SET, "key-600", "v", 0), FULL);
	world.now_ns += 6000000000ull;
	/* refused SETs sweep, too: within 32 of them, space has been found */
	for (i = 0; i < 32 && ask(SET, "key-600", "v", 0) == FULL; i++)
		;
	assert_true(i < 32);
	for (i = 0; i < 601; i++) {
		snprintf(key, sizeof(key), "key-%u", i);
		ask(DELETE, key, "", 0);
	}
	for (i = 0; i < 32; i++) {
		assert_int_equal(ask(SET, "sweeper", "v", 0), OK);
	}
	assert_int_equal(ask(DELETE, "sweeper", "", 0), OK);
	assert_int_equal(stat(0), 0);
}

static void kv_limits(void **state)
{
	static uint8_t big[2000];

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(ask_len(build(SET, big, 64, big, 1024, 0)), OK);
	assert_int_equal(ask_len(build(GET, big, 64, "", 0, 0)), OK);
	assert_int_equal(value_len, 1024);
	assert_memory_equal(reply + HEADER, big, 1024);
	assert_int_equal(ask_len(build(DELETE, big, 64, "", 0, 0)), OK);
	assert_int_equal(ask_len(build(SET, big, 65, "", 0, 0)), TOO_LONG);
	assert_int_equal(ask_len(build(SET, big, 1, big, 1025, 0)), TOO_LONG);
	assert_int_equal(ask_len(build(SET, "", 0, "v", 1, 0)), MALFORMED);
	assert_int_equal(ask_len(build(GET, "k", 1, "v", 1, 0)), MALFORMED);
	assert_int_equal(ask_len(build(GET, "k", 1, "", 0, 1)), MALFORMED);
	assert_int_equal(ask_len(build(STAT, "k", 1, "", 0, 0)), MALFORMED);
	assert_int_equal(ask_len(build(GET, "k", 1, "", 0, 0) - 1), MALFORMED);
	assert_int_equal(ask_len(build(GET, "k", 1, "", 0, 0) + 1), MALFORMED);
	assert_int_equal(ask_len(build(0, "k", 1, "", 0, 0)), NO_OP);
	assert_int_equal(ask_len(build(9, "k", 1, "", 0, 0)), NO_OP);
}

static void kv_silence(void **state)
{
	uint32_t len = build(GET, "k", 1, "", 0, 0);

	(void)state;
	assert_int_equal(ask_raw(request, 15), APP_NO_REPLY);
	assert_int_equal(ask_raw(request, 0), APP_NO_REPLY);
	request[2] |= 0x80;
	assert_int_equal(ask_raw(request, len), APP_NO_REPLY);
	build(GET, "k", 1, "", 0, 0);
	request[1] = 2;
	assert_int_equal(ask_raw(request, len), APP_NO_REPLY);
	build(GET, "k", 1, "", 0, 0);
	request[0] = 'k';
	assert_int_equal(ask_raw(request, len), APP_NO_REPLY);
	build(GET, "k", 1, "", 0, 0);
	request[3] = 1;
	assert_int_equal(ask_raw(request, len), APP_NO_REPLY);
}

/* Against a plain array of what was stored. */
static void kv_model(void **state)
{
	static uint8_t stored[64][1100];
	static int length[64];
	uint32_t i, k, len;
	char key[8];

	(void)state;
	memset(length, 0xff, sizeof(length));
	for (i = 0; i < 200000; i++) {
		k = (uint32_t)rand() % 64;
		snprintf(key, sizeof(key), "%u", k * 7919);
		switch (rand() % 3) {
		case 0:
			len = (uint32_t)rand() % 1025;
			memset(stored[k], rand(), len);
			length[k] = (int)len;
			assert_int_equal(ask_len(build(SET, key, (uint32_t)strlen(key), stored[k],
						       len, 0)), OK);
			break;
		case 1:
			assert_int_equal(ask(GET, key, "", 0), length[k] < 0 ? NO_KEY : OK);
			if (length[k] < 0)
				break;
			assert_int_equal(value_len, length[k]);
			assert_memory_equal(reply + HEADER, stored[k], value_len);
			break;
		default:
			assert_int_equal(ask(DELETE, key, "", 0), length[k] < 0 ? NO_KEY : OK);
			length[k] = -1;
		}
	}
}

static void kv_random(void **state)
{
	uint32_t i, j, len;
	uint8_t *data;

	(void)state;
	for (i = 0; i < 100000; i++) {
		len = (uint32_t)rand() % 200;
		data = malloc(len);	/* so that the sanitizer sees the end */
		for (j = 0; j < len; j++)
			data[j] = (uint8_t)rand();
		if (len >= HEADER && rand() % 8) {
			memcpy(data, "K\1\0\0", 4);
			data[2] = (uint8_t)rand() % 6;
			data[12] = data[14] = 0;
			data[13] = (uint8_t)rand() % 70;
			data[15] = (uint8_t)(rand() % 4 ? len - HEADER - data[13] : (uint32_t)rand());
		}
		ask_raw(data, len);
		free(data);
	}
}

/* ---- the batch ---- */

static struct datagram *datagram(uint32_t n)
{
	struct datagram_in *in = world_dgram_in;

	return &in->datagram[n];
}

static const struct datagram_reply *answer(uint32_t n)
{
	const struct datagram_out *out = world_dgram_out;

	return &out->reply[n];
}

static void batch_echo(void **state)
{
	uint32_t base = ring_host_buf_off(WORLD_SLOTS);

	(void)state;
	memcpy(world.rx_buffers, "hello", 5);
	*datagram(0) = (struct datagram){ .off = base, .len = 5, .family = 4, .reply_off = 64,
					  .reply_room = 1472 };
	memset(world_dgram_copy, 'y', 3000);
	*datagram(1) = (struct datagram){ .place = DATAGRAM_IN_COPY, .len = 3000, .family = 4,
					  .reply_off = 2048 + 64, .reply_room = 1472 };
	assert_int_equal(app_input(2), 0);
	assert_int_equal(answer(0)->len, 5);
	assert_memory_equal(world.tx_buffers + 64, "hello", 5);
	assert_int_equal(answer(1)->len, 3000);
	assert_memory_equal((uint8_t *)world_reply_copy + answer(1)->off, world_dgram_copy, 3000);
	assert_int_equal(app_input(33), -AOS_EINVAL);
}

static void batch_long_replies(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		*datagram(i) = (struct datagram){ .place = DATAGRAM_IN_COPY, .len = 30000,
						  .reply_room = 1472 };
	assert_int_equal(app_input(3), 0);
	assert_int_equal(answer(0)->len, 30000);
	assert_int_equal(answer(1)->len, 30000);
	assert_int_equal(answer(1)->off, 30000);
	assert_int_equal(answer(2)->len, DATAGRAM_NO_REPLY);
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | p[i];
	return n;
}

static void time_answers(void **state)
{
	struct app_request r = { .data = request, .len = 16, .published = 7, .taken = 9 };
	struct app_reply to = { .data = reply, .room = sizeof(reply) };

	(void)state;
	memset(request, 0, sizeof(request));
	memcpy(request, "T\1\1\0abcdorigin..", 16);
	assert_int_equal(time_service.datagram(&r, &to), 56);
	assert_memory_equal(reply, "T\1\x81\0abcdorigin..", 16);
	assert_int_equal(get64(reply + 16), aos_time_ns());
	assert_int_equal(get64(reply + 24), aos_bootinfo()->tsc_khz);
	assert_int_equal(get64(reply + 32), 7);
	assert_int_equal(get64(reply + 40), 9);
	assert_int_equal(get64(reply + 48), aos_tsc());
}

/* All that came goes back, and the stamps behind it; too long for that: nothing. */
static void stamps_answers(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 31, 32, 1000 };
	struct app_request r = { .data = request, .published = 7, .taken = 9 };
	struct app_reply to = { .data = reply, .room = sizeof(reply) };

	(void)state;
	memset(request, 'x', sizeof(request));
	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		uint8_t *behind = reply + sizes[i];

		r.len = sizes[i];
		memset(reply, 0, sizeof(reply));
		assert_int_equal(stamps_service.datagram(&r, &to), r.len + 32);
		assert_memory_equal(reply, request, r.len);
		assert_int_equal(get64(behind), 7);
		assert_int_equal(get64(behind + 8), 9);
		assert_int_equal(get64(behind + 16), aos_tsc());
		assert_int_equal(get64(behind + 24) >> 32, aos_bootinfo()->tsc_khz);
		assert_memory_equal(behind + 28, "AST\1", 4);
	}
	r.len = APP_REPLY_MAX - 31;
	assert_int_equal(stamps_service.datagram(&r, &to), APP_NO_REPLY);
}

/* Too short, each of the first four bytes wrong, its own reply. */
static void time_silence(void **state)
{
	struct app_request r = { .data = request, .len = 15 };
	struct app_reply to = { .data = reply, .room = sizeof(reply) };

	(void)state;
	memcpy(request, "T\1\1\0abcdorigin..", 16);
	assert_int_equal(time_service.datagram(&r, &to), APP_NO_REPLY);
	r.len = 16;
	for (int i = 0; i < 4; i++) {
		request[i] ^= 0x80;
		assert_int_equal(time_service.datagram(&r, &to), APP_NO_REPLY);
		request[i] ^= 0x80;
	}
	assert_int_equal(time_service.datagram(&r, &to), 56);
	r.data = reply;
	assert_int_equal(time_service.datagram(&r, &to), APP_NO_REPLY);
}

/* When a batch came, and when Linux published its packet, by the ring's word. */
static void batch_stamps(void **state)
{
	const uint8_t *tx = world_ring_tx;
	uint32_t i, buffers = ring_host_buf_off(WORLD_SLOTS);

	(void)state;
	for (i = 0; i < 2; i++) {
		memcpy(world.rx_buffers + i * RING_BUF_SIZE + 28, "T\1\1\0abcdorigin..", 16);
		world_rx_desc(i)->stamp = 1000 + i;
		*datagram(i) = (struct datagram){
			.service = 2, .len = 16, .reply_room = 1472,
			.off = buffers + i * RING_BUF_SIZE + 28, .reply_off = i * RING_BUF_SIZE,
		};
	}
	assert_int_equal(app_input(2), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(answer(i)->len, 56);
		assert_int_equal(get64(tx + i * RING_BUF_SIZE + 32), 1000 + i);
		assert_int_equal(get64(tx + i * RING_BUF_SIZE + 40), aos_tsc());
	}
}

static void batch_hostile(void **state)
{
	struct datagram_in *in = world_dgram_in;
	uint8_t *bytes = world_dgram_in;
	uint32_t i, j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		for (j = 0; j < sizeof(*in); j++)
			bytes[j] = (uint8_t)rand();
		for (j = 0; j < RING_BATCH; j++) {
			if (rand() & 1)
				in->datagram[j].service = (uint16_t)rand() % 4;
			if (rand() & 1)
				in->datagram[j].place = (uint8_t)rand() % 3;
			if (rand() & 1)
				in->datagram[j].off = (uint32_t)rand() % 600000;
			if (rand() & 1)
				in->datagram[j].len = (uint32_t)rand() % 70000;
			if (rand() & 1)
				in->datagram[j].reply_off = (uint32_t)rand() % 600000;
			if (rand() & 1)
				in->datagram[j].reply_room = (uint32_t)rand() % 4000;
		}
		app_input((uint32_t)rand() % 33);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kv_basics), cmocka_unit_test(kv_expiry),
		cmocka_unit_test(kv_full), cmocka_unit_test(kv_limits),
		cmocka_unit_test(kv_silence), cmocka_unit_test(kv_model),
		cmocka_unit_test(kv_random), cmocka_unit_test(batch_echo),
		cmocka_unit_test(batch_long_replies), cmocka_unit_test(batch_hostile),
		cmocka_unit_test(stamps_answers), cmocka_unit_test(time_answers), cmocka_unit_test(time_silence),
		cmocka_unit_test(batch_stamps),
	};

	world_init(WORLD_SLOTS, 1500);
	world_service("echo", 7);
	world_service("kv", 11211);
	world_service("time", 123);
	world_service("stamps", 124);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
