/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was aimed at, and whether it was reached: aims.json. Unlike limits they may be missed. */
#ifndef RESULTS_AIMS_H
#define RESULTS_AIMS_H

#include <stdio.h>

#include "document.h"

/**
 * aims_write() - a table in Markdown: each aim, what was measured, whether that meets it, and if
 * not, why.
 * @path: {"schema": 1, "aims": [{"aim": "words", "of": "METRIC.METHOD", "to": the same or left
 *	out, "statistic": as in limits, "at_most": 0.5 or {"kpti-off": 2, "kpti-on": 4} or in
 *	its place "exactly", "why": "if it is missed"}, ...]}
 * @error: DOCUMENT_ERROR bytes, why the file cannot be used
 * Return: 0, or -1: nothing has been written then
 */
int aims_write(const struct document *d, const char *path, FILE *out, char *error);

#endif
