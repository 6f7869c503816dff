/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that becomes the AOS, and what it tells its parent through a
 * pipe.  It does nothing before the parent has recorded it.
 */
#ifndef AOSCTL_DAEMON_H
#define AOSCTL_DAEMON_H

#include "check.h"

enum word_kind {
	WORD_SET_UP,		/* HIJACK_SETUP has succeeded */
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
 * The child's life: waits for a byte from `go` (its end: gives up), becomes
 * the AOS, returns after it: 0, or -1 if it did not run or ended by an error.
 */
int daemon_run(const struct appliance *appliance, int report, int go);

#endif
