// SPDX-License-Identifier: GPL-2.0-or-later
/* See composition.h. */
#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "composition.h"
#include "say.h"
#include "shown.h"
#include "tools/coslink/admission.h"

/* ---- as it runs -------------------------------------------------------------- */

int composition_read(struct control *control, struct composition *composition)
{
	struct control_answer answer;
	int status = control_ask(control, CONTROL_HELLO, 0, NULL, &answer);
	uint32_t n = answer.n < AOS_MAX_COMPONENTS ? answer.n : AOS_MAX_COMPONENTS;

	composition->overhead_ns = answer.system.overhead_ns;
	for (uint32_t i = 0; !status && i < n; i++) {
		status = control_ask(control, CONTROL_COMPONENT, i, NULL, &answer);
		composition->component[i] = answer.component;
	}
	composition->ncomponents = n;
	composition->nthreads = 0;
	for (uint32_t i = 0; !status && i < AOS_MAX_THREADS; i++) {
		struct control_request request = { .type = CONTROL_THREAD, .item = i };

		status = control_request(control, &request, &answer);
		if (!status && answer.thread.component < n)
			composition->thread[composition->nthreads++] = answer.thread;
	}
	return status && status != -AOS_ENOENT ? -1 : 0;
}

/* ---- as an image has it -------------------------------------------------------- */

bool composition_of_image(const struct image *image, struct composition *composition)
{
	const struct image_header *h = &image->header;
	struct image_component c;
	struct image_thread t;

	if (h->components.count > AOS_MAX_COMPONENTS || h->threads.count > AOS_MAX_THREADS)
		return false;
	memset(composition, 0, sizeof(*composition));
	composition->ncomponents = h->components.count;
	composition->nthreads = h->threads.count;
	composition->overhead_ns = h->overhead_ns;
	for (uint32_t i = 0; i < composition->ncomponents; i++) {
		struct control_component *to = &composition->component[i];

		image_component(image, i, &c);
		memcpy(to->name, c.name, sizeof(to->name));
		to->scheduler = c.scheduler;
		to->watchdog = c.watchdog;
		to->restart_max = c.restart_max;
		to->restart_within_ms = c.restart_within_ms;
	}
	for (uint32_t i = 0; i < composition->nthreads; i++) {
		struct control_thread *to = &composition->thread[i];

		image_thread(image, i, &t);
		*to = (struct control_thread){
			.component = t.component, .priority = t.priority, .server = t.server,
			.period_us = t.period_us, .budget_us = t.budget_us,
			.deadline_us = t.deadline_us, .critical_ns = t.critical_ns,
		};
		memcpy(to->name, t.name, sizeof(to->name));
		if (to->component >= composition->ncomponents)
			return false;
	}
	return true;
}

/* ---- shown --------------------------------------------------------------------- */

static const char *server_word(uint32_t server)
{
	return server <= IMAGE_SERVER_SPORADIC ? server_words[server] : "?";
}

static void print_component(const struct composition *all, uint32_t index)
{
	const struct control_component *c = &all->component[index];

	printf("%s\n", c->name);
	for (uint32_t i = 0; i < all->ncomponents; i++)
		if (c->calls >> i & 1)
			printf("    calls %s\n", all->component[i].name);
	if (c->restart_max)
		printf("    is made anew, %u times in %u ms\n", c->restart_max,
		       c->restart_within_ms);
	if (c->watchdog)
		printf("    a visit may use up %u budgets\n", c->watchdog);
	for (uint32_t i = 0; i < all->nthreads; i++) {
		const struct control_thread *t = &all->thread[i];

		if (t->component != index)
			continue;
		printf("    thread %s: priority %u", t->name, t->priority);
		if (t->period_us)
			printf(", budget %u us of each %u us, deadline %u us, server %s",
			       t->budget_us, t->period_us, t->deadline_us,
			       server_word(t->server));
		putchar('\n');
	}
}

static json_t *threads_tree(const struct composition *all, uint32_t component)
{
	json_t *threads = json_array();

	for (uint32_t i = 0; i < all->nthreads; i++) {
		const struct control_thread *t = &all->thread[i];

		if (t->component == component)
			json_array_append_new(threads, json_pack(
				"{s:s, s:I, s:s, s:I, s:I, s:I}", "name", t->name,
				"priority", (json_int_t)t->priority,
				"server", server_word(t->server),
				"period_us", (json_int_t)t->period_us,
				"budget_us", (json_int_t)t->budget_us,
				"deadline_us", (json_int_t)t->deadline_us));
	}
	return threads;
}

static json_t *component_tree(const struct composition *all, uint32_t index)
{
	const struct control_component *c = &all->component[index];
	const char *scheduler = c->scheduler < all->ncomponents ?
		all->component[c->scheduler].name : "?";
	json_t *calls = json_array();

	for (uint32_t i = 0; i < all->ncomponents; i++)
		if (c->calls >> i & 1)
			json_array_append_new(calls, json_string(all->component[i].name));
	return json_pack("{s:s, s:o, s:s, s:I, s:I, s:I, s:o}", "name", c->name,
			 "calls", calls, "scheduler", scheduler,
			 "watchdog", (json_int_t)c->watchdog,
			 "restart_max", (json_int_t)c->restart_max,
			 "restart_within_ms", (json_int_t)c->restart_within_ms,
			 "threads", threads_tree(all, index));
}

static int show(const struct composition *all, bool json)
{
	json_t *tree = json_array();
	int err = 0;

	for (uint32_t i = 0; i < all->ncomponents; i++)
		if (json)
			json_array_append_new(tree, component_tree(all, i));
		else
			print_component(all, i);
	if (json)
		err = shown_json(tree);
	json_decref(tree);
	return err;
}

int composition_ask(const char *name, struct composition *composition)
{
	struct control *control;
	int err = control_open(name, &control);

	if (err)
		return err;
	err = composition_read(control, composition);
	control_close(control);
	return err;
}

int composition_show(const char *name, bool json)
{
	static struct composition composition;
	int err = composition_ask(name, &composition);

	return err ? err : show(&composition, json);
}
