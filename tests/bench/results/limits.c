// SPDX-License-Identifier: GPL-2.0-or-later
#include "limits.h"

#include <jansson.h>
#include <string.h>

#include "figure.h"

struct limit {
	const char *of, *to, *configuration, *statistic;
	double at_most;
	int full;
};

/* Return: 1 if it is not kept. */
static int limit_compare(const struct document *d, const struct limit *l, FILE *out)
{
	const struct figure f = { l->of, l->configuration, l->statistic };
	const char *lost, *why;
	double ratio = figure_ratio(d, &f, l->to, &lost, &why);

	if (ratio < 0) {
		fprintf(out, "LOST   %s, %s: %s\n", lost, l->configuration, why);
		return 1;
	}
	fprintf(out, "%s %s %s%s%s, %s: %.6g, at most %.6g\n",
		ratio <= l->at_most ? "kept  " : "WORSE ", l->statistic, l->of,
		l->to ? " / " : "", l->to ? l->to : "", l->configuration, ratio, l->at_most);
	return ratio > l->at_most;
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
	       l->statistic && figure_statistic_known(l->statistic) && l->at_most > 0 ? 0 : -1;
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
	json_t *list = document_list(path, "limits", error);
	int status;

	if (!list)
		return -1;
	status = list_compare(d, list, out, error);
	json_decref(list);
	return status;
}
