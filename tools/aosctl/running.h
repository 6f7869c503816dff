/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The appliance that is up, as its state file has it. */
#ifndef AOSCTL_RUNNING_H
#define AOSCTL_RUNNING_H

#include <stdbool.h>

#include "state.h"

#define RUNNING_NOT_UP 1

/* Reads it; name: "" or NULL for the only one.  0, RUNNING_NOT_UP (said), or -1. */
int running_load(struct state *state, const char *name);

/*
 * Does `work` on it, with the state open to add steps, while no other aosctl works
 * on the host; a change that was interrupted is taken back before.  command: for
 * messages.  0, RUNNING_NOT_UP, or -1 and has said why.
 */
int running_change(const char *command, const char *name,
		   int (*work)(struct state *state, const void *what), const void *what);

/* Records which settings it has: see state.h.  0, or -1 and has said why. */
int running_note_settings(struct state *state, const char *what);

/* Its AOS has not ended. */
bool running_alive(const struct state *state);

#endif
