/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_STEERING_H
#define AOSCTL_STEERING_H

#include "config.h"
#include "state.h"

/*
 * Makes Linux a router between its interfaces and the AOS, if the
 * configuration says so; old settings are recorded first.  0 or -1.
 */
int steering_forward(struct state *state, const struct config *config);

/* Installs all steering rules, each recorded first.  0 or -1. */
int steering_install(struct state *state, const struct config *config);

/* Undo one recorded step; what is gone already is no error.  0 or -1. */
int steering_undo_route(const struct state_step *step);
int steering_undo_sysctl(const struct state_step *step);

#endif
