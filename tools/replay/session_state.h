// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A run's state, which the files session*.c share. A single thread owns it
 * all. session_ready.c: before the first datagram; session_send.c: sending
 * on time; session_take.c: whatever comes.
 */
#ifndef REPLAY_SESSION_STATE_H
#define REPLAY_SESSION_STATE_H

#include "clock.h"
#include "session.h"

#define SLEEP_MAX (50 * NS_PER_MS)

struct session_stream {
	const struct stream *stream;
	struct match *match;
	struct stream_results *results;
};

struct session {
	const struct job *job;
	const struct options *options;
	struct transport *transport;
	struct side *side;
	const volatile sig_atomic_t *stop;
	struct results *results;
	struct session_stream streams[STREAMS_MAX];
	unsigned int count;
	struct schedule schedule;
	int timer;		/* a timerfd of CLOCK_MONOTONIC */
	uint64_t last_sent;	/* clock_ns(); 0: nothing yet */
	uint64_t progress_next, progress_every;	/* every 0: not wanted */
	bool tty;
};

/* Ends the run; the first failure is the cause, and the one that stays. */
void session_fail(struct session *s, enum session_status status,
		  const char *what, int error);
bool session_over(const struct session *s);

/* Sleeps until a message comes or @until, at most SLEEP_MAX. */
void session_sleep(struct session *s, uint64_t until);

/* Datagrams of all streams that wait for their answer, and their bytes. */
uint64_t session_open(const struct session *s);
uint64_t session_open_bytes(const struct session *s);

/* Opens the sources of all flows, probes and side checks; -1: it is over. */
int session_sources(struct session *s);

/* Waits until the appliance can be reached, or ends the run. */
void session_await(struct session *s);

/* Sends all rounds, each datagram at its time. */
void session_send(struct session *s);

/* Waits for stragglers as long as the timeout lets them. */
void session_stragglers(struct session *s);

/* Takes what has come. */
void session_take(struct session *s);

/* A stream's number among the service sources: side checks come between. */
static inline uint16_t session_probe_number(unsigned int stream)
{
	return (uint16_t)(stream ? SIDE_MAX + stream : 0);
}

/* What the transport calls a datagram: its stream and number in the match. */
#define TAG_STREAM_SHIFT 56

static inline uint64_t session_tag(unsigned int stream, uint64_t number)
{
	return (uint64_t)stream << TAG_STREAM_SHIFT | number;
}

#endif
