/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_DOWN_H
#define AOSCTL_DOWN_H

#include "state.h"

/* Undoes one step; it stays recorded.  0 or -1. */
int down_undo(const struct state *state, const struct state_step *step);

/* Undoes all steps, last first, and removes the state file.  0 or -1. */
int down_unwind(struct state *state);

#endif
