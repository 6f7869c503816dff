/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces with io = "proxy": a TUN device, and a process that keeps it.  That one
 * has a child, which moves the packets (proxy_move.h) and may die: the device, its
 * routes and what lies in the rings stay, and another child goes on.
 */
#ifndef AOSCTL_PROXY_H
#define AOSCTL_PROXY_H

#include <signal.h>

#include "check.h"
#include "proxy_page.h"

/*
 * Starts those of the appliance, whose AOS has booted, each step recorded, and makes
 * their devices ready.  0, or -1 and says why.
 */
int proxy_start(struct state *state, const struct appliance *appliance,
		const volatile sig_atomic_t *stop);

/* Undoes a recorded "proxy" step.  0 or -1. */
int proxy_undo(const struct state *state, const struct state_step *step);

/* The recorded "proxy" step of an interface; NULL: it has none. */
const struct state_step *proxy_step(const struct state *state, const char *link);

bool proxy_alive(const struct state_step *step);

/* Are all that were started alive?  Says which is not. */
bool proxy_all_alive(const struct state *state);

#endif
