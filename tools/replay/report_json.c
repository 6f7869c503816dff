// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for programs: one JSON object, durations in nanoseconds. */
#include <jansson.h>

#include "report.h"

#define SCHEMA 2
#define TRANSPORT_COUNTERS 16

static void number(json_t *to, const char *name, uint64_t value)
{
	json_object_set_new(to, name, json_integer((json_int_t)value));
}

static void text(json_t *to, const char *name, const char *value)
{
	/* A file's name need not be UTF-8; then it is left out, as null. */
	json_t *string = json_string(value);

	json_object_set_new(to, name, string ? string : json_null());
}

static void truth(json_t *to, const char *name, bool value)
{
	json_object_set_new(to, name, json_boolean(value));
}

static json_t *capture_json(const struct stream *s)
{
	const struct capture *c = s->capture;
	json_t *o = json_object(), *skipped = json_object();

	text(o, "file", s->options->capture);
	number(o, "packets", c->packets);
	number(o, "ipv4", c->found4);
	number(o, "ipv6", c->found6);
	number(o, "fragmented", c->fragmented);
	number(o, "datagrams", c->count);
	number(o, "flows", c->flows.count);
	number(o, "smallest", c->smallest);
	number(o, "largest", c->largest);
	number(o, "span_ns", c->list[c->count - 1].time);
	truth(o, "cut_short", c->cut_short);
	for (int i = 0; i < SKIP_COUNT; i++)
		number(skipped, capture_skip_name(i), c->skipped[i]);
	json_object_set_new(o, "skipped", skipped);
	return o;
}

static json_t *times_json(const struct histogram *h)
{
	json_t *o = json_object();
	char name[16];

	number(o, "count", h->count);
	for (int i = 0; h->count && i < PERCENTILES; i++) {
		snprintf(name, sizeof(name), "p%g", report_percents[i]);
		number(o, name, histogram_percentile(h, report_percents[i]));
	}
	if (!h->count)
		return o;
	number(o, "min", h->least);
	number(o, "max", h->most);
	json_object_set_new(o, "mean", json_real(h->sum / (double)h->count));
	return o;
}

/* The datagram itself, as losses and worst ones have it in common. */
static json_t *datagram_json(const struct stream *s,
			     const struct match_datagram *d, uint64_t start)
{
	const struct flow *f = &s->capture->flows.flows[d->flow];
	char address[ADDRESS_TEXT];
	json_t *o = json_object();

	number(o, "sequence", d->index);
	number(o, "packet", d->packet);
	number(o, "bytes", d->length);
	text(o, "from", endpoint_format(&f->source, address));
	text(o, "to", endpoint_format(&f->destination, address));
	number(o, "due_ns", d->due - start);
	number(o, "sending_error_ns", d->stamp - d->due);
	number(o, "gap_before_ns", d->gap);
	number(o, "in_flight", d->in_flight);
	return o;
}

static json_t *losses_json(const struct report *r, unsigned int stream)
{
	const struct match_totals *m = &r->results->streams[stream].match;
	json_t *list = json_array();

	for (uint64_t i = 0; i < m->loss_count; i++) {
		json_t *o = datagram_json(&r->job->streams[stream],
					  &m->losses[i].datagram,
					  r->results->start);

		truth(o, "corrupt_reply", m->losses[i].corrupt_seen);
		json_array_append_new(list, o);
	}
	return list;
}

/* The parts that are known. */
static void way_json(json_t *o, const struct way *way)
{
	char name[32];
	uint64_t ns;

	for (int i = 0; i < PARTS; i++) {
		snprintf(name, sizeof(name), "%s_ns", part_name(i));
		if (way_part(way, i, &ns))
			number(o, name, ns);
	}
}

static json_t *worst_json(const struct report *r, unsigned int stream)
{
	const struct worst *w = &r->results->streams[stream].worst;
	json_t *list = json_array();

	for (size_t i = 0; i < w->count; i++) {
		const struct worst_entry *e = &w->list[i];
		json_t *o = datagram_json(&r->job->streams[stream],
					  &e->datagram, r->results->start);

		number(o, "round_trip_ns", worst_round_trip(e));
		way_json(o, &e->way);
		number(o, "in_flight_at_answer", e->still);
		json_array_append_new(list, o);
	}
	return list;
}

static void totals_json(json_t *o, const struct stream_results *s)
{
	number(o, "planned", s->planned);
	number(o, "sent", s->match.sent);
	number(o, "refused", s->refused);
	number(o, "bytes", s->bytes);
	number(o, "replies", s->replies);
	for (int i = 0; i < MATCH_RESULTS; i++)
		number(o, match_result_name(i), s->match.results[i]);
	number(o, "lost", s->match.lost);
	number(o, "open", s->match.abandoned);
	number(o, "reordered", s->match.reordered);
	number(o, "ambiguous", s->match.ambiguous);
	number(o, "bad_checksum", s->damaged);
	number(o, "warm_up", s->warm);
	truth(o, "passed", stream_passed(s));
}

