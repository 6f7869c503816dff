/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's own tools, run with argument vectors and a fixed environment,
 * never through a shell.
 */
#ifndef AOSCTL_HOST_H
#define AOSCTL_HOST_H

#include <stdbool.h>
#include <stddef.h>

#define HOST_WORDS 48

/* Full path of a tool on the fixed search path, or false. */
bool host_find(const char *tool, char *path, size_t room);

/*
 * Runs a tool, e.g. host_run(NULL, 0, "ip", "link", "show", NULL).  Its output
 * and errors go to `output` (may be NULL), cut to room - 1 bytes.  Returns its
 * exit status, 128 + n if signal n ended it, or -errno if it did not run.
 */
int host_run(char *output, size_t room, const char *tool, ...)
	__attribute__((sentinel));

/*
 * The same for a step that must succeed: on failure says the command, what it
 * said, and its package if it is missing.  0 or -1.
 */
int host_must(const char *tool, ...) __attribute__((sentinel));

/* The same, with a vector that ends with NULL. */
int host_must_words(char *const *words);

/* sysctl by its path below /proc/sys with '/' separators; text is one line. */
int host_sysctl_read(const char *key, char *text, size_t room);
int host_sysctl_write(const char *key, const char *text);

#endif
