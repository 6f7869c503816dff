// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: in order, whole, and nothing lost that is not counted. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hijack/kmux/log.h"

#define WRITERS		4
#define EACH		100000

static struct kmux_log log_new(void)
{
	struct kmux_log log = { .record = calloc(KMUX_LOG_RECORDS, sizeof(*log.record)) };

	assert_non_null(log.record);
	return log;
}

/* All its fields follow from one number. */
static void write_number(struct kmux_log *log, int n)
{
	struct kmux_record r = {
		.time = n, .ip = n + 1, .call = n, .thread = n, .process = n, .error = n,
		.action = n,
	};
	int i;

	for (i = 0; i < 6; i++)
		r.argument[i] = n + i;
	kmux_log_write(log, &r);
}

static bool is_whole(const struct kmux_record *r)
{
	int i, n = r->call;

	for (i = 0; i < 6; i++)
		if (r->argument[i] != (u64)n + i)
			return false;
	return r->time == (u64)n && r->ip == (u64)n + 1 && r->thread == (__u32)n &&
	       r->process == (__u32)n && r->error == (__u16)n && r->action == (__u8)n;
}

static void in_order(void **state)
{
	(void)state;
	struct kmux_log log = log_new();
	const struct kmux_record *r;
	int round, i;

	assert_null(kmux_log_peek(&log));
	for (round = 0; round < 3 * KMUX_LOG_RECORDS / 100; round++) {
		for (i = 0; i < 100; i++)
			write_number(&log, round * 100 + i);
		for (i = 0; i < 100; i++) {
			r = kmux_log_peek(&log);
			assert_non_null(r);
			assert_int_equal(r->call, round * 100 + i);
			assert_int_equal(r->sequence, round * 100 + i + 1);
			assert_true(is_whole(r));
			kmux_log_next(&log);
		}
		assert_null(kmux_log_peek(&log));
	}
	free(log.record);
}

static void full(void **state)
{
	(void)state;
	struct kmux_log log = log_new();
	int i;

	for (i = 0; i < KMUX_LOG_RECORDS + 7; i++)
		write_number(&log, i);
	assert_int_equal(atomic64_read(&log.dropped), 7);
	for (i = 0; i < KMUX_LOG_RECORDS; i++) {
		assert_int_equal(kmux_log_peek(&log)->call, i);
		kmux_log_next(&log);
	}
	assert_null(kmux_log_peek(&log));
	write_number(&log, 1);
	assert_int_equal(kmux_log_peek(&log)->sequence, KMUX_LOG_RECORDS + 1);
	free(log.record);
}

static struct kmux_log storm;

static void *writes(void *from)
{
	int i;

	for (i = 0; i < EACH; i++)
		write_number(&storm, (int)(intptr_t)from + i);
	return NULL;
}

static bool running(void)
{
	return atomic64_read(&storm.head) + atomic64_read(&storm.dropped) < WRITERS * EACH;
}

/* Many writers, one reader: whole records, each writer's in its order, all accounted for. */
static void many_writers(void **state)
{
	(void)state;
	int last[WRITERS] = { 0 }, i;
	pthread_t thread[WRITERS];
	const struct kmux_record *r;
	u64 read = 0;

	storm = log_new();
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, writes,
						(void *)(intptr_t)(i * EACH)), 0);
	do {
		r = kmux_log_peek(&storm);
		if (!r)
			continue;
		assert_true(is_whole(r));
		assert_int_equal(r->sequence, ++read);
		assert_true(r->call % EACH >= last[r->call / EACH]);
		last[r->call / EACH] = r->call % EACH;
		kmux_log_next(&storm);
	} while (r || running());
	for (i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	while (kmux_log_peek(&storm)) {
		kmux_log_next(&storm);
		read++;
	}
	assert_int_equal(read + atomic64_read(&storm.dropped), WRITERS * EACH);
	assert_int_equal(read, atomic64_read(&storm.head));
	free(storm.record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(full),
		cmocka_unit_test(many_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
