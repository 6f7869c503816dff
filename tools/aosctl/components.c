// SPDX-License-Identifier: GPL-2.0-or-later
/* See components.h. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/syscall.h"
#include "components.h"
#include "process.h"
#include "say.h"

#define PATIENCE	5.0	/* seconds, for a new life */

struct list {
	uint32_t n;
	struct control_component component[AOS_MAX_COMPONENTS];
};

static int read_list(struct control *c, struct list *list)
{
	struct control_answer answer;
	int status = control_ask(c, CONTROL_HELLO, 0, NULL, &answer);

	if (status)
		return -1;
	list->n = answer.n < AOS_MAX_COMPONENTS ? answer.n : AOS_MAX_COMPONENTS;
	for (uint32_t i = 0; i < list->n; i++) {
		status = control_ask(c, CONTROL_COMPONENT, i, NULL, &answer);
		if (status)
			return -1;
		list->component[i] = answer.component;
	}
	return 0;
}

static const char *state_of(const struct control_component *c)
{
	if (c->flags & CONTROL_STOPPED)
		return "stopped";
	return c->flags & CONTROL_DOWN ? "down" : "running";
}

static void print_table(const struct list *list)
{
	printf("%-16s %-8s %10s %10s\n", "component", "state", "restarts", "faults");
	for (uint32_t i = 0; i < list->n; i++) {
		const struct control_component *c = &list->component[i];

		printf("%-16s %-8s ", c->name, state_of(c));
		if (c->flags & CONTROL_RESTARTS)
			printf("%10" PRIu64, c->restarts);
		else
			printf("%10s", "-");
		printf(" %10" PRIu64 "\n", c->faults);
	}
}

static void print_json(const struct list *list)
{
	json_t *all = json_array();

	for (uint32_t i = 0; i < list->n; i++) {
		const struct control_component *c = &list->component[i];

		json_array_append_new(all, json_pack("{s:s, s:s, s:b, s:I, s:I}",
			"name", c->name, "state", state_of(c),
			"restartable", !!(c->flags & CONTROL_RESTARTS),
			"restarts", (json_int_t)c->restarts, "faults", (json_int_t)c->faults));
	}
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

int components_show(const char *name, bool json)
{
	static struct list list;
	struct control *c;
	int err = control_open(name, &c);

	if (err)
		return err;
	err = read_list(c, &list);
	control_close(c);
	if (err)
		return err;
	if (json)
		print_json(&list);
	else
		print_table(&list);
	return 0;
}

/* ---- making one anew ---- */

/* Its index, or list->n. */
static uint32_t find(const struct list *list, const char *component)
{
	uint32_t i = 0;

	while (i < list->n && strcmp(list->component[i].name, component))
		i++;
	return i;
}

static int wait_until_stopped(struct control *c, uint32_t index)
{
	double end = process_clock() + PATIENCE;
	struct control_answer answer;

	while (process_clock() < end) {
		if (control_ask(c, CONTROL_COMPONENT, index, NULL, &answer))
			return -1;
		if (answer.component.flags & CONTROL_STOPPED) {
			say("%s: stopped; 'aosctl restart %s' starts it again",
			    answer.component.name, answer.component.name);
			return 0;
		}
		process_pause();
	}
	return say_error("it takes no calls any more, and is not at rest: a thread of it waits in another component ('aosctl log')");
}

static int wait_until_anew(struct control *c, uint32_t index, uint64_t before)
{
	double end = process_clock() + PATIENCE;
	struct control_answer answer;

	while (process_clock() < end) {
		if (control_ask(c, CONTROL_COMPONENT, index, NULL, &answer))
			return -1;
		if (answer.component.restarts > before) {
			say("%s: made anew, restart %" PRIu64, answer.component.name,
			    answer.component.restarts);
			return 0;
		}
		process_pause();
	}
	return say_error("it has been stopped, and does not begin anew: a thread of it waits in another component ('aosctl log')");
}

static int refused(int status, const char *component)
{
	if (status == -AOS_ENOENT)
		return say_error("there is no component '%s': see 'aosctl components'", component);
	if (status == -AOS_EBUSY)
		return say_error("'%s' cannot be stopped: whoever is to start it again, the component 'ctl', needs it",
				 component);
	if (status == -AOS_EPERM)
		return say_error("'%s' cannot be made anew: its composition has no on_fault = \"restart\"",
				 component);
	return status > 0 ? -1 : say_error("'%s': %s", component, strerror(-status));
}

int components_find(struct control *c, const char *component, uint32_t *index)
{
	static struct list list;

	if (read_list(c, &list))
		return -1;
	*index = find(&list, component);
	return *index < list.n ? 0 : refused(-AOS_ENOENT, component);
}

static int change(struct control *c, const char *component, enum control_type how)
{
	static struct list list;
	struct control_answer answer;
	uint32_t index;
	int status;

	if (read_list(c, &list))
		return -1;
	index = find(&list, component);
	if (index == list.n)
		return refused(-AOS_ENOENT, component);
	status = control_ask(c, how, 0, component, &answer);
	if (status)
		return refused(status, component);
	if (how == CONTROL_STOP)
		return wait_until_stopped(c, index);
	return wait_until_anew(c, index, list.component[index].restarts);
}

static int open_and_change(const char *name, const char *component, enum control_type how)
{
	struct control *c;
	int err = control_open(name, &c);

	if (err)
		return err;
	err = change(c, component, how);
	control_close(c);
	return err;
}

int components_restart(const char *name, const char *component)
{
	return open_and_change(name, component, CONTROL_RESTART);
}

int components_stop(const char *name, const char *component)
{
	return open_and_change(name, component, CONTROL_STOP);
}
