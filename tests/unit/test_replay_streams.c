// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole runs of several streams: over the wire to a host in another process,
 * and over sockets to an echo service, with the kernel's time stamps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "frame.h"
#include "replay_pcap.h"
#include "replay_run.h"

/* An echo service of this machine on any free port, as a child. */
struct echo {
	pid_t pid;
	unsigned int port;
};

static void echo_run(int fd)
{
	static uint8_t data[65536];
	struct sockaddr_in6 from;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, data, sizeof(data), 0,
				     (struct sockaddr *)&from, &size);

		if (n >= 0)
			sendto(fd, data, (size_t)n, 0,
			       (struct sockaddr *)&from, size);
	}
}

static struct echo echo_start(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	socklen_t size = sizeof(any);
	int off = 0, fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct echo e;

	peer_room(fd);
	assert_false(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
				sizeof(off)));
	assert_false(bind(fd, (struct sockaddr *)&any, size));
	assert_false(getsockname(fd, (struct sockaddr *)&any, &size));
	e.port = ntohs(any.sin6_port);
	e.pid = fork();
	if (!e.pid)
		echo_run(fd);
	close(fd);
	return e;
}

static void echo_stop(const struct echo *e)
{
	kill(e->pid, SIGKILL);
	waitpid(e->pid, NULL, 0);
}

/* One run over sockets to an echo service; %u in @line is its port. */
static struct run *socket_run(const char *line,
			      const volatile sig_atomic_t *stop)
{
	struct echo e = echo_start();
	struct run *r = run_new();
	char whole[512];

	snprintf(whole, sizeof(whole), line, e.port, e.port, e.port, e.port);
	run_go(r, whole, stop);
	echo_stop(&e);
	return r;
}

static uint64_t verified(const struct run *r, unsigned int stream)
{
	return r->results.streams[stream].match.results[MATCH_VERIFIED];
}

static void streams_wire(void **state)
{
	struct run *r = wire_run((struct replay_peer) { 0 },
				 "--pcap a --to 10.9.0.1 --to [fd00:9::1]:7 "
				 "--pcap b --to 10.9.0.5:99 --loop 2 "
				 "--speed 0.5");

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(verified(r, 0), 120);
	/* The second has a place for its IPv4 half only. */
	assert_int_equal(verified(r, 1), 60);
	/* The third has none of its own. */
	assert_int_equal(verified(r, 2), 120);
	assert_non_null(strstr(r->report, " to 10.9.0.5:99\n"));
	assert_non_null(strstr(r->report, "3 streams, 300 round trips"));
	run_end(r);
}

/* What is lost on one stream is lost there, not on the other. */
static void streams_apart(void **state)
{
	struct run *r = wire_run((struct replay_peer) { .lose = 9 },
				 "--compare 10.9.0.2 --compare [fd00:9::2]:7");
	uint64_t lost = 0;

	(void)state;
	assert_false(r->passed);
	for (unsigned int i = 0; i < 2; i++) {
		const struct stream_results *s = &r->results.streams[i];

		assert_int_equal(s->planned, 60);
		assert_int_equal(verified(r, i) + s->match.lost, 60);
		lost += s->match.lost;
	}
	/* Every ninth of about 120, the probes among them. */
	assert_in_range(lost, 12, 14);
	assert_non_null(strstr(r->report, "comparison"));
	run_end(r);
}

static void sockets_clean(void **state)
{
	struct run *r = socket_run("--socket --to 127.0.0.1:%u "
				   "--to [::1]:%u --speed 2 --warm-up 10 "
				   "capture", NULL);
	const struct stream_results *s = &r->results.streams[0];

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(s->warm, 10);
	assert_int_equal(s->latency.count, 50);
	assert_int_equal(s->lag.count, 50);
	assert_int_equal(s->worst.count, 3);
	run_end(r);
}

/*
 * Loopback stamps in both directions. The parts of each datagram add up to its
 * round trip, so their sums do, too.
 */
