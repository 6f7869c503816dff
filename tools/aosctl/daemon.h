/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that becomes the AOS, and what it tells its parent through a
 * pipe.  It does nothing before the parent has recorded it.
 */
#ifndef AOSCTL_DAEMON_H
#define AOSCTL_DAEMON_H

#include "check.h"

enum word_kind {
	WORD_SET_UP,		/* HIJACK_SETUP has succeeded; the proxy moves packets */
	WORD_LOG,		/* a piece of the log of an AOS that could not be set up */
	WORD_FAILED,		/* why it did not come so far */
	WORD_ENDED		/* how the AOS has ended */
};

/* One write each, so never torn. */
struct daemon_word {
	int kind;		/* enum word_kind */
	char text[252];
};

/*
 * What every child of `up` that stays does first: waits for a byte from `go` (its end:
 * gives up), and leaves terminal, session and files but `report`, all signals blocked.
 * 0, or -1: it has said why.
 */
int daemon_detach(int report, int go);

/* After it: a word to the parent.  daemon_fail() returns -1. */
void daemon_report(int kind, const char *what, const char *why);
int daemon_fail(const char *what, const char *why);

/*
 * The child's life: waits for a byte from `go` (its end: gives up), becomes
 * the AOS, returns after it: 0, or -1 if it did not run or ended by an error.
 */
int daemon_run(const struct appliance *appliance, int report, int go);

#endif
