// SPDX-License-Identifier: GPL-2.0-or-later
#include "document.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(char *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, DOCUMENT_ERROR, format, args);
	va_end(args);
	return -1;
}

/* ---- out ---- */

static json_t *events_json(const struct row *row)
{
	json_t *o = json_object();

	for (int i = 0; i < ROW_EVENTS; i++)
		json_object_set_new(o, row_event_name((size_t)i),
				    json_integer((json_int_t)row->events[i]));
	return o;
}

static json_t *row_json(const struct row *row)
{
	json_t *o = json_pack("{ss ss ss ss}", "metric", row->metric, "method", row->method,
			      "unit", row->unit, "configuration", row->configuration);

	if (!o)
		return NULL;
	if (!row->n) {
		json_object_set_new(o, "not_measured", json_string(row->reason));
		return o;
	}
	json_object_set_new(o, "n", json_integer((json_int_t)row->n));
	if (row->reason[0])
		json_object_set_new(o, "few", json_string(row->reason));
	for (size_t i = 0; i < ROW_STATISTICS; i++)
		json_object_set_new(o, row_statistic_name(i), json_real(row->value[i]));
	if (row->has_events)
		json_object_set_new(o, "events", events_json(row));
	return o;
}

static int text_save(const json_t *o, const char *path)
{
	FILE *out = fopen(path, "w");
	int status;

	if (!out)
		return -1;
	status = json_dumpf(o, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	if (fputc('\n', out) == EOF)
		status = -1;
	return fclose(out) || status ? -1 : 0;
}

int document_save(const struct document *d, const char *path)
{
	json_t *list = json_array();
	json_t *o = json_pack("{si ss ss ss ss so}", "schema", DOCUMENT_SCHEMA, "kernel", d->kernel,
			      "emulator", d->emulator, "hardware", d->hardware, "mode", d->mode,
			      "results", list);
	int status = o ? 0 : -1;

	for (size_t i = 0; !status && i < d->count; i++)
		status = json_array_append_new(list, row_json(&d->rows[i]));
	if (!status)
		status = text_save(o, path);
	json_decref(o);
	return status;
}

/* ---- in ---- */

static int text_parse(json_t *o, const char *key, char *to, size_t size)
{
	const char *text = json_string_value(json_object_get(o, key));

	if (!text || !*text || strlen(text) >= size)
		return -1;
	strcpy(to, text);
	return 0;
}

static int names_parse(struct row *row, json_t *o, char *error)
{
	if (text_parse(o, "metric", row->metric, ROW_NAME) ||
	    text_parse(o, "method", row->method, ROW_NAME) ||
	    text_parse(o, "unit", row->unit, ROW_NAME) ||
	    text_parse(o, "configuration", row->configuration, ROW_NAME))
		return wrong(error, "metric, method, unit and configuration are strings of 1 to %d "
			     "bytes", ROW_NAME - 1);
	return 0;
}

/* The statistics of real samples are in order. */
static int values_parse(struct row *row, json_t *o, char *error)
{
	for (size_t i = 0; i < ROW_STATISTICS; i++) {
		json_t *value = json_object_get(o, row_statistic_name(i));

		if (!json_is_number(value) || json_number_value(value) < 0)
			return wrong(error, "'%s' is no number of 0 or more", row_statistic_name(i));
		row->value[i] = json_number_value(value);
		if (i > 2 && row->value[i] < row->value[i - 1])
			return wrong(error, "'%s' is less than '%s'", row_statistic_name(i),
				     row_statistic_name(i - 1));
	}
	return 0;
}

static int events_parse(struct row *row, json_t *o, char *error)
{
	for (size_t i = 0; o && i < ROW_EVENTS; i++) {
		json_t *value = json_object_get(o, row_event_name(i));

		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return wrong(error, "events: '%s' is no count", row_event_name(i));
		row->events[i] = (uint64_t)json_integer_value(value);
	}
	row->has_events = o;
	return 0;
}

static int row_parse(struct row *row, json_t *o, char *error)
{
	json_t *n = json_object_get(o, "n");

	if (names_parse(row, o, error))
		return -1;
	if (!text_parse(o, "not_measured", row->reason, ROW_REASON))
		return n ? wrong(error, "measured, and not measured") : 0;
	if (!json_is_integer(n) || json_integer_value(n) < 1)
		return wrong(error, "neither 'n' of 1 or more nor 'not_measured'");
	row->n = (uint64_t)json_integer_value(n);
	if (json_object_get(o, "few") && text_parse(o, "few", row->reason, ROW_REASON))
		return wrong(error, "'few' is no reason");
	if (values_parse(row, o, error))
		return -1;
	return events_parse(row, json_object_get(o, "events"), error);
}

static int rows_parse(struct document *d, json_t *list, char *error)
{
	size_t n = json_array_size(list);

	d->rows = calloc(n ? n : 1, sizeof(*d->rows));
	if (!d->rows)
		return wrong(error, "no memory");
	for (; d->count < n; d->count++) {
		struct row *row = &d->rows[d->count];
		char why[DOCUMENT_ERROR - 64];

		if (row_parse(row, json_array_get(list, d->count), why))
			return wrong(error, "results[%zu]: %s", d->count, why);
		if (document_find(d, row->metric, row->method, row->configuration))
			return wrong(error, "results[%zu]: %s by %s, %s is there twice", d->count,
				     row->metric, row->method, row->configuration);
		if (!strncmp(d->hardware, DOCUMENT_NO_HARDWARE, strlen(DOCUMENT_NO_HARDWARE)) &&
		    !strcmp(row->configuration, DOCUMENT_HARDWARE))
			return wrong(error, "results[%zu]: of hardware, where there was none", d->count);
	}
	return 0;
}

static int document_parse(struct document *d, json_t *o, char *error)
{
	if (json_integer_value(json_object_get(o, "schema")) != DOCUMENT_SCHEMA)
		return wrong(error, "'schema' is not %d", DOCUMENT_SCHEMA);
	if (text_parse(o, "kernel", d->kernel, ROW_NAME) ||
	    text_parse(o, "emulator", d->emulator, ROW_NAME) ||
	    text_parse(o, "mode", d->mode, ROW_NAME))
		return wrong(error, "'kernel', 'emulator' and 'mode' are strings of 1 to %d bytes",
			     ROW_NAME - 1);
	if (text_parse(o, "hardware", d->hardware, ROW_REASON))
		return wrong(error, "'hardware' is a string of 1 to %d bytes", ROW_REASON - 1);
	if (!json_array_size(json_object_get(o, "results")))
		return wrong(error, "'results' is no list of rows");
	return rows_parse(d, json_object_get(o, "results"), error);
}

int document_load(struct document *d, const char *path, char *error)
{
	char why[DOCUMENT_ERROR - 64];
	json_error_t at;
	json_t *o = json_load_file(path, JSON_REJECT_DUPLICATES, &at);
	int status;

	memset(d, 0, sizeof(*d));
	if (!o)
		return wrong(error, "%.200s:%d: %s", path, at.line, at.text);
	status = document_parse(d, o, why);
	json_decref(o);
	if (!status)
		return 0;
	document_free(d);
	return wrong(error, "%.200s: %.200s", path, why);
}

/* ---- from the raw files ---- */

static struct row *row_add(struct document *d)
{
	struct row *more = realloc(d->rows, (d->count + 1) * sizeof(*more));

	if (!more)
		return NULL;
	d->rows = more;
	memset(&more[d->count], 0, sizeof(*more));
	return &more[d->count++];
}

/* @line: "METRIC METHOD UNIT". Return: 1 without a figure or reason, 0, -1. */
static int line_collect(struct document *d, const char *line, const char *raw,
			const char *configuration, char *error)
{
	struct row *row = row_add(d);

	if (!row)
		return wrong(error, "no memory");
	if (sscanf(line, "%63s %63s %63s", row->metric, row->method, row->unit) != 3)
		return wrong(error, "a line that is not 'METRIC METHOD UNIT': %.200s", line);
	snprintf(row->configuration, sizeof(row->configuration), "%s", configuration);
	return row_load(row, raw) ? 1 : 0;
}

int document_collect(struct document *d, const char *list, const char *raw,
		     const char *configuration, char *error)
{
	FILE *file = fopen(list, "r");
	char line[512];
	int lost = 0, status = 0;

	if (!file)
		return wrong(error, "%.200s: cannot be read", list);
	while (status >= 0 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "#\n")] = 0;
		if (!line[strspn(line, " \t")])
			continue;
		status = line_collect(d, line, raw, configuration, error);
		lost += status > 0;
	}
	fclose(file);
	return status < 0 ? -1 : lost;
}

/* ---- the whole ---- */

const struct row *document_find(const struct document *d, const char *metric,
				const char *method, const char *configuration)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct row *row = &d->rows[i];

		if (!strcmp(row->metric, metric) && !strcmp(row->method, method) &&
		    !strcmp(row->configuration, configuration))
			return row;
	}
	return NULL;
}

void document_free(struct document *d)
{
	free(d->rows);
	memset(d, 0, sizeof(*d));
}

json_t *document_list(const char *path, const char *name, char *error)
{
	json_error_t at;
	json_t *o = json_load_file(path, JSON_REJECT_DUPLICATES, &at), *list;

	if (!o) {
		wrong(error, "%.200s:%d: %s", path, at.line, at.text);
		return NULL;
	}
	list = json_object_get(o, name);
	if (json_integer_value(json_object_get(o, "schema")) == 1 && json_array_size(list)) {
		json_incref(list);
	} else {
		wrong(error, "%.200s: wants schema 1, and %s", path, name);
		list = NULL;
	}
	json_decref(o);
	return list;
}
