// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for people: one stream's datagrams and what became of them. */
#include <string.h>

#include "report.h"

/* Whoever watches thinks by then that the tool hangs; seconds. */
#define SILENCE_LONG 600

typedef unsigned long long ull;

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

bool silence_format(const struct job *job, const struct stream *s,
		    char text[SILENCE_TEXT])
{
	const struct schedule *schedule = &job->options->schedule;
	double seconds = (double)s->capture->silence / 1e9 / schedule->speed;
	char span[16];

	if (s->options->comparison || schedule->max || schedule->rate > 0 ||
	    seconds < SILENCE_LONG)
		return false;
	snprintf(text, SILENCE_TEXT, "nothing was recorded for %s before "
		 "packet %llu, and nothing is sent meanwhile - --max-gap "
		 "shortens that",
		 duration_format(s->capture->silence, span),
		 (ull)s->capture->silence_at);
	return true;
}

static void capture_print(const struct job *job, const struct stream *s,
			  FILE *out)
{
	const struct capture *c = s->capture;
	char span[16], silence[SILENCE_TEXT];

	fprintf(out, REPORT_LABEL "%s: %llu packets, %llu UDP datagrams (IPv4 %llu, "
		"IPv6 %llu; %llu of them in fragments)\n", "capture",
		s->options->capture, (ull)c->packets,
		(ull)(c->found4 + c->found6), (ull)c->found4, (ull)c->found6,
		(ull)c->fragmented);
	fprintf(out, REPORT_LABEL "%llu datagrams of %u to %u bytes, %u flows, "
		"recorded in %s\n", "to send", (ull)c->count, c->smallest,
		c->largest, c->flows.count,
		duration_format(c->list[c->count - 1].time, span));
	for (int i = 0; i < SKIP_COUNT; i++)
		if (c->skipped[i])
			fprintf(out, REPORT_LABEL "%llu %s\n", "skipped",
				(ull)c->skipped[i], capture_skip_text(i));
	if (c->backwards)
		fprintf(out, REPORT_LABEL "%llu time stamps ran backwards; the gaps "
			"there count as 0\n", "note", (ull)c->backwards);
	if (silence_format(job, s, silence))
		fprintf(out, REPORT_LABEL "%s\n", "note", silence);
	if (c->shortened)
		fprintf(out, REPORT_LABEL "%llu gaps shortened by --max-gap\n",
			"note", (ull)c->shortened);
	if (c->cut_short)
		fprintf(out, REPORT_LABEL "the file breaks off after packet %llu "
			"(%s); all before is used\n", "note", (ull)c->packets,
			c->cut_why);
}

static const char *pace_format(const struct schedule *s, char text[40])
{
	if (s->max)
		snprintf(text, 40, "speed max");
	else if (s->rate > 0)
		snprintf(text, 40, "rate %g/s", s->rate);
	else
		snprintf(text, 40, "speed %g", s->speed);
	return text;
}

static void sent_print(const struct report *r, const struct stream_results *s,
		       FILE *out)
{
	double seconds = s->match.sent ? (double)r->results->sending / 1e9 : 1;
	char pace[40], elapsed[16];

	fprintf(out, REPORT_LABEL "%llu of %llu datagrams, %llu bytes in %s "
		"(%s, %.0f datagrams/s)\n", "sent", (ull)s->match.sent,
		(ull)s->planned, (ull)s->bytes,
		duration_format(r->results->sending, elapsed),
		pace_format(&r->job->options->schedule, pace),
		(double)s->match.sent / seconds);
	if (s->refused)
		fprintf(out, REPORT_LABEL "%llu could not be sent: %s\n",
			"refused", (ull)s->refused,
			strerror(-s->refused_error));
	if (s->warm)
		fprintf(out, REPORT_LABEL "%llu answered ones count in no time "
			"%s\n", "warm-up", (ull)s->warm, s->latency.count ?
				"below" : "- and no other came: give a shorter "
				"--warm-up or a longer --loop");
}

static void replies_print(const struct stream_results *s, FILE *out)
{
	fprintf(out, REPORT_LABEL "%llu\n", "replies", (ull)s->replies);
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
	if (s->match.ambiguous)
		fprintf(out, "    %llu could answer another, equal datagram of "
			"their flow as well: it is not sure whose times "
			"theirs are\n", (ull)s->match.ambiguous);
}

static void loss_print(const struct report *r, const struct stream *s,
		       const struct match_loss *loss, FILE *out)
{
	const struct match_datagram *d = &loss->datagram;
	const struct flow *flow = &s->capture->flows.flows[d->flow];
	struct endpoint source = job_source(r->job, s, d->flow);
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];

	fprintf(out, "    #%llu (packet %llu) %u bytes, recorded %s > %s, "
		"sent from port %u%s\n", (ull)d->index + 1, (ull)d->packet,
		d->length, endpoint_format(&flow->source, from),
		endpoint_format(&flow->destination, to),
		(unsigned int)source.port,
		loss->corrupt_seen ? "; a corrupt reply of this size came" :
				     "");
}

static void losses_print(const struct report *r, const struct stream *s,
			 const struct match_totals *m, FILE *out)
{
	fprintf(out, REPORT_LABEL "%llu\n", "lost", (ull)m->lost);
	for (uint64_t i = 0; i < m->loss_count; i++)
		loss_print(r, s, &m->losses[i], out);
	if (m->lost > m->loss_count)
		fprintf(out, "    ... and %llu more\n",
			(ull)(m->lost - m->loss_count));
	if (m->abandoned)
		fprintf(out, REPORT_LABEL "%llu had no answer yet when the run "
			"was cut short\n", "open", (ull)m->abandoned);
}

static void stream_title(const struct report *r, unsigned int i, FILE *out)
{
	const struct stream *s = &r->job->streams[i];
	char to4[ADDRESS_TEXT], to6[ADDRESS_TEXT];
	bool both = s->options->to4.address.family &&
		    s->options->to6.address.family;

	if (r->job->count == 1)
		return;
	fprintf(out, "%s" REPORT_LABEL "%u: %s to %s%s%s\n", i ? "\n" : "",
		"stream", i + 1, s->options->comparison ?
			"the first one's capture" : s->options->capture,
		s->options->to4.address.family ?
			endpoint_format(&s->options->to4, to4) : "",
		both ? " and " : "",
		s->options->to6.address.family ?
			endpoint_format(&s->options->to6, to6) : "");
}

void report_stream(const struct report *r, unsigned int stream, FILE *out)
{
	const struct stream *s = &r->job->streams[stream];
	const struct stream_results *results;

	stream_title(r, stream, out);
	if (!s->options->comparison)
		capture_print(r->job, s, out);
	if (!r->results)
		return;
	results = &r->results->streams[stream];
	sent_print(r, results, out);
	replies_print(results, out);
	losses_print(r, s, &results->match, out);
}
