/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parent's part in a start, and the end of what it started.
 */
#ifndef AOSCTL_LAUNCH_H
#define AOSCTL_LAUNCH_H

#include <signal.h>
#include <sys/types.h>

#include "check.h"
#include "state.h"

struct launch {
	pid_t pid;
	int report;		/* pipe: struct daemon_word */
	char name[HIJACK_NAME_LEN];	/* of the AOS that it becomes */
};

/*
 * Forks a process that stays: it runs `run`, which begins with daemon_detach(), is
 * recorded as "STEP PID STARTTIME", and let go.  0, or -1 and says why.
 */
int launch_child(struct launch *launch, struct state *state, const char *step,
		 int (*run)(const void *what, int report, int go), const void *what);

/* Waits for its WORD_SET_UP.  0, or -1 and says why not, as the process told. */
int launch_wait_set_up(struct launch *launch, double seconds,
		       const volatile sig_atomic_t *stop);

/* Forks the process that becomes the AOS.  0, or -1 and says why. */
int launch_start(struct launch *launch, struct state *state,
		 const struct appliance *appliance);

/*
 * Waits until the AOS has booted.  0; or -1: it has failed, or did not come in
 * time, or *stop was set; says so and shows the log of the AOS.
 */
int launch_wait_boot(struct launch *launch, double seconds,
		     const volatile sig_atomic_t *stop);

/*
 * Waits until it has ended by itself, or a proxy that was started beside it has, showing
 * its log; stops early on *stop.  0, or -1 and says so: it was neither stopped nor ended well.
 */
int launch_watch(struct launch *launch, const struct state *state,
		 const volatile sig_atomic_t *stop);

/* Undoes a recorded "daemon" step of the named instance.  0 or -1. */
int launch_end(const char *name, const struct state_step *step);

#endif
