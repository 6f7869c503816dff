// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures of a run, drawn by gnuplot. */
#ifndef REPLAY_PLOT_H
#define REPLAY_PLOT_H

#include "report.h"

/* Makes @dir if need be; -1 with one line in @error if it is of no use. */
int plot_folder(const char *dir, char *error, size_t error_size);

/*
 * Writes into @dir: data files, a script, and from them the
 * distribution, the course over time and the histogram of the round trips, as
 * PNG and SVG. Needs a journal. 0, or -1 with one line in @error; data and
 * script then stay for another try.
 */
int plot_write(const struct report *r, const char *dir, char *error,
	       size_t error_size);

#endif
