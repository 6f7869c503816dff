// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One run. A single thread: it sleeps in ppoll() until just before the next
 * datagram is due, spins the rest, and takes replies whenever there are any.
 */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"

/* Waking up from ppoll() takes some 50 us; the rest of the way is spun. */
#define SPIN (100 * NS_PER_US)
#define SLEEP_MAX (50 * NS_PER_MS)
#define PROBE_EVERY (250 * NS_PER_MS)
#define PROGRESS_EVERY (2 * NS_PER_S)
/* The next hop must be known even without --wait. */
#define RESOLVE_TIME (3 * NS_PER_S)
#define MESSAGES_AT_A_TIME 64
/* What a datagram of the window may count in bytes, on average. */
#define WINDOW_BYTES 1500

struct session {
	const struct options *options;
	const struct capture *capture;
	struct transport *transport;
	struct side *side;
	const volatile sig_atomic_t *stop;
	struct results *results;
	struct match *match;
	struct schedule schedule;
	uint64_t progress_next;
	bool tty, broken;
};

static void session_fail(struct session *s, enum session_status status,
			 const char *what, int error)
{
	/* The first failure is the cause, the others follow from it. */
	if (s->results->status != SESSION_DONE)
		return;
	s->results->status = status;
	snprintf(s->results->message, sizeof(s->results->message), "%s%s%s",
		 what, error ? ": " : "", error ? strerror(-error) : "");
}

static bool session_over(const struct session *s)
{
	return *s->stop || s->results->status != SESSION_DONE;
}

/* Sleeps until a message comes or @ns have passed. */
static void session_sleep(struct session *s, uint64_t ns)
{
	struct pollfd poll = { s->transport->ops->descriptor(s->transport),
			       POLLIN, 0 };
	struct timespec time;

	if (ns > SLEEP_MAX)
		ns = SLEEP_MAX;
	time.tv_sec = 0;
	time.tv_nsec = (long)ns;
	ppoll(&poll, 1, &time, NULL);
}

/* ---- before: the way there ---- */

static bool family_used(const struct session *s, uint8_t family)
{
	if (options_to(s->options, family)->address.family)
		return true;
	for (unsigned int i = 0; i < s->side->count; i++)
		if (s->side->checks[i].to.address.family == family)
			return true;
	return false;
}

static int source_prepare(struct session *s, const struct endpoint *from,
			  const struct endpoint *to)
{
	int status = s->transport->ops->open_source(s->transport, from, to);

	if (status < 0)
		session_fail(s, SESSION_BROKEN, "cannot open a source for "
			     "every flow (see --limit, ulimit -n)", status);
	return status;
}

/* Opens the sources of all flows, of the probes and of the side checks. */
static int sources_prepare(struct session *s)
{
	const struct sources *sources = &s->options->sources;
	const struct flow_table *flows = &s->capture->flows;
	struct endpoint from;

	for (uint32_t i = 0; i < flows->count; i++) {
		uint8_t family = flows->flows[i].source.address.family;

		from = source_of(sources, family, i);
		if (source_prepare(s, &from, options_to(s->options, family)))
			return -1;
	}
	for (uint8_t family = 4; family <= 6; family += 2) {
		from = source_service(sources, family, 0);
		if (options_to(s->options, family)->address.family &&
		    source_prepare(s, &from, options_to(s->options, family)))
			return -1;
	}
	for (unsigned int i = 0; i < s->side->count; i++) {
		from = side_source(s->side, i, sources);
		if (s->side->checks[i].kind == SIDE_ECHO &&
		    source_prepare(s, &from, &s->side->checks[i].to))
			return -1;
	}
	return 0;
}

/* Until the transport can reach this family, or time is up. */
static bool hop_wait(struct session *s, uint8_t family, uint64_t deadline)
{
	struct message m;
	int status;

	while ((status = s->transport->ops->prepare(s->transport, family)) ==
	       -EAGAIN) {
		if (session_over(s) || clock_ns() >= deadline)
			return false;
		session_sleep(s, SLEEP_MAX);
		while (s->transport->ops->receive(s->transport, &m) > 0)
			;
	}
	return status == 0;
}

/* Takes what has come; true if the answer to a probe was among it. */
static bool probe_answered(struct session *s, const struct endpoint *from,
			   const struct endpoint *to, const char *probe,
			   size_t size)
{
	struct message m;
	bool found = false;

	while (s->transport->ops->receive(s->transport, &m) > 0)
		found |= m.kind == MESSAGE_UDP && m.length == size &&
			 endpoint_equal(&m.from, to) &&
			 endpoint_equal(&m.to, from) &&
			 !memcmp(m.payload, probe, size);
	return found;
}

