// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The translator's rings: records in order and whole, bounds kept, lies refused.
 * Ring and buffer have the exact size, so a sanitizer sees any step beyond.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/drop_log.h"
#include "abi/translator.h"

#define SIZE	TRANSLATOR_MIN_BYTES
#define MOST	TRANSLATOR_RECORD_MAX

struct rig {
	uint8_t *ring;
	uint32_t prod, cons;
	uint8_t data[MOST], back[MOST];
};

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig.ring = calloc(1, SIZE);
	rig.prod = rig.cons = 0;
	for (uint32_t i = 0; i < MOST; i++)
		rig.data[i] = (uint8_t)(i * 7 + (i >> 8));
	return rig.ring ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(rig.ring);
	return 0;
}

static int32_t put(uint32_t len)
{
	return translator_put(rig.ring, SIZE, &rig.prod, rig.cons, rig.data, len);
}

static int32_t get(uint32_t room)
{
	uint8_t *exact = malloc(room ? room : 1);
	int32_t n = translator_get(rig.ring, SIZE, &rig.cons, rig.prod, exact, room);

	if (n > 0)
		memcpy(rig.back, exact, (size_t)n);
	free(exact);
	return n;
}

static void sizes(void **state)
{
	(void)state;
	assert_true(translator_bytes_valid(TRANSLATOR_MIN_BYTES));
	assert_true(translator_bytes_valid(TRANSLATOR_MAX_BYTES));
	assert_false(translator_bytes_valid(0));
	assert_false(translator_bytes_valid(TRANSLATOR_MIN_BYTES / 2));
	assert_false(translator_bytes_valid(TRANSLATOR_MAX_BYTES * 2));
	assert_false(translator_bytes_valid(6000));
	assert_int_equal(translator_part_bytes(RING_PART_HOST, 4096, 8192),
			 3 * 4096 + TRANSLATOR_LOG_BYTES);
	assert_int_equal(translator_part_bytes(RING_PART_CTRL, 4096, 8192),
			 3 * 4096 + TRANSLATOR_LOG_BYTES);
	assert_int_equal(translator_part_bytes(RING_PART_TX, 4096, 8192), 0);
}

/* Every length at every place, so each part wraps once in every way; indices wrap too. */
static void whole_and_in_order(void **state)
{
	(void)state;
	rig.prod = rig.cons = 0u - 100000;
	for (uint32_t len = 0; len <= MOST; len += 1 + len / 50) {
		for (int i = 0; i < 40; i++) {
			assert_int_equal(put(len), 0);
			assert_int_equal(get(MOST), len);
			assert_memory_equal(rig.back, rig.data, len);
		}
		assert_int_equal(rig.prod, rig.cons);
	}
	assert_true(rig.prod < 0u - 100000);
}

static void empty_and_full(void **state)
{
	(void)state;
	assert_int_equal(get(MOST), TRANSLATOR_EMPTY);
	assert_int_equal(put(MOST), 0);
	assert_int_equal(put(0), TRANSLATOR_FULL);
	assert_int_equal(get(MOST), MOST);
	assert_int_equal(put(MOST - 8), 0);
	assert_int_equal(put(4), 0);
	assert_int_equal(put(0), TRANSLATOR_FULL);
	assert_int_equal(rig.prod - rig.cons, SIZE);
}

static void lengths(void **state)
{
	(void)state;
	assert_int_equal(translator_put(rig.ring, SIZE, &rig.prod, 0, rig.data, MOST + 1),
			 TRANSLATOR_LONG);
	assert_int_equal(translator_put(rig.ring, SIZE, &rig.prod, 0, rig.data, UINT32_MAX),
			 TRANSLATOR_LONG);
	assert_int_equal(rig.prod, 0);
	assert_int_equal(put(100), 0);
	assert_int_equal(get(99), TRANSLATOR_LONG);	/* and it stays */
	assert_int_equal(rig.cons, 0);
	assert_int_equal(get(100), 100);
}

