// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show_stats - counters of components and interfaces: at this moment, why packets were
 * dropped, and how fast they count.  One JSON tree, several ways to print it.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ethtool.h"
#include "process.h"
#include "proxy_page.h"
#include "reasons.h"
#include "say.h"
#include "show.h"
#include "shown.h"
#include "stats.h"
#include "up.h"

static const volatile struct counters *page_of(const volatile struct counters *pages,
					       unsigned int i)
{
	return (const volatile void *)((const char *)(uintptr_t)pages + i * ABI_PAGE_SIZE);
}

void shown_component(const struct shown *shown, unsigned int i,
		     const volatile struct counters *pages, char name[ABI_NAME_LEN + 1])
{
	const struct state_step *step = NULL;
	unsigned int from = 0, left = i;

	do {
		step = state_find(&shown->state, "component", &from);
	} while (step && left--);
	if (step)
		snprintf(name, ABI_NAME_LEN + 1, "%s", step->word[1]);
	else
		stats_clean_name(name, page_of(pages, i)->component, ABI_NAME_LEN);
}

static void add_components(json_t *tree, const struct shown *shown,
			   const volatile struct counters *pages)
{
	char name[ABI_NAME_LEN + 1];
	struct stats_page page;

	for (unsigned int i = 0; i < HIJACK_COUNTER_PAGES; i++) {
		json_t *figures;

		if (!stats_copy(&page, page_of(pages, i)))
			continue;
		figures = json_object();
		for (unsigned int j = 0; j < page.n; j++)
			json_object_set_new(figures, page.name[j],
					    json_integer((json_int_t)page.value[j]));
		shown_component(shown, i, pages, name);
		json_object_set_new(tree, name, figures);
	}
}

/* Linux's own counters of the device, as NAME.dev.COUNTER. */
static void add_device(json_t *figures, const char *link)
{
	char path[PATH_MAX], attribute[NAME_MAX + 16], name[NAME_MAX + 8];
	struct dirent *file;
	uint64_t value;
	DIR *files;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics", link);
	files = opendir(path);
	while (files && (file = readdir(files))) {
		snprintf(attribute, sizeof(attribute), "statistics/%s", file->d_name);
		snprintf(name, sizeof(name), "dev.%s", file->d_name);
		if (*file->d_name != '.' && shown_link_attribute(link, attribute, &value))
			json_object_set_new(figures, name, json_integer((json_int_t)value));
	}
	if (files)
		closedir(files);
}

static void add_proxy(json_t *figures, const struct state *state, const char *link)
{
	struct proxy_page page;

	if (!proxy_page_read(&page, state->dir, state->name, link))
		return;
#define ADD(name) json_object_set_new(figures, #name, json_integer((json_int_t)page.name));
	PROXY_COUNTERS(ADD)
#undef ADD
}

/*
 * What Linux has dropped before it came to the interface: all that it says, but for the
 * interface's own, which were read after that.
 */
static void add_lost(json_t *figures, const struct ethtool_counters *own, uint64_t all)
{
	const char *name = drop_counter_name(DROP_TO_AOS_LINK_DOWN);
	uint64_t seen = 0;

	for (unsigned int i = 0; i < own->n; i++)
		if (drop_places(reasons_find(own->name[i])) & DROP_AT_TO_AOS)
			seen += own->value[i];
	json_object_set_new(figures, name, json_integer(all > seen ? (json_int_t)(all - seen) : 0));
}

static void add_cosnet(json_t *figures, const char *link)
{
	static struct ethtool_counters own;
	uint64_t dropped = 0;

	shown_link_attribute(link, "statistics/tx_dropped", &dropped);
	if (ethtool_counters(link, &own))
		return;
	for (unsigned int i = 0; i < own.n; i++)
		json_object_set_new(figures, own.name[i], json_integer((json_int_t)own.value[i]));
	add_lost(figures, &own, dropped);
}

static void add_links(json_t *tree, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "link", &from))) {
		json_t *figures = json_object();

		add_cosnet(figures, step->word[1]);
		add_proxy(figures, state, step->word[1]);
		add_device(figures, step->word[1]);
		json_object_set_new(tree, step->word[1], figures);
	}
}

static void print_stats(json_t *tree, enum show_form form)
{
	const char *owner, *name;
	json_t *figures, *value;

	json_object_foreach(tree, owner, figures) {
		if (form == SHOW_TEXT)
			say("%s", owner);
		json_object_foreach(figures, name, value) {
			unsigned long long v =
				(unsigned long long)json_integer_value(value);

			if (form == SHOW_RAW)
				say("%s.%s %llu", owner, name, v);
			else
				say("  %-32s %20llu", name, v);
		}
	}
}

/* {"OWNER": {"drop_...": {"value": N, "because": "..."}}} */
static json_t *reasons_tree(json_t *tree)
{
	json_t *reasons = json_object(), *figures, *value;
	const char *owner, *name;

	json_object_foreach(tree, owner, figures) {
		json_t *drops = json_object();

		json_object_foreach(figures, name, value)
			if (!strncmp(name, "drop_", 5))
				json_object_set_new(drops, name, json_pack("{s:O, s:s}",
					"value", value, "because",
					reasons_explain(reasons_find(name))));
		json_object_set_new(reasons, owner, drops);
	}
	return reasons;
}

