// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show - what an instance is doing.  Figures are collected into a JSON tree
 * first, whatever the form: text, lines for scripts and JSON are three ways
 * to print the same tree.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ethtool.h"
#include "file.h"
#include "instance.h"
#include "process.h"
#include "reasons.h"
#include "say.h"
#include "show.h"
#include "state.h"
#include "stats.h"
#include "up.h"

struct shown {
	int fd;				/* /dev/hijack */
	char name[STATE_NAME];		/* of the instance */
	struct state state;		/* empty if `up` did not start it */
	struct hijack_status status;
};

/* ---- finding it -------------------------------------------------------------- */

static int not_up(const char *name)
{
	static struct state state;

	if (*name && !state_load(&state, STATE_DIR, name))
		say("%s: not running, though 'aosctl up' has been here: 'aosctl down' "
		    "clears up", name);
	else
		say("%s%snothing is up", name, *name ? ": " : "");
	return SHOW_NOT_UP;
}

static int find(struct shown *shown, const char *given)
{
	int err;

	if (!up_choose(given, shown->name))
		return -1;
	if (!file_exists(INSTANCE_DEVICE) && !file_exists("/sys/module/hijack"))
		return not_up(shown->name);
	shown->fd = instance_open();
	if (shown->fd < 0)
		return -1;
	err = instance_status(shown->fd, shown->name, &shown->status);
	if (err) {
		close(shown->fd);
		if (err == -ENOENT || err == -ESRCH || err == -ENODEV)
			return not_up(shown->name);
		return say_error("asking for the state of '%s': %s", shown->name,
				 strerror(-err));
	}
	memcpy(shown->name, shown->status.name, sizeof(shown->name));
	if (state_load(&shown->state, STATE_DIR, shown->name))
		shown->state.n = 0;
	return 0;
}

/* ---- state -------------------------------------------------------------------- */

static const char *state_word(uint32_t state)
{
	switch (state) {
	case HIJACK_STATE_SET_UP:  return "set up";
	case HIJACK_STATE_RUNNING: return "running";
	case HIJACK_STATE_ENDED:   return "ended";
	default:                   return "unknown";
	}
}

static bool link_attribute(const char *link, const char *attribute, uint64_t *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", link, attribute);
	return !file_read_number(path, value);
}

static json_t *json_number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *link_tree(const char *link)
{
	uint64_t carrier = 0, mtu = 0;
	uint32_t rx = 0, tx = 0;
	json_t *tree = json_object();

	link_attribute(link, "carrier", &carrier);
	link_attribute(link, "mtu", &mtu);
	ethtool_rings(link, &rx, &tx);
	json_object_set_new(tree, "name", json_string(link));
	json_object_set_new(tree, "carrier", json_boolean(carrier));
	json_object_set_new(tree, "mtu", json_number(mtu));
	json_object_set_new(tree, "slots", json_number(rx));
	return tree;
}

static json_t *links_tree(const struct state *state)
{
	const struct state_step *step;
	json_t *links = json_array();
	unsigned int from = 0;

	while ((step = state_find(state, "link", &from)))
		json_array_append_new(links, link_tree(step->word[1]));
	return links;
}

static json_t *status_tree(const struct shown *shown)
{
	const struct hijack_status *s = &shown->status;
	const struct {
		const char *name;
		uint64_t value;
	} figures[] = {
		{ "cpu", s->cpu }, { "frames", s->frames },
		{ "frames_used", s->frames_used }, { "components", s->components },
		{ "threads", s->threads }, { "syscalls", s->syscalls },
		{ "faults", s->faults }, { "upcalls", s->upcalls },
		{ "idles", s->idles }, { "doorbells", s->doorbells },
		{ "entries", s->entries },
	};
	json_t *tree = json_object();

	json_object_set_new(tree, "name", json_string(shown->name));
	json_object_set_new(tree, "state", json_string(state_word(s->state)));
	json_object_set_new(tree, "pid", json_integer(s->pid));
	json_object_set_new(tree, "uptime", json_integer((json_int_t)process_age(s->pid)));
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		json_object_set_new(tree, figures[i].name, json_number(figures[i].value));
	if (s->state == HIJACK_STATE_ENDED)
		json_object_set_new(tree, "exit_status", json_integer(s->exit_status));
	json_object_set_new(tree, "interfaces", links_tree(&shown->state));
	return tree;
}

static json_int_t figure(const json_t *tree, const char *name)
{
	return json_integer_value(json_object_get(tree, name));
}

static const char *word(const json_t *tree, const char *name)
{
	const char *text = json_string_value(json_object_get(tree, name));

	return text ? text : "?";
}

