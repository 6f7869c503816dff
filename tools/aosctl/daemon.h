/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that becomes the AOS.  It tells its parent, through a pipe,
 * how far it came; it does nothing before the parent has recorded it.
 */
#ifndef AOSCTL_DAEMON_H
#define AOSCTL_DAEMON_H

#include <signal.h>
#include <sys/types.h>

#include "check.h"
#include "state.h"

struct daemon {
	pid_t pid;
	int report;		/* pipe: struct daemon_word */
	char name[HIJACK_NAME_LEN];
};

/* Forks it, records it, lets it go.  0, or -1 and says why. */
int daemon_start(struct daemon *daemon, struct state *state,
		 const struct appliance *appliance);

/*
 * Waits until the AOS has booted.  0; or -1: it has failed, or did not come in
 * time, or *stop was set; says so and shows the log of the AOS.
 */
int daemon_wait_boot(struct daemon *daemon, double seconds,
		     const volatile sig_atomic_t *stop);

/* Waits until it has ended by itself, showing its log; stops early on *stop. */
void daemon_watch(struct daemon *daemon, const volatile sig_atomic_t *stop);

void daemon_forget(struct daemon *daemon);

/* Undoes a recorded "daemon" step of the named instance.  0 or -1. */
int daemon_end(const char *name, const struct state_step *step);

#endif