static void print_reasons(json_t *reasons)
{
	const char *owner, *name;
	json_t *drops, *drop;

	json_object_foreach(reasons, owner, drops)
		json_object_foreach(drops, name, drop)
			say("%s.%s %lld: %s", owner, name,
			    json_integer_value(json_object_get(drop, "value")),
			    json_string_value(json_object_get(drop, "because")));
}

static int collect_components(const struct shown *shown, json_t *tree)
{
	const volatile struct counters *pages;
	int err = instance_attach(shown->fd, shown->name);

	if (err)
		return say_error("%s: %s", shown->name, strerror(-err));
	pages = instance_map_counters(shown->fd);
	if (!pages)
		return say_error("%s: counters: %s", shown->name, strerror(errno));
	add_components(tree, shown, pages);
	instance_unmap_counters(pages);
	return 0;
}

static int collect_stats(const struct shown *shown, json_t *tree)
{
	if (shown->fd >= 0 && collect_components(shown, tree))
		return -1;
	add_links(tree, &shown->state);
	return 0;
}

/* Interfaces outlive their AOS, and what they have counted is wanted most then. */
static int find(struct shown *shown, const char *given)
{
	char name[STATE_NAME];

	if (!up_choose(given, name))
		return -1;
	return shown_left(shown, name) ? 0 : shown_find(shown, name);
}

static int print(json_t *tree, enum show_form form, bool explain)
{
	if (form == SHOW_JSON)
		return shown_json(tree);
	if (explain)
		print_reasons(tree);
	else
		print_stats(tree, form);
	return 0;
}

int show_stats(const char *name, enum show_form form, bool explain)
{
	static struct shown shown;
	int err = find(&shown, name);
	json_t *tree, *reasons;

	if (err)
		return err;
	tree = json_object();
	err = collect_stats(&shown, tree);
	if (!err && explain) {
		reasons = reasons_tree(tree);
		json_decref(tree);
		tree = reasons;
	}
	if (!err)
		err = print(tree, form, explain);
	json_decref(tree);
	if (shown.fd >= 0)
		close(shown.fd);
	return err;
}

/* ---- figures that change ---------------------------------------------------------- */

/* Counters of a component that starts anew begin at zero: no rate then. */
static double rate(json_int_t now, json_int_t before, double seconds)
{
	return now > before ? (double)(now - before) / seconds : 0;
}

/* {"OWNER": {"COUNTER": {"value": N, "rate": R}}} of what has changed since. */
json_t *show_rates(json_t *now, json_t *before, double seconds)
{
	json_t *tree = json_object(), *figures, *value, *changed;
	const char *owner, *name;

	json_object_foreach(now, owner, figures) {
		json_t *old = json_object_get(before, owner);

		changed = json_object();
		json_object_foreach(figures, name, value) {
			json_int_t v = json_integer_value(value);
			json_int_t was = json_integer_value(json_object_get(old, name));

			if (v != was)
				json_object_set_new(changed, name, json_pack("{s:I, s:f}",
					"value", v, "rate", rate(v, was, seconds)));
		}
		json_object_set_new(tree, owner, changed);
	}
	return tree;
}

static void print_rates(json_t *rates)
{
	const char *owner, *name;
	json_t *figures, *one;

	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[J", stdout);
	say("%-44s %20s %14s", "COUNTER", "VALUE", "PER SECOND");
	json_object_foreach(rates, owner, figures)
		json_object_foreach(figures, name, one)
			say("%s.%-*s %20lld %14.1f", owner, (int)(43 - strlen(owner)), name,
			    json_integer_value(json_object_get(one, "value")),
			    json_real_value(json_object_get(one, "rate")));
	if (!isatty(STDOUT_FILENO))
		say("%s", "");
}

static void print_look(json_t *rates, double seconds, bool json)
{
	json_t *look;

	if (!json) {
		print_rates(rates);
		return;
	}
	look = json_pack("{s:f, s:O}", "seconds", seconds, "counters", rates);
	json_dumpf(look, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(look);
}

/* One look; *before: of the last one, or NULL.  0 or an error. */
static int look(struct shown *shown, const char *name, double seconds, bool json,
		json_t **before)
{
	json_t *now, *rates;
	int err = shown_find(shown, name);

	if (err)
		return err;
	now = json_object();
	err = collect_stats(shown, now);
	close(shown->fd);
	if (!err && *before) {
		rates = show_rates(now, *before, seconds);
		print_look(rates, seconds, json);
		json_decref(rates);
	}
	json_decref(*before);
	*before = now;
	return err;
}

int show_watch(const char *name, double seconds, bool json)
{
	static struct shown shown;
	double last = process_clock(), now;
	json_t *before = NULL;
	int err;

	do {
		now = process_clock();
		err = look(&shown, name, now - last, json, &before);
		last = now;
		if (!err)
			nanosleep(&(struct timespec){ (time_t)seconds,
				  (long)((seconds - (double)(time_t)seconds) * 1e9) }, NULL);
	} while (!err);
	json_decref(before);
	return err;
}
