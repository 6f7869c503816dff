// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for people: the whole, and what concerns all streams. */
#include "report.h"

#include <string.h>

#include "clock.h"

#define TRANSPORT_COUNTERS 16

typedef unsigned long long ull;

/* Of what was sent to the appliance; a comparison goes elsewhere. */
static bool all_answered(const struct report *r)
{
	const struct results *s = r->results;

	for (unsigned int i = 0; i < s->count; i++)
		if (!r->job->streams[i].options->comparison &&
		    s->streams[i].match.results[MATCH_VERIFIED] !=
		    s->streams[i].match.sent)
			return false;
	return true;
}

/* Counters are worth a line wherever something is missing. */
static void reasons_print(const struct report *r, FILE *out)
{
	bool any = false;

	if (!r->counters->count || all_answered(r))
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
			fprintf(out, REPORT_LABEL "%s %llu\n", i ? "" : "transport",
				list[i].name, (ull)list[i].value);
}

static void host_print(const struct host_time *h, FILE *out)
{
	char text[16], more[16];

	fprintf(out, REPORT_LABEL "this program waited %s for a CPU, preempted "
		"%llu times; a hypervisor took %s of all CPUs\n", "this host",
		duration_format(h->waited, text), (ull)h->preempted,
		duration_format(h->stolen, more));
	if (h->suspended)
		fprintf(out, REPORT_LABEL "the machine slept for %s meanwhile: "
			"replies of that time are not to be trusted\n",
			"note", duration_format(h->suspended, text));
	if (h->day_set)
		fprintf(out, REPORT_LABEL "the time of day was set %s by %s: "
			"round trips do not mind (CLOCK_MONOTONIC), but their "
			"parts around that moment do\n", "note",
			h->day_set < 0 ? "back" : "forward",
			duration_format((uint64_t)(h->day_set < 0 ?
				-h->day_set : h->day_set), text));
}

static void side_print(const struct side *side, FILE *out)
{
	for (unsigned int i = 0; i < side->count; i++) {
		const struct side_check *c = &side->checks[i];
		char to[ADDRESS_TEXT], worst[16];

		fprintf(out, REPORT_LABEL "%s %s: %llu asked, %llu answered, %llu "
			"wrong, slowest %s\n", "side check",
			c->kind == SIDE_PING ? "ping" : "echo",
			c->kind == SIDE_PING ?
				address_format(&c->to.address, to) :
				endpoint_format(&c->to, to),
			(ull)c->sent, (ull)c->answered, (ull)c->wrong,
			duration_format(c->worst, worst));
		if (c->error)
			fprintf(out, REPORT_LABEL "sending failed: %s\n", "",
				strerror(-c->error));
	}
}

static bool silence(const struct results *s)
{
	uint64_t sent = 0, replies = 0;

	for (unsigned int i = 0; i < s->count; i++) {
		sent += s->streams[i].match.sent;
		replies += s->streams[i].replies;
	}
	return sent && !replies;
}

static void verdict_print(const struct report *r, FILE *out)
{
	const struct results *s = r->results;

	if (s->status != SESSION_DONE && s->elapsed)
		fprintf(out, REPORT_LABEL "PARTIAL: the run was cut short, all "
			"figures are of what was sent until then\n", "note");
	if (results_passed(s, r->side))
		fprintf(out, REPORT_LABEL "PASS: every datagram came back in "
			"time, byte for byte%s\n", "result",
			r->side->count ? "; side checks answered" : "");
	else if (s->status != SESSION_DONE)
		fprintf(out, REPORT_LABEL "FAIL: %s\n", "result", s->message);
	else if (silence(s))
		fprintf(out, REPORT_LABEL "FAIL: nothing came back at all - is "
			"an echo service running there, and the way back "
			"open? (--wait S asks first)\n", "result");
	else
		fprintf(out, REPORT_LABEL "FAIL: see above\n", "result");
}

void report_print(const struct report *r, FILE *out)
{
	for (unsigned int i = 0; i < r->job->count; i++) {
		report_stream(r, i, out);
		if (r->results)
			report_times(r, i, out);
	}
	if (!r->results)
		return;
	report_sum(r, out);
	report_comparison(r, out);
	reasons_print(r, out);
	wire_print(r, out);
	if (r->results->elapsed)
		host_print(&r->results->host, out);
	side_print(r->side, out);
	verdict_print(r, out);
}
