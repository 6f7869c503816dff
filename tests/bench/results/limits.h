/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ratios of rows that must not get worse: limits.json. */
#ifndef RESULTS_LIMITS_H
#define RESULTS_LIMITS_H

#include <stdio.h>

#include "document.h"

/**
 * limits_compare() - holds the results against each limit, and prints one line for each.
 * @path: {"schema": 1, "limits": [{"of": "METRIC.METHOD", "to": "METRIC.METHOD" or 1,
 *	"configuration": ..., "statistic": "p50", "at_most": 1.2, "full": false}, ...]};
 *	"to": 1 is the figure itself; "full": for runs of that mode only
 * @error: DOCUMENT_ERROR bytes, why the file cannot be used
 * Return: limits not kept (a row that was not measured keeps none), or -1
 */
int limits_compare(const struct document *d, const char *path, FILE *out, char *error);

#endif
