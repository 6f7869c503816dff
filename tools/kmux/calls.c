// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of system calls, from the system's headers (calls.awk). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kmux.h"

static const char *const names[KMUX_CALLS] = {
#include "calls.inc"
};

const char *calls_name(int number)
{
	return number >= 0 && number < KMUX_CALLS ? names[number] : NULL;
}

static int from_digits(const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || *end || errno || number < 0 || number >= KMUX_CALLS)
		return -1;
	return (int)number;
}

int calls_number(const char *name)
{
	int i;

	for (i = 0; i < KMUX_CALLS; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return from_digits(name);
}

void calls_print(void)
{
	int i;

	for (i = 0; i < KMUX_CALLS; i++)
		if (names[i])
			printf("%d %s\n", i, names[i]);
}
