// SPDX-License-Identifier: GPL-2.0-or-later
/* A record of every datagram, and its form as CSV. */
#include "journal.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned long long ull;

static const char *const fates[FATES] = {
	[FATE_NOT_SENT] = "not_sent", [FATE_UNANSWERED] = "unanswered",
	[FATE_VERIFIED] = "verified", [FATE_LATE] = "late",
};

int journal_init(struct journal *j, uint64_t count)
{
	j->count = count;
	if (count > SIZE_MAX / sizeof(*j->list))
		return -1;
	j->list = malloc(count * sizeof(*j->list));
	if (!j->list)
		return -1;
	memset(j->list, 0, count * sizeof(*j->list));
	return 0;
}

void journal_free(struct journal *j)
{
	free(j->list);
	j->list = NULL;
}

struct record *journal_record(struct journal *j, uint64_t sequence)
{
	return j->list && sequence < j->count ? &j->list[sequence] : NULL;
}

/* The distance of two moments; nothing if one of them is not known. */
static void distance_print(FILE *out, uint64_t from, uint64_t to)
{
	if (from && to)
		fprintf(out, ",%lld", (long long)(to - from));
	else
		putc(',', out);
}

static void part_print(FILE *out, const struct way *way, enum part part)
{
	uint64_t ns;

	if (way_part(way, part, &ns))
		fprintf(out, ",%llu", (ull)ns);
	else
		putc(',', out);
}

static void line_print(const struct journal *j, const struct job *job,
		       uint64_t sequence, FILE *out)
{
	const struct record *r = &j->list[sequence];
	const struct stream *s = job_stream(job, sequence);
	const struct datagram *d = job_datagram(job, sequence);
	const struct flow *f = &s->capture->flows.flows[d->flow];
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT], sent_to[ADDRESS_TEXT];
	uint64_t start = j->list[0].due;

	fprintf(out, "%llu,%u,%llu,%llu,%u,%u,%s,%s,%s,%s,%d", (ull)sequence,
		(unsigned int)(s - job->streams),
		(ull)(sequence / job->plan.count), (ull)d->packet, d->length,
		d->flow, endpoint_format(&f->source, from),
		endpoint_format(&f->destination, to),
		endpoint_format(stream_to(s->options, d->family), sent_to),
		fates[r->fate], r->measured);
	distance_print(out, start, r->due);
	distance_print(out, r->due, r->way.at[MOMENT_SENT]);
	distance_print(out, r->way.at[MOMENT_SENT],
		       r->way.at[MOMENT_RECEIVED]);
	for (int p = 0; p < PARTS; p++)
		part_print(out, &r->way, p);
	fprintf(out, ",%u\n", r->in_flight);
}

void journal_csv(const struct journal *j, const struct job *job, FILE *out)
{
	fputs("sequence,stream,round,packet,bytes,flow,recorded_from,"
	      "recorded_to,sent_to,fate,measured,due_ns,sending_error_ns,"
	      "round_trip_ns", out);
	for (int p = 0; p < PARTS; p++)
		fprintf(out, ",%s_ns", part_name(p));
	fputs(",in_flight\n", out);
	for (uint64_t i = 0; i < j->count; i++)
		line_print(j, job, i, out);
}
