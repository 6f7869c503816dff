// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that are held back, and drops that find theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "held.h"

#define SIZE	60
#define LINK	7
#define UDP_SUM	26	/* 20 + 6 */

static struct held_queue queue;
static uint8_t bytes[SIZE];

static int set_up(void **state)
{
	(void)state;
	held_init(&queue);
	memset(bytes, 0, sizeof(bytes));
	bytes[0] = 0x45;
	bytes[9] = 17;
	return 0;
}

static int tear_down(void **state)
{
	struct held *held;

	(void)state;
	while ((held = held_take(&queue, 1e9)))
		free(held);
	return 0;
}

/* A packet whose last byte is that. */
static void came(uint8_t last, int out, double now)
{
	const struct pcapng_packet packet = { .out = out, .bytes = bytes, .size = SIZE,
					      .length = SIZE };

	bytes[SIZE - 1] = last;
	assert_true(held_add(&queue, &packet, LINK, now));
}

static struct dropped drop_of(uint8_t last)
{
	bytes[SIZE - 1] = last;
	return (struct dropped){ .ifindex = LINK, .why = DROP_UDP_PORT, .place = DROP_AT_LWIP_IN,
				 .n = 1, .length = SIZE, .bytes = bytes, .size = SIZE };
}

static void next_is(uint8_t last, enum drop why)
{
	struct held *held = held_take(&queue, 1e9);

	assert_non_null(held);
	assert_int_equal(held->bytes[SIZE - 1], last);
	assert_int_equal(held->why, why);
	free(held);
}

static void first_come_first_out(void **state)
{
	struct held *held;

	(void)state;
	came(1, 1, 10);
	came(2, 1, 11);
	assert_null(held_take(&queue, 10));
	held = held_take(&queue, 10.5);
	assert_non_null(held);
	free(held);
	assert_null(held_take(&queue, 10.5));
	came(3, 1, 12);
	next_is(2, DROP_NONE);
	next_is(3, DROP_NONE);
	assert_null(queue.first);
	came(4, 1, 13);
	next_is(4, DROP_NONE);
}

static void a_drop_finds_its_packet(void **state)
{
	struct dropped drop;

	(void)state;
	came(1, 1, 1);
	came(2, 1, 1);
	drop = drop_of(2);
	held_dropped(&queue, &drop);
	next_is(1, DROP_NONE);
	next_is(2, DROP_UDP_PORT);
	assert_int_equal(queue.strange, 0);
}

/* Each drop is of one packet, also where several are alike. */
static void equal_packets(void **state)
{
	struct dropped drop;

	(void)state;
	for (int i = 0; i < 3; i++)
		came(1, 1, 1);
	drop = drop_of(1);
	held_dropped(&queue, &drop);
	drop.why = DROP_MEMORY;
	held_dropped(&queue, &drop);
	next_is(1, DROP_UDP_PORT);
	next_is(1, DROP_MEMORY);
	next_is(1, DROP_NONE);
}

/* Linux had left the checksum to the device. */
static void a_checksum_filled_in_later(void **state)
{
	struct dropped drop;

	(void)state;
	came(1, 1, 1);
	bytes[UDP_SUM] = 0x12;
	bytes[UDP_SUM + 1] = 0x34;
	drop = drop_of(1);
	held_dropped(&queue, &drop);
	next_is(1, DROP_UDP_PORT);
	bytes[UDP_SUM + 2] = 1;
	came(1, 1, 1);
	bytes[UDP_SUM + 2] = 0;
	held_dropped(&queue, &drop);
	next_is(1, DROP_NONE);
	assert_int_equal(queue.strange, 1);
}

/* The same in the shortest of UDP, and over IPv6. */
static void checksums_of_others(void **state)
{
	struct dropped drop;

	(void)state;
	came(1, 1, 1);
	bytes[UDP_SUM] = 0x12;
	drop = drop_of(1);
	drop.size = UDP_SUM + 2;
	held_dropped(&queue, &drop);
	next_is(1, DROP_UDP_PORT);

	bytes[0] = 0x60;
	bytes[6] = 17;
	came(1, 1, 1);
	bytes[46] = 0x12;
	drop = drop_of(1);
	held_dropped(&queue, &drop);
	next_is(1, DROP_UDP_PORT);
	came(1, 1, 1);
	bytes[UDP_SUM] = 0x34;
	drop = drop_of(1);
	held_dropped(&queue, &drop);
	next_is(1, DROP_NONE);
}

/* Of fragments and others there is no checksum to pass over; short ones do not confuse. */
static void the_first_bytes_are_enough(void **state)
{
	struct dropped drop;

	(void)state;
	for (uint8_t size = 1; size <= SIZE; size++) {
		came(1, 1, 1);
		drop = drop_of(1);
		drop.size = size;
		held_dropped(&queue, &drop);
		next_is(1, DROP_UDP_PORT);
	}
	came(1, 1, 1);
	drop.size = 0;
	held_dropped(&queue, &drop);
	next_is(1, DROP_NONE);
}

static void others_drops(void **state)
{
	struct dropped drop;

	(void)state;
	came(1, 0, 1);		/* from the AOS */
	came(2, 1, 1);
	drop = drop_of(1);
	held_dropped(&queue, &drop);
	drop = drop_of(2);
	drop.ifindex++;
	held_dropped(&queue, &drop);
	drop.ifindex--;
	drop.length++;
	held_dropped(&queue, &drop);
	drop.length--;
	drop.n = 5;		/* of which nothing more is known */
	held_dropped(&queue, &drop);
	next_is(1, DROP_NONE);
	next_is(2, DROP_NONE);
	assert_int_equal(queue.strange, 8);
}

int main(void)
{
#define HELD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		HELD(first_come_first_out), HELD(a_drop_finds_its_packet), HELD(equal_packets),
		HELD(a_checksum_filled_in_later), HELD(checksums_of_others),
		HELD(the_first_bytes_are_enough),
		HELD(others_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
