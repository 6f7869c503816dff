/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_STEERING_H
#define AOSCTL_STEERING_H

#include "config.h"
#include "flow.h"
#include "mode.h"
#include "state.h"

/* Settings of the host: the keys are paths below /proc/sys. */
struct settings {
	unsigned int n;
	struct setting {
		char key[64];
		const char *value;
	} one[CONFIG_INTERFACES + 2];
};

/* Those that the configuration wants while it is up.  Pure. */
void steering_settings(const struct config *config, struct settings *settings);

/*
 * Makes Linux a router between its interfaces and the AOS, if the
 * configuration says so; old settings are recorded first.  0 or -1.
 */
int steering_forward(struct state *state, const struct config *config);

/* Installs all steering rules, each recorded first.  0 or -1. */
int steering_install(struct state *state, const struct config *config);

/*
 * Installs one rule, to the cosnet interface `to`, as the flow it fills in.
 * 0, or -1: what it has recorded must be undone.
 */
int steering_add(struct state *state, const char *to, const struct config_steering *rule,
		 struct flow *flow);

/* What an installed flow has taken so far; false: that is not counted. */
bool steering_count(const struct state *state, const struct flow *flow, struct hits *hits);

/* Undoes a recorded flow; what is gone already is no error.  0 or -1. */
int steering_undo_flow(const struct state *state, const struct state_step *step);

/* Puts a recorded flow back that has been undone, wholly or half.  0 or -1. */
int steering_restore_flow(const struct state *state, const struct state_step *step);

#endif
