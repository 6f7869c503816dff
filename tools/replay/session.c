// SPDX-License-Identifier: GPL-2.0-or-later
/* One run from beginning to end, and what its parts have in common. */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "session_state.h"

#define PROGRESS_TTY (500 * NS_PER_MS)
#define PROGRESS_LINES (2 * NS_PER_S)

void session_fail(struct session *s, enum session_status status,
		  const char *what, int error)
{
	if (s->results->status != SESSION_DONE)
		return;
	s->results->status = status;
	snprintf(s->results->message, sizeof(s->results->message), "%s%s%s",
		 what, error ? ": " : "", error ? strerror(-error) : "");
}

bool session_over(const struct session *s)
{
	return *s->stop || s->results->status != SESSION_DONE;
}

/* An absolute timer: however often sleep is broken, its end stays. */
void session_sleep(struct session *s, uint64_t until)
{
	uint64_t now = clock_ns();
	uint64_t end = until < now + SLEEP_MAX ? until : now + SLEEP_MAX;
	struct itimerspec timer = { .it_value = {
		(time_t)(end / NS_PER_S), (long)(end % NS_PER_S) } };
	struct pollfd polls[] = {
		{ s->transport->ops->descriptor(s->transport), POLLIN, 0 },
		{ s->timer, POLLIN, 0 },
	};

	if (end <= now)
		return;
	timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &timer, NULL);
	poll(polls, 2, -1);
}

uint64_t session_open(const struct session *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < s->count; i++)
		n += match_open(s->streams[i].match);
	return n;
}

uint64_t session_open_bytes(const struct session *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < s->count; i++)
		n += match_open_bytes(s->streams[i].match);
	return n;
}

static int stream_init(struct session *s, unsigned int i)
{
	const struct stream *stream = &s->job->streams[i];
	struct stream_results *r = &s->results->streams[i];
	bool missing;

	s->streams[i] = (struct session_stream) {
		stream, match_new(stream->capture->flows.count,
				  s->options->timeout), r };
	r->planned = stream->capture->count * s->options->rounds;
	missing = !s->streams[i].match || histogram_init(&r->latency) ||
		  histogram_init(&r->lag) ||
		  worst_init(&r->worst, s->options->worst);
	for (int p = 0; p < PARTS && !missing; p++)
		missing = histogram_init(&r->parts[p]);
	return missing ? -1 : 0;
}

static int streams_init(struct session *s)
{
	for (s->count = 0; s->count < s->job->count;)
		if (stream_init(s, s->count++))
			return -1;
	s->results->count = s->count;
	if (!s->options->csv && !s->options->plot)
		return 0;
	return journal_init(&s->results->journal,
			    s->job->plan.count * s->options->rounds);
}

static void stream_finish(struct session_stream *s, bool cut_short)
{
	struct stream_results *r = s->results;

	if (cut_short)
		match_abandon(s->match);
	match_finish(s->match);
	r->match = *match_totals(s->match);
	/* Replies refused before matching are of these kinds. */
	r->match.results[MATCH_CORRUPT] += r->damaged;
	r->match.results[MATCH_UNEXPECTED] += r->strangers;
}

static void session_work(struct session *s)
{
	struct host_time before = host_time_read(), after;
	uint64_t started = clock_ns();

	s->progress_next = started + s->progress_every;
	session_send(s);
	s->results->sending = clock_ns() - started;
	session_stragglers(s);
	s->results->elapsed = clock_ns() - started;
	after = host_time_read();
	s->results->host = host_time_between(&before, &after);
	if (s->progress_every && s->tty)
		fputc('\n', stderr);
}

static void progress_set(struct session *s)
{
	const struct options *o = s->options;

	s->tty = isatty(STDERR_FILENO);
	if (o->progress || (s->tty && !o->no_progress))
		s->progress_every = s->tty ? PROGRESS_TTY : PROGRESS_LINES;
}

static void session_go(struct session *s)
{
	progress_set(s);
	if (!session_sources(s))
		session_await(s);
	if (!session_over(s))
		session_work(s);
	if (*s->stop)
		session_fail(s, SESSION_STOPPED, "interrupted", 0);
	for (unsigned int i = 0; i < s->count; i++)
		stream_finish(&s->streams[i],
			      s->results->status != SESSION_DONE);
}

int session_run(const struct job *job, struct transport *t, struct side *side,
		const volatile sig_atomic_t *stop, struct results *out)
{
	struct session s = {
		.job = job, .options = job->options, .transport = t,
		.side = side, .stop = stop, .results = out,
		.schedule = job->options->schedule,
	};
	int status;

	memset(out, 0, sizeof(*out));
	status = streams_init(&s);
	s.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (!status && s.timer < 0)
		session_fail(&s, SESSION_BROKEN, "no timer", -errno);
	if (!status)
		session_go(&s);
	if (s.timer >= 0)
		close(s.timer);
	for (unsigned int i = 0; i < s.count; i++)
		match_free(s.streams[i].match);
	return status;
}

void results_free(struct results *r)
{
	for (unsigned int i = 0; i < STREAMS_MAX; i++) {
		struct stream_results *s = &r->streams[i];

		histogram_free(&s->latency);
		histogram_free(&s->lag);
		for (int p = 0; p < PARTS; p++)
			histogram_free(&s->parts[p]);
		worst_free(&s->worst);
	}
	journal_free(&r->journal);
}

bool stream_passed(const struct stream_results *s)
{
	const struct match_totals *m = &s->match;

	return m->sent == s->planned &&
	       m->results[MATCH_VERIFIED] == m->sent &&
	       !m->results[MATCH_LATE] && !m->results[MATCH_DUPLICATE] &&
	       !m->results[MATCH_CORRUPT] && !m->results[MATCH_UNEXPECTED];
}

bool results_passed(const struct results *r, const struct side *side)
{
	for (unsigned int i = 0; i < r->count; i++)
		if (!stream_passed(&r->streams[i]))
			return false;
	return r->status == SESSION_DONE && side_passed(side);
}
