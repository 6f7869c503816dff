// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stats - hostile counter pages into clean values.
 */
#include <stddef.h>
#include <string.h>

#include "stats.h"

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

void stats_clean_name(char *to, const volatile char *from, unsigned int room)
{
	unsigned int n = 0;

	for (; n < room - 1; n++) {
		char c = from[n];	/* read once */

		if (!c)
			break;
		to[n] = is_name(c) ? c : '?';
	}
	if (!n)
		to[n++] = '?';
	to[n] = '\0';
}

bool stats_copy(struct stats_page *to, const volatile struct counters *from)
{
	unsigned int n;

	if (from->magic != COUNTERS_MAGIC || from->revision != COUNTERS_REVISION)
		return false;
	n = from->n;		/* read once: the component may change it any time */
	if (n > COUNTERS_MAX)
		return false;
	stats_clean_name(to->component, from->component, sizeof(to->component));
	to->n = n;
	for (unsigned int i = 0; i < n; i++) {
		stats_clean_name(to->name[i], from->counter[i].name,
				 sizeof(to->name[i]));
		to->value[i] = from->counter[i].value;
	}
	return true;
}

int stats_find(const struct stats_page *page, const char *name)
{
	for (unsigned int i = 0; i < page->n; i++)
		if (!strcmp(page->name[i], name))
			return (int)i;
	return -1;
}
