/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_MODULES_H
#define AOSCTL_MODULES_H

#include <stdbool.h>

#include "state.h"

/*
 * Loads hijack and cosnet if they are not: from `dir`, or by modprobe if that
 * is NULL.  Each is recorded first.  0, or -1 and says why.
 */
int modules_load(struct state *state, const char *dir);

/* Takes one out again, waiting a little for its last users.  0 or -1. */
int modules_unload(const char *name);

bool modules_loaded(const char *name);

#endif
