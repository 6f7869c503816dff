/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_REMARKS_H
#define AOSCTL_REMARKS_H

#include "check.h"
#include "composition.h"
#include "state.h"

/*
 * Writes down what the appliance is started with: for `reload`, which cannot change
 * it, and for `stats` and `explain`, which show it.  0 or -1.
 */
int remarks_add(struct state *state, const struct appliance *appliance);

/*
 * Part of a change: who takes packets with which priority and budget, as it will be.
 * 0, or -1: then change_recover().
 */
int remarks_retake(struct state *state, const struct composition *composition);

#endif