static void sockets_kernel_stamps(void **state)
{
	struct run *r = socket_run("--socket --to 127.0.0.1:%u "
				   "--to [::1]:%u --rate 400 capture", NULL);
	const struct stream_results *s = &r->results.streams[0];
	double sum = 0;

	(void)state;
	for (int p = 0; p < PARTS; p++) {
		assert_int_equal(s->parts[p].count,
				 part_inside(p) ? 0 : 60 - s->unsplit);
		sum += s->parts[p].sum;
	}
	/* A stamp may be refused when this machine is busy; few are. */
	assert_in_range(s->unsplit, 0, 6);
	if (!s->unsplit)
		assert_true(sum > s->latency.sum - 1 &&
			    sum < s->latency.sum + 1);
	assert_non_null(strstr(r->report, "wire + box"));
	assert_non_null(strstr(r->report, "s, receiver "));
	run_end(r);
	r = socket_run("--socket --to 127.0.0.1:%u --to [::1]:%u --speed 10 "
		       "--no-kernel-stamps capture", NULL);
	assert_true(r->passed);
	assert_int_equal(r->results.streams[0].parts[PART_NETWORK].count, 0);
	assert_int_equal(r->results.streams[0].unsplit, 60);
	assert_null(strstr(r->report, "wire + box"));
	run_end(r);
}

static unsigned int lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void streams_csv(void **state)
{
	struct run *r = socket_run("--socket --to 127.0.0.1:%u --to [::1]:%u "
				   "--compare 127.0.0.1:%u --compare [::1]:%u "
				   "--speed 5 --csv x capture", NULL);

	(void)state;
	if (!r->passed)
		fail_msg("%s", r->report);
	assert_int_equal(lines(r->csv), 121);
	assert_int_equal(strncmp(r->csv, "sequence,stream,round,packet,", 29),
			 0);
	assert_non_null(strstr(r->csv, "\n0,0,0,1,0,0,"));
	assert_null(strstr(r->csv, "unanswered"));
	run_end(r);
}

/* The JSON says what the structures hold, in valid form. */
static void streams_json(void **state)
{
	struct run *r = socket_run("--socket --to 127.0.0.1:%u --to [::1]:%u "
				   "--speed 5 --worst 2 capture", NULL);
	json_t *root = json_loads(r->json, 0, NULL), *stream;
	const struct histogram *h = &r->results.streams[0].latency;

	(void)state;
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "schema")),
			 2);
	assert_true(json_is_true(json_object_get(root, "passed")));
	assert_true(json_is_true(json_object_get(root, "complete")));
	stream = json_array_get(json_object_get(root, "streams"), 0);
	assert_int_equal(json_integer_value(json_object_get(stream, "sent")),
			 60);
	assert_int_equal(json_array_size(json_object_get(stream, "worst")), 2);
	assert_int_equal(json_integer_value(json_object_get(
		json_object_get(stream, "round_trip_ns"), "p99")),
			 histogram_percentile(h, 99));
	json_decref(root);
	run_end(r);
}

static void picture_is(const char *dir, const char *name, const char *magic)
{
	char path[128], head[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_true(fread(head, 1, sizeof(head) - 1, file) > 8);
	assert_non_null(strstr(head, magic));
	fclose(file);
}

/* All ten pictures, and nothing that gnuplot would not have. */
static void streams_plots(void **state)
{
	static const char *const names[] = { "distribution", "course",
					     "histogram", "parts-1",
					     "parts-2" };
	char dir[] = "/tmp/test_replay.XXXXXX", line[256], name[32];
	struct run *r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(line, sizeof(line), "--socket --to 127.0.0.1:%%u "
		 "--to [::1]:%%u --compare 127.0.0.1:%%u --compare [::1]:%%u "
		 "--speed 5 --plot %s capture", dir);
	r = socket_run(line, NULL);
	if (*r->plot)
		fail_msg("%s", r->plot);
	for (size_t i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "%s.png", names[i]);
		picture_is(dir, name, "PNG");
		snprintf(name, sizeof(name), "%s.svg", names[i]);
		picture_is(dir, name, "<?xml");
	}
	/* Boxes of one stream do not hide another's behind them. */
	snprintf(line, sizeof(line), "grep -q 'fill transparent' %s/plot.gp",
		 dir);
	assert_int_equal(system(line), 0);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	assert_int_equal(system(line), 0);
	run_end(r);
}

