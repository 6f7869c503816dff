// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for people: how long it took. */
#include "clock.h"
#include "report.h"

typedef unsigned long long ull;

const double report_percents[PERCENTILES] = { 50, 90, 99, 99.9, 99.99 };

static const char *const part_titles[PARTS] = {
	[PART_SENDER] = "sender", [PART_NETWORK] = "wire + box",
	[PART_LINUX_IN] = "linux in", [PART_AOS_IN] = "aos in",
	[PART_SERVICE] = "service", [PART_AOS_OUT] = "aos out",
	[PART_LINUX_OUT] = "linux out", [PART_RECEIVER] = "receiver",
};

const char *part_title(enum part part)
{
	return part_titles[part];
}

static void percentiles_print(const char *label, const struct histogram *h,
			      FILE *out)
{
	char text[16];

	fprintf(out, REPORT_LABEL, label);
	for (int i = 0; i < PERCENTILES; i++)
		fprintf(out, "p%g %s  ", report_percents[i],
			duration_format(histogram_percentile(
				h, report_percents[i]), text));
	fprintf(out, "max %s\n", duration_format(h->most, text));
}

/* Where the kernel's stamps are missing, the round trip stays whole. */
static void parts_print(const struct stream_results *s, FILE *out)
{
	uint64_t split = s->parts[PART_NETWORK].count;
	char label[16];

	for (int i = 0; i < PARTS; i++) {
		if (!s->parts[i].count)
			continue;
		snprintf(label, sizeof(label), "%s%s",
			 part_inside(i) ? "   " : "  ", part_title(i));
		percentiles_print(label, &s->parts[i], out);
	}
	if (split)
		fprintf(out, "  parts by kernel time stamps (CLOCK_REALTIME), "
			"of %llu of %llu; all else CLOCK_MONOTONIC\n",
			(ull)split, (ull)s->latency.count);
}

/* What became of the stamps that were asked for. */
static void stamps_print(const struct stream_results *s, FILE *out)
{
	uint64_t known = s->parts[PART_SERVICE].count;

	if (known)
		fprintf(out, "  inside the box by its time-stamp counter (TSC), "
			"of %llu of %llu\n", (ull)known,
			(ull)s->latency.count);
	if (s->foreign)
		fprintf(out, REPORT_LABEL "%s: of %llu replies the appliance's "
			"stamps do not lie between sending and receiving; their "
			"round trips stay whole\n", "note", known ?
			"two clocks apart" : "another machine's clock",
			(ull)s->foreign);
	if (s->unstamped)
		fprintf(out, REPORT_LABEL "%llu replies had no stamps - is it the "
			"service \"stamps\" that answers there?\n", "note",
			(ull)s->unstamped);
}

/* The parts of one way, if they are known: what is inside another in (). */
static void way_print(const struct way *way, FILE *out)
{
	const char *before = "        ";
	bool inside = false;
	char text[16];
	uint64_t ns;

	for (int i = 0; i < PARTS; i++) {
		if (!way_part(way, i, &ns))
			continue;
		if (part_inside(i) && !inside)
			before = " (";
		else if (!part_inside(i) && inside)
			before = "), ";
		inside = part_inside(i);
		fprintf(out, "%s%s %s", before, part_title(i),
			duration_format(ns, text));
		before = ", ";
	}
	if (*before != ' ')
		fputc('\n', out);
}

static void worst_print(const struct stream *s, const struct worst_entry *e,
			uint64_t start, FILE *out)
{
	const struct match_datagram *d = &e->datagram;
	const struct flow *f = &s->capture->flows.flows[d->flow];
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT], a[16], b[16];

	fprintf(out, "    %s: packet %llu, %u bytes, %s > %s\n",
		duration_format(worst_round_trip(e), a), (ull)d->packet,
		d->length, endpoint_format(&f->source, from),
		endpoint_format(&f->destination, to));
	fprintf(out, "        due at %.6f s, sent %s late, ",
		(double)(d->due - start) / 1e9,
		duration_format(d->stamp - d->due, a));
	fprintf(out, "%s after the one before; in flight: %u then, %llu when "
		"answered\n", duration_format(d->gap, b), d->in_flight,
		(ull)e->still);
	way_print(&e->way, out);
}

static void worsts_print(const struct report *r, unsigned int stream,
			 FILE *out)
{
	const struct worst *w = &r->results->streams[stream].worst;

	if (w->count)
		fprintf(out, REPORT_LABEL "%zu longest round trips\n", "worst",
			w->count);
	for (size_t i = 0; i < w->count; i++)
		worst_print(&r->job->streams[stream], &w->list[i],
			    r->results->start, out);
}

/* A comparison is with a plain service. */
static bool stamped(const struct report *r, unsigned int stream)
{
	return r->job->options->stamps &&
	       !r->job->streams[stream].options->comparison;
}

void report_times(const struct report *r, unsigned int stream, FILE *out)
{
	const struct stream_results *s = &r->results->streams[stream];

	if (s->latency.count) {
		percentiles_print("round trip", &s->latency, out);
		histogram_draw(&s->latency, out);
		parts_print(s, out);
		if (stamped(r, stream))
			stamps_print(s, out);
	}
	if (s->lag.count)
		percentiles_print("sent late by", &s->lag, out);
	worsts_print(r, stream, out);
}

/* What all streams have in common: one sender, and one network. */
void report_sum(const struct report *r, FILE *out)
{
	struct histogram latency = { 0 }, lag = { 0 };

	if (r->job->count < 2)
		return;
	if (!histogram_init(&latency) && !histogram_init(&lag)) {
		for (unsigned int i = 0; i < r->job->count; i++) {
			histogram_merge(&latency,
					&r->results->streams[i].latency);
			histogram_merge(&lag, &r->results->streams[i].lag);
		}
		fprintf(out, "\n" REPORT_LABEL "%u streams, %llu round trips\n",
			"together", r->job->count, (ull)latency.count);
		if (latency.count)
			percentiles_print("round trip", &latency, out);
		if (lag.count)
			percentiles_print("sent late by", &lag, out);
	}
	histogram_free(&latency);
	histogram_free(&lag);
}

static void comparison_line(const char *label, uint64_t first, uint64_t other,
			    FILE *out)
{
	char a[16], b[16];

	fprintf(out, "    %-8s %12s %12s", label, duration_format(first, a),
		duration_format(other, b));
	if (other)
		fprintf(out, " %10.2f", (double)first / (double)other);
	fputc('\n', out);
}

void report_comparison(const struct report *r, FILE *out)
{
	unsigned int last = r->job->count - 1;
	const struct histogram *a = &r->results->streams[0].latency;
	const struct histogram *b = &r->results->streams[last].latency;
	char label[16];

	if (!r->job->streams[last].options->comparison || !a->count ||
	    !b->count)
		return;
	fprintf(out, "\n" REPORT_LABEL "round trips of the same datagrams\n"
		"    %-8s %12s %12s %10s\n", "comparison", "", "stream 1",
		"compared", "ratio");
	for (int i = 0; i < PERCENTILES; i++) {
		snprintf(label, sizeof(label), "p%g", report_percents[i]);
		comparison_line(label,
				histogram_percentile(a, report_percents[i]),
				histogram_percentile(b, report_percents[i]),
				out);
	}
	comparison_line("max", a->most, b->most, out);
	comparison_line("mean", (uint64_t)(a->sum / (double)a->count),
			(uint64_t)(b->sum / (double)b->count), out);
}
