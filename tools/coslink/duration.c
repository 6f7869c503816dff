// SPDX-License-Identifier: GPL-2.0-or-later
/* Lengths of time as people write them. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "duration.h"

static const struct {
	const char *name;
	int64_t ns;
} units[] = { { "s", SECONDS }, { "ms", MS }, { "us", US }, { "ns", NS } };

#define UNITS (sizeof(units) / sizeof(units[0]))

/* Digits only; `end` is what follows them. */
static bool parse_number(const char *text, int64_t *number, const char **end)
{
	int64_t n = 0;

	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++)
		if (__builtin_mul_overflow(n, (int64_t)10, &n) ||
		    __builtin_add_overflow(n, (int64_t)(*text - '0'), &n))
			return false;
	*number = n;
	*end = text;
	return true;
}

bool duration_parse(const char *text, int64_t *ns)
{
	const char *unit;
	int64_t number;

	if (!parse_number(text, &number, &unit))
		return false;
	for (unsigned int i = 0; i < UNITS; i++)
		if (!strcmp(unit, units[i].name))
			return !__builtin_mul_overflow(number, units[i].ns, ns);
	return false;
}

const char *duration_text(struct pool *pool, int64_t ns)
{
	unsigned int i = 0;

	while (ns % units[i].ns)
		i++;
	return pool_printf(pool, "%" PRId64 "%s", ns / units[i].ns, units[i].name);
}