static volatile sig_atomic_t stop_soon;

static void stop_note(int signal)
{
	(void)signal;
	stop_soon = 1;
}

static void stop_in(unsigned int seconds)
{
	stop_soon = 0;
	signal(SIGALRM, stop_note);
	alarm(seconds);
}

/* Interrupted: what there is is kept and marked, and nothing counts as lost. */
static void streams_interrupted(void **state)
{
	struct run *r;

	(void)state;
	stop_in(1);
	r = socket_run("--socket --to 127.0.0.1:%u --to [::1]:%u --rate 20 "
		       "capture", &stop_soon);
	assert_false(r->passed);
	assert_int_equal(r->results.status, SESSION_STOPPED);
	assert_in_range(verified(r, 0), 1, 59);
	assert_int_equal(r->results.streams[0].match.lost, 0);
	assert_non_null(strstr(r->report, "PARTIAL"));
	assert_non_null(strstr(r->json, "\"complete\": false"));
	run_end(r);
}

/* Interrupted while it waits for the service: that is no fault of anybody's. */
static void waiting_interrupted(void **state)
{
	static const char *const lines[] = {
		"--socket --to 127.0.0.1:%u --wait 60 capture",
		"--wire dgram:%u:%u --to 10.9.0.1 --source4 10.9.0.2 --wait 60 "
		"capture",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct echo e = echo_start(), f = echo_start();
		struct run *r = run_new();
		char line[256];

		echo_stop(&e);
		echo_stop(&f);
		snprintf(line, sizeof(line), lines[i], e.port, f.port);
		stop_in(1);
		run_go(r, line, &stop_soon);
		assert_int_equal(r->results.status, SESSION_STOPPED);
		assert_non_null(strstr(r->report, "FAIL: interrupted"));
		run_end(r);
	}
}

/* A service that is held up answers nothing, and yet nothing is lost yet. */
static void streams_interrupted_open(void **state)
{
	struct echo e = echo_start();
	struct run *r = run_new();
	const struct match_totals *m = &r->results.streams[0].match;
	char line[256];

	(void)state;
	kill(e.pid, SIGSTOP);
	stop_in(1);
	snprintf(line, sizeof(line), "--socket --to 127.0.0.1:%u --rate 20 "
		 "capture", e.port);
	run_go(r, line, &stop_soon);
	echo_stop(&e);
	assert_in_range(m->sent, 1, 59);
	assert_int_equal(m->abandoned, m->sent);
	assert_int_equal(m->lost, 0);
	assert_non_null(strstr(r->report, "had no answer yet"));
	run_end(r);
}

/* What is lost elsewhere has no reason in the appliance. */
static void comparison_lost(void **state)
{
	struct echo there = echo_start(), gone = echo_start();
	struct run *r = run_new();
	char line[256];

	(void)state;
	echo_stop(&gone);
	snprintf(line, sizeof(line), "--socket --to 127.0.0.1:%u --compare "
		 "127.0.0.1:%u --speed 10 --timeout 50 capture", there.port,
		 gone.port);
	run_go(r, line, NULL);
	echo_stop(&there);
	assert_int_equal(verified(r, 0), 30);
	assert_int_equal(verified(r, 1), 0);
	assert_null(strstr(r->report, "reason"));
	run_end(r);
}

