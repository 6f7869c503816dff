// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of README.md: the medians that a stranger asks for first. */
#include "report.h"

#include <string.h>

#include "aims.h"

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
	    { "component → process", "translator_from_aos" },
	    { "to one more urgent", "translator_from_aos_urgent" } } },
	{ "e1000's interrupt → program, shortest", "delivery_e1000", SHORTEST,
	  { { "`recv()`", "recv" }, { "TUN", "tun" }, { "AF_XDP, generic", "af_xdp" } } },
	{ "e1000's interrupt → `udpapp`, shortest", "delivery_e1000", SHORTEST,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, generic", "xdp" },
	    { "`io = \"proxy\"`", "proxy" } } },
	{ "virtio-net's interrupt → program, shortest", "delivery_virtio", SHORTEST,
	  { { "`recv()`", "recv" }, { "TUN", "tun" }, { "AF_XDP, native", "af_xdp" } } },
	{ "virtio-net's interrupt → `udpapp`, shortest", "delivery_virtio", SHORTEST,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, native", "xdp" },
	    { "`io = \"proxy\"`", "proxy" } } },
	{ "e1000's handler → program: an AOS that polls (`poll_us`)", "polling_e1000", 0,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, generic", "xdp" },
	    { "for comparison, asleep, `recv()`", "recv" } } },
	{ "the same, virtio-net", "polling_virtio", 0,
	  { { "`route`", "route" }, { "`redirect`", "redirect" }, { "`xdp`, native", "xdp" },
	    { "`recv()`", "recv" } } },
	{ "echo of 64 bytes over virtio-net, each of 128, all that Linux does for it in", "echo_virtio_64", 0,
	  { { "`recvmmsg()`", "batch" }, { "AF_XDP, native", "af_xdp" }, { "`xdp`, native", "xdp" },
	    { "`xdp` and `answers = \"direct\"`", "xdp_direct" } } },
	{ "echo of 64 bytes from ring to ring, alone", "ring_to_ring_64_1", 0,
	  { { "three components", "aos" }, { "one program of the same sources", "one_program" } } },
	{ "the same in batches of 32, each", "ring_to_ring_64_32", 0,
	  { { "three components", "aos" }, { "one program", "one_program" } } },
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
	fprintf(out, "| instructions (medians) of `make bench%s`, kernel %s | KPTI off | "
		"KPTI on |\n|---|---|---|\n", strcmp(d->mode, "full") ? " QUICK=1" : "", d->kernel);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line_write(d, i, out);
}

/* Return: 0; -1 with @error */
static int part_write(const struct document *d, int part, const char *aims, FILE *out, char *error)
{
	if (part)
		return aims_write(d, aims, out, error);
	table_write(d, out);
	return 0;
}

int readme_write(const struct document *d, const char *aims, FILE *in, FILE *out, char *error)
{
	static const char *const begin[] = { "<!-- figures -->\n", "<!-- aims -->\n" };
	static const char *const end[] = { "<!-- figures end -->\n", "<!-- aims end -->\n" };
	int inside = -1, done = 0;
	char line[4096];

	while (fgets(line, sizeof(line), in)) {
		if (inside >= 0 && !strcmp(line, end[inside])) {
			inside = -1;
			done++;
		}
		if (inside < 0)
			fputs(line, out);
		for (int i = 0; i < 2 && inside < 0; i++) {
			if (strcmp(line, begin[i]))
				continue;
			inside = i;
			if (part_write(d, i, aims, out, error))
				return -1;
		}
	}
	if (done && inside < 0)
		return 0;
	snprintf(error, DOCUMENT_ERROR, "there are no lines for figures or aims");
	return -1;
}
