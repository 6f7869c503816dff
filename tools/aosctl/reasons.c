// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reasons - drop counters in words, which abi/drop.h has.
 */
#include <string.h>

#include "reasons.h"

#define SENTENCE(name, string, places, sentence) [DROP_##name] = (sentence),
static const char *const sentences[DROPS] = { DROP_REASONS(SENTENCE) };

enum drop reasons_find(const char *counter)
{
	enum drop why;

	for (why = DROP_NONE + 1; why < DROPS; why++)
		if (!strcmp(drop_counter_name(why), counter))
			return why;
	return DROP_NONE;
}

const char *reasons_explain(enum drop why)
{
	return why > DROP_NONE && why < DROPS ? sentences[why] : sentences[DROP_UNKNOWN];
}