/* Where nothing can be sent it is the address that is named, not a limit. */
static void sockets_unreachable(void **state)
{
	static const char *const to[] = { "255.255.255.255:7", "[fe80::1]:7" };
	char line[256];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run *r = run_new();

		snprintf(line, sizeof(line), "--socket --to %s capture", to[i]);
		run_go(r, line, NULL);
		assert_int_equal(r->results.status, SESSION_BROKEN);
		snprintf(line, sizeof(line), "cannot send to %s - ", to[i]);
		assert_non_null(strstr(r->report, line));
		run_end(r);
	}
}

/* More flows than ports: what is advised is of use with sockets. */
static void sockets_too_few(void **state)
{
	char error[256], flow[32];
	char *argv[] = { "replay", "--socket", "--to", "127.0.0.1",
			 "--source-port", "65535", NULL };
	struct run *r = run_new();
	struct replay_pcap p;

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	for (int i = 1; i < 3; i++) {
		snprintf(flow, sizeof(flow), "10.0.0.1:%d", i);
		pcap_udp(&p, 1, flow, "10.0.0.2:2", "a", 1);
	}
	pcap_end(&p);
	argv[6] = p.path;
	assert_true(options_parse(&r->options, 7, argv, error, sizeof(error)));
	assert_int_equal(job_prepare(&r->job, &r->options, NULL, error,
				     sizeof(error)), -1);
	assert_non_null(strstr(error, "only 1 sources - use --limit or"));
	pcap_remove(&p);
	run_end(r);
}

/* Replies that our own socket has no room for are told apart from lost ones. */
static void sockets_overrun(void **state)
{
	static uint8_t reply[60000];
	struct endpoint from = { .address = { .family = 4 }, .port = 0 };
	struct endpoint to = { { 4, { 127, 0, 0, 1 } }, 0 };
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct transport_counter counters[2];
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct transport *t;
	uint64_t stamp, came = 0;
	struct message m;
	char error[256];

	(void)state;
	assert_false(bind(fd, (struct sockaddr *)&here, size));
	assert_false(getsockname(fd, (struct sockaddr *)&here, &size));
	to.port = ntohs(here.sin_port);
	t = socket_open(false, error, sizeof(error));
	assert_int_equal(t->ops->open_source(t, &from, &to), 0);
	assert_int_equal(t->ops->send(t, &from, &to, "?", 1, TAG_NONE, &stamp),
			 0);
	assert_int_equal(recvfrom(fd, reply, 1, 0, (struct sockaddr *)&here,
				  &size), 1);
	for (int i = 0; i < 200; i++)
		assert_int_equal(sendto(fd, reply, sizeof(reply), 0,
					(struct sockaddr *)&here, size),
				 sizeof(reply));
	assert_int_equal(t->ops->counters(t, counters, 2), 2);
	assert_string_equal(counters[1].name, COUNTER_DROPS);
	assert_int_not_equal(counters[1].value, 0);
	while (t->ops->receive(t, &m) > 0)
		came++;
	assert_int_equal(came + counters[1].value, 200);
	t->ops->close(t);
	close(fd);
}

/* One datagram that fits no IPv4 packet, recorded as segmentation offload does. */
static void too_long_write(struct replay_pcap *p)
{
	static uint8_t frame[ETHERNET_HEADER + 20 + TRANSPORT_MAX];
	uint8_t *ip = frame + ETHERNET_HEADER;

	put16(frame + 12, TYPE_IP4);
	ip[0] = 0x45;
	ip[8] = 64;
	ip[9] = PROTOCOL_UDP;
	put16(ip + 20 + 4, TRANSPORT_MAX);
	pcap_packet(p, 0, frame, sizeof(frame), sizeof(frame));
}

