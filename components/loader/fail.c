// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A system that cannot be built as its image says is not started at all:
 * half a composition would be a surprise of another kind every time.
 */
#include "loader.h"

#define STATUS_NOT_BUILT 1u	/* exit status the host sees */

void fail_text(const char *whom, const char *what, const char *why)
{
	aos_log("%s: %s: %s; the system is not started", whom, what, why);
	aos_halt(STATUS_NOT_BUILT);
}

void fail(const char *whom, const char *what, int64_t err)
{
	aos_log("%s: %s: %s (error %ld); the system is not started", whom, what,
		aos_error(err), -err);
	aos_halt(STATUS_NOT_BUILT);
}

int64_t must(int64_t result, const char *whom, const char *what)
{
	if (result < 0)
		fail(whom, what, result);
	return result;
}
