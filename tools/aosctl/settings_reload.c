// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See settings_reload.h.  That image and AOS are the same but for settings was found before
 * (parts.h); who is asked between steps lets the channel go, for others.
 */
#include <string.h>

#include "change.h"
#include "remarks.h"
#include "running.h"
#include "settings_reload.h"

static bool has_them(const struct state *state, uint32_t sum)
{
	const struct state_step *step;
	unsigned int from = 0;
	char text[16];

	snprintf(text, sizeof(text), "%08x", sum);
	step = state_find(state, "settings", &from);
	return step && !strcmp(step->word[1], text);
}

int settings_reload_plan(struct settings_reload *plan, struct state *state,
			 const struct appliance *appliance)
{
	plan->looked = !has_them(state, appliance->image.header.crc32);
	plan->wanted.n = 0;
	if (!plan->looked)
		return 0;
	if (composition_ask(state->name, &plan->now))
		return -1;
	if (!composition_of_image(&appliance->image, &plan->image) ||
	    plan->image.ncomponents != plan->now.ncomponents ||
	    plan->image.nthreads != plan->now.nthreads)
		return say_error("%s: its components are not those of the boot image: 'aosctl "
				 "down', then 'aosctl up'", state->name);
	settings_differ(&plan->now, &plan->image, &plan->wanted);
	return running_note_settings(state, "changed");
}

int settings_reload_note(const struct settings_reload *plan, struct state *state,
			 const struct appliance *appliance)
{
	const struct state_step *step;
	unsigned int from = 0;

	if (!plan->looked)
		return 0;
	step = state_find(state, "settings", &from);
	if ((step && change_take_back(state, step)) ||
	    state_add(state, "settings %08x", appliance->image.header.crc32))
		return -1;
	return remarks_retake(state, &plan->image);
}

static int apply(const struct composition *now, const struct wishes *settings,
		 const char *name)
{
	struct control *control;
	int err;

	if (!settings->n)
		return 0;
	if (control_open(name, &control))
		return -1;
	err = settings_apply(control, now, settings);
	control_close(control);
	return err;
}

int settings_reload_apply(const struct settings_reload *plan, const struct state *state)
{
	return apply(&plan->now, &plan->wanted, state->name);
}

void settings_reload_back(const struct settings_reload *plan, const struct state *state)
{
	static struct wishes before;

	settings_reverse(&plan->now, &plan->wanted, &before);
	apply(&plan->now, &before, state->name);
}
