// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for people. */
#include "report.h"

#include <string.h>

#include "clock.h"

#define TRANSPORT_COUNTERS 16
#define LABEL "%-13s"

typedef unsigned long long ull;

const double report_percents[PERCENTILES] = { 50, 90, 99, 99.9 };

static const struct {
	const char *name, *text;
} result_words[MATCH_RESULTS] = {
	[MATCH_VERIFIED] = { "verified", "byte for byte, in time" },
	[MATCH_LATE] = { "late", "right, but after the timeout" },
	[MATCH_DUPLICATE] = { "duplicate", "answers to what was answered" },
	[MATCH_CORRUPT] = { "corrupt",
			    "like no datagram that waited on their flow" },
	[MATCH_UNEXPECTED] = { "unexpected",
			       "on flows with nothing to answer" },
};

const char *match_result_name(enum match_result result)
{
	return result_words[result].name;
}

static void capture_print(const struct report *r, FILE *out)
{
	const struct capture *c = r->capture;
	char span[16];

	fprintf(out, LABEL "%s: %llu packets, %llu UDP datagrams (IPv4 %llu, "
		"IPv6 %llu; %llu of them in fragments)\n", "capture",
		r->options->capture, (ull)c->packets,
		(ull)(c->found4 + c->found6), (ull)c->found4, (ull)c->found6,
		(ull)c->fragmented);
	fprintf(out, LABEL "%llu datagrams of %u to %u bytes, %u flows, "
		"recorded in %s\n", "to send", (ull)c->count, c->smallest,
		c->largest, c->flows.count,
		duration_format(c->list[c->count - 1].time, span));
	for (int i = 0; i < SKIP_COUNT; i++)
		if (c->skipped[i])
			fprintf(out, LABEL "%llu %s\n", "skipped",
				(ull)c->skipped[i], capture_skip_text(i));
	if (c->backwards)
		fprintf(out, LABEL "%llu time stamps ran backwards; the gaps "
			"there count as 0\n", "note", (ull)c->backwards);
	if (c->shortened)
		fprintf(out, LABEL "%llu gaps shortened by --max-gap\n",
			"note", (ull)c->shortened);
	if (c->cut_short)
		fprintf(out, LABEL "the file breaks off after packet %llu; "
			"all before is used\n", "note", (ull)c->packets);
}

static void sent_print(const struct report *r, FILE *out)
{
	const struct results *s = r->results;
	double seconds = (double)s->elapsed / 1e9;
	char speed[32] = "max", elapsed[16];

	if (!s->match.sent)
		seconds = 1;
	if (!r->options->schedule.max)
		snprintf(speed, sizeof(speed), "%g",
			 r->options->schedule.speed);
	fprintf(out, LABEL "%llu of %llu datagrams, %llu bytes in %s (speed "
		"%s, %.0f datagrams/s)\n", "sent", (ull)s->match.sent,
		(ull)s->planned, (ull)s->bytes,
		duration_format(s->elapsed, elapsed), speed,
		(double)s->match.sent / seconds);
	if (s->refused)
		fprintf(out, LABEL "%llu could not be sent: %s\n", "refused",
			(ull)s->refused, strerror(-s->refused_error));
}

static void replies_print(const struct results *s, FILE *out)
{
	fprintf(out, LABEL "%llu\n", "replies", (ull)s->replies);
	for (int i = 0; i < MATCH_RESULTS; i++)
		if (i == MATCH_VERIFIED || s->match.results[i])
			fprintf(out, "  %-11s%llu %s\n", result_words[i].name,
				(ull)s->match.results[i],
				result_words[i].text);
	if (s->damaged)
		fprintf(out, "    %llu of the corrupt have a wrong UDP "
			"checksum\n", (ull)s->damaged);
	if (s->strangers)
		fprintf(out, "    %llu of the unexpected are from a stranger "
			"or to a port of no flow\n", (ull)s->strangers);
	if (s->match.reordered)
		fprintf(out, "    %llu came after a later one of their flow\n",
			(ull)s->match.reordered);
}

