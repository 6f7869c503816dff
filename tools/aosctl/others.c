// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * others - the state files of the other instances.
 */
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "others.h"
#include "prefix.h"
#include "rules.h"

/* Reads the states of the other instances, one after another; NULL: that was all. */
struct others {
	const struct state *self;
	char names[STATE_INSTANCES][STATE_NAME];
	unsigned int n;
	struct state state;
};

static void others_begin(struct others *others, const struct state *self)
{
	others->self = self;
	others->n = state_list(self->dir, others->names, STATE_INSTANCES);
}

/* A file that cannot be read is its own instance's trouble: that one cannot go down. */
static const struct state *others_next(struct others *others)
{
	while (others->n > 0) {
		const char *name = others->names[--others->n];

		if (strcmp(name, others->self->name) &&
		    !state_load(&others->state, others->self->dir, name))
			return &others->state;
	}
	return NULL;
}

/* The words of a copy point into the copy. */
static void copy_step(struct state_step *to, const struct state_step *from)
{
	memcpy(to->text, from->text, sizeof(to->text));
	for (unsigned int i = 0; i < STATE_WORDS; i++)
		to->word[i] = *from->word[i] ? to->text + (from->word[i] - from->text) : "";
}

static bool has_step(const struct state *other, const char *kind, const char *what,
		     struct others_step *found)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(other, kind, &from)) && strcmp(what, step->word[1]))
		;
	if (!step || !found)
		return step;
	strcpy(found->name, other->name);
	copy_step(&found->step, step);
	return true;
}

bool others_have(const struct state *self, const char *kind, const char *what,
		 struct others_step *found)
{
	static struct others others;
	const struct state *other;

	others_begin(&others, self);
	while ((other = others_next(&others)))
		if (has_step(other, kind, what, found))
			return true;
	return false;
}

static int refuse_cpu(const struct state *self, const struct config_aos *aos)
{
	struct others_step found;
	char cpu[16];

	snprintf(cpu, sizeof(cpu), "%d", aos->cpu);
	if (!others_have(self, "cpu", cpu, &found))
		return 0;
	return say_error("CPU %s is %s's: give %s another one ('cpu' in the configuration)",
			 cpu, found.name, aos->name);
}

static int refuse_rule(const struct state *self, const struct config_steering *rule)
{
	static struct others others;
	const struct state *other;
	char text[PREFIX_TEXT];
	struct flow flow;

	others_begin(&others, self);
	while ((other = others_next(&others)))
		for (unsigned int from = 0; flow_next(other, &from, &flow);)
			if (rules_overlap(rule, &flow.rule))
				return say_error("prefix %s is steered to %s of %s already: "
						 "choose another",
						 prefix_text(&flow.rule.prefix, text), flow.to,
						 other->name);
	return 0;
}

static int refuse_interface(const struct state *self, const struct config_interface *interface)
{
	struct others_step found;
	int err = 0;

	if (others_have(self, "link", interface->name, &found))
		err = say_error("interface %s is %s's: an instance needs its own, and a boot "
				"image with a channel of that name", interface->name, found.name);
	for (unsigned int i = 0; i < interface->nsteering; i++)
		err |= refuse_rule(self, &interface->steering[i]);
	return err;
}

int others_refuse(const struct state *self, const struct config *config)
{
	int err = refuse_cpu(self, &config->aos);

	for (unsigned int i = 0; i < config->ninterfaces; i++)
		err |= refuse_interface(self, &config->interfaces[i]);
	return err;
}
