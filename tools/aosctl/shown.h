/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An instance that is being looked at.  For show.c and its kin. */
#ifndef AOSCTL_SHOWN_H
#define AOSCTL_SHOWN_H

#include <jansson.h>

#include "instance.h"
#include "state.h"

struct shown {
	int fd;				/* /dev/hijack; -1: from shown_left() */
	char name[STATE_NAME];		/* of the instance */
	struct state state;		/* empty if `up` did not start it */
	struct hijack_status status;
};

/* given: its name, or NULL or "" for the only one.  0, SHOW_NOT_UP (said), or -1. */
int shown_find(struct shown *shown, const char *given);

/* Is it one whose AOS has ended, but not its interfaces?  Then its state, and no fd. */
bool shown_left(struct shown *shown, const char *name);

/*
 * What component i is called: the name the image gave it, which it cannot change, else
 * its own; "?" if it has no page.
 */
void shown_component(const struct shown *shown, unsigned int i,
		     const volatile struct counters *pages, char name[ABI_NAME_LEN + 1]);

/* A number from /sys/class/net/LINK/ATTRIBUTE. */
bool shown_link_attribute(const char *link, const char *attribute, uint64_t *value);

/* Prints it; 0 or -1. */
int shown_json(const json_t *tree);

#endif
