/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steering while the appliance is up.  name: "" or NULL for the only one. */
#ifndef AOSCTL_STEER_H
#define AOSCTL_STEER_H

#include <stdbool.h>

#include "running.h"

/*
 * Adds all rules of a file ("-": standard input) or, after an error, none.
 * 0, RUNNING_NOT_UP, or -1 and has said why.
 */
int steer_add(const char *name, const char *file);

/* Takes away the flows of these numbers, all of which must exist. */
int steer_del(const char *name, char *const *ids, int n);

/* Prints what is steered where, with what has been taken so far. */
int steer_list(const char *name, bool json);

#endif
