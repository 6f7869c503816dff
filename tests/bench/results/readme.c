// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of README.md: the medians that a stranger asks for first. */
#include "report.h"

#include <string.h>

#define BEGIN	"<!-- figures -->"
#define END	"<!-- figures end -->"

#define SHORTEST	2	/* index of "min": arrivals come at real times, and their median with them */

/* Lines of the table; each metric's methods are told apart by a word. */
static const struct {
	const char *words, *metric;
	int statistic;		/* 0: the median */
	struct {
		const char *word, *method;
	} methods[6];
} lines[] = {
	{ "invocation of another component and back, two page tables", "invocation", 0,
	  { { "", "aos" } } },
	{ "Linux `getpid()`", "getpid", 0,
	  { { "without the modules", "absent" }, { "loaded", "loaded" },
	    { "AOS up on the same CPU", "idle" } } },
	{ "Linux `getpid()` under a filter of `kmux`", "getpid", 0,
	  { { "allowed", "allowed" }, { "logged", "logged" }, { "refused", "refused" } } },
	{ "a message there and back, asleep in between: two processes, pipes", "rpc", 0,
	  { { "", "pipe_processes" } } },
	{ "a sleeper woken", "event", 0,
	  { { "pipe", "pipe" }, { "eventfd", "eventfd" }, { "futex", "futex" },
	    { "process → component", "translator_to_aos" },
	    { "component → process", "translator_from_aos" } } },
	{ "e1000's interrupt → program, shortest", "delivery_e1000", SHORTEST,
	  { { "`recv()`", "recv" }, { "TUN", "tun" }, { "AF_XDP, generic", "af_xdp" } } },
	{ "e1000's interrupt → `udpapp`, shortest", "delivery_e1000", SHORTEST,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, generic", "xdp" } } },
	{ "virtio-net's interrupt → program, shortest", "delivery_virtio", SHORTEST,
	  { { "`recv()`", "recv" }, { "TUN", "tun" }, { "AF_XDP, native", "af_xdp" } } },
	{ "virtio-net's interrupt → `udpapp`, shortest", "delivery_virtio", SHORTEST,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, native", "xdp" } } },
};

static void number_write(double value, FILE *out)
{
	long n = (long)(value + 0.5);

	if (n >= 1000)
		fprintf(out, "%ld,%03ld", n / 1000, n % 1000);
	else
		fprintf(out, "%ld", n);
}

static void figure_write(const struct document *d, size_t i, const char *method,
			 const char *configuration, FILE *out)
{
	const struct row *row = document_find(d, lines[i].metric, method, configuration);

	if (row && row->n)
		number_write(row->value[lines[i].statistic ? lines[i].statistic : ROW_P50], out);
	else
		fputs("–", out);
}

static void line_write(const struct document *d, size_t i, FILE *out)
{
	fprintf(out, "| %s", lines[i].words);
	for (int k = 0; k < 6 && lines[i].methods[k].method; k++)
		fprintf(out, "%s%s", !lines[i].methods[k].word[0] ? "" : k ? " / " : ": ",
			lines[i].methods[k].word);
	for (int off = 1; off >= 0; off--) {
		fputs(" | ", out);
		for (int k = 0; k < 6 && lines[i].methods[k].method; k++) {
			fputs(k ? " / " : "", out);
			figure_write(d, i, lines[i].methods[k].method,
				     off ? "kpti-off" : "kpti-on", out);
		}
	}
	fputs(" |\n", out);
}

static void table_write(const struct document *d, FILE *out)
{
	fprintf(out, BEGIN "\n| instructions (medians) of `make bench%s`, kernel %s | KPTI off | "
		"KPTI on |\n|---|---|---|\n", strcmp(d->mode, "full") ? " QUICK=1" : "", d->kernel);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line_write(d, i, out);
	fputs(END "\n", out);
}

int readme_write(const struct document *d, FILE *in, FILE *out)
{
	char line[4096];
	bool inside = false, done = false;

	while (fgets(line, sizeof(line), in)) {
		if (!strcmp(line, BEGIN "\n")) {
			inside = true;
			table_write(d, out);
		}
		if (!inside)
			fputs(line, out);
		if (inside && !strcmp(line, END "\n")) {
			inside = false;
			done = true;
		}
	}
	return done && !inside ? 0 : -1;
}
