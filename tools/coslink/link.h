/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of the linker, from files to files. */
#ifndef COSLINK_LINK_H
#define COSLINK_LINK_H

#include <stdbool.h>
#include <stdio.h>

struct link_options {
	const char *composition, *objects, *output;
	const char *report;	/* NULL: none, "-": standard output */
	bool dry_run;		/* everything but writing the image */
	bool verbose;		/* the admission test's verdict on standard output */
};

/* false after errors, which are on `errors`, one line each. */
bool link_run(const struct link_options *options, FILE *errors);

#endif
