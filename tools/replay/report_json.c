// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for programs: one JSON object, durations in nanoseconds. */
#include <string.h>

#include "report.h"

#define TRANSPORT_COUNTERS 16

typedef unsigned long long ull;

/* File names are the only foreign text; bytes beyond ASCII pass as they are. */
static void string_print(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		if ((unsigned char)*text < 0x20)
			fprintf(out, "\\u%04x", (unsigned int)*text);
		else
			putc(*text, out);
	}
	putc('"', out);
}

static void capture_json(const struct report *r, FILE *out)
{
	const struct capture *c = r->capture;

	fputs("  \"capture\": {\n    \"file\": ", out);
	string_print(out, r->options->capture);
	fprintf(out, ",\n    \"packets\": %llu,\n    \"ipv4\": %llu,\n"
		"    \"ipv6\": %llu,\n    \"fragmented\": %llu,\n"
		"    \"datagrams\": %llu,\n    \"flows\": %u,\n"
		"    \"smallest\": %u,\n    \"largest\": %u,\n"
		"    \"span_ns\": %llu,\n    \"cut_short\": %s,\n"
		"    \"skipped\": {", (ull)c->packets, (ull)c->found4,
		(ull)c->found6, (ull)c->fragmented, (ull)c->count,
		c->flows.count, c->smallest, c->largest,
		(ull)c->list[c->count - 1].time,
		c->cut_short ? "true" : "false");
	for (int i = 0; i < SKIP_COUNT; i++)
		fprintf(out, "%s\"%s\": %llu", i ? ", " : " ",
			capture_skip_name(i), (ull)c->skipped[i]);
	fputs(" }\n  }", out);
}

static void totals_json(const struct results *s, FILE *out)
{
	fprintf(out, ",\n  \"planned\": %llu,\n  \"sent\": %llu,\n"
		"  \"refused\": %llu,\n  \"bytes\": %llu,\n"
		"  \"elapsed_ns\": %llu,\n  \"replies\": %llu",
		(ull)s->planned, (ull)s->match.sent, (ull)s->refused,
		(ull)s->bytes, (ull)s->elapsed, (ull)s->replies);
	for (int i = 0; i < MATCH_RESULTS; i++)
		fprintf(out, ",\n  \"%s\": %llu", match_result_name(i),
			(ull)s->match.results[i]);
	fprintf(out, ",\n  \"lost\": %llu,\n  \"reordered\": %llu,\n"
		"  \"bad_checksum\": %llu", (ull)s->match.lost,
		(ull)s->match.reordered, (ull)s->damaged);
}

static void losses_json(const struct report *r, FILE *out)
{
	const struct match_totals *m = &r->results->match;
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];

	fputs(",\n  \"losses\": [", out);
	for (uint64_t i = 0; i < m->loss_count; i++) {
		const struct match_datagram *d = &m->losses[i].datagram;
		const struct flow *f = &r->capture->flows.flows[d->flow];

		fprintf(out, "%s\n    { \"index\": %llu, \"bytes\": %u, "
			"\"from\": \"%s\", \"to\": \"%s\", "
			"\"corrupt_reply\": %s }", i ? "," : "",
			(ull)d->index, d->length,
			endpoint_format(&f->source, from),
			endpoint_format(&f->destination, to),
			m->losses[i].corrupt_seen ? "true" : "false");
	}
	fputs(m->loss_count ? "\n  ]" : "]", out);
}

static void times_json(const char *name, const struct histogram *h, FILE *out)
{
	fprintf(out, ",\n  \"%s\": { \"count\": %llu", name, (ull)h->count);
	for (int i = 0; h->count && i < PERCENTILES; i++)
		fprintf(out, ", \"p%g\": %llu", report_percents[i],
			(ull)histogram_percentile(h, report_percents[i]));
	if (h->count)
		fprintf(out, ", \"min\": %llu, \"max\": %llu, \"mean\": %.0f",
			(ull)h->least, (ull)h->most,
			h->sum / (double)h->count);
	fputs(" }", out);
}

static void counters_json(const struct report *r, FILE *out)
{
	struct transport_counter list[TRANSPORT_COUNTERS];
	size_t n = r->transport->ops->counters(r->transport, list,
					       TRANSPORT_COUNTERS);

	fputs(",\n  \"transport\": {", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s\"%s\": %llu", i ? ", " : " ", list[i].name,
			(ull)list[i].value);
	fputs(" },\n  \"counters\": {", out);
	for (size_t i = 0; i < r->counters->count; i++)
		fprintf(out, "%s\"%s\": %llu", i ? ", " : " ",
			r->counters->list[i].name,
			(ull)r->counters->list[i].value);
	fputs(" }", out);
}

static void side_json(const struct side *side, FILE *out)
{
	char to[ADDRESS_TEXT];

	fputs(",\n  \"side_checks\": [", out);
	for (unsigned int i = 0; i < side->count; i++) {
		const struct side_check *c = &side->checks[i];

		fprintf(out, "%s\n    { \"kind\": \"%s\", \"to\": \"%s\", "
			"\"sent\": %llu, \"answered\": %llu, \"wrong\": %llu, "
			"\"worst_ns\": %llu }", i ? "," : "",
			c->kind == SIDE_PING ? "ping" : "echo",
			c->kind == SIDE_PING ?
				address_format(&c->to.address, to) :
				endpoint_format(&c->to, to),
			(ull)c->sent, (ull)c->answered, (ull)c->wrong,
			(ull)c->worst);
	}
	fputs(side->count ? "\n  ]" : "]", out);
}

void report_json(const struct report *r, FILE *out)
{
	const struct results *s = r->results;

	fputs("{\n", out);
	capture_json(r, out);
	if (s) {
		totals_json(s, out);
		losses_json(r, out);
		times_json("round_trip_ns", &s->latency, out);
		times_json("sent_late_ns", &s->lag, out);
		counters_json(r, out);
		side_json(r->side, out);
		fprintf(out, ",\n  \"speed\": \"%s%g\",\n  \"message\": ",
			r->options->schedule.max ? "max " : "",
			r->options->schedule.speed);
		string_print(out, s->message);
		fprintf(out, ",\n  \"passed\": %s",
			results_passed(s, r->side) ? "true" : "false");
	}
	fputs("\n}\n", out);
}
