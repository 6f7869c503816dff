// SPDX-License-Identifier: GPL-2.0-or-later
/* Before the first datagram: sources, the next hop, and probes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "box_stamps.h"
#include "session_state.h"

#define PROBE_EVERY (250 * NS_PER_MS)
/* The next hop must be known even without --wait. */
#define RESOLVE_TIME (3 * NS_PER_S)

static bool family_used(const struct session *s, uint8_t family)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (stream_to(s->streams[i].stream->options,
			      family)->address.family)
			return true;
	for (unsigned int i = 0; i < s->side->count; i++)
		if (s->side->checks[i].to.address.family == family)
			return true;
	return false;
}

/* Above the side checks' numbers, so that every stream has its own. */
static struct endpoint probe_source(const struct session *s,
				    unsigned int stream, uint8_t family)
{
	return source_service(&s->options->sources, family,
			      session_probe_number(stream));
}

static int source_prepare(struct session *s, const struct endpoint *from,
			  const struct endpoint *to)
{
	int status = s->transport->ops->open_source(s->transport, from, to);
	char text[ADDRESS_TEXT], line[256];

	if (status >= 0)
		return status;
	if (status == -EMFILE || status == -ENFILE || status == -ENOMEM ||
	    status == -ENOBUFS)
		snprintf(line, sizeof(line), "cannot open a source for every "
			 "flow (see --limit, ulimit -n)");
	else
		snprintf(line, sizeof(line), "cannot send to %s - is that the "
			 "address of one host, and is there a route to it?",
			 endpoint_format(to, text));
	session_fail(s, SESSION_BROKEN, line, status);
	return status;
}

/* One stream's flows, and its probes. */
static int stream_sources(struct session *s, unsigned int i)
{
	const struct stream *stream = &s->job->streams[i];
	const struct flow_table *flows = &stream->capture->flows;
	struct endpoint from;

	for (uint32_t f = 0; f < flows->count; f++) {
		uint8_t family = flows->flows[f].source.address.family;

		from = job_source(s->job, stream, f);
		if (source_prepare(s, &from, stream_to(stream->options,
						       family)))
			return -1;
	}
	for (uint8_t family = 4; family <= 6; family += 2) {
		const struct endpoint *to = stream_to(stream->options, family);

		from = probe_source(s, i, family);
		if (to->address.family && source_prepare(s, &from, to))
			return -1;
	}
	return 0;
}

int session_sources(struct session *s)
{
	struct endpoint from;

	for (unsigned int i = 0; i < s->count; i++)
		if (stream_sources(s, i))
			return -1;
	for (unsigned int i = 0; i < s->side->count; i++) {
		from = side_source(s->side, i, &s->options->sources);
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
		session_sleep(s, clock_ns() + SLEEP_MAX);
		while (s->transport->ops->receive(s->transport, &m) > 0)
			;
	}
	return status == 0;
}

/* An answer is as long as the probe, or longer by the appliance's stamps. */
static size_t answer_length(const struct session *s, const struct message *m)
{
	struct box_stamps box;
	size_t length = m->length;

	if (s->options->stamps && m->kind == MESSAGE_UDP)
		box_stamps_take(&box, m->payload, &length);
	return length;
}

/* Takes what has come; true if the answer to a probe was among it. */
static bool probe_answered(struct session *s, const struct endpoint *from,
			   const struct endpoint *to, const char *probe,
			   size_t size)
{
	struct message m;
	bool found = false;

	while (s->transport->ops->receive(s->transport, &m) > 0)
		found |= m.kind == MESSAGE_UDP &&
			 answer_length(s, &m) == size &&
			 endpoint_equal(&m.from, to) &&
			 endpoint_equal(&m.to, from) &&
			 !memcmp(m.payload, probe, size);
	return found;
}

/* Sends probes until one comes back. */
static bool probe_wait(struct session *s, unsigned int stream,
		       uint8_t family, uint64_t deadline)
{
	static const char probe[] = "replay: is anybody there?";
	const struct endpoint *to = stream_to(
		s->streams[stream].stream->options, family);
	struct endpoint from = probe_source(s, stream, family);
	uint64_t next = 0, now, stamp;

	while ((now = clock_ns()) < deadline && !session_over(s)) {
		if (now >= next) {
			s->transport->ops->send(s->transport, &from, to, probe,
						sizeof(probe), TAG_NONE,
						&stamp);
			next = now + PROBE_EVERY;
		}
		session_sleep(s, clock_ns() + SLEEP_MAX);
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

static void probe_missing(struct session *s, const struct endpoint *to)
{
	char text[ADDRESS_TEXT], line[256];

	snprintf(line, sizeof(line), "%s never echoed a probe, though the way "
		 "to its next hop is open - is the service running, and its "
		 "address routed to it?", endpoint_format(to, text));
	session_fail(s, SESSION_NO_ANSWER, line, 0);
}

static void probes_wait(struct session *s, uint8_t family, uint64_t deadline)
{
	for (unsigned int i = 0; i < s->count && !session_over(s); i++) {
		const struct endpoint *to = stream_to(
			s->streams[i].stream->options, family);

		if (to->address.family && !probe_wait(s, i, family, deadline) &&
		    !session_over(s))
			probe_missing(s, to);
	}
}

void session_await(struct session *s)
{
	uint64_t wait = s->options->wait;
	uint64_t deadline = clock_ns() + (wait ? wait : RESOLVE_TIME);

	for (uint8_t family = 4; family <= 6; family += 2) {
		if (!family_used(s, family))
			continue;
		if (hop_wait(s, family, deadline)) {
			if (wait)
				probes_wait(s, family, deadline);
		} else if (!session_over(s)) {
			hop_missing(s, family);
		}
		/* Who is interrupted has not waited to the end. */
		if (session_over(s))
			return;
	}
}
