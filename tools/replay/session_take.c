// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever comes: replies, answers to side checks, the kernel's stamps. */
#include "box_stamps.h"
#include "session_state.h"

#define MESSAGES_AT_A_TIME 64

static void left_take(struct session *s, const struct message *m)
{
	uint64_t stream = m->tag >> TAG_STREAM_SHIFT;

	if (stream < s->count)
		match_stamp(s->streams[stream].match,
			    m->tag & ((1ULL << TAG_STREAM_SHIFT) - 1),
			    m->kernel);
}

/* The stream that @to is a source of, and its flow; NULL: none. */
static struct session_stream *stream_of(struct session *s,
					const struct endpoint *to,
					uint32_t *flow)
{
	int64_t number = source_flow(&s->options->sources, to);

	for (unsigned int i = 0; i < s->count; i++) {
		const struct stream *stream = s->streams[i].stream;

		if (number < stream->first_flow ||
		    number >= stream->first_flow +
			      stream->capture->flows.count)
			continue;
		*flow = (uint32_t)number - stream->first_flow;
		return &s->streams[i];
	}
	return NULL;
}

static bool comes_from(const struct session_stream *s, const struct endpoint *e)
{
	return endpoint_equal(e, stream_to(s->stream->options,
					   e->address.family));
}

/* Replies to no source of ours are held against whoever sent them. */
static struct session_stream *stream_blamed(struct session *s,
					    const struct endpoint *from)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (comes_from(&s->streams[i], from))
			return &s->streams[i];
	return &s->streams[0];
}

/* Stamps behind the reply are no part of it; a plain service is compared with. */
static size_t stamps_take(const struct session *s,
			  const struct session_stream *stream,
			  const struct message *m, struct box_stamps *box)
{
	size_t length = m->length;

	if (s->options->stamps && !stream->stream->options->comparison &&
	    box_stamps_take(box, m->payload, &length))
		box->returned = m->device;
	return length;
}

static struct way way_of(const struct match_datagram *sent,
			 const struct message *m, const struct box_stamps *box)
{
	struct way way = { .at = {
		[MOMENT_SENT] = sent->stamp, [MOMENT_LEFT] = sent->kernel,
		[MOMENT_CAME] = m->kernel, [MOMENT_RECEIVED] = m->stamp,
	} };

	if (box->khz)
		box_stamps_enter(box, &way);
	return way;
}

static void parts_note(struct stream_results *r, const struct way *way,
		       struct way_known known, bool stamped)
{
	uint64_t ns;

	r->unsplit += !known.kernel;
	r->unstamped += !stamped;
	r->foreign += known.foreign;
	histogram_add(&r->latency,
		      way->at[MOMENT_RECEIVED] - way->at[MOMENT_SENT]);
	for (int p = 0; p < PARTS; p++)
		if (way_part(way, p, &ns))
			histogram_add(&r->parts[p], ns);
}

static void answer_note(struct session *s, struct stream_results *r,
			const struct match_datagram *sent,
			const struct message *m, const struct box_stamps *box,
			enum fate fate)
{
	struct record *record = journal_record(&s->results->journal,
					       sent->index);
	struct worst_entry entry = { *sent, way_of(sent, m, box),
				     session_open(s) };
	struct way_known known = way_settle(&entry.way);

	if (record) {
		record->way = entry.way;
		record->fate = (uint8_t)fate;
	}
	if (!sent->measured) {
		r->warm++;
		return;
	}
	parts_note(r, &entry.way, known, box->khz);
	worst_note(&r->worst, &entry);
}

static void reply_take(struct session *s, const struct message *m)
{
	struct match_datagram sent;
	struct session_stream *stream;
	struct box_stamps box = { 0 };
	enum match_result result;
	uint32_t flow = 0;
	size_t length;

	stream = stream_of(s, &m->to, &flow);
	if (!stream || !comes_from(stream, &m->from)) {
		if (!stream)
			stream = stream_blamed(s, &m->from);
		stream->results->replies++;
		stream->results->strangers += m->kind != MESSAGE_DAMAGED;
		stream->results->damaged += m->kind == MESSAGE_DAMAGED;
		return;
	}
	stream->results->replies++;
	if (m->kind == MESSAGE_DAMAGED) {
		stream->results->damaged++;
		return;
	}
	length = stamps_take(s, stream, m, &box);
	result = match_reply(stream->match, flow, m->payload,
			     (uint32_t)length, m->stamp, &sent);
	if (result == MATCH_VERIFIED || result == MATCH_LATE)
		answer_note(s, stream->results, &sent, m, &box,
			    result == MATCH_LATE ? FATE_LATE : FATE_VERIFIED);
}

/* Answers to the last probes may still be on their way. */
static bool is_probe(const struct session *s, const struct endpoint *to)
{
	for (unsigned int i = 0; i < s->count; i++) {
		struct endpoint probe = source_service(
			&s->options->sources, to->address.family,
			session_probe_number(i));

		if (endpoint_equal(to, &probe))
			return true;
	}
	return false;
}

static void message_take(struct session *s, const struct message *m)
{
	if (m->kind == MESSAGE_LEFT)
		left_take(s, m);
	else if (!side_reply(s->side, &s->options->sources, m) &&
		 !is_probe(s, &m->to))
		reply_take(s, m);
}

void session_take(struct session *s)
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
