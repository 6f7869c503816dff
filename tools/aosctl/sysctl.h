/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the kernel, changed for a while. */
#ifndef AOSCTL_SYSCTL_H
#define AOSCTL_SYSCTL_H

#include "state.h"

/* Sets one, the old value recorded first.  0 or -1. */
int sysctl_set(struct state *state, const char *key, const char *value);

/* Undoes a recorded step: only what still is as it was set.  0 or -1. */
int sysctl_undo(const struct state_step *step);

/* Sets it once more, as it was recorded.  0 or -1. */
int sysctl_restore(const struct state_step *step);

#endif
