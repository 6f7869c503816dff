// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One-way times: the order of moments by several clocks, the stamps behind a
 * reply, and whole runs against a service of this machine that gives some.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#include "box_stamps.h"
#include "clock.h"
#include "replay_run.h"

#define START (1000 * NS_PER_S)

/* A whole way, 100 us from moment to moment. */
static struct way whole(void)
{
	struct way w;

	for (int i = 0; i < MOMENTS; i++)
		w.at[i] = START + (uint64_t)i * 100 * NS_PER_US;
	return w;
}

static void add_up(const struct way *w)
{
	uint64_t ns, sum = 0, inside = 0, network = 0;

	for (int p = 0; p < PARTS; p++) {
		assert_true(way_part(w, p, &ns));
		assert_in_range(ns, 0, NS_PER_S);
		if (p == PART_NETWORK)
			network = ns;
		else
			sum += ns;
		if (part_inside(p))
			inside += ns;
	}
	assert_int_equal(sum, w->at[MOMENT_RECEIVED] - w->at[MOMENT_SENT]);
	assert_int_equal(inside, network);
}

static void way_sums(void **state)
{
	struct way w = whole();
	struct way_known known = way_settle(&w);

	(void)state;
	assert_true(known.kernel && !known.foreign);
	add_up(&w);
	/* Clocks that tremble: every moment a little before the last. */
	for (int i = 1; i < MOMENTS - 1; i++)
		w.at[i] = START - (uint64_t)i * 200;
	known = way_settle(&w);
	assert_true(known.kernel && !known.foreign);
	add_up(&w);
	w = whole();
	for (int i = 1; i < MOMENTS - 1; i++)
		w.at[i] = w.at[MOMENT_RECEIVED] + 1500 - (uint64_t)i;
	known = way_settle(&w);
	assert_true(known.kernel && !known.foreign);
	add_up(&w);
}

/* Each moment alone out of order, far and at the ends of time. */
static void way_contradictions(void **state)
{
	static const uint64_t wrong[] = { 1, START - 100 * NS_PER_US,
					  START + NS_PER_S, UINT64_MAX - 1,
					  UINT64_MAX };
	struct way_known known;
	struct way w;
	uint64_t ns;

	(void)state;
	for (int i = MOMENT_LEFT; i <= MOMENT_CAME; i++)
		for (size_t n = 0; n < sizeof(wrong) / sizeof(*wrong); n++) {
			bool kernel = i == MOMENT_LEFT || i == MOMENT_CAME;

			w = whole();
			w.at[i] = wrong[n];
			known = way_settle(&w);
			assert_int_equal(known.kernel, !kernel);
			assert_int_equal(known.foreign, !kernel);
			assert_int_equal(way_part(&w, PART_NETWORK, &ns),
					 !kernel);
			assert_int_equal(way_part(&w, PART_SERVICE, &ns),
					 kernel);
			assert_false(way_part(&w, PART_LINUX_IN, &ns));
		}
}

static void way_unknown(void **state)
{
	struct way w = { .at = { [MOMENT_SENT] = START,
				 [MOMENT_RECEIVED] = START + 5 } };
	struct way_known known = way_settle(&w);
	uint64_t ns;

	(void)state;
	assert_false(known.kernel || known.foreign);
	for (int p = 0; p < PARTS; p++)
		assert_false(way_part(&w, p, &ns));
	/* One of the kernel's two is of no use. */
	w = whole();
	w.at[MOMENT_CAME] = 0;
	known = way_settle(&w);
	assert_false(known.kernel);
	assert_false(way_part(&w, PART_SENDER, &ns));
	assert_true(way_part(&w, PART_AOS_IN, &ns));
	/* Came in fragments: nobody knows when it was queued. */
	w = whole();
	w.at[MOMENT_QUEUED] = 0;
	known = way_settle(&w);
	assert_true(known.kernel && !known.foreign);
	assert_false(way_part(&w, PART_LINUX_IN, &ns));
	assert_true(way_part(&w, PART_LINUX_OUT, &ns));
}

static void put(uint8_t *to, size_t bytes, uint64_t n)
{
	while (bytes--) {
		to[bytes] = (uint8_t)n;
		n >>= 8;
	}
}

static void trailer_put(uint8_t to[32], const struct box_stamps *b)
{
	put(to, 8, b->queued);
	put(to + 8, 8, b->taken);
	put(to + 16, 8, b->answered);
	put(to + 24, 4, b->khz);
	memcpy(to + 28, "AST\1", 4);
}

/* In memory that ends where the reply does, for the sanitizer. */
static void stamps_read(void **state)
{
	struct box_stamps b = { 0 }, in = { 1, 2ULL << 40, UINT64_MAX, 9,
					    2400000 };

	(void)state;
	for (size_t size = 0; size < 80; size++) {
		uint8_t *reply = calloc(1, size ? size : 1);
		size_t length = size;

		assert_false(box_stamps_take(&b, reply, &length));
		assert_int_equal(length, size);
		if (size >= 32) {
			trailer_put(reply + size - 32, &in);
			assert_true(box_stamps_take(&b, reply, &length));
			assert_int_equal(length, size - 32);
			assert_int_equal(b.queued, 1);
			assert_int_equal(b.taken, 2ULL << 40);
			assert_true(b.answered == UINT64_MAX);
			assert_int_equal(b.khz, 2400000);
			reply[size - 1] = 2;	/* another version */
			assert_false(box_stamps_take(&b, reply, &length));
		}
		free(reply);
	}
	assert_int_equal(b.returned, 0);
}

