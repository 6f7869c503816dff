/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: one line each, all through diag_error(). */
#ifndef COSLINK_DIAG_H
#define COSLINK_DIAG_H

#include <stdio.h>

/* Where in a composition something was said. */
struct place {
	const char *file;
	unsigned int line;	/* 0: unknown */
};

struct diag {
	FILE *out;
	unsigned int errors;
};

/* "FILE:LINE: message", or "FILE: message" when the line is 0. */
void diag_error(struct diag *diag, struct place at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The word of `words` (NULL-terminated) spelled most like `word`, for the
 * remedy in a message; NULL when there is none at all.
 */
const char *diag_nearest(const char *word, const char *const *words);

#endif
