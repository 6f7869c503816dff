/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the other instances on this host have: what two need is taken by the
 * first and given back by the last; what only one can have is refused.
 *
 * Modules and settings of the host are recorded by each instance that needs
 * them, so an instance gives them back unless another's record has them too.
 * Under the lock of state_lock().
 */
#ifndef AOSCTL_OTHERS_H
#define AOSCTL_OTHERS_H

#include <stdbool.h>

#include "config.h"
#include "state.h"

/* A step of another instance, and whose. */
struct others_step {
	char name[STATE_NAME];
	struct state_step step;
};

/* Has another instance than `self` taken this step?  `found` may be NULL. */
bool others_have(const struct state *self, const char *kind, const char *what,
		 struct others_step *found);

/* Says what of the configuration another instance has already; -1 if anything. */
int others_refuse(const struct state *self, const struct config *config);

#endif
