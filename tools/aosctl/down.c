// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * down - the mirror of the ladder: the recorded steps, last first.  Each can
 * be undone whether it was taken, half taken or never begun.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "answers.h"
#include "launch.h"
#include "down.h"
#include "instance.h"
#include "links.h"
#include "modules.h"
#include "others.h"
#include "process.h"
#include "proxy.h"
#include "steering.h"
#include "sysctl.h"
#include "up.h"

#define STOP_SECONDS 5

static int undo_module(const struct state *state, const struct state_step *step)
{
	if (others_have(state, "module", step->word[1], NULL))
		return 0;
	return modules_unload(step->word[1]);
}

static int undo_grant(const struct state *state, const struct state_step *step)
{
	if (others_have(state, "grant", step->word[1], NULL))
		return 0;
	return access_undo(step);
}

static int undo_link(const struct state *state, const struct state_step *step)
{
	(void)state;
	return links_delete(step->word[1]);
}

static int undo_daemon(const struct state *state, const struct state_step *step)
{
	return launch_end(state->name, step);
}

static int undo_sysctl(const struct state *state, const struct state_step *step)
{
	if (others_have(state, "sysctl", step->word[1], NULL))
		return 0;
	return sysctl_undo(step);
}

static int undo_clsact(const struct state *state, const struct state_step *step)
{
	if (others_have(state, "clsact", step->word[1], NULL))
		return 0;
	return redirect_undo_clsact(step->word[1]);
}

static int undo_filter(const struct state *state, const struct state_step *step)
{
	(void)state;
	return redirect_undo_filter(step->word[1], (uint32_t)strtoul(step->word[2], NULL, 10));
}

static int undo_answers(const struct state *state, const struct state_step *step)
{
	(void)state;
	return xdp_undo_program(step->word[1], (uint32_t)strtoul(step->word[2], NULL, 10));
}

static int undo_xdp(const struct state *state, const struct state_step *step)
{
	answers_leave(state, step->word[1]);
	return xdp_undo_program(step->word[1], (uint32_t)strtoul(step->word[2], NULL, 10));
}

static const struct {
	const char *kind;
	int (*undo)(const struct state *state, const struct state_step *step);
} undos[] = {
	{ "module", undo_module },
	{ "grant", undo_grant },
	{ "link", undo_link },
	{ "daemon", undo_daemon },
	{ "proxy", proxy_undo },
	{ "sysctl", undo_sysctl },
	{ "clsact", undo_clsact },
	{ "filter", undo_filter },
	{ "xdp", undo_xdp },
	{ "answers", undo_answers },
	{ "flow", steering_undo_flow },
};

int down_undo(const struct state *state, const struct state_step *step)
{
	for (size_t i = 0; i < sizeof(undos) / sizeof(undos[0]); i++)
		if (!strcmp(undos[i].kind, step->word[0]))
			return undos[i].undo(state, step);
	return 0;	/* a remark, not a step */
}

/* A step that cannot be undone does not keep the others from being undone. */
int down_unwind(struct state *state)
{
	int failed = 0;

	for (unsigned int i = state->n; i-- > 0;)
		if (down_undo(state, &state->step[i]))
			failed = -1;
	if (failed) {
		state_close(state);
		return say_error("%s is not wholly down: run 'aosctl down' again when "
				 "the reason is gone", state->name);
	}
	if (state_remove(state))
		return say_error("cannot remove the state file of %s", state->name);
	return 0;
}

static int stop_running(int fd, const struct hijack_status *status)
{
	int err;

	say("%s runs, though 'aosctl up' has not recorded it: stopping it; interfaces, "
	    "routes and modules stay as they are", status->name);
	err = instance_stop(fd, status->name);
	if (err)
		return say_error("stopping %s: %s", status->name, strerror(-err));
	if (!process_wait_end(status->pid, process_start(status->pid), STOP_SECONDS))
		return say_error("its process %d does not end", status->pid);
	return 0;
}

/* No state file; but perhaps an instance that runs without. */
static int down_unrecorded(const char *name)
{
	int fd = open(INSTANCE_DEVICE, O_RDWR | O_CLOEXEC), err = 0;
	struct hijack_status status;

	if (fd >= 0 && !instance_status(fd, name, &status) &&
	    status.state != HIJACK_STATE_ENDED)
		err = stop_running(fd, &status);
	else
		say("nothing is up");
	if (fd >= 0)
		close(fd);
	return err;
}

static int down_locked(const char *name)
{
	static struct state state;
	int err = *name ? state_load(&state, STATE_DIR, name) : -ENOENT;

	if (err == -ENOENT)
		return down_unrecorded(name);
	if (err)
		return say_error(STATE_DIR "/%s.state: %s: remove it by hand, and what it "
				 "names", name, state_error(err));
	if (down_unwind(&state))
		return -1;
	say("%s: down", name);
	return 0;
}

int down(const char *given)
{
	char name[STATE_NAME];
	int lock, err;

	if (geteuid())
		return say_error("down needs root: run with sudo");
	lock = state_lock(STATE_DIR);
	if (lock < 0)
		return say_error(STATE_DIR "/lock: %s", strerror(-lock));
	err = up_choose(given, name) ? down_locked(name) : -1;
	state_unlock(STATE_DIR, lock);
	return err;
}
