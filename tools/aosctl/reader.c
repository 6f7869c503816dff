// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reader - a libconfig tree into structures, by tables.
 */
#include <stdint.h>
#include <string.h>

#include "reader.h"

#define LONGEST_NAME	32
#define MOST_FIELDS	16

static const char *const type_names[] = {
	[FIELD_INT] = "a whole number, e.g. 1500",
	[FIELD_BOOL] = "true or false",
	[FIELD_STRING] = "a string, e.g. \"name\"",
	[FIELD_STRINGS] = "an array of strings, e.g. [ \"a\", \"b\" ]",
	[FIELD_GROUP] = "a group, e.g. { key = 1; }",
	[FIELD_GROUPS] = "a list of groups, e.g. ( { key = 1; } )",
};

static const char *found_name(const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_GROUP:  return "a group { }";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:  return "a number";
	case CONFIG_TYPE_FLOAT:  return "a number with a fraction";
	case CONFIG_TYPE_STRING: return "a string";
	case CONFIG_TYPE_BOOL:   return "true or false";
	case CONFIG_TYPE_ARRAY:  return "an array [ ]";
	case CONFIG_TYPE_LIST:   return "a list ( )";
	default:                 return "nothing";
	}
}

static bool type_fits(const config_setting_t *s, enum field_type type)
{
	int is = config_setting_type(s);

	switch (type) {
	case FIELD_INT:     return is == CONFIG_TYPE_INT || is == CONFIG_TYPE_INT64;
	case FIELD_BOOL:    return is == CONFIG_TYPE_BOOL;
	case FIELD_STRING:  return is == CONFIG_TYPE_STRING;
	case FIELD_STRINGS: return is == CONFIG_TYPE_ARRAY || is == CONFIG_TYPE_LIST;
	case FIELD_GROUP:   return is == CONFIG_TYPE_GROUP;
	case FIELD_GROUPS:  return is == CONFIG_TYPE_LIST;
	}
	return false;
}

int reader_line(const config_setting_t *setting)
{
	return (int)setting->line;
}

/* ---- the nearest known name ---------------------------------------------- */

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance; names longer than LONGEST_NAME are far from all. */
static unsigned int distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned int row[LONGEST_NAME + 1], diagonal, above;

	if (n > LONGEST_NAME || m > LONGEST_NAME)
		return LONGEST_NAME;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= m; j++) {
			above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1,
				       diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[m];
}

const char *reader_nearest(const char *name, const char *const *names, size_t n)
{
	const char *nearest = NULL;
	unsigned int best = (unsigned int)strlen(name) / 3 + 2;

	for (size_t i = 0; i < n; i++) {
		unsigned int d = distance(name, names[i]);

		if (d < best) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

static void report_unknown(struct reader *reader, const config_setting_t *s,
			   const struct field *fields)
{
	const char *names[MOST_FIELDS], *nearest;
	const char *name = config_setting_name(s);
	size_t n = 0;

	for (; fields[n].name && n < MOST_FIELDS; n++)
		names[n] = fields[n].name;
	nearest = reader_nearest(name, names, n);
	if (nearest)
		report_error(reader->report, reader_line(s),
			     "unknown key '%.64s': did you mean '%s'?", name, nearest);
	else
		report_error(reader->report, reader_line(s),
			     "unknown key '%.64s': remove it", name);
}

/* ---- values --------------------------------------------------------------- */

static bool check_type(struct reader *reader, const config_setting_t *s,
		       const char *name, enum field_type type)
{
	if (type_fits(s, type))
		return true;
	report_error(reader->report, reader_line(s),
		     "'%s' is %s: write %s", name, found_name(s), type_names[type]);
	return false;
}

static void read_list(struct reader *reader, const config_setting_t *list,
		      const struct field *field, char *group)
{
	enum field_type type = field->type == FIELD_GROUPS ? FIELD_GROUP : FIELD_STRING;
	unsigned int n = (unsigned int)config_setting_length(list), used = 0;
	char *to = group + field->offset;

	if (n > field->room) {
		report_error(reader->report, reader_line(list),
			     "'%s' has %u entries: at most %u are possible",
			     field->name, n, field->room);
		n = field->room;
	}
	for (unsigned int i = 0; i < n; i++) {
		config_setting_t *element = config_setting_get_elem(list, i);

		if (!check_type(reader, element, field->name, type))
			continue;
		if (type == FIELD_GROUP)
			reader_group(reader, element, field->fields, to);
		else
			field->store(reader, element, field, to);
		to += field->size;
		used++;
	}
	memcpy(group + field->count, &used, sizeof(used));
}

static void read_field(struct reader *reader, const config_setting_t *s,
		       const struct field *field, void *group)
{
	if (!check_type(reader, s, field->name, field->type))
		return;
	switch (field->type) {
	case FIELD_GROUP:
		reader_group(reader, s, field->fields, (char *)group + field->offset);
		break;
	case FIELD_STRINGS:
	case FIELD_GROUPS:
		read_list(reader, s, field, group);
		break;
	default:
		field->store(reader, s, field, (char *)group + field->offset);
	}
}

static const struct field *find_field(const struct field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (!strcmp(fields->name, name))
			return fields;
	return NULL;
}

void reader_group(struct reader *reader, const config_setting_t *group,
		  const struct field *fields, void *to)
{
	int line = reader_line(group), n = config_setting_length(group);

	memcpy(to, &line, sizeof(line));
	for (int i = 0; i < n; i++) {
		config_setting_t *s = config_setting_get_elem(group, (unsigned int)i);
		const struct field *field = find_field(fields, config_setting_name(s));

		if (field)
			read_field(reader, s, field, to);
		else
			report_unknown(reader, s, fields);
	}
	for (; fields->name; fields++)
		if (fields->required && !config_setting_get_member(group, fields->name))
			report_error(reader->report, line, "'%s' is missing: add %s",
				     fields->name, type_names[fields->type]);
}
