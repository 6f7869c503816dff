// SPDX-License-Identifier: GPL-2.0-or-later
#include "aims.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "figure.h"

#define CONFIGURATIONS	2
#define ROUNDING	1e-9

static const char *const configurations[CONFIGURATIONS] = { "kpti-off", "kpti-on" };

struct aim {
	const char *words, *of, *to, *statistic, *why;
	double bound[CONFIGURATIONS];
	bool exactly;
};

/* A number for both, or one for each. */
static bool bounds_parse(struct aim *a, json_t *o)
{
	for (int i = 0; i < CONFIGURATIONS; i++) {
		json_t *bound = json_is_object(o) ? json_object_get(o, configurations[i]) : o;

		if (!json_is_number(bound) || json_number_value(bound) <= 0)
			return false;
		a->bound[i] = json_number_value(bound);
	}
	return true;
}

static bool aim_parse(struct aim *a, json_t *o)
{
	json_t *exactly = json_object_get(o, "exactly"), *most = json_object_get(o, "at_most");

	a->words = json_string_value(json_object_get(o, "aim"));
	a->of = json_string_value(json_object_get(o, "of"));
	a->to = json_string_value(json_object_get(o, "to"));
	a->statistic = json_string_value(json_object_get(o, "statistic"));
	a->why = json_string_value(json_object_get(o, "why"));
	a->exactly = exactly;
	return a->words && a->of && a->why && a->statistic &&
	       figure_statistic_known(a->statistic) && !exactly != !most &&
	       bounds_parse(a, exactly ? exactly : most);
}

static void number_write(double value, FILE *out)
{
	if (value >= 1000)
		fprintf(out, "%ld,%03ld", lround(value) / 1000, lround(value) % 1000);
	else
		fprintf(out, "%.4g", value);
}

static void bounds_write(const struct aim *a, FILE *out)
{
	fputs(a->exactly ? "exactly " : "at most ", out);
	number_write(a->bound[0], out);
	if (a->bound[1] != a->bound[0]) {
		fputs(" / ", out);
		number_write(a->bound[1], out);
	}
}

/* Return: whether it is missed, or not known. */
static bool outcome_write(const struct document *d, const struct aim *a, int i, FILE *out)
{
	const struct figure f = { a->of, configurations[i], a->statistic };
	const char *lost, *why;
	double value = figure_ratio(d, &f, a->to, &lost, &why);
	bool met = a->exactly ? fabs(value - a->bound[i]) < ROUNDING :
		   value <= a->bound[i] + ROUNDING;

	if (value < 0) {
		fprintf(out, " not measured: %s |", why);
		return true;
	}
	fputc(' ', out);
	number_write(value, out);
	fputs(met ? ", met |" : ", **missed** |", out);
	return !met;
}

static void aim_write(const struct document *d, const struct aim *a, FILE *out)
{
	bool missed = false;

	fprintf(out, "| %s | ", a->words);
	bounds_write(a, out);
	fputs(" |", out);
	for (int i = 0; i < CONFIGURATIONS; i++)
		missed |= outcome_write(d, a, i, out);
	fprintf(out, " %s |\n", missed ? a->why : "");
}

static int list_write(const struct document *d, json_t *list, FILE *out, char *error)
{
	struct aim a;

	for (size_t i = 0; i < json_array_size(list); i++)
		if (!aim_parse(&a, json_array_get(list, i))) {
			snprintf(error, DOCUMENT_ERROR, "aims[%zu]: 'aim', 'of', 'statistic', 'at_most' or "
				 "'exactly', and 'why' are wanted", i);
			return -1;
		}
	fputs("| aim | | KPTI off | KPTI on | if missed, why |\n|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < json_array_size(list); i++) {
		aim_parse(&a, json_array_get(list, i));
		aim_write(d, &a, out);
	}
	return 0;
}

int aims_write(const struct document *d, const char *path, FILE *out, char *error)
{
	json_t *list = document_list(path, "aims", error);
	int status;

	if (!list)
		return -1;
	status = list_write(d, list, out, error);
	json_decref(list);
	return status;
}
