// SPDX-License-Identifier: GPL-2.0-or-later
/* Records, a line each. */
#include <errno.h>
#include <unistd.h>

#include "kmux.h"

#define BATCH 64

static void print_call(const struct kmux_record *r, FILE *out)
{
	const char *name = calls_name(r->call);
	int i;

	if (name)
		fprintf(out, "%s(", name);
	else
		fprintf(out, "call %d(", r->call);
	for (i = 0; i < 6; i++)
		fprintf(out, "%s%#llx", i ? ", " : "", (unsigned long long)r->argument[i]);
	fputs(")", out);
}

static void print_verdict(const struct kmux_record *r, FILE *out)
{
	const char *name = errors_name(r->error);

	if (r->action == KMUX_ALLOW)
		fputs(" allowed", out);
	else if (r->action == KMUX_KILL)
		fputs(" refused: killed", out);
	else if (name)
		fprintf(out, " refused: %s", name);
	else
		fprintf(out, " refused: errno %d", r->error);
}

static void print_record(const struct kmux_record *r, FILE *out)
{
	fprintf(out, "%llu.%06llu %u/%u ", (unsigned long long)r->time / 1000000000,
		(unsigned long long)r->time / 1000 % 1000000, r->process, r->thread);
	print_call(r, out);
	print_verdict(r, out);
	fprintf(out, " at %#llx\n", (unsigned long long)r->ip);
}

int print_records(int kmux, FILE *out)
{
	struct kmux_record records[BATCH];
	ssize_t n;

	while ((n = read(kmux, records, sizeof(records))) > 0)
		for (size_t i = 0; i < (size_t)n / sizeof(*records); i++)
			print_record(&records[i], out);
	/* ENODATA: nobody has attached yet. */
	if (n < 0 && errno != EINTR && errno != ENODATA)
		return -1;
	return fflush(out) ? -1 : 0;
}
