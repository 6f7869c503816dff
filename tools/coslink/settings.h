/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of a composition file, read by table: each key says its type, its
 * range and where its value goes.  Only settings.c and composition.c know
 * libconfig.
 */
#ifndef COSLINK_SETTINGS_H
#define COSLINK_SETTINGS_H

#include <libconfig.h>
#include <stdbool.h>
#include <stdint.h>

#include "diag.h"
#include "pool.h"

enum key_kind {
	KEY_NAME,	/* const char *: up to 15 letters, digits and '_' */
	KEY_TEXT,	/* const char *: not empty */
	KEY_NUMBER,	/* int64_t, min..max */
	KEY_TIME,	/* int64_t, nanoseconds, min..max in steps of min */
	KEY_FLAG,	/* bool */
	KEY_CHOICE,	/* int: index into choices */
	KEY_LIST,	/* config_setting_t *: array or list, read by the caller */
	KEY_GROUP	/* config_setting_t *: group, read by the caller */
};

struct key {
	const char *name;	/* NULL ends a table */
	enum key_kind kind;
	bool required;
	size_t offset;		/* of the value in the structure to fill */
	int64_t min, max;
	const char *const *choices;	/* NULL-terminated */
};

struct settings {
	struct pool *pool;
	struct diag *diag;
	const char *file;
};

struct place settings_place(const struct settings *s, const config_setting_t *at);

/*
 * Fill `into` from a group; `what` names it in messages ("thread").  Values
 * of absent keys stay as they are.  false: not a group at all.
 */
bool settings_group(const struct settings *s, const config_setting_t *group,
		    const char *what, const struct key *keys, void *into);

/* A name standing alone in a list, e.g. in imports; NULL after an error. */
const char *settings_name(const struct settings *s, const config_setting_t *setting,
			  const char *what);

/* Is text usable as a name?  Says why not. */
bool settings_name_valid(const struct settings *s, struct place at,
			 const char *what, const char *text);

#endif