/* Sends probes until one comes back. */
static bool probe_wait(struct session *s, uint8_t family, uint64_t deadline)
{
	static const char probe[] = "replay: is anybody there?";
	const struct endpoint *to = options_to(s->options, family);
	struct endpoint from = source_service(&s->options->sources, family, 0);
	uint64_t next = 0, now, stamp;

	while ((now = clock_ns()) < deadline && !session_over(s)) {
		if (now >= next) {
			s->transport->ops->send(s->transport, &from, to, probe,
						sizeof(probe), &stamp);
			next = now + PROBE_EVERY;
		}
		session_sleep(s, SLEEP_MAX);
		if (probe_answered(s, &from, to, probe, sizeof(probe)))
			return true;
	}
	return false;
}

static void hop_missing(struct session *s, uint8_t family)
{
	const struct address *hop = family == 4 ? &s->options->wire.gateway4 :
						  &s->options->wire.gateway6;
	char text[ADDRESS_TEXT], line[256];

	snprintf(line, sizeof(line), "the next hop %s never answered %s - is "
		 "the guest up, its network card on this wire, its address "
		 "set?", address_format(hop, text), family == 4 ? "ARP" :
		 "neighbour discovery");
	session_fail(s, SESSION_NO_ANSWER, line, 0);
}

static void probe_missing(struct session *s, uint8_t family)
{
	char text[ADDRESS_TEXT], line[256];

	snprintf(line, sizeof(line), "%s never echoed a probe, though the way "
		 "to its next hop is open - is the service running, and its "
		 "address routed to it?",
		 endpoint_format(options_to(s->options, family), text));
	session_fail(s, SESSION_NO_ANSWER, line, 0);
}

static void appliance_wait(struct session *s)
{
	uint64_t wait = s->options->wait;
	uint64_t deadline = clock_ns() + (wait ? wait : RESOLVE_TIME);

	for (uint8_t family = 4; family <= 6; family += 2) {
		if (!family_used(s, family))
			continue;
		if (!hop_wait(s, family, deadline))
			hop_missing(s, family);
		else if (wait && options_to(s->options, family)->address.family
			 && !probe_wait(s, family, deadline))
			probe_missing(s, family);
		if (session_over(s))
			return;
	}
}

/* ---- while it runs: replies ---- */

static void reply_take(struct session *s, const struct message *m)
{
	const struct endpoint *to = options_to(s->options,
					       m->from.address.family);
	int64_t flow = source_flow(&s->options->sources, &m->to);
	struct match_datagram like;
	enum match_result result;
	uint64_t latency;

	s->results->replies++;
	if (m->kind == MESSAGE_DAMAGED) {
		s->results->damaged++;
		return;
	}
	if (flow < 0 || !endpoint_equal(&m->from, to)) {
		s->results->strangers++;
		return;
	}
	result = match_reply(s->match, (uint32_t)flow, m->payload,
			     (uint32_t)m->length, m->stamp, &latency, &like);
	if (result == MATCH_VERIFIED || result == MATCH_LATE)
		histogram_add(&s->results->latency, latency);
}

static bool is_probe(const struct session *s, const struct endpoint *to)
{
	struct endpoint probe = source_service(&s->options->sources,
					       to->address.family, 0);

	return endpoint_equal(to, &probe);
}

static void message_take(struct session *s, const struct message *m)
{
	if (side_reply(s->side, &s->options->sources, m))
		return;
	/* Answers to the last probes may still be on their way. */
	if (!is_probe(s, &m->to))
		reply_take(s, m);
}

static void session_drain(struct session *s)
{
	struct message m;
	int status;

	for (int i = 0; i < MESSAGES_AT_A_TIME; i++) {
		status = s->transport->ops->receive(s->transport, &m);
		if (status < 0)
			session_fail(s, SESSION_BROKEN, "receiving", status);
		if (status <= 0)
			return;
		message_take(s, &m);
	}
}

static void progress_show(struct session *s, uint64_t now)
{
	const struct match_totals *t = match_totals(s->match);

	if (!s->options->progress || now < s->progress_next)
		return;
	s->progress_next = now + PROGRESS_EVERY;
	fprintf(stderr, "%sreplay: %llu of %llu sent, %llu verified, %llu "
		"waiting, %.0f s%s", s->tty ? "\r" : "",
		(unsigned long long)t->sent,
		(unsigned long long)s->results->planned,
		(unsigned long long)t->results[MATCH_VERIFIED],
		(unsigned long long)match_open(s->match),
		(double)(now - s->schedule.start) / 1e9,
		s->tty ? "  " : "\n");
}

/* One turn of the loop: everything but sending the next datagram. */
static uint64_t session_turn(struct session *s, bool side)
{
	uint64_t now;

	session_drain(s);
	now = clock_ns();
	match_expire(s->match, now);
	if (side)
		side_tick(s->side, s->transport, &s->options->sources, now);
	progress_show(s, now);
	return now;
}

/* ---- while it runs: sending ---- */

static bool window_open(const struct session *s, uint32_t length)
{
	uint64_t window = s->options->window, open = match_open(s->match);

	/* A single datagram may always go, however long it is. */
	return !window || !open ||
	       (open < window && match_open_bytes(s->match) + length <=
		window * WINDOW_BYTES);
}

