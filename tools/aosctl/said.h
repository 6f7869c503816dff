/* SPDX-License-Identifier: GPL-2.0-or-later */
/* said - the last lines of one component, as the component `ctl` hands them out. */
#ifndef AOSCTL_SAID_H
#define AOSCTL_SAID_H

#include <stdbool.h>

#include "abi/lines.h"

#define SAID_MAX 256u	/* characters of a line; a longer one is several */

struct said {
	uint64_t number;	/* of the last piece that was taken; 0: none yet */
	uint64_t when;		/* ns since the AOS started */
	uint64_t lost;		/* pieces that nobody saw, since the last whole line */
	unsigned int pieces;	/* of the line that is not whole yet */
	unsigned int len;
	char text[SAID_MAX + LINES_PIECE_LEN + 1];	/* fit for a terminal */
};

/*
 * Takes the next piece; its number is larger than the last one's.  True: a line is
 * whole, until the next call.  What a gap has torn counts as lost.
 */
bool said_take(struct said *said, const struct lines_piece *piece);

/*
 * Prints what a component has said last; follow: goes on until the AOS ends; json: an object
 * per line.  name: of the instance, "" for the only one.  0, SHOW_NOT_UP (show.h), or
 * -1 and has said why.
 */
int said_show(const char *name, const char *component, bool follow, bool json);

#endif
