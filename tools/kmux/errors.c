// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of errno values are the C library's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kmux.h"

const char *errors_name(int number)
{
	return strerrorname_np(number);
}

int errors_number(const char *name)
{
	const char *found;
	char *end;
	long number;
	int i;

	for (i = 1; i <= KMUX_MAX_ERROR; i++) {
		found = errors_name(i);
		if (found && !strcmp(found, name))
			return i;
	}
	errno = 0;
	number = strtol(name, &end, 10);
	if (end == name || *end || errno || number < 1 || number > KMUX_MAX_ERROR)
		return -1;
	return (int)number;
}
