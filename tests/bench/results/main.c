// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * results - from raw figures to a document, and what is made of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "limits.h"
#include "report.h"

static const char usage[] =
	"usage: results collect RAW MODE KERNEL EMULATOR HARDWARE OUT ROWS CONFIGURATION...\n"
	"       results check FILE                 is it a whole document?\n"
	"       results compare FILE LIMITS        is any ratio worse than its limit?\n"
	"       results report FILE RAW DIR AIMS   report.md and pictures\n"
	"       results readme FILE IN OUT AIMS    IN's tables of figures and aims made anew\n"
	"\n"
	"Status: 0; 1 if a row or limit is lost or not kept; 2 if it could not be done.\n";

static int failed(const char *error)
{
	fprintf(stderr, "results: %s\n", error);
	return 2;
}

static void lost_print(const struct document *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (!d->rows[i].n)
			fprintf(stderr, "not measured: %s by %s, %s: %s\n", d->rows[i].metric,
				d->rows[i].method, d->rows[i].configuration, d->rows[i].reason);
}

/* A list of rows and a configuration, one pair after the other. */
static int pairs_collect(struct document *d, const char *raw, char **pair, char *error)
{
	int lost = 0, status;

	for (; pair[0] && pair[1]; pair += 2) {
		status = document_collect(d, pair[0], raw, pair[1], error);
		if (status < 0)
			return -1;
		lost += status;
	}
	return lost;
}

static int run_collect(char **argv, char *error)
{
	struct document d = { .count = 0 };
	int lost = pairs_collect(&d, argv[0], argv + 6, error);

	snprintf(d.mode, sizeof(d.mode), "%s", argv[1]);
	snprintf(d.kernel, sizeof(d.kernel), "%s", argv[2]);
	snprintf(d.emulator, sizeof(d.emulator), "%s", argv[3]);
	snprintf(d.hardware, sizeof(d.hardware), "%s", argv[4]);
	if (lost >= 0 && document_save(&d, argv[5])) {
		snprintf(error, DOCUMENT_ERROR, "%.200s: %s", argv[5], strerror(errno));
		lost = -1;
	}
	lost_print(&d);
	document_free(&d);
	return lost < 0 ? -1 : lost > 0;
}

static int run_check(const struct document *d, char **argv, char *error)
{
	(void)d;
	(void)argv;
	(void)error;
	return 0;
}

/* Rows of a full run with few samples, and nobody says why. */
static int few_print(const struct document *d)
{
	int few = 0;

	for (size_t i = 0; !strcmp(d->mode, "full") && i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (!row->n || row->n >= ROW_ENOUGH || row->reason[0])
			continue;
		printf("FEW    %s.%s, %s: %lu samples\n", row->metric, row->method,
		       row->configuration, row->n);
		few++;
	}
	return few;
}

static int run_compare(const struct document *d, char **argv, char *error)
{
	int lost = limits_compare(d, argv[1], stdout, error), few = few_print(d);

	return lost < 0 ? -1 : lost + few > 0;
}

static int run_report(const struct document *d, char **argv, char *error)
{
	char path[4096];
	int status;
	FILE *out;

	snprintf(path, sizeof(path), "%s/report.md", argv[2]);
	out = fopen(path, "w");
	if (!out) {
		snprintf(error, DOCUMENT_ERROR, "%.200s: %s", path, strerror(errno));
		return -1;
	}
	status = report_write(d, argv[3], out, error);
	fclose(out);
	return status ? status : plots_write(d, argv[1], argv[2], error);
}

static int run_readme(const struct document *d, char **argv, char *error)
{
	FILE *in = fopen(argv[1], "r"), *out = fopen(argv[2], "w");
	int status = -1;

	if (in && out)
		status = readme_write(d, argv[3], in, out, error);
	else
		snprintf(error, DOCUMENT_ERROR, "%.200s, %.200s: %s", argv[1], argv[2],
			 strerror(errno));
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	return status;
}

static const struct {
	const char *name;
	int arguments;
	int (*run)(const struct document *d, char **argv, char *error);
} commands[] = {
	{ "check", 1, run_check },
	{ "compare", 2, run_compare },
	{ "report", 4, run_report },
	{ "readme", 4, run_readme },
};

int main(int argc, char **argv)
{
	char error[DOCUMENT_ERROR] = "";
	struct document d;
	int status;

	if (argc >= 10 && !strcmp(argv[1], "collect")) {
		status = run_collect(argv + 2, error);
		return status < 0 ? failed(error) : status;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc != commands[i].arguments + 2 || strcmp(argv[1], commands[i].name))
			continue;
		if (document_load(&d, argv[2], error))
			return failed(error);
		status = commands[i].run(&d, argv + 2, error);
		document_free(&d);
		return status < 0 ? failed(error) : status;
	}
	fputs(usage, stderr);
	return 2;
}
