// SPDX-License-Identifier: GPL-2.0-or-later
/* Groups of a composition file, read by table. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include <abi/types.h>

#include "duration.h"
#include "settings.h"

static const char *const type_words[] = {
	[CONFIG_TYPE_NONE] = "nothing",	 [CONFIG_TYPE_GROUP] = "a group { }",
	[CONFIG_TYPE_INT] = "a number",	 [CONFIG_TYPE_INT64] = "a number",
	[CONFIG_TYPE_FLOAT] = "a fraction", [CONFIG_TYPE_STRING] = "a string",
	[CONFIG_TYPE_BOOL] = "true or false", [CONFIG_TYPE_ARRAY] = "an array [ ]",
	[CONFIG_TYPE_LIST] = "a list ( )",
};

static const char *type_word(const config_setting_t *setting)
{
	return type_words[config_setting_type(setting)];
}

struct place settings_place(const struct settings *s, const config_setting_t *at)
{
	const char *file = config_setting_source_file(at);

	return (struct place){ file ? pool_strdup(s->pool, file) : s->file,
			       config_setting_source_line(at) };
}

bool settings_name_valid(const struct settings *s, struct place at,
			 const char *what, const char *text)
{
	size_t len = strlen(text);

	if (!len || len >= ABI_NAME_LEN) {
		diag_error(s->diag, at,
			   "%s '%s' has %zu characters; use 1 to %d", what, text,
			   len, ABI_NAME_LEN - 1);
		return false;
	}
	for (const char *c = text; *c; c++) {
		if (isascii(*c) && (isalnum((unsigned char)*c) || *c == '_'))
			continue;
		diag_error(s->diag, at,
			   "%s '%s' contains '%c'; use letters, digits and '_'",
			   what, text, *c);
		return false;
	}
	return true;
}

const char *settings_name(const struct settings *s, const config_setting_t *setting,
			  const char *what)
{
	struct place at = settings_place(s, setting);
	const char *text = config_setting_get_string(setting);

	if (!text) {
		diag_error(s->diag, at, "%s must be a string, not %s; write \"NAME\"",
			   what, type_word(setting));
		return NULL;
	}
	return settings_name_valid(s, at, what, text) ? pool_strdup(s->pool, text) : NULL;
}

static void wrong_type(const struct settings *s, const config_setting_t *setting,
		       const char *what, const char *name, const char *wanted)
{
	diag_error(s->diag, settings_place(s, setting),
		   "'%s' of %s is %s; it must be %s", name, what,
		   type_word(setting), wanted);
}

static void read_text(const struct settings *s, const config_setting_t *setting,
		      const char *what, const struct key *key, void *value)
{
	const char *text = config_setting_get_string(setting);
	struct place at = settings_place(s, setting);

	if (!text) {
		wrong_type(s, setting, what, key->name, "a string");
		return;
	}
	if (key->kind == KEY_NAME) {
		const char *label = pool_printf(s->pool, "%s of %s", key->name, what);

		if (!settings_name_valid(s, at, label, text))
			return;
	} else if (!*text) {
		diag_error(s->diag, at, "'%s' of %s is empty; give it a value or leave it out",
			   key->name, what);
		return;
	}
	*(const char **)value = pool_strdup(s->pool, text);
}

static void read_number(const struct settings *s, const config_setting_t *setting,
			const char *what, const struct key *key, void *value)
{
	int type = config_setting_type(setting);
	int64_t number;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		wrong_type(s, setting, what, key->name, "a number");
		return;
	}
	number = type == CONFIG_TYPE_INT ? config_setting_get_int(setting) :
					   config_setting_get_int64(setting);
	if (number < key->min || number > key->max) {
		diag_error(s->diag, settings_place(s, setting),
			   "'%s' of %s is %" PRId64 "; it must be from %" PRId64
			   " to %" PRId64, key->name, what, number, key->min, key->max);
		return;
	}
	*(int64_t *)value = number;
}

static void read_time(const struct settings *s, const config_setting_t *setting,
		      const char *what, const struct key *key, void *value)
{
	const char *text = config_setting_get_string(setting);
	int64_t ns;

	if (!text)
		wrong_type(s, setting, what, key->name,
			   "a time with its unit, such as \"10ms\"");
	else if (!duration_parse(text, &ns))
		diag_error(s->diag, settings_place(s, setting),
			   "'%s' of %s is \"%s\"; write a whole number and ns, us, ms or s, such as \"10ms\"",
			   key->name, what, text);
	else if (ns < key->min || ns > key->max || ns % key->min)
		diag_error(s->diag, settings_place(s, setting),
			   "'%s' of %s is \"%s\"; it must be from %s to %s in steps of %s",
			   key->name, what, text, duration_text(s->pool, key->min),
			   duration_text(s->pool, key->max),
			   duration_text(s->pool, key->min));
	else
		*(int64_t *)value = ns;
}

static void read_flag(const struct settings *s, const config_setting_t *setting,
		      const char *what, const struct key *key, void *value)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
		wrong_type(s, setting, what, key->name, "true or false");
	else
		*(bool *)value = config_setting_get_bool(setting);
}

static void read_choice(const struct settings *s, const config_setting_t *setting,
			const char *what, const struct key *key, void *value)
{
	const char *text = config_setting_get_string(setting);

	if (!text) {
		wrong_type(s, setting, what, key->name, "a string");
		return;
	}
	for (int i = 0; key->choices[i]; i++) {
		if (!strcmp(text, key->choices[i])) {
			*(int *)value = i;
			return;
		}
	}
	diag_error(s->diag, settings_place(s, setting),
		   "'%s' of %s is \"%s\"; the nearest valid value is \"%s\"", key->name,
		   what, text, diag_nearest(text, key->choices));
}

static void read_list(const struct settings *s, const config_setting_t *setting,
		      const char *what, const struct key *key, void *value)
{
	if (config_setting_is_list(setting) || config_setting_is_array(setting))
		*(const config_setting_t **)value = setting;
	else
		wrong_type(s, setting, what, key->name, "a list ( ) or an array [ ]");
}

static void read_subgroup(const struct settings *s, const config_setting_t *setting,
			  const char *what, const struct key *key, void *value)
{
	if (config_setting_is_group(setting))
		*(const config_setting_t **)value = setting;
	else
		wrong_type(s, setting, what, key->name, "a group { }");
}

typedef void (*reader)(const struct settings *, const config_setting_t *,
		       const char *, const struct key *, void *);

static const reader readers[] = {
	[KEY_NAME] = read_text,	  [KEY_TEXT] = read_text,   [KEY_NUMBER] = read_number,
	[KEY_TIME] = read_time,	  [KEY_FLAG] = read_flag,   [KEY_CHOICE] = read_choice,
	[KEY_LIST] = read_list,	  [KEY_GROUP] = read_subgroup,
};

static const struct key *key_find(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

static const char *nearest_key(const struct settings *s, const struct key *keys,
			       const char *name)
{
	const char **words;
	size_t n = 0;

	while (keys[n].name)
		n++;
	words = POOL_ARRAY(s->pool, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		words[i] = keys[i].name;
	return diag_nearest(name, words);
}

static void require_keys(const struct settings *s, const config_setting_t *group,
			 const char *what, const struct key *keys)
{
	for (; keys->name; keys++)
		if (keys->required && !config_setting_get_member(group, keys->name))
			diag_error(s->diag, settings_place(s, group),
				   "%s has no '%s'; add one", what, keys->name);
}

bool settings_group(const struct settings *s, const config_setting_t *group,
		    const char *what, const struct key *keys, void *into)
{
	if (!config_setting_is_group(group)) {
		diag_error(s->diag, settings_place(s, group),
			   "%s is %s; write it as a group { key = value; ... }", what,
			   type_word(group));
		return false;
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting =
			config_setting_get_elem(group, (unsigned int)i);
		const char *name = config_setting_name(setting);
		const struct key *key = key_find(keys, name);

		if (key)
			readers[key->kind](s, setting, what, key,
					   (char *)into + key->offset);
		else
			diag_error(s->diag, settings_place(s, setting),
				   "unknown key '%s' in %s; the nearest valid key is '%s'",
				   name, what, nearest_key(s, keys, name));
	}
	require_keys(s, group, what, keys);
	return true;
}