/* Until @due has come and the window lets a datagram of this length pass. */
static void due_wait(struct session *s, uint64_t due, uint32_t length)
{
	for (;;) {
		uint64_t now = session_turn(s, true), sleep = SLEEP_MAX;

		if (session_over(s))
			return;
		if (now >= due && window_open(s, length))
			return;
		if (now < due)
			sleep = due - now;
		if (s->side->count && s->side->next < now + sleep)
			sleep = s->side->next > now ? s->side->next - now : 0;
		if (sleep > SPIN)
			session_sleep(s, sleep - SPIN);
	}
}

static void datagram_refused(struct session *s, int error)
{
	s->results->refused++;
	s->results->refused_error = error;
}

static void datagram_send(struct session *s, const struct datagram *d,
			  uint64_t index, uint64_t due)
{
	struct endpoint from = source_of(&s->options->sources, d->family,
					 d->flow);
	struct match_datagram sent = {
		.index = index, .payload = d->payload, .length = d->length,
		.hash = d->hash, .flow = d->flow,
	};
	int status = s->transport->ops->send(
		s->transport, &from, options_to(s->options, d->family),
		d->payload, d->length, &sent.stamp);

	if (status < 0) {
		datagram_refused(s, status);
		return;
	}
	s->results->bytes += d->length;
	if (!s->schedule.max)
		histogram_add(&s->results->lag,
			      sent.stamp > due ? sent.stamp - due : 0);
	if (match_sent(s->match, &sent))
		session_fail(s, SESSION_BROKEN, "out of memory", 0);
}

static void session_send(struct session *s)
{
	const struct capture *c = s->capture;

	schedule_start(&s->schedule, clock_ns() + NS_PER_MS,
		       c->list[c->count - 1].time, c->count);
	for (uint64_t round = 0; round < s->options->rounds; round++) {
		for (uint64_t i = 0; i < c->count; i++) {
			uint64_t due = schedule_due(&s->schedule, round,
						    c->list[i].time);

			due_wait(s, due, c->list[i].length);
			if (session_over(s))
				return;
			datagram_send(s, &c->list[i], round * c->count + i,
				      due);
		}
	}
}

/* After the last one: stragglers, for as long as the timeout lets them. */
static void stragglers_wait(struct session *s)
{
	uint64_t deadline = clock_ns() + s->options->timeout;

	while (match_open(s->match) || side_open(s->side)) {
		if (session_turn(s, false) >= deadline || session_over(s))
			break;
		session_sleep(s, 10 * NS_PER_MS);
	}
	session_drain(s);
}

static void session_finish(struct session *s, uint64_t started)
{
	struct results *r = s->results;

	if (*s->stop)
		session_fail(s, SESSION_STOPPED, "interrupted", 0);
	match_finish(s->match);
	r->match = *match_totals(s->match);
	/* Replies refused before matching are of these kinds. */
	r->match.results[MATCH_CORRUPT] += r->damaged;
	r->match.results[MATCH_UNEXPECTED] += r->strangers;
	r->elapsed = clock_ns() - started;
	if (s->options->progress && s->tty)
		fputc('\n', stderr);
}

int session_run(const struct options *o, const struct capture *c,
		struct transport *t, struct side *side,
		const volatile sig_atomic_t *stop, struct results *out)
{
	struct session s = {
		.options = o, .capture = c, .transport = t, .side = side,
		.stop = stop, .results = out, .schedule = o->schedule,
		.tty = isatty(STDERR_FILENO),
	};
	uint64_t started;

	memset(out, 0, sizeof(*out));
	out->planned = c->count * o->rounds;
	s.match = match_new(c->flows.count, o->timeout);
	if (!s.match || histogram_init(&out->latency) ||
	    histogram_init(&out->lag)) {
		match_free(s.match);
		return -1;
	}
	prctl(PR_SET_TIMERSLACK, 1UL);
	if (!sources_prepare(&s))
		appliance_wait(&s);
	started = clock_ns();
	s.progress_next = started + PROGRESS_EVERY;
	if (!session_over(&s)) {
		session_send(&s);
		stragglers_wait(&s);
	}
	session_finish(&s, started);
	match_free(s.match);
	return 0;
}

void results_free(struct results *r)
{
	histogram_free(&r->latency);
	histogram_free(&r->lag);
}

bool results_passed(const struct results *r, const struct side *side)
{
	const struct match_totals *m = &r->match;

	return r->status == SESSION_DONE && m->sent == r->planned &&
	       m->results[MATCH_VERIFIED] == m->sent &&
	       !m->results[MATCH_LATE] && !m->results[MATCH_DUPLICATE] &&
	       !m->results[MATCH_CORRUPT] && !m->results[MATCH_UNEXPECTED] &&
	       side_passed(side);
}
