/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The results as a JSON document, schema 3; docs/measuring.md describes it.
 * Everything read is checked: a document that was loaded is whole.
 */
#ifndef RESULTS_DOCUMENT_H
#define RESULTS_DOCUMENT_H

#include <jansson.h>

#include "row.h"

#define DOCUMENT_SCHEMA	3
#define DOCUMENT_ERROR	512	/* bytes of a message, its end included */

#define DOCUMENT_NO_HARDWARE	"not measured"	/* so begins document.hardware then */
#define DOCUMENT_HARDWARE	"hardware"	/* configuration of the rows of real hardware */

struct document {
	char kernel[ROW_NAME], emulator[ROW_NAME], mode[ROW_NAME];	/* mode: quick, full */
	char hardware[ROW_REASON];	/* which machine, or that and why there are none of its rows */
	struct row *rows;
	size_t count;
};

/**
 * document_load() - reads and checks a file.
 * @error: DOCUMENT_ERROR bytes; what is wrong, and where
 * Return: 0, or -1
 */
int document_load(struct document *d, const char *path, char *error);

/** document_save() - Return: 0, or -1 with errno */
int document_save(const struct document *d, const char *path);

/**
 * document_collect() - adds one row for each line "METRIC METHOD UNIT ..." (behind '#': remarks)
 * of a list, from the raw files of a configuration.
 * Return: rows without a figure and without a reason, or -1 with @error
 */
int document_collect(struct document *d, const char *list, const char *raw,
		     const char *configuration, char *error);

/** document_find() - Return: the row of that name, or NULL */
const struct row *document_find(const struct document *d, const char *metric,
				const char *method, const char *configuration);

void document_free(struct document *d);

/**
 * document_list() - reads a file { "schema": 1, NAME: [ ... ] } that is held against results
 * @error: as above
 * Return: the list, which is not empty and whose owner is the caller, or NULL
 */
json_t *document_list(const char *path, const char *name, char *error);

#endif