/* An index that cannot be; afterwards nothing is there, and all goes on. */
static void lies_in_indices(void **state)
{
	static const uint32_t ahead[] = { 1, 3, SIZE + 1, 1u << 31, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
		rig.prod = rig.cons + ahead[i];
		assert_int_equal(get(MOST), TRANSLATOR_LIE);
		assert_int_equal(rig.cons, rig.prod);
		assert_int_equal(get(MOST), TRANSLATOR_EMPTY);
		assert_int_equal(put(9), 0);
		assert_int_equal(get(MOST), 9);
	}
	assert_int_equal(translator_put(rig.ring, SIZE, &rig.prod, rig.prod + 1, rig.data, 1),
			 TRANSLATOR_LIE);
	assert_int_equal(translator_put(rig.ring, SIZE, &rig.prod, rig.prod - SIZE - 1, rig.data, 1),
			 TRANSLATOR_LIE);
}

static void lies_in_lengths(void **state)
{
	static const uint32_t lens[] = { 11, MOST + 1, SIZE, 1u << 31, UINT32_MAX, UINT32_MAX - 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		assert_int_equal(put(10), 0);
		translator_copy_in(rig.ring, SIZE, rig.cons, &lens[i], 4);
		assert_int_equal(get(MOST), TRANSLATOR_LIE);
		assert_int_equal(rig.cons, rig.prod);
	}
}

/* ---- the log of drops ---- */

static struct {
	uint8_t *bytes;
	uint32_t prod, cons;
	struct drop_entry entry;
} told;

static int log_setup(void **state)
{
	(void)state;
	told.bytes = calloc(1, TRANSLATOR_LOG_BYTES);
	told.prod = told.cons = 0u - 5000;
	return told.bytes ? 0 : -1;
}

static int log_teardown(void **state)
{
	(void)state;
	free(told.bytes);
	return 0;
}

static bool tell(uint32_t why, uint32_t place, const void *packet, uint32_t len)
{
	const struct drop_told drop = { .n = 3, .len = len, .why = (uint16_t)why,
					.place = (uint8_t)place };

	return drop_log_put(told.bytes, &told.prod, told.cons, &drop, packet);
}

static int32_t hear(uint32_t places)
{
	return drop_log_take(told.bytes, &told.cons, told.prod, places, &told.entry);
}

static void log_whole_and_in_order(void **state)
{
	uint8_t packet[2048];

	(void)state;
	for (uint32_t i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)(i * 3);
	for (uint32_t len = 0; len <= sizeof(packet); len++) {
		uint32_t n = len < DROP_LOG_PACKET ? len : DROP_LOG_PACKET;

		assert_true(tell(DROP_TTL, DROP_AT_LWIP_IN, packet, len));
		assert_true(tell(DROP_TX_FULL, DROP_AT_VNIC_OUT, NULL, len));
		assert_int_equal(hear(DROP_AT_COMPONENTS), n);
		assert_memory_equal(told.entry.packet, packet, n);
		assert_int_equal(told.entry.told.why, DROP_TTL);
		assert_int_equal(told.entry.told.n, 3);
		assert_int_equal(told.entry.told.len, len);
		assert_int_equal(hear(DROP_AT_COMPONENTS), 0);
		assert_int_equal(told.entry.told.place, DROP_AT_VNIC_OUT);
		assert_int_equal(hear(DROP_AT_COMPONENTS), -1);
	}
}

/* What finds no room changes nothing of what is there. */
static void log_full(void **state)
{
	uint32_t most = TRANSLATOR_LOG_BYTES / (sizeof(struct drop_told) + TRANSLATOR_RECORD_HEAD);

	(void)state;
	for (uint32_t i = 0; i < most; i++)
		assert_true(tell(DROP_TTL, DROP_AT_LWIP_IN, NULL, i));
	assert_false(tell(DROP_TX_FULL, DROP_AT_VNIC_OUT, NULL, 0));
	for (uint32_t i = 0; i < most; i++) {
		assert_int_equal(hear(DROP_AT_COMPONENTS), 0);
		assert_int_equal(told.entry.told.len, i);
	}
	assert_int_equal(hear(DROP_AT_COMPONENTS), -1);
}

