// SPDX-License-Identifier: GPL-2.0-or-later
/* Matching: duplicates, order, corruption, lateness, and the accounting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "match.h"

#define TIMEOUT 1000

static void sent(struct match *m, uint64_t index, uint32_t flow,
		 const char *text, uint64_t stamp)
{
	uint32_t size = (uint32_t)strlen(text);
	struct match_datagram d = {
		.index = index, .stamp = stamp, .flow = flow, .length = size,
		.payload = (const uint8_t *)text,
		.hash = bytes_hash(0, text, size),
	};

	assert_int_equal(match_sent(m, &d), 0);
}

static enum match_result reply(struct match *m, uint32_t flow,
			       const char *text, uint64_t now,
			       uint64_t *latency)
{
	struct match_datagram which = { 0 };
	enum match_result result = match_reply(
		m, flow, (const uint8_t *)text, (uint32_t)strlen(text), now,
		&which);

	*latency = now - which.stamp;
	return result;
}

static void match_equal_payloads(void **state)
{
	struct match *m = match_new(2, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "same", 100);
	sent(m, 1, 0, "same", 200);
	sent(m, 2, 1, "same", 300);
	/* The oldest of the flow first; another flow has its own. */
	assert_int_equal(reply(m, 1, "same", 310, &latency), MATCH_VERIFIED);
	assert_int_equal(latency, 10);
	assert_int_equal(reply(m, 0, "same", 400, &latency), MATCH_VERIFIED);
	assert_int_equal(latency, 300);
	assert_int_equal(reply(m, 0, "same", 400, &latency), MATCH_VERIFIED);
	assert_int_equal(latency, 200);
	assert_int_equal(reply(m, 0, "same", 400, &latency), MATCH_DUPLICATE);
	assert_int_equal(match_open(m), 0);
	match_finish(m);
	assert_int_equal(match_totals(m)->lost, 0);
	match_free(m);
}

static void match_reordered(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "a", 1);
	sent(m, 1, 0, "b", 2);
	sent(m, 2, 0, "c", 3);
	assert_int_equal(reply(m, 0, "c", 9, &latency), MATCH_VERIFIED);
	assert_int_equal(reply(m, 0, "a", 9, &latency), MATCH_VERIFIED);
	assert_int_equal(reply(m, 0, "b", 9, &latency), MATCH_VERIFIED);
	assert_int_equal(match_totals(m)->reordered, 2);
	match_free(m);
}

/* Equal ones that wait, or are overdue, make it unsure which was answered. */
static void match_ambiguous(void **state)
{
	struct match *m = match_new(2, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "same", 1);
	sent(m, 1, 1, "same", 1);
	assert_int_equal(reply(m, 0, "same", 2, &latency), MATCH_VERIFIED);
	assert_int_equal(match_totals(m)->ambiguous, 0);
	sent(m, 2, 0, "same", 3);
	sent(m, 3, 0, "same", 4);
	assert_int_equal(reply(m, 0, "same", 5, &latency), MATCH_VERIFIED);
	assert_int_equal(match_totals(m)->ambiguous, 1);
	assert_int_equal(reply(m, 0, "same", 6, &latency), MATCH_VERIFIED);
	assert_int_equal(match_totals(m)->ambiguous, 1);
	/* The answer to an overdue one looks like a quick one to the next. */
	sent(m, 4, 0, "same", 10);
	sent(m, 5, 0, "same", 10 + TIMEOUT);
	assert_int_equal(reply(m, 0, "same", 12 + TIMEOUT, &latency),
			 MATCH_VERIFIED);
	assert_int_equal(latency, 2);
	assert_int_equal(match_totals(m)->ambiguous, 2);
	assert_int_equal(reply(m, 0, "same", 13 + TIMEOUT, &latency),
			 MATCH_LATE);
	assert_int_equal(match_totals(m)->ambiguous, 2);
	match_free(m);
}

static void match_corrupt(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	struct match_datagram like;
	uint64_t latency;

	(void)state;
	sent(m, 7, 0, "abcd", 1);
	sent(m, 8, 0, "efgh", 2);
	assert_int_equal(match_reply(m, 0, (const uint8_t *)"abcX", 4, 5,
				     &like), MATCH_CORRUPT);
	assert_int_equal(like.index, 7);
	assert_int_equal(reply(m, 0, "abc", 5, &latency), MATCH_CORRUPT);
	/* An altered reply takes nothing from a right one. */
	assert_int_equal(reply(m, 0, "efgh", 6, &latency), MATCH_VERIFIED);
	match_finish(m);
	assert_int_equal(match_totals(m)->lost, 1);
	assert_int_equal(match_totals(m)->losses[0].datagram.index, 7);
	assert_true(match_totals(m)->losses[0].corrupt_seen);
	match_free(m);
}

