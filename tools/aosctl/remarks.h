/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_REMARKS_H
#define AOSCTL_REMARKS_H

#include "check.h"
#include "state.h"

/*
 * Writes down what the appliance is started with: for `reload`, which cannot change
 * it, and for `stats` and `explain`, which show it.  0 or -1.
 */
int remarks_add(struct state *state, const struct appliance *appliance);

#endif
