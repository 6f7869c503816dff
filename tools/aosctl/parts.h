/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Those parts of a configuration that the AOS is started with: they cannot change
 * while it is up.  All the rest - steering, forwarding - can.  Pure.
 *
 * The state file has a step for each, "part KEY VALUE".
 */
#ifndef AOSCTL_PARTS_H
#define AOSCTL_PARTS_H

#include "check.h"
#include "state.h"

struct part {
	char key[ABI_NAME_LEN + 24];	/* "cpu", "cos0.mtu", ... */
	char value[24];			/* the value, or a digest of it */
	int line;			/* of the configuration */
};

#define PARTS_MOST (9 + 6 * CONFIG_INTERFACES)

/* Returns how many there are, at most PARTS_MOST. */
unsigned int parts_list(const struct appliance *appliance, struct part *parts);

/* Reports each part that is not as the state says; -1 if there is one. */
int parts_compare(const struct state *state, const struct appliance *appliance,
		  struct report *report);

#endif
