// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See settings_reload.h.  That image and AOS are the same but for settings was found before
 * (parts.h); who is asked between steps lets the channel go, for others.
 */
#include <stdlib.h>
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

/* In the journal before it is asked for. */
static int note_before(const struct settings_reload *plan, struct state *state)
{
	for (unsigned int i = 0; i < plan->wanted.n; i++) {
		const struct settings_wish *wish = &plan->wanted.wish[i];

		if (state_add(state, "was %u %u %u", wish->setting, wish->index,
			      settings_value(&plan->now, wish->setting, wish->index)))
			return -1;
	}
	return 0;
}

int settings_reload_apply(const struct settings_reload *plan, struct state *state)
{
	struct control *control;
	int err;

	if (!plan->wanted.n)
		return 0;
	if (note_before(plan, state) || control_open(state->name, &control))
		return -1;
	err = settings_apply(control, &plan->now, &plan->wanted);
	control_close(control);
	return err;
}

/* ---- taken back ------------------------------------------------------------------ */

static void put_all(struct composition *composition, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "was", &from)))
		settings_put(composition, (enum control_setting)strtoul(step->word[1], NULL, 10),
			     (uint32_t)strtoul(step->word[2], NULL, 10),
			     (uint32_t)strtoul(step->word[3], NULL, 10));
}

/* What had been committed is done first: then it is seen, and taken back. */
static int put_back(struct control *control, const struct state *state)
{
	static struct composition now, before;
	static struct wishes wishes;

	if (settings_forget(control) || composition_read(control, &now))
		return -1;
	before = now;
	put_all(&before, state);
	settings_differ(&now, &before, &wishes);
	return wishes.n ? settings_apply(control, &now, &wishes) : 0;
}

int settings_reload_recover(const struct state *state)
{
	struct control *control;
	int err;

	if (!state_has(state, "was") || !running_alive(state))
		return 0;
	if (control_open(state->name, &control))
		return -1;
	err = put_back(control, state);
	control_close(control);
	return err;
}
