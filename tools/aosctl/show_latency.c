// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show_latency - how long invocations and flows take: the histograms that components
 * keep.  Once, or again and again what has come since the last look.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "latency.h"
#include "process.h"
#include "say.h"
#include "show.h"
#include "shown.h"

/* A writer that Linux took the CPU from gets it back within some of these. */
#define PATIENCE	50u
#define PAUSE_NS	1000000

static const double percents[] = { 50, 90, 99, 99.9 };
static const char *const percent_keys[] = { "p50_ns", "p90_ns", "p99_ns", "p99_9_ns" };

struct one {
	char component[ABI_NAME_LEN + 1];
	enum latency_found found;
	struct latency latency;
};

struct look {
	unsigned int n;
	struct one one[HIJACK_COUNTER_PAGES * HISTOGRAMS_MAX];
};

static enum latency_found copy_patiently(struct latency *to,
					 const volatile struct histogram *from)
{
	enum latency_found found = latency_copy(to, from);

	for (unsigned int i = 0; i < PATIENCE && found == LATENCY_UNSETTLED; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
		found = latency_copy(to, from);
	}
	return found;
}

static void look_at(struct look *look, const struct shown *shown,
		    const volatile struct counters *pages)
{
	const char *base = (const char *)(uintptr_t)pages;

	look->n = 0;
	for (unsigned int i = 0; i < HIJACK_COUNTER_PAGES; i++) {
		const volatile struct histogram *from = (const volatile void *)
			(base + (size_t)histogram_frame(i) * ABI_PAGE_SIZE);

		for (unsigned int k = 0; k < HISTOGRAMS_MAX; k++) {
			struct one *one = &look->one[look->n];

			one->found = copy_patiently(&one->latency, from + k);
			if (one->found == LATENCY_NONE)
				continue;
			shown_component(shown, i, pages, one->component);
			look->n++;
		}
	}
}

/* What of it is new; histograms are found where they were. */
static void subtract(struct look *now, const struct look *before)
{
	for (unsigned int i = 0; i < now->n && i < before->n; i++)
		if (now->one[i].found == LATENCY_GOOD && before->one[i].found == LATENCY_GOOD &&
		    !strcmp(now->one[i].component, before->one[i].component))
			latency_subtract(&now->one[i].latency, &before->one[i].latency);
}

/* ---- printing --------------------------------------------------------------------- */

static const char *trouble(enum latency_found found)
{
	switch (found) {
	case LATENCY_UNSETTLED:
		return "being changed all the time, or its component died in it: 'aosctl restart' mends that";
	case LATENCY_NONSENSE:
		return "contradicts itself: its component is not to be trusted";
	default:
		return NULL;
	}
}

static double age(const struct latency *l)
{
	uint64_t now = __builtin_ia32_rdtsc();

	return now > l->since ? latency_ns(l, now - l->since) / 1e9 : 0;
}

static void print_one(const struct one *one)
{
	const struct latency *l = &one->latency;
	char text[LATENCY_TEXT];
	int end = printf("%-12s %-20s ", one->component, l->name);

	if (trouble(one->found)) {
		printf("%s\n", trouble(one->found));
		return;
	}
	printf("%*llu %8s", end < 34 ? 12 : 46 - end, (unsigned long long)l->n,
	       latency_text(latency_ns(l, l->min), text));
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		printf(" %8s", latency_text(latency_ns(l, latency_percentile(l, percents[i])), text));
	printf(" %8s %8.0f s\n", latency_text(latency_ns(l, l->max), text), age(l));
}

static void print_text(const struct look *look)
{
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[J", stdout);
	printf("%-12s %-20s %12s %8s %8s %8s %8s %8s %8s %10s\n", "COMPONENT", "OF", "COUNT", "MIN",
	       "P50", "P90", "P99", "P99.9", "MAX", "SINCE");
	for (unsigned int i = 0; i < look->n; i++)
		print_one(&look->one[i]);
	fflush(stdout);
}

static json_t *json_ns(const struct latency *l, uint64_t ticks)
{
	return json_integer((json_int_t)(latency_ns(l, ticks) + 0.5));
}

static json_t *one_tree(const struct one *one)
{
	const struct latency *l = &one->latency;
	json_t *tree = json_pack("{s:s, s:s}", "component", one->component, "name", l->name);

	if (trouble(one->found)) {
		json_object_set_new(tree, "trouble", json_string(trouble(one->found)));
		return tree;
	}
	json_object_set_new(tree, "kind", json_string(l->flow ? "flow" : "invocation"));
	json_object_set_new(tree, "seconds", json_real(age(l)));
	json_object_set_new(tree, "n", json_integer((json_int_t)l->n));
	json_object_set_new(tree, "sum_ns", json_ns(l, l->sum));
	json_object_set_new(tree, "min_ns", json_ns(l, l->min));
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		json_object_set_new(tree, percent_keys[i],
				    json_ns(l, latency_percentile(l, percents[i])));
	json_object_set_new(tree, "max_ns", json_ns(l, l->max));
	return tree;
}

/* One value, or while watching one line for each look. */
static void print_json(const struct look *look, bool line)
{
	json_t *all = json_array();

	for (unsigned int i = 0; i < look->n; i++)
		json_array_append_new(all, one_tree(&look->one[i]));
	json_dumpf(all, stdout, line ? JSON_COMPACT : JSON_INDENT(2));
	putchar('\n');
	fflush(stdout);
	json_decref(all);
}

/* ---- looking ---------------------------------------------------------------------- */

static int look_once(struct look *look, const char *name)
{
	static struct shown shown;
	const volatile struct counters *pages = NULL;
	int err = shown_find(&shown, name);

	if (err)
		return err;
	if (!instance_attach(shown.fd, shown.name))
		pages = instance_map_counters(shown.fd);
	if (!pages)
		err = say_error("%s: histograms: %s", shown.name, strerror(errno));
	else
		look_at(look, &shown, pages);
	instance_unmap_counters(pages);
	close(shown.fd);
	return err;
}

static void print_look(const struct look *look, bool json, bool line)
{
	if (json)
		print_json(look, line);
	else
		print_text(look);
}

int show_latency(const char *name, double seconds, bool json)
{
	static struct look looks[2], fresh;
	unsigned int now = 0;
	int err = look_once(&looks[0], name);

	if (!err && seconds <= 0)
		print_look(&looks[0], json, false);
	while (!err && seconds > 0) {
		nanosleep(&(struct timespec){ (time_t)seconds,
			  (long)((seconds - (double)(time_t)seconds) * 1e9) }, NULL);
		now = !now;
		err = look_once(&looks[now], name);
		if (err)
			break;
		fresh = looks[now];
		subtract(&fresh, &looks[!now]);
		print_look(&fresh, json, true);
	}
	return err;
}