/* This machine's counter, as Linux would know its frequency. */
static uint32_t tsc_khz(void)
{
	uint64_t ns = clock_ns(), tsc = __rdtsc();

	usleep(50000);
	return (uint32_t)((double)(__rdtsc() - tsc) * 1e6 /
			  (double)(clock_ns() - ns));
}

static void stamps_entered(void **state)
{
	uint32_t khz = tsc_khz();
	struct way w = { .at = { [MOMENT_SENT] = clock_ns() } };
	struct box_stamps b = { .khz = khz };
	struct way_known known;

	(void)state;
	b.queued = __rdtsc();
	usleep(2000);
	b.taken = b.answered = __rdtsc();
	w.at[MOMENT_RECEIVED] = clock_ns();
	box_stamps_enter(&b, &w);
	known = way_settle(&w);
	assert_false(known.foreign);
	assert_in_range(w.at[MOMENT_TAKEN] - w.at[MOMENT_QUEUED],
			1900 * NS_PER_US, NS_PER_S);
	assert_int_equal(w.at[MOMENT_RETURNED], 0);
	/* Never, not yet, and a counter that stands still. */
	b.taken = 1;
	box_stamps_enter(&b, &w);
	assert_true(way_settle(&w).foreign);
	b.taken = UINT64_MAX;
	box_stamps_enter(&b, &w);
	assert_true(way_settle(&w).foreign);
	b.taken = b.queued;
	b.khz = 1;
	box_stamps_enter(&b, &w);
	assert_true(way_settle(&w).foreign);
}

/* ---- whole runs ---- */

struct service {
	pid_t pid;
	unsigned int port;
};

/* Echo with stamps of this machine's counter, set @ahead. */
static void service_run(int fd, uint64_t ahead)
{
	static uint8_t data[65536 + 32];
	struct box_stamps b = { .khz = tsc_khz() };
	struct sockaddr_in6 from;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, data, 65536, 0,
				     (struct sockaddr *)&from, &size);

		if (n < 0)
			continue;
		b.queued = b.taken = b.answered = __rdtsc() + ahead;
		trailer_put(data + n, &b);
		sendto(fd, data, (size_t)n + 32, 0, (struct sockaddr *)&from,
		       size);
	}
}

static struct run *service_use(uint64_t ahead, const char *more)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	socklen_t size = sizeof(any);
	int off = 0, fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct run *r = run_new();
	char line[256];
	pid_t pid;

	assert_false(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
				sizeof(off)));
	assert_false(bind(fd, (struct sockaddr *)&any, size));
	assert_false(getsockname(fd, (struct sockaddr *)&any, &size));
	pid = fork();
	if (!pid)
		service_run(fd, ahead);
	close(fd);
	snprintf(line, sizeof(line), "--socket --to 127.0.0.1:%u --rate 200 "
		 "--wait 5 %s capture", ntohs(any.sin6_port), more);
	run_go(r, line, NULL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return r;
}

static void run_stamped(void **state)
{
	struct run *r = service_use(0, "--stamps --csv x");
	const struct stream_results *s = &r->results.streams[0];

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(s->unstamped, 0);
	/* A busy machine may part two readings; seldom. */
	assert_in_range(s->foreign, 0, 3);
	assert_int_equal(s->parts[PART_AOS_IN].count, 30 - s->foreign);
	assert_in_range(s->parts[PART_LINUX_IN].count, 24, 30);
	/* No packet of the loopback device has a device's stamp. */
	assert_int_equal(s->parts[PART_LINUX_OUT].count, 0);
	assert_non_null(strstr(r->report, "inside the box"));
	assert_non_null(strstr(r->report, "   linux in"));
	assert_non_null(strstr(r->report, "s (linux in "));
	assert_non_null(strstr(r->report, "s), receiver "));
	assert_non_null(strstr(r->json, "\"linux_in_ns\""));
	assert_non_null(strstr(r->csv, ",linux_out_ns,receiver_ns,"));
	run_end(r);
}

/* Another machine's clock: said, and the round trips stay whole. */
static void run_foreign(void **state)
{
	static const uint64_t ahead[] = { 1ULL << 40, -(1ULL << 40) };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct run *r = service_use(ahead[i], "--stamps");
		const struct stream_results *s = &r->results.streams[0];

		assert_true(r->passed);
		assert_int_equal(s->foreign, 30);
		assert_int_equal(s->parts[PART_SERVICE].count, 0);
		assert_in_range(s->parts[PART_NETWORK].count, 24, 30);
		assert_non_null(strstr(r->report, "another machine's clock"));
		assert_non_null(strstr(r->json, "\"foreign_stamps\": 30"));
		run_end(r);
	}
}

/* Not asked for, the stamps belong to a reply that is none. */
static void run_not_asked(void **state)
{
	struct run *r = service_use(0, "--wait 0 --timeout 200");

	(void)state;
	assert_false(r->passed);
	assert_int_equal(r->results.streams[0].match.results[MATCH_CORRUPT], 30);
	assert_null(strstr(r->report, "had no stamps"));
	run_end(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(way_sums),
		cmocka_unit_test(way_contradictions),
		cmocka_unit_test(way_unknown),
		cmocka_unit_test(stamps_read),
		cmocka_unit_test(stamps_entered),
		cmocka_unit_test(run_stamped),
		cmocka_unit_test(run_foreign),
		cmocka_unit_test(run_not_asked),
	};

	return cmocka_run_group_tests_name("replay: way", tests, NULL, NULL);
}