static json_t *stream_json(const struct report *r, unsigned int i)
{
	const struct stream *s = &r->job->streams[i];
	const struct stream_results *results;
	char address[ADDRESS_TEXT], name[32];
	json_t *o = json_object();

	json_object_set_new(o, "capture", capture_json(s));
	if (s->options->to4.address.family)
		text(o, "to4", endpoint_format(&s->options->to4, address));
	if (s->options->to6.address.family)
		text(o, "to6", endpoint_format(&s->options->to6, address));
	truth(o, "comparison", s->options->comparison);
	if (!r->results)
		return o;
	results = &r->results->streams[i];
	totals_json(o, results);
	json_object_set_new(o, "losses", losses_json(r, i));
	json_object_set_new(o, "round_trip_ns", times_json(&results->latency));
	json_object_set_new(o, "sending_error_ns", times_json(&results->lag));
	for (int p = 0; p < PARTS; p++) {
		snprintf(name, sizeof(name), "%s_ns", part_name(p));
		json_object_set_new(o, name, times_json(&results->parts[p]));
	}
	number(o, "without_kernel_stamps", results->unsplit);
	if (r->job->options->stamps) {
		number(o, "without_stamps", results->unstamped);
		number(o, "foreign_stamps", results->foreign);
	}
	json_object_set_new(o, "worst", worst_json(r, i));
	return o;
}

static json_t *schedule_json(const struct options *options)
{
	const struct schedule *s = &options->schedule;
	json_t *o = json_object();

	text(o, "pace", s->max ? "max" : s->rate > 0 ? "rate" : "recorded");
	if (!s->max)
		json_object_set_new(o, s->rate > 0 ? "rate" : "speed",
				    json_real(s->rate > 0 ? s->rate :
							    s->speed));
	number(o, "rounds", options->rounds);
	number(o, "window", options->window);
	number(o, "warm_up_datagrams", options->warm_count);
	number(o, "warm_up_ns", options->warm_time);
	number(o, "timeout_ns", options->timeout);
	return o;
}

static json_t *transport_json(const struct report *r)
{
	struct transport_counter list[TRANSPORT_COUNTERS];
	size_t n = r->transport->ops->counters(r->transport, list,
					       TRANSPORT_COUNTERS);
	json_t *o = json_object();

	for (size_t i = 0; i < n; i++)
		number(o, list[i].name, list[i].value);
	return o;
}

static json_t *counters_json(const struct counters *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < c->count; i++)
		number(o, c->list[i].name, c->list[i].value);
	return o;
}

static json_t *host_json(const struct host_time *h)
{
	json_t *o = json_object();

	number(o, "suspended_ns", h->suspended);
	json_object_set_new(o, "time_of_day_set_ns", json_integer(h->day_set));
	number(o, "stolen_ns", h->stolen);
	number(o, "waited_for_cpu_ns", h->waited);
	number(o, "preempted", h->preempted);
	return o;
}

static json_t *side_json(const struct side *side)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < side->count; i++) {
		const struct side_check *c = &side->checks[i];
		bool ping = c->kind == SIDE_PING;
		char to[ADDRESS_TEXT];
		json_t *o = json_object();

		text(o, "kind", ping ? "ping" : "echo");
		text(o, "to", ping ? address_format(&c->to.address, to) :
				     endpoint_format(&c->to, to));
		number(o, "sent", c->sent);
		number(o, "answered", c->answered);
		number(o, "wrong", c->wrong);
		number(o, "worst_ns", c->worst);
		json_array_append_new(list, o);
	}
	return list;
}

static void results_json(json_t *root, const struct report *r)
{
	const struct results *s = r->results;

	json_object_set_new(root, "schedule", schedule_json(r->job->options));
	number(root, "sending_ns", s->sending);
	number(root, "elapsed_ns", s->elapsed);
	text(root, "clock", "CLOCK_MONOTONIC");
	json_object_set_new(root, "transport", transport_json(r));
	json_object_set_new(root, "counters", counters_json(r->counters));
	json_object_set_new(root, "host", host_json(&s->host));
	json_object_set_new(root, "side_checks", side_json(r->side));
	truth(root, "complete", s->status == SESSION_DONE);
	text(root, "message", s->message);
	truth(root, "passed", results_passed(s, r->side));
}

int report_json(const struct report *r, FILE *out)
{
	json_t *root = json_object(), *streams = json_array();
	int status;

	number(root, "schema", SCHEMA);
	for (unsigned int i = 0; i < r->job->count; i++)
		json_array_append_new(streams, stream_json(r, i));
	json_object_set_new(root, "streams", streams);
	if (r->results)
		results_json(root, r);
	status = json_dumpf(root, out, JSON_INDENT(2));
	json_decref(root);
	return status || fputc('\n', out) == EOF ? -1 : 0;
}