static void print_status(const json_t *tree)
{
	static const char *const figures[] = {
		"syscalls", "faults", "upcalls", "idles", "doorbells", "entries"
	};
	json_t *link;
	size_t i;

	say("%s: %s on CPU %lld, pid %lld, for %lld s", word(tree, "name"),
	    word(tree, "state"), figure(tree, "cpu"), figure(tree, "pid"),
	    figure(tree, "uptime"));
	say("  frames %lld of %lld, components %lld, threads %lld",
	    figure(tree, "frames_used"), figure(tree, "frames"),
	    figure(tree, "components"), figure(tree, "threads"));
	if (json_object_get(tree, "exit_status"))
		say("  exit status %lld", figure(tree, "exit_status"));
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		say("  %-10s %lld", figures[i], figure(tree, figures[i]));
	json_array_foreach(json_object_get(tree, "interfaces"), i, link)
		say("  %s: carrier %s, mtu %lld, slots %lld", word(link, "name"),
		    json_is_true(json_object_get(link, "carrier")) ? "on" : "off",
		    figure(link, "mtu"), figure(link, "slots"));
}

static int print_json(const json_t *tree)
{
	json_dumpf(tree, stdout, JSON_INDENT(2));
	putchar('\n');
	return fflush(stdout) ? -1 : 0;
}

int show_status(const char *name, enum show_form form)
{
	static struct shown shown;
	int err = find(&shown, name);
	json_t *tree;

	if (err)
		return err;
	tree = status_tree(&shown);
	if (form == SHOW_JSON)
		err = print_json(tree);
	else
		print_status(tree);
	json_decref(tree);
	close(shown.fd);
	if (!err && shown.status.state != HIJACK_STATE_RUNNING)
		err = SHOW_NOT_UP;
	return err;
}

/* ---- figures ------------------------------------------------------------------- */

/* The name the image gave it, which the component cannot change; else its own. */
static const char *component_name(const struct state *state, unsigned int i,
				  const struct stats_page *page)
{
	const struct state_step *step = NULL;
	unsigned int from = 0;

	do {
		step = state_find(state, "component", &from);
	} while (step && i--);
	return step ? step->word[1] : page->component;
}

static void add_components(json_t *tree, const struct shown *shown,
			   const volatile struct counters *pages)
{
	const char *base = (const char *)(uintptr_t)pages;
	struct stats_page page;

	for (unsigned int i = 0; i < HIJACK_COUNTER_PAGES; i++) {
		json_t *figures;

		if (!stats_copy(&page, (const volatile void *)(base + i * ABI_PAGE_SIZE)))
			continue;
		figures = json_object();
		for (unsigned int j = 0; j < page.n; j++)
			json_object_set_new(figures, page.name[j],
					    json_number(page.value[j]));
		json_object_set_new(tree, component_name(&shown->state, i, &page), figures);
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
		if (*file->d_name != '.' && link_attribute(link, attribute, &value))
			json_object_set_new(figures, name, json_number(value));
	}
	if (files)
		closedir(files);
}

static void add_links(json_t *tree, const struct state *state)
{
	static struct ethtool_counters own;
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "link", &from))) {
		json_t *figures = json_object();

		if (!ethtool_counters(step->word[1], &own))
			for (unsigned int i = 0; i < own.n; i++)
				json_object_set_new(figures, own.name[i],
						    json_number(own.value[i]));
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

static void print_reasons(json_t *tree)
{
	const char *owner, *name, *why;
	json_t *figures, *value;

	json_object_foreach(tree, owner, figures)
		json_object_foreach(figures, name, value) {
			if (strncmp(name, "drop_", 5))
				continue;
			why = reasons_explain(owner, name);
			say("%s.%s %lld: %s", owner, name, json_integer_value(value),
			    why ? why : "no explanation is known");
		}
}

static int collect_stats(const struct shown *shown, json_t *tree)
{
	const volatile struct counters *pages;
	int err = instance_attach(shown->fd, shown->name);

	if (err)
		return say_error("%s: %s", shown->name, strerror(-err));
	pages = instance_map_counters(shown->fd);
	if (!pages)
		return say_error("%s: counters: %s", shown->name, strerror(errno));
	add_components(tree, shown, pages);
	add_links(tree, &shown->state);
	instance_unmap_counters(pages);
	return 0;
}

int show_stats(const char *name, enum show_form form)
{
	static struct shown shown;
	int err = find(&shown, name);
	json_t *tree;

	if (err)
		return err;
	tree = json_object();
	err = collect_stats(&shown, tree);
	if (!err && form == SHOW_JSON)
		err = print_json(tree);
	else if (!err && form == SHOW_REASONS)
		print_reasons(tree);
	else if (!err)
		print_stats(tree, form);
	json_decref(tree);
	close(shown.fd);
	return err;
}

/* ---- log ------------------------------------------------------------------------ */

static bool has_ended(const struct shown *shown)
{
	struct hijack_status status;

	return instance_status(shown->fd, shown->name, &status) ||
	       status.state == HIJACK_STATE_ENDED;
}

int show_log(const char *name, bool follow)
{
	static struct shown shown;
	int err = find(&shown, name);
	bool last;
	long n;

	if (err)
		return err;
	err = instance_attach(shown.fd, shown.name);
	do {
		last = !follow || has_ended(&shown);
		n = err ? err : instance_copy_log(shown.fd, stdout);
		if (!last && n >= 0)
			process_pause();
	} while (!last && n >= 0);
	close(shown.fd);
	return n < 0 ? say_error("%s: log: %s", shown.name, strerror((int)-n)) : 0;
}