/* The host refuses the first: it has a line, and the others' are whole. */
static void csv_refused(void **state)
{
	static const volatile sig_atomic_t never;
	struct echo e = echo_start();
	struct run *r = run_new();
	struct replay_pcap p;
	char to[32], error[256], *csv;
	char *argv[] = { "replay", "--socket", "--to", to, "--csv", "x",
			 p.path };
	struct transport *t;
	size_t size;
	FILE *out;

	(void)state;
	pcap_begin(&p, DLT_EN10MB);
	too_long_write(&p);
	pcap_udp(&p, 7000, "10.0.0.1:1", "10.0.0.2:2", "a", 1);
	pcap_end(&p);
	snprintf(to, sizeof(to), "127.0.0.1:%u", e.port);
	assert_true(options_parse(&r->options, 7, argv, error, sizeof(error)));
	assert_int_equal(job_prepare(&r->job, &r->options, NULL, error,
				     sizeof(error)), 0);
	t = socket_open(true, error, sizeof(error));
	assert_int_equal(session_run(&r->job, t, &r->options.side, &never,
				     &r->results), 0);
	out = open_memstream(&csv, &size);
	journal_csv(&r->results.journal, &r->job, out);
	fclose(out);
	assert_int_equal(r->results.streams[0].refused, 1);
	assert_non_null(strstr(csv, ",not_sent,0,0,,"));
	assert_non_null(strstr(csv, ",verified,1,7000000,"));
	free(csv);
	t->ops->close(t);
	pcap_remove(&p);
	echo_stop(&e);
	run_end(r);
}

/* A time of warm-up ends also where all is due at once, and not before. */
static void warm_up_at_max(void **state)
{
	const struct stream_results *s;
	struct run *r;

	(void)state;
	stop_in(2);
	r = socket_run("--socket --to 127.0.0.1:%u --speed max --window 1 "
		       "--warm-up 1s --loop 1000000 capture", &stop_soon);
	s = &r->results.streams[0];
	assert_int_not_equal(s->warm, 0);
	assert_int_not_equal(s->latency.count, 0);
	assert_non_null(strstr(r->report, "count in no time below"));
	run_end(r);
}

/* A run that is all warm-up says that there is nothing to show, and why. */
static void warm_up_alone(void **state)
{
	struct run *r = socket_run("--socket --to 127.0.0.1:%u --speed 10 "
				   "--warm-up 60 --plot /nonexistent capture",
				   NULL);

	(void)state;
	assert_int_equal(r->results.streams[0].warm, 30);
	assert_non_null(strstr(r->report, "no other came: give a shorter"));
	assert_non_null(strstr(r->plot, "after the warm-up"));
	run_end(r);
}

/* Nobody there: said as such, and not as some losses. */
static void sockets_nobody(void **state)
{
	struct echo e = echo_start();
	struct run *r = run_new();
	char line[256];

	(void)state;
	echo_stop(&e);
	snprintf(line, sizeof(line), "--socket --to 127.0.0.1:%u --speed 10 "
		 "--timeout 50 capture", e.port);
	run_go(r, line, NULL);
	assert_false(r->passed);
	assert_non_null(strstr(r->report, "nothing came back at all"));
	run_end(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_wire),
		cmocka_unit_test(streams_apart),
		cmocka_unit_test(sockets_clean),
		cmocka_unit_test(sockets_kernel_stamps),
		cmocka_unit_test(sockets_nobody),
		cmocka_unit_test(warm_up_at_max),
		cmocka_unit_test(warm_up_alone),
		cmocka_unit_test(streams_csv),
		cmocka_unit_test(sockets_unreachable),
		cmocka_unit_test(sockets_too_few),
		cmocka_unit_test(comparison_lost),
		cmocka_unit_test(sockets_overrun),
		cmocka_unit_test(csv_refused),
		cmocka_unit_test(streams_json),
		cmocka_unit_test(streams_plots),
		cmocka_unit_test(streams_interrupted),
		cmocka_unit_test(waiting_interrupted),
		cmocka_unit_test(streams_interrupted_open),
	};

	return cmocka_run_group_tests_name("replay: streams", tests, NULL,
					   NULL);
}
