// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the captures and planning their round. */
#include "job.h"

#include <stdio.h>
#include <string.h>

static int stream_read(struct job *job, unsigned int i,
		       const volatile sig_atomic_t *stop, char *error,
		       size_t size)
{
	const struct options *o = job->options;
	const struct stream_options *s = &o->streams[i];
	/* A dry run shows everything, unless told where to send. */
	bool anywhere = o->dry_run && !s->to4.address.family &&
			!s->to6.address.family;
	struct capture_limits limits = {
		.want4 = s->to4.address.family || anywhere,
		.want6 = s->to6.address.family || anywhere,
		.datagrams = o->limit,
		.max_gap = o->max_gap,
		.stop = stop,
	};

	job->streams[i] = (struct stream) {
		s, &job->captures[s->comparison ? 0 : i], job->flows };
	if (!s->comparison && capture_read(&job->captures[i], s->capture,
					   &limits, error, size))
		return -1;
	job->flows += job->streams[i].capture->flows.count;
	return 0;
}

static int plan_make(struct job *job)
{
	struct plan_input inputs[STREAMS_MAX];

	for (unsigned int i = 0; i < job->count; i++)
		inputs[i] = (struct plan_input) {
			job->streams[i].capture,
			job->streams[i].options->comparison };
	return plan_build(&job->plan, inputs, job->count,
			  job->options->schedule.rate);
}

int job_prepare(struct job *job, const struct options *o,
		const volatile sig_atomic_t *stop, char *error,
		size_t error_size)
{
	uint64_t room = sources_capacity(&o->sources);

	memset(job, 0, sizeof(*job));
	job->options = o;
	for (; job->count < o->stream_count; job->count++)
		if (stream_read(job, job->count, stop, error, error_size))
			return -1;
	if (job->flows > room && !o->dry_run) {
		snprintf(error, error_size, "%s: %u flows, but only %llu "
			 "sources - use %s or a lower --source-port",
			 o->streams[0].capture, job->flows,
			 (unsigned long long)room,
			 o->transport == TRANSPORT_WIRE ? "--sources" :
							  "--limit");
		return -1;
	}
	if (!plan_make(job))
		return 0;
	snprintf(error, error_size, "%s: out of memory for the plan - use "
		 "--limit", o->streams[0].capture);
	return -1;
}

void job_free(struct job *job)
{
	for (unsigned int i = 0; i < STREAMS_MAX; i++)
		capture_free(&job->captures[i]);
	plan_free(&job->plan);
}

static const struct plan_entry *entry_of(const struct job *job,
					 uint64_t sequence)
{
	return &job->plan.list[sequence % job->plan.count];
}

const struct stream *job_stream(const struct job *job, uint64_t sequence)
{
	return &job->streams[entry_of(job, sequence)->input];
}

const struct datagram *job_datagram(const struct job *job, uint64_t sequence)
{
	const struct plan_entry *e = entry_of(job, sequence);

	return &job->streams[e->input].capture->list[e->index];
}

struct endpoint job_source(const struct job *job, const struct stream *s,
			   uint32_t flow)
{
	uint8_t family =
		s->capture->flows.flows[flow].source.address.family;

	return source_of(&job->options->sources, family, s->first_flow + flow);
}
