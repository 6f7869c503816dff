/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may look at the appliance without being root: the members of one group.  They
 * can read state files, counters and the log, and nothing else.
 */
#ifndef AOSCTL_ACCESS_H
#define AOSCTL_ACCESS_H

#include "config.h"
#include "state.h"

#define ACCESS_GROUP	"aos"		/* if there is one, and no other is named */
#define ACCESS_GROUPS	"/etc/group"

/* The number of a group of this host's own file; false: there is none. */
bool access_find(const char *file, const char *group, unsigned int *gid);

/*
 * Lets the group look: at the directory of the state files, and at the door of the
 * AOS, whose old owner and mode are recorded.  0 or -1.
 */
int access_grant(struct state *state, const struct config *config);

/* Undoes the recorded step.  0 or -1. */
int access_undo(const struct state_step *step);

#endif
