/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several steps on an appliance that is up, as one: all are taken, or none.
 *
 * What belongs to a change follows a line of its own in the state file,
 *
 *   begin
 *   flow ..., clsact ..., ...	steps it takes, recorded first as ever
 *   gone KIND NAME		an earlier step that it takes back
 *   was ...			a setting of the composition that it changes, as it was
 *
 * until the file is written without all that, in one go.  From the file a change
 * that failed or was killed is taken back: by whoever made it, or else by the next
 * aosctl that changes something.  Under the lock of state_lock().
 */
#ifndef AOSCTL_CHANGE_H
#define AOSCTL_CHANGE_H

#include "state.h"

/* 0, or -1 and says why. */
int change_begin(struct state *state);

/* Takes an earlier step back.  0, or -1: then change_recover(). */
int change_take_back(struct state *state, const struct state_step *step);

/* The change holds.  0, or -1: then change_recover(). */
int change_commit(struct state *state);

/*
 * Puts everything back as it was before a change that was begun; nothing to do is
 * no error.  The state is read anew.  0, or -1 and says what could not be put back.
 */
int change_recover(struct state *state);

/* Takes away what no flow needs any more: programs, qdiscs, settings.  0 or -1. */
int change_tidy(struct state *state);

#endif
