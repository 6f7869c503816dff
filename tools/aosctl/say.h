/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What aosctl tells its user.  Results go to stdout, troubles to stderr.  A
 * message names what is wrong and how to mend it.
 */
#ifndef AOSCTL_SAY_H
#define AOSCTL_SAY_H

#include <stdio.h>

#define SAY_FORMAT(f, a) __attribute__((format(printf, f, a)))

void say(const char *format, ...) SAY_FORMAT(1, 2);
void say_warning(const char *format, ...) SAY_FORMAT(1, 2);
/* Returns -1, so that a caller can report and fail in one statement. */
int say_error(const char *format, ...) SAY_FORMAT(1, 2);

/* Troubles of a configuration, collected so that one run shows them all. */
struct report {
	FILE *out;
	const char *file;	/* the configuration */
	unsigned int errors;
	unsigned int warnings;
};

/* line 0: the file as a whole.  report_error() returns -1. */
int report_error(struct report *report, int line, const char *format, ...)
	SAY_FORMAT(3, 4);
void report_warning(struct report *report, int line, const char *format, ...)
	SAY_FORMAT(3, 4);

#endif
