/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a libconfig tree by tables: which keys a group may have, of which
 * type, and where their values go.  Unknown, missing and wrongly typed keys
 * are reported here once and for all.
 */
#ifndef AOSCTL_READER_H
#define AOSCTL_READER_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "say.h"

enum field_type {
	FIELD_INT,
	FIELD_BOOL,
	FIELD_STRING,
	FIELD_STRINGS,	/* array or list of strings */
	FIELD_GROUP,
	FIELD_GROUPS	/* list of groups */
};

struct reader {
	struct report *report;
	const void *context;	/* for the store functions */
};

struct field;

/*
 * Puts a value of the right type where it belongs: `to` is the structure of
 * the group plus field->offset.  For FIELD_STRINGS it is called per string,
 * with `to` the element.  Reports what it cannot accept.
 */
typedef void field_store(struct reader *reader, const config_setting_t *value,
			 const struct field *field, void *to);

struct field {
	const char *name;
	enum field_type type;
	bool required;
	field_store *store;		/* scalars and strings */
	size_t offset;			/* in the group's structure */
	long long min, max;		/* for the store function */
	/* groups and lists */
	const struct field *fields;	/* ended by one without a name */
	size_t size;			/* of one element */
	unsigned int room;		/* elements that `to` can hold */
	size_t count;			/* offset of the unsigned int that counts them */
};

/*
 * Reads a group into `to`, whose first member is `int line`.  Fields that are
 * not required keep what `to` holds.
 */
void reader_group(struct reader *reader, const config_setting_t *group,
		  const struct field *fields, void *to);

int reader_line(const config_setting_t *setting);

/* The name nearest to `name`, if one is near; else NULL. */
const char *reader_nearest(const char *name, const char *const *names, size_t n);

#endif