static void loss_print(const struct report *r, const struct match_loss *loss,
		       FILE *out)
{
	const struct match_datagram *d = &loss->datagram;
	const struct flow *flow = &r->capture->flows.flows[d->flow];
	const struct datagram *original =
		&r->capture->list[d->index % r->capture->count];
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];
	struct endpoint source = source_of(&r->options->sources,
					   original->family, d->flow);

	fprintf(out, "    #%llu (packet %llu) %u bytes, recorded %s > %s, "
		"sent from port %u%s\n", (ull)d->index + 1,
		(ull)original->packet, d->length,
		endpoint_format(&flow->source, from),
		endpoint_format(&flow->destination, to),
		(unsigned int)source.port,
		loss->corrupt_seen ? "; a corrupt reply of this size came" :
				     "");
}

static void losses_print(const struct report *r, FILE *out)
{
	const struct match_totals *m = &r->results->match;

	fprintf(out, LABEL "%llu\n", "lost", (ull)m->lost);
	for (uint64_t i = 0; i < m->loss_count; i++)
		loss_print(r, &m->losses[i], out);
	if (m->lost > m->loss_count)
		fprintf(out, "    ... and %llu more\n",
			(ull)(m->lost - m->loss_count));
}

/* Counters are worth a line wherever something is missing. */
static void reasons_print(const struct report *r, FILE *out)
{
	const struct match_totals *m = &r->results->match;
	bool any = false;

	if (!r->counters->count || m->results[MATCH_VERIFIED] == m->sent)
		return;
	for (size_t i = 0; i < r->counters->count; i++) {
		const struct counter *c = &r->counters->list[i];

		if (!counter_is_reason(c))
			continue;
		any = true;
		fprintf(out, "  reason     %s %llu\n", c->name, (ull)c->value);
	}
	if (!any)
		fprintf(out, "  reason     the appliance counts no drops: lost "
			"before or behind it\n");
}

static void wire_print(const struct report *r, FILE *out)
{
	struct transport_counter list[TRANSPORT_COUNTERS];
	size_t n = r->transport->ops->counters(r->transport, list,
					       TRANSPORT_COUNTERS);

	for (size_t i = 0; i < n; i++)
		if (list[i].value)
			fprintf(out, LABEL "%s %llu\n", i ? "" : "transport",
				list[i].name, (ull)list[i].value);
}

static void percentiles_print(const char *label, const struct histogram *h,
			      FILE *out)
{
	char text[16];

	fprintf(out, LABEL, label);
	for (int i = 0; i < PERCENTILES; i++)
		fprintf(out, "p%g %s  ", report_percents[i],
			duration_format(histogram_percentile(
				h, report_percents[i]), text));
	fprintf(out, "max %s\n", duration_format(h->most, text));
}

static void times_print(const struct results *s, FILE *out)
{
	if (s->latency.count) {
		percentiles_print("round trip", &s->latency, out);
		histogram_draw(&s->latency, out);
	}
	if (s->lag.count)
		percentiles_print("sent late by", &s->lag, out);
}

static void side_print(const struct side *side, FILE *out)
{
	for (unsigned int i = 0; i < side->count; i++) {
		const struct side_check *c = &side->checks[i];
		char to[ADDRESS_TEXT], worst[16];

		fprintf(out, LABEL "%s %s: %llu asked, %llu answered, %llu "
			"wrong, slowest %s\n", "side check",
			c->kind == SIDE_PING ? "ping" : "echo",
			c->kind == SIDE_PING ?
				address_format(&c->to.address, to) :
				endpoint_format(&c->to, to),
			(ull)c->sent, (ull)c->answered, (ull)c->wrong,
			duration_format(c->worst, worst));
		if (c->error)
			fprintf(out, LABEL "sending failed: %s\n", "",
				strerror(-c->error));
	}
}

static void verdict_print(const struct report *r, FILE *out)
{
	if (results_passed(r->results, r->side))
		fprintf(out, LABEL "PASS: every datagram came back in time, "
			"byte for byte%s\n", "result",
			r->side->count ? "; side checks answered" : "");
	else if (r->results->status != SESSION_DONE)
		fprintf(out, LABEL "FAIL: %s\n", "result",
			r->results->message);
	else
		fprintf(out, LABEL "FAIL: see above\n", "result");
}

void report_print(const struct report *r, FILE *out)
{
	capture_print(r, out);
	if (!r->results)
		return;
	sent_print(r, out);
	replies_print(r->results, out);
	losses_print(r, out);
	reasons_print(r, out);
	wire_print(r, out);
	times_print(r->results, out);
	side_print(r->side, out);
	verdict_print(r, out);
}
