// SPDX-License-Identifier: GPL-2.0-or-later
#include "limits.h"

#include <jansson.h>
#include <string.h>

struct limit {
	const char *of, *to, *configuration, *statistic;
	double at_most;
	int full;
};

static const struct row *row_named(const struct document *d, const struct limit *l,
				   const char *name)
{
	char metric[ROW_NAME];
	const char *dot = strchr(name, '.');
	size_t n = dot ? (size_t)(dot - name) : 0;

	if (!n || n >= sizeof(metric))
		return NULL;
	memcpy(metric, name, n);
	metric[n] = 0;
	return document_find(d, metric, dot + 1, l->configuration);
}

/* Return: the figure, or -1 with what to say about it. */
static double figure(const struct document *d, const struct limit *l, const char *name,
		     const char **why)
{
	const struct row *row = row_named(d, l, name);

	*why = !row ? "no such row" : !row->n ? row->reason : "is zero";
	return row && row->n ? row->value[row_statistic_index(l->statistic)] : -1;
}

/* Return: 1 if it is not kept. */
static int limit_compare(const struct document *d, const struct limit *l, FILE *out)
{
	const char *why, *name = l->of;
	double of = figure(d, l, l->of, &why), to = 1;

	if (of >= 0 && l->to) {
		name = l->to;
		to = figure(d, l, l->to, &why);
	}
	if (of < 0 || to <= 0) {
		fprintf(out, "LOST   %s, %s: %s\n", name, l->configuration, why);
		return 1;
	}
	fprintf(out, "%s %s %s%s%s, %s: %.6g, at most %.6g\n",
		of <= l->at_most * to ? "kept  " : "WORSE ", l->statistic, l->of,
		l->to ? " / " : "", l->to ? l->to : "", l->configuration, of / to, l->at_most);
	return of > l->at_most * to;
}

static int limit_parse(struct limit *l, json_t *o)
{
	json_t *to = json_object_get(o, "to");

	l->of = json_string_value(json_object_get(o, "of"));
	l->to = json_string_value(to);
	l->configuration = json_string_value(json_object_get(o, "configuration"));
	l->statistic = json_string_value(json_object_get(o, "statistic"));
	l->at_most = json_number_value(json_object_get(o, "at_most"));
	l->full = json_is_true(json_object_get(o, "full"));
	return l->of && (l->to || json_integer_value(to) == 1) && l->configuration &&
	       l->statistic && row_statistic_index(l->statistic) >= 0 && l->at_most > 0 ? 0 : -1;
}

static int list_compare(const struct document *d, json_t *list, FILE *out, char *error)
{
	int lost = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct limit l;

		if (limit_parse(&l, json_array_get(list, i))) {
			snprintf(error, DOCUMENT_ERROR, "limits[%zu]: 'of', 'to', 'configuration', "
				 "'statistic', 'at_most' are wanted", i);
			return -1;
		}
		if (!l.full || !strcmp(d->mode, "full"))
			lost += limit_compare(d, &l, out);
	}
	return lost;
}

int limits_compare(const struct document *d, const char *path, FILE *out, char *error)
{
	json_error_t at;
	json_t *o = json_load_file(path, JSON_REJECT_DUPLICATES, &at), *list;
	int status = -1;

	if (!o) {
		snprintf(error, DOCUMENT_ERROR, "%.200s:%d: %s", path, at.line, at.text);
		return -1;
	}
	list = json_object_get(o, "limits");
	if (json_integer_value(json_object_get(o, "schema")) != 1 || !json_array_size(list))
		snprintf(error, DOCUMENT_ERROR, "%.200s: wants schema 1, and limits", path);
	else
		status = list_compare(d, list, out, error);
	json_decref(o);
	return status;
}
