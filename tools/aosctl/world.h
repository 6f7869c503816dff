/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_WORLD_H
#define AOSCTL_WORLD_H

#include "explain.h"
#include "state.h"

/* What explain_decide() wants to know of a running appliance.  Needs no rights. */
void world_collect(struct explain_world *world, const struct state *state);

#endif
