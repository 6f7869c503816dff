/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results for people: Markdown, pictures, and the table in README.md. */
#ifndef RESULTS_REPORT_H
#define RESULTS_REPORT_H

#include <stdio.h>

#include "document.h"

/**
 * report_write() - the whole of it as Markdown, with links to the pictures of plots_write().
 * @aims: a file, see aims.h
 * Return: 0; -1 with @error (DOCUMENT_ERROR bytes)
 */
int report_write(const struct document *d, const char *aims, FILE *out, char *error);

/**
 * plots_write() - data, a script for gnuplot, and by it the pictures (PNG and SVG) of each
 * metric: distribution, course over time, worst case, and bars.
 * @raw: the raw files, for rows with samples
 * Return: 0; -1 with @error (DOCUMENT_ERROR bytes)
 */
int plots_write(const struct document *d, const char *raw, const char *dir, char *error);

/**
 * readme_write() - copies a text, and puts the table of figures between the lines
 * "<!-- figures -->" and "<!-- figures end -->", that of aims between "<!-- aims -->" and
 * "<!-- aims end -->".
 * @aims: a file, see aims.h
 * Return: 0; -1 with @error (DOCUMENT_ERROR bytes), for instance if there are no such lines
 */
int readme_write(const struct document *d, const char *aims, FILE *in, FILE *out, char *error);

/** series_same() - Return: whether two rows stand in one table: of a metric, and by the same clock. */
bool series_same(const struct row *a, const struct row *b);

/** series_first() - Return: whether rows[@i] is the first of its series. */
bool series_first(const struct document *d, size_t i);

/** series_suffix() - what the names of a series' pictures have behind the metric. */
const char *series_suffix(const struct row *row);

#endif
