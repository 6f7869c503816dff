// SPDX-License-Identifier: GPL-2.0-or-later
/* The appliance's own counters. */
#include "counters.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not every file has an end. */
#define LINES_MAX 100000

/* "name value" or "name: value"; names are plain, so they may be printed. */
static bool counter_parse(const char *line, struct counter *out)
{
	size_t size;
	char *end;

	line += strspn(line, " \t");
	size = strspn(line, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/[]");
	if (!size || size >= COUNTER_NAME)
		return false;
	memcpy(out->name, line, size);
	out->name[size] = '\0';
	line += size;
	line += *line == ':';
	line += strspn(line, " \t");
	if (!isdigit((unsigned char)*line))
		return false;
	out->value = strtoull(line, &end, 10);
	return *end == '\0' || isspace((unsigned char)*end);
}

bool counters_read(struct counters *c, const char *path, char *error,
		   size_t error_size)
{
	FILE *file = fopen(path, "r");
	char line[256];

	c->count = 0;
	if (!file) {
		snprintf(error, error_size, "%s: %s - losses stay without the "
			 "appliance's reasons", path, strerror(errno));
		return false;
	}
	for (int i = 0; i < LINES_MAX && c->count < COUNTERS_MAX &&
	     fgets(line, sizeof(line), file); i++)
		c->count += counter_parse(line, &c->list[c->count]);
	fclose(file);
	if (!c->count)
		snprintf(error, error_size, "%s: no line \"name value\" in it "
			 "- losses stay without the appliance's reasons",
			 path);
	return c->count > 0;
}

bool counter_is_reason(const struct counter *c)
{
	static const char *const words[] = {
		"drop", "lost", "loss", "discard", "refus", "err", "full",
		"bad", "overrun", "overflow", "invalid", "miss", "no_mem",
		"nomem", "no_buf", "nobuf", "short", "unreach", "unknown",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(c->name, words[i]))
			return c->value != 0;
	return false;
}