static void match_late_and_lost(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "late", 100);
	sent(m, 1, 0, "lost", 100);
	sent(m, 2, 0, "edge", 1100);
	match_expire(m, 1100);
	assert_int_equal(match_open(m), 3);
	assert_int_equal(reply(m, 0, "late", 1101, &latency), MATCH_LATE);
	assert_int_equal(latency, 1001);
	assert_int_equal(reply(m, 0, "late", 1102, &latency), MATCH_DUPLICATE);
	assert_int_equal(reply(m, 0, "edge", 2100, &latency), MATCH_VERIFIED);
	/* Forgotten after twice the timeout. */
	assert_int_equal(reply(m, 0, "lost", 2101, &latency),
			 MATCH_UNEXPECTED);
	match_finish(m);
	assert_int_equal(match_totals(m)->lost, 1);
	assert_int_equal(match_totals(m)->results[MATCH_LATE], 1);
	match_free(m);
}

static void match_unexpected(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	uint64_t latency;

	(void)state;
	assert_int_equal(reply(m, 0, "never asked", 5, &latency),
			 MATCH_UNEXPECTED);
	assert_int_equal(reply(m, 999, "no such flow", 5, &latency),
			 MATCH_UNEXPECTED);
	match_free(m);
}

static void match_empty_payload(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "", 1);
	assert_int_equal(reply(m, 0, "", 2, &latency), MATCH_VERIFIED);
	assert_int_equal(reply(m, 0, "", 2, &latency), MATCH_DUPLICATE);
	match_free(m);
}

/* A stamp finds its datagram by number, until that is forgotten. */
static void match_stamps(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	struct match_datagram which;
	uint64_t first = match_next(m), second;

	(void)state;
	sent(m, 0, 0, "a", 10);
	second = match_next(m);
	sent(m, 1, 0, "b", 20);
	match_stamp(m, second, 25);
	match_stamp(m, first, 15);
	match_stamp(m, second + 1, 99);		/* not sent yet */
	assert_int_equal(match_reply(m, 0, (const uint8_t *)"b", 1, 30,
				     &which), MATCH_VERIFIED);
	assert_int_equal(which.kernel, 25);
	match_expire(m, 10000);
	match_stamp(m, first, 16);		/* forgotten */
	match_finish(m);
	match_free(m);
}

/* A run that is cut short loses nothing, but has no answer either. */
static void match_cut_short(void **state)
{
	struct match *m = match_new(1, TIMEOUT);
	uint64_t latency;

	(void)state;
	sent(m, 0, 0, "lost", 1);
	match_expire(m, 1002);
	sent(m, 1, 0, "answered", 1002);
	sent(m, 2, 0, "open", 1003);
	assert_int_equal(reply(m, 0, "answered", 1004, &latency),
			 MATCH_VERIFIED);
	match_abandon(m);
	match_finish(m);
	assert_int_equal(match_totals(m)->abandoned, 1);
	assert_int_equal(match_totals(m)->lost, 1);
	assert_int_equal(match_open(m), 0);
	match_free(m);
}

/*
 * Whatever happens: each reply is of one kind, and each datagram ends as one
 * of verified, late and lost.
 */
static void match_accounting(void **state)
{
	static char texts[26][8];
	struct match *m = match_new(3, TIMEOUT);
	const struct match_totals *t = match_totals(m);
	uint64_t now = 0, replies = 0, kinds = 0, latency;

	(void)state;
	srand(3);
	for (int i = 0; i < 26; i++)
		memset(texts[i], 'a' + i, (size_t)(i % 7));
	for (uint64_t i = 0; i < 200000; i++) {
		now += (uint64_t)(rand() % 20);
		if (rand() % 2) {
			sent(m, i, (uint32_t)(rand() % 3), texts[rand() % 26],
			     now);
		} else {
			replies++;
			reply(m, (uint32_t)(rand() % 4), texts[rand() % 26],
			      now, &latency);
		}
	}
	match_finish(m);
	for (int i = 0; i < MATCH_RESULTS; i++)
		kinds += t->results[i];
	assert_int_equal(kinds, replies);
	assert_int_equal(t->sent, t->results[MATCH_VERIFIED] +
			 t->results[MATCH_LATE] + t->lost);
	assert_int_equal(match_open(m), 0);
	assert_int_equal(match_open_bytes(m), 0);
	assert_int_equal(t->loss_count, MATCH_LOSSES_KEPT);
	match_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(match_equal_payloads),
		cmocka_unit_test(match_reordered),
		cmocka_unit_test(match_ambiguous),
		cmocka_unit_test(match_corrupt),
		cmocka_unit_test(match_late_and_lost),
		cmocka_unit_test(match_unexpected),
		cmocka_unit_test(match_empty_payload),
		cmocka_unit_test(match_stamps),
		cmocka_unit_test(match_cut_short),
		cmocka_unit_test(match_accounting),
	};

	return cmocka_run_group_tests_name("replay: match", tests, NULL, NULL);
}
