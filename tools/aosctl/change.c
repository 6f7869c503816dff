// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * change - several steps as one, by a journal in the state file.
 */
#include <errno.h>
#include <string.h>

#include "change.h"
#include "down.h"
#include "settings_reload.h"
#include "steering.h"
#include "sysctl.h"

/* ---- making one -------------------------------------------------------------- */

int change_begin(struct state *state)
{
	return state_add(state, "begin");
}

int change_take_back(struct state *state, const struct state_step *step)
{
	unsigned int i = (unsigned int)(step - state->step);

	if (state_add(state, "gone %s %s", step->word[0], step->word[1]) ||
	    down_undo(state, &state->step[i]))
		return -1;
	state_hide(state, &state->step[i]);
	return 0;
}

static bool is_mark(const struct state_step *step)
{
	return !strcmp(step->word[0], "begin") || !strcmp(step->word[0], "gone") ||
	       !strcmp(step->word[0], "was");
}

int change_commit(struct state *state)
{
	for (unsigned int i = state->n; i-- > 0;)
		if (state->step[i].hidden || is_mark(&state->step[i]))
			state_forget(state, &state->step[i]);
	return state_store(state);
}

/* ---- putting back ------------------------------------------------------------- */

static int read_again(struct state *state)
{
	char dir[sizeof(state->dir)], name[STATE_NAME];
	int err;

	strcpy(dir, state->dir);
	strcpy(name, state->name);
	state_close(state);
	err = state_load(state, dir, name);
	if (!err)
		err = state_open(state);
	return err ? say_error("%s/%s.state: %s", dir, name, state_error(err)) : 0;
}

static const struct state_step *find_step(const struct state *state, const char *kind,
					  const char *what)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, kind, &from)))
		if (!strcmp(step->word[1], what))
			return step;
	return NULL;
}

/* The first step of that name is the one from before. */
static int put_back(const struct state *state, const struct state_step *gone)
{
	const struct state_step *step = find_step(state, gone->word[1], gone->word[2]);

	if (!step)
		return 0;
	if (!strcmp(step->word[0], "flow"))
		return steering_restore_flow(state, step);
	if (!strcmp(step->word[0], "sysctl"))
		return sysctl_restore(step);
	return 0;	/* a remark */
}

/* A step that cannot be put back does not keep the others from it. */
int change_recover(struct state *state)
{
	const struct state_step *begin, *last;
	unsigned int from = 0;
	int failed = 0;

	if (read_again(state))
		return -1;
	begin = state_find(state, "begin", &from);
	if (!begin)
		return 0;
	failed = settings_reload_recover(state);
	for (; state->n > (unsigned int)(begin - state->step); state_forget(state, last)) {
		last = &state->step[state->n - 1];
		if (!strcmp(last->word[0], "gone") ? put_back(state, last)
						   : down_undo(state, last))
			failed = -1;
	}
	if (state_store(state))
		return -1;
	return failed ? say_error("%s: not everything could be put back: see 'aosctl flows', "
				  "and 'aosctl down' when in doubt", state->name) : 0;
}

/* ---- what nobody needs any more -------------------------------------------------- */

static bool needs_xdp(const struct flow *flow, const char *link)
{
	return flow->rule.mode == CONFIG_MODE_XDP && !strcmp(flow->rule.from, link);
}

static bool needs_filter(const struct flow *flow, const char *link)
{
	return flow->rule.mode != CONFIG_MODE_ROUTE && !strcmp(flow->rule.from, link);
}

static bool is_of_flows(const char *what)
{
	(void)what;
	return true;
}

static const struct need {
	const char *kind;
	bool (*concerns)(const char *what);	/* else it is none of a flow's */
	bool (*needs)(const struct flow *flow, const char *what);
} needs[] = {
	{ "xdp", is_of_flows, needs_xdp },
	{ "filter", is_of_flows, needs_filter },
	{ "clsact", is_of_flows, needs_filter },
	{ "sysctl", route_is_setting, route_needs_setting },
};

static bool is_needed(const struct state *state, const struct need *need, const char *what)
{
	unsigned int from = 0;
	struct flow flow;

	if (!need->concerns(what))
		return true;
	while (flow_next(state, &from, &flow))
		if (need->needs(&flow, what))
			return true;
	return false;
}

static int tidy(struct state *state, const struct need *need)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, need->kind, &from))) {
		if (is_needed(state, need, step->word[1]))
			continue;
		if (down_undo(state, step))
			return -1;
		state_forget(state, step);
		from = 0;
	}
	return 0;
}

int change_tidy(struct state *state)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (tidy(state, &needs[i]))
			return -1;
	return state_store(state);
}
