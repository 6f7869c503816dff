// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of results: opened before the first datagram, so that a path that is no
 * good is told then and not after hours; what such a file held stays until the
 * results are there.
 */
#ifndef REPLAY_RESULTS_FILE_H
#define REPLAY_RESULTS_FILE_H

#include "report.h"

struct results_file {
	const char *path;
	FILE *file;		/* NULL: not wanted */
};

/* 0, or -1 with one line in @error. No path: nothing to do, then or later. */
int results_file_open(struct results_file *f, const char *path, char *error,
		      size_t error_size);

/* Writes and closes; -1 with one line in @error: not, or not all. */
int results_file_write(struct results_file *f, const struct report *r,
		       int (*write)(const struct report *r, FILE *out),
		       char *error, size_t error_size);

/* Without results: closed as it was found. */
void results_file_close(struct results_file *f);

#endif
