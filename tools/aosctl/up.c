// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * up - the ladder from a plain Linux to a running AOS with flows steered to
 * it.  Every step is recorded before it is taken (state.h); when one fails,
 * down_unwind() takes all back.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "answers.h"
#include "change.h"
#include "launch.h"
#include "down.h"
#include "instance.h"
#include "links.h"
#include "modules.h"
#include "node.h"
#include "notify.h"
#include "others.h"
#include "preflight.h"
#include "proxy.h"
#include "remarks.h"
#include "running.h"
#include "steering.h"
#include "up.h"

struct ladder {
	const struct appliance *appliance;
	const struct up_options *options;
	struct state state;
	struct launch launch;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* ---- the steps ------------------------------------------------------------- */

static int step_remarks(struct ladder *ladder)
{
	return remarks_add(&ladder->state, ladder->appliance);
}

static int step_others(struct ladder *ladder)
{
	return others_refuse(&ladder->state, &ladder->appliance->config);
}

static int step_modules(struct ladder *ladder)
{
	return modules_load(&ladder->state, ladder->options->modules) ||
	       node_give(ladder->appliance->config.host.group) ? -1 : 0;
}

static int step_access(struct ladder *ladder)
{
	return access_grant(&ladder->state, &ladder->appliance->config);
}

static int step_links(struct ladder *ladder)
{
	return links_create(&ladder->state, &ladder->appliance->config);
}

static int step_daemon(struct ladder *ladder)
{
	return launch_start(&ladder->launch, &ladder->state, ladder->appliance);
}

static int step_boot(struct ladder *ladder)
{
	return launch_wait_boot(&ladder->launch, ladder->options->wait, &interrupted);
}

static int step_proxy(struct ladder *ladder)
{
	return proxy_start(&ladder->state, ladder->appliance, &interrupted);
}

static int step_forward(struct ladder *ladder)
{
	return steering_forward(&ladder->state, &ladder->appliance->config);
}

static int step_steer(struct ladder *ladder)
{
	return steering_install(&ladder->state, &ladder->appliance->config);
}

static int step_answers(struct ladder *ladder)
{
	if (answers_start(&ladder->state, &ladder->appliance->config))
		return -1;
	answers_refresh(&ladder->state);
	return 0;
}

static int step_done(struct ladder *ladder)
{
	return state_add(&ladder->state, "up");
}

static int (*const steps[])(struct ladder *ladder) = {
	step_others, step_remarks, step_modules, step_access, step_links, step_daemon, step_boot,
	step_proxy, step_forward, step_steer, step_answers, step_done,
};

static int climb(struct ladder *ladder)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (interrupted)
			return say_error("interrupted");
		if (steps[i](ladder))
			return -1;
	}
	return 0;
}

/* ---- what is there already -------------------------------------------------- */

static bool is_running(const struct state *state)
{
	return state_has(state, "up") && running_alive(state);
}

static bool is_same(const struct state *state, const struct appliance *appliance)
{
	const struct state_step *step;
	unsigned int from = 0;

	step = state_find(state, "config", &from);
	return step && !strcmp(step->word[1], appliance->digest);
}

/* 1: it is up as wanted; 0: nothing is there (any more); -1: in the way. */
static int look_at_earlier(struct ladder *ladder)
{
	struct state *state = &ladder->state;
	const char *name = ladder->appliance->config.aos.name;
	int err = state_load(state, STATE_DIR, name);

	if (err == -ENOENT)
		return 0;
	if (err)
		return say_error(STATE_DIR "/%s.state: %s: run 'aosctl down'", name,
				 state_error(err));
	if (!is_running(state)) {
		say("%s: clearing up after an earlier start", name);
		return down_unwind(state);
	}
	if (!is_same(state, ladder->appliance))
		return say_error("%s is up with another configuration or boot image: "
				 "'aosctl reload', or 'aosctl down' first", name);
	if (!proxy_all_alive(state))
		return say_error("%s: 'aosctl down' first", name);
	say("%s: up already", name);
	return change_recover(state) ? -1 : 1;
}

/* ---- the whole ------------------------------------------------------------- */

static int start(struct ladder *ladder)
{
	const struct config_aos *aos = &ladder->appliance->config.aos;
	int err = state_create(&ladder->state, STATE_DIR, aos->name);

	if (err)
		return say_error(STATE_DIR "/%s.state: %s", aos->name, strerror(-err));
	if (climb(ladder)) {
		say_error("%s: not started, undoing", aos->name);
		down_unwind(&ladder->state);
		return -1;
	}
	say("%s: up on CPU %d", aos->name, aos->cpu);
	return 0;
}

static int stay(struct ladder *ladder)
{
	const char *name = ladder->appliance->config.aos.name;

	int err;

	notify("READY=1\nSTATUS=up");
	err = launch_watch(&ladder->launch, &ladder->state, &interrupted);
	notify("STOPPING=1");
	return down(name) ? -1 : err;
}

static int up_locked(struct ladder *ladder)
{
	const struct appliance *appliance = ladder->appliance;
	int found = look_at_earlier(ladder);

	if (found > 0 && ladder->options->foreground)
		return say_error("it cannot be taken to the foreground: 'aosctl down' "
				 "first");
	if (found)
		return found > 0 ? 0 : -1;
	if (preflight_blocks(&appliance->config, ladder->options->modules))
		return -1;
	return start(ladder);
}

int up(const struct appliance *appliance, const struct up_options *options)
{
	static struct ladder ladder;
	int lock, err;

	ladder.appliance = appliance;
	ladder.options = options;
	ladder.state.fd = -1;
	if (geteuid())
		return say_error("up needs root: run with sudo");
	lock = state_lock(STATE_DIR);
	if (lock < 0)
		return say_error(STATE_DIR "/lock: %s", strerror(-lock));
	catch_signals();
	err = up_locked(&ladder);
	state_close(&ladder.state);
	state_unlock(STATE_DIR, lock);
	return !err && options->foreground ? stay(&ladder) : err;
}

bool up_choose(const char *given, char *name)
{
	char names[STATE_INSTANCES][STATE_NAME];
	unsigned int n = state_list(STATE_DIR, names, STATE_INSTANCES);

	if (given && *given && !config_name_valid(given)) {
		say_error("\"%s\" is no name of an instance", given);
		return false;
	}
	if (given && *given) {
		strcpy(name, given);
		return true;
	}
	if (n > 1) {
		say_error("%u instances are up: name one, %s or %s%s", n, names[0], names[1],
			  n > 2 ? ", or another ('ls " STATE_DIR "')" : "");
		return false;
	}
	strcpy(name, n ? names[0] : "");
	return true;
}
