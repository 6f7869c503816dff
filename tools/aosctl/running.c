// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * running - the appliance that is up, read or about to be changed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "process.h"
#include "running.h"
#include "up.h"

int running_load(struct state *state, const char *given)
{
	char name[STATE_NAME];
	int err;

	if (!up_choose(given, name))
		return -1;
	err = *name ? state_load(state, STATE_DIR, name) : -ENOENT;
	if (!err && state_has(state, "up"))
		return 0;
	if (err && err != -ENOENT)
		return say_error(STATE_DIR "/%s.state: %s: run 'aosctl down'", name,
				 state_error(err));
	say("%s%snothing is up", name, *name ? ": " : "");
	return RUNNING_NOT_UP;
}

bool running_alive(const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	step = state_find(state, "daemon", &from);
	return step && process_alive(atoi(step->word[1]),
				     strtoull(step->word[2], NULL, 10));
}

int running_note_settings(struct state *state, const char *what)
{
	const struct state_step *step;
	unsigned int from = 0;

	step = state_find(state, "settings", &from);
	if (step)
		state_forget(state, step);
	return state_add(state, "settings %s", what) || state_store(state) ? -1 : 0;
}

static int change(struct state *state, int (*work)(struct state *state, const void *what),
		  const void *what)
{
	if (state_has(state, "begin"))
		say("%s: taking back a change that was interrupted", state->name);
	if (change_recover(state))
		return -1;
	return work(state, what);
}

int running_change(const char *command, const char *name,
		   int (*work)(struct state *state, const void *what), const void *what)
{
	static struct state state;
	int lock, err;

	if (geteuid())
		return say_error("%s needs root: run with sudo", command);
	lock = state_lock(STATE_DIR);
	if (lock < 0)
		return say_error(STATE_DIR "/lock: %s", strerror(-lock));
	state.fd = -1;
	err = running_load(&state, name);
	if (!err)
		err = change(&state, work, what);
	state_close(&state);
	state_unlock(STATE_DIR, lock);
	return err;
}
