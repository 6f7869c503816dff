// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show - what an instance is doing, and its log.  Figures are collected into a JSON
 * tree first, whatever the form: text and JSON are two ways to print the same tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ethtool.h"
#include "file.h"
#include "process.h"
#include "proxy.h"
#include "running.h"
#include "say.h"
#include "show.h"
#include "shown.h"
#include "up.h"

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

bool shown_left(struct shown *shown, const char *name)
{
	shown->fd = -1;
	if (!*name || state_load(&shown->state, STATE_DIR, name))
		return false;
	return state_has(&shown->state, "daemon") && !running_alive(&shown->state);
}

int shown_find(struct shown *shown, const char *given)
{
	int err;

	if (!up_choose(given, shown->name))
		return -1;
	if (!file_exists(INSTANCE_DEVICE) && !file_exists("/sys/module/hijack"))
		return not_up(shown->name);
	shown->fd = instance_open_to_look();
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

bool shown_link_attribute(const char *link, const char *attribute, uint64_t *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", link, attribute);
	return !file_read_number(path, value);
}

static json_t *json_number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *link_tree(const struct state *state, const char *link)
{
	const struct state_step *proxy = proxy_step(state, link);
	uint64_t carrier = 0, mtu = 0;
	uint32_t rx = 0, tx = 0;
	json_t *tree = json_object();

	shown_link_attribute(link, "carrier", &carrier);
	shown_link_attribute(link, "mtu", &mtu);
	ethtool_rings(link, &rx, &tx);
	json_object_set_new(tree, "name", json_string(link));
	json_object_set_new(tree, "carrier", json_boolean(carrier));
	json_object_set_new(tree, "mtu", json_number(mtu));
	json_object_set_new(tree, "io", json_string(proxy ? "proxy" : "cosnet"));
	if (proxy)
		json_object_set_new(tree, "proxy", json_boolean(proxy_alive(proxy)));
	else
		json_object_set_new(tree, "slots", json_number(rx));
	return tree;
}

static json_t *links_tree(const struct state *state)
{
	const struct state_step *step;
	json_t *links = json_array();
	unsigned int from = 0;

	while ((step = state_find(state, "link", &from)))
		json_array_append_new(links, link_tree(state, step->word[1]));
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
		{ "idles", s->idles }, { "polls", s->polls },
		{ "doorbells", s->doorbells },
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

static void print_link(const json_t *link)
{
	const json_t *proxy = json_object_get(link, "proxy");
	char io[80];

	if (!proxy)
		snprintf(io, sizeof(io), "slots %lld", figure(link, "slots"));
	else
		snprintf(io, sizeof(io), "%s", json_is_true(proxy) ? "by a proxy" :
			 "its proxy has ended: 'aosctl down', then 'aosctl up'");
	say("  %s: carrier %s, mtu %lld, %s", word(link, "name"),
	    json_is_true(json_object_get(link, "carrier")) ? "on" : "off",
	    figure(link, "mtu"), io);
}

static void print_status(const json_t *tree)
{
	static const char *const figures[] = {
		"syscalls", "faults", "upcalls", "idles", "polls", "doorbells", "entries"
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
		print_link(link);
}

int shown_json(const json_t *tree)
{
	json_dumpf(tree, stdout, JSON_INDENT(2));
	putchar('\n');
	return fflush(stdout) ? -1 : 0;
}

int show_status(const char *name, enum show_form form)
{
	static struct shown shown;
	int err = shown_find(&shown, name);
	json_t *tree;

	if (err)
		return err;
	tree = status_tree(&shown);
	if (form == SHOW_JSON)
		err = shown_json(tree);
	else
		print_status(tree);
	json_decref(tree);
	close(shown.fd);
	if (!err && shown.status.state != HIJACK_STATE_RUNNING)
		err = SHOW_NOT_UP;
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
	int err = shown_find(&shown, name);
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