/* Each for itself: a process is no component, and neither is cosnet. */
static void log_reasons(void **state)
{
	(void)state;
	for (uint32_t why = 0; why < DROPS + 3; why++)
		for (uint32_t place = 0; place < 0x100; place++) {
			uint32_t known = place & DROP_AT_TRANSLATOR;
			bool good = known && why > DROP_NONE && why < DROPS &&
				    drop_places((enum drop)why) & known;

			assert_true(tell(why, place, NULL, 0));
			assert_int_equal(hear(DROP_AT_TRANSLATOR), 0);
			assert_int_equal(told.entry.told.why, good ? why : DROP_UNKNOWN);
		}
	assert_true(tell(DROP_TTL, DROP_AT_LWIP_IN, NULL, 0));
	assert_int_equal(hear(DROP_AT_TRANSLATOR), 0);
	assert_int_equal(told.entry.told.why, DROP_UNKNOWN);
	assert_true(tell(DROP_TO_AOS_FULL, DROP_AT_TO_AOS, NULL, 0));
	assert_int_equal(hear(DROP_AT_COMPONENTS), 0);
	assert_int_equal(told.entry.told.why, DROP_UNKNOWN);
}

/* An index or a record that cannot be leaves none, and the next is heard. */
static void log_lies(void **state)
{
	static const uint32_t ahead[] = { 1, TRANSLATOR_LOG_BYTES + 1, 1u << 31, UINT32_MAX };
	static const uint32_t lens[] = { 0, sizeof(struct drop_told) - 1,
					 sizeof(struct drop_entry) + 1, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(ahead) / sizeof(ahead[0]); i++) {
		told.prod = told.cons + ahead[i];
		assert_int_equal(hear(DROP_AT_COMPONENTS), -1);
		assert_int_equal(told.cons, told.prod);
	}
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		for (int n = 0; n < 20; n++)
			assert_true(tell(DROP_TTL, DROP_AT_LWIP_IN, NULL, 0));
		translator_copy_in(told.bytes, TRANSLATOR_LOG_BYTES, told.cons, &lens[i], 4);
		assert_int_equal(hear(DROP_AT_COMPONENTS), -1);
		assert_int_equal(told.cons, told.prod);
	}
	assert_true(tell(DROP_TTL, DROP_AT_LWIP_IN, NULL, 0));
	assert_int_equal(hear(DROP_AT_COMPONENTS), 0);
}

/* ---- two threads ---- */

#define RECORDS	100000u

static struct {
	uint8_t *ring;
	uint32_t prod, cons;		/* published */
} shared;

static uint32_t length_of(uint32_t n)
{
	return 4 + (n * 2654435761u >> 20) % 1000;
}

static void *produce(void *unused)
{
	uint32_t prod = 0, record[256];

	for (uint32_t n = 0; n < RECORDS;) {
		uint32_t cons = __atomic_load_n(&shared.cons, __ATOMIC_ACQUIRE);

		for (uint32_t i = 0; i < 256; i++)
			record[i] = n + i;
		if (translator_put(shared.ring, SIZE, &prod, cons, record, length_of(n))) {
			sched_yield();
			continue;
		}
		__atomic_store_n(&shared.prod, prod, __ATOMIC_RELEASE);
		n++;
	}
	return unused;
}

static void two_threads(void **state)
{
	uint32_t cons = 0, record[256];
	pthread_t thread;

	(void)state;
	shared.ring = calloc(1, SIZE);
	assert_int_equal(pthread_create(&thread, NULL, produce, NULL), 0);
	for (uint32_t n = 0; n < RECORDS;) {
		uint32_t prod = __atomic_load_n(&shared.prod, __ATOMIC_ACQUIRE);
		int32_t len = translator_get(shared.ring, SIZE, &cons, prod, record, sizeof(record));

		if (len == TRANSLATOR_EMPTY) {
			sched_yield();
			continue;
		}
		assert_int_equal(len, length_of(n));
		for (int32_t i = 0; i < len / 4; i++)
			assert_int_equal(record[i], n + (uint32_t)i);
		__atomic_store_n(&shared.cons, cons, __ATOMIC_RELEASE);
		n++;
	}
	pthread_join(thread, NULL);
	free(shared.ring);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define LOG(f) cmocka_unit_test_setup_teardown(f, log_setup, log_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sizes), TEST(whole_and_in_order), TEST(empty_and_full), TEST(lengths),
		TEST(lies_in_indices), TEST(lies_in_lengths), TEST(two_threads),
		LOG(log_whole_and_in_order), LOG(log_full), LOG(log_reasons), LOG(log_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
