// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending on time: sleep until just before a datagram is due, spin the rest of
 * the way, and take replies whenever there are any.
 */
#include <stdio.h>

#include "session_state.h"

/* Waking up takes some 50 us; the rest of the way is spun. */
#define SPIN (100 * NS_PER_US)
/* Telling how far it is must not make a datagram late. */
#define PROGRESS_ROOM NS_PER_MS
#define PROGRESS_OVERDUE (5 * NS_PER_S)
/* What a datagram of the window may count in bytes, on average. */
#define WINDOW_BYTES 1500

static void progress_print(struct session *s, uint64_t now)
{
	uint64_t sent = 0, verified = 0, planned = 0;

	for (unsigned int i = 0; i < s->count; i++) {
		const struct match_totals *t =
			match_totals(s->streams[i].match);

		sent += t->sent;
		verified += t->results[MATCH_VERIFIED];
		planned += s->streams[i].results->planned;
	}
	fprintf(stderr, "%sreplay: %llu of %llu sent (%.0f %%), %llu verified,"
		" %llu waiting, %.0f s%s", s->tty ? "\r" : "",
		(unsigned long long)sent, (unsigned long long)planned,
		planned ? (double)sent * 100 / (double)planned : 0,
		(unsigned long long)verified,
		(unsigned long long)session_open(s),
		(double)(now - s->schedule.start) / 1e9,
		s->tty ? "  " : "\n");
}

/* @due: when something is to be sent next. */
static void progress_show(struct session *s, uint64_t now, uint64_t due)
{
	if (!s->progress_every || now < s->progress_next ||
	    (now + PROGRESS_ROOM > due &&
	     now < s->progress_next + PROGRESS_OVERDUE))
		return;
	s->progress_next = now + s->progress_every;
	progress_print(s, now);
}

static void streams_expire(struct session *s, uint64_t now)
{
	for (unsigned int i = 0; i < s->count; i++)
		match_expire(s->streams[i].match, now);
}

static bool window_open(const struct session *s, uint32_t length)
{
	uint64_t window = s->options->window;
	uint64_t open = window ? session_open(s) : 0;

	/* A single datagram may always go, however long it is. */
	return !open || (open < window && session_open_bytes(s) + length <=
					  window * WINDOW_BYTES);
}

/* Until @due has come and the window lets a datagram of this length pass. */
static void due_wait(struct session *s, uint64_t due, uint32_t length)
{
	for (;;) {
		uint64_t now, until;

		session_take(s);
		now = clock_ns();
		streams_expire(s, now);
		side_tick(s->side, s->transport, &s->options->sources, now);
		progress_show(s, now, due);
		if (session_over(s) || (now >= due && window_open(s, length)))
			return;
		until = now < due ? due : now + SLEEP_MAX;
		if (s->side->count && s->side->next < until)
			until = s->side->next;
		if (until > now + SPIN)
			session_sleep(s, until - SPIN);
	}
}

static void sending_note(struct session *s, struct session_stream *to,
			 struct match_datagram *sent)
{
	struct record *record = journal_record(&s->results->journal,
					       sent->index);

	sent->gap = s->last_sent ? sent->stamp - s->last_sent : 0;
	s->last_sent = sent->stamp;
	to->results->bytes += sent->length;
	if (sent->measured && !s->schedule.max)
		histogram_add(&to->results->lag, sent->stamp - sent->due);
	if (record)
		*record = (struct record) {
			.due = sent->due,
			.way.at[MOMENT_SENT] = sent->stamp,
			.in_flight = sent->in_flight,
			.fate = FATE_UNANSWERED, .measured = sent->measured };
	if (match_sent(to->match, sent))
		session_fail(s, SESSION_BROKEN, "out of memory", 0);
}

/* What the host would not send was due nevertheless. */
static void refusal_note(struct session *s, struct session_stream *to,
			 const struct match_datagram *refused, int error)
{
	struct record *record = journal_record(&s->results->journal,
					       refused->index);

	to->results->refused++;
	to->results->refused_error = error;
	if (record)
		*record = (struct record) { .due = refused->due,
					    .in_flight = refused->in_flight };
}

/* At --speed max all is due at the start, so there the moment itself counts. */
static bool is_measured(const struct session *s, uint64_t sequence,
			uint64_t due)
{
	uint64_t at = s->schedule.max ? clock_ns() : due;

	return sequence >= s->options->warm_count &&
	       at - s->schedule.start >= s->options->warm_time;
}

static void datagram_send(struct session *s, uint64_t sequence, uint64_t due)
{
	const struct stream *stream = job_stream(s->job, sequence);
	const struct datagram *d = job_datagram(s->job, sequence);
	unsigned int number = (unsigned int)(stream - s->job->streams);
	struct session_stream *to = &s->streams[number];
	struct endpoint from = job_source(s->job, stream, d->flow);
	struct match_datagram sent = {
		.index = sequence, .packet = d->packet, .due = due,
		.in_flight = (uint32_t)session_open(s),
		.measured = is_measured(s, sequence, due),
		.payload = d->payload, .length = d->length, .hash = d->hash,
		.flow = d->flow,
	};
	int status = s->transport->ops->send(
		s->transport, &from, stream_to(stream->options, d->family),
		d->payload, d->length,
		session_tag(number, match_next(to->match)), &sent.stamp);

	if (status < 0)
		refusal_note(s, to, &sent, status);
	else
		sending_note(s, to, &sent);
}

void session_send(struct session *s)
{
	const struct plan *plan = &s->job->plan;
	uint64_t sequence = 0;

	schedule_start(&s->schedule, clock_ns() + NS_PER_MS, plan->span,
		       plan->count);
	s->results->start = s->schedule.start;
	for (uint64_t round = 0; round < s->options->rounds; round++)
		for (uint64_t i = 0; i < plan->count; i++, sequence++) {
			uint64_t due = schedule_due(&s->schedule, round,
						    plan->list[i].time);

			due_wait(s, due, job_datagram(s->job, i)->length);
			if (session_over(s))
				return;
			datagram_send(s, sequence, due);
		}
}

void session_stragglers(struct session *s)
{
	uint64_t now = clock_ns(), deadline = now + s->options->timeout;

	while ((session_open(s) || side_open(s->side)) && now < deadline &&
	       !session_over(s)) {
		session_sleep(s, now + 10 * NS_PER_MS);
		session_take(s);
		now = clock_ns();
		streams_expire(s, now);
		progress_show(s, now, UINT64_MAX);
	}
	session_take(s);
	if (s->progress_every)
		progress_print(s, clock_ns());
}
