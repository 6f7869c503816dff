/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `up` has done to this host, written before each step is taken, so that
 * `down` - and a failing or killed `up` - can take every step back.  One file
 * per instance, one line per step, in order:
 *
 *   config DIGEST		what was asked for
 *   cpu NUMBER		the AOS CPU
 *   component NAME		of the image, in its order (for `stats`)
 *   module NAME		`up` loads it, or has for another instance
 *   grant PATH MODE GROUP	`up` lets a group read it
 *   link NAME			`up` creates this interface
 *   daemon PID STARTTIME	the process that becomes the AOS
 *   proxy LINK PID STARTTIME	the process that keeps this TUN device
 *   sysctl KEY OLD NEW
 *   clsact LINK		a place for tc filters
 *   filter LINK ID		this program as a tc filter
 *   xdp LINK ID		this XDP program
 *   answers LINK ID		this one, on an interface of ours
 *   flow ...			see flow.h
 *   address LINK PREFIX	of the AOS (this and the next two for `explain`)
 *   service NAME PORT
 *   taker LINK COMPONENT THREAD PRIORITY SERVER BUDGET PERIOD	microseconds
 *   settings SUM		of the image that has those which run; "changed": none has
 *   part KEY VALUE		what cannot change while it is up, see parts.h
 *   up				all done
 *   begin			a change, see change.h
 *   gone KIND NAME
 *   was SETTING INDEX VALUE	enum control_setting, as it was before the change
 */
#ifndef AOSCTL_STATE_H
#define AOSCTL_STATE_H

#include <stdbool.h>

#include "say.h"

#define STATE_DIR	"/run/aosctl"
#define STATE_LINES	512
#define STATE_LINE	160
#define STATE_WORDS	12
#define STATE_NAME	16
#define STATE_INSTANCES	16	/* looked at; each has a CPU of its own */

/* A line that was read back. */
struct state_step {
	char text[STATE_LINE];
	const char *word[STATE_WORDS];	/* "" where there is none */
	bool hidden;			/* from state_find() */
};

struct state {
	int fd;				/* being written, or -1 */
	char dir[128];
	char name[STATE_NAME];		/* of the instance */
	unsigned int n;			/* steps, read or written */
	struct state_step step[STATE_LINES];
};

/* Gives the file to the group of its directory to read, if that may look there. */
void state_share(const struct state *state);

/* The same for another file, of a directory. */
void state_share_file(int fd, const char *dir);

/* Starts a new file; the directory is made if needed.  0 or -errno. */
int state_create(struct state *state, const char *dir, const char *name);

/* Records a step about to be taken.  0, or -1 and the step must not be taken. */
int state_add(struct state *state, const char *format, ...) SAY_FORMAT(2, 3);

/*
 * Reads a file back; 0 or -errno, -EPROTO if it is not of this version.  A last line
 * without its end is no step.
 */
int state_load(struct state *state, const char *dir, const char *name);

/* Why it could not be read, in words. */
const char *state_error(int err);

/* Opens the file of a state that was read back, to add steps.  0 or -errno. */
int state_open(struct state *state);

/* Forgets a step that has been taken back; state_store() makes it last. */
void state_forget(struct state *state, const struct state_step *step);

/* A step that is being taken back: no longer found, but still in the file. */
void state_hide(struct state *state, const struct state_step *step);

/* Writes all steps anew, in one go.  0, or -1 and says why. */
int state_store(struct state *state);

/* The first step of this kind, from step `*from` on (which moves on), or NULL. */
const struct state_step *state_find(const struct state *state, const char *kind,
				    unsigned int *from);

/* Is there a step of this kind? */
bool state_has(const struct state *state, const char *kind);

void state_close(struct state *state);
int state_remove(struct state *state);

/* Names of the instances that have a file; returns how many (at most `most`). */
unsigned int state_list(const char *dir, char (*names)[STATE_NAME], unsigned int most);

/*
 * Keeps other aosctl away while this one works on the host: waits until they
 * are done.  Returns the lock, or -errno.
 */
int state_lock(const char *dir);
void state_unlock(const char *dir, int lock);

#endif
