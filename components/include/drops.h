/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A component's counters of what it drops: by the reasons of abi/drop.h. */
#ifndef DROPS_H
#define DROPS_H

#include "abi/drop.h"
#include "aos.h"

/**
 * drops_find() - the counters of all reasons
 * @counter: filled in; NULL where a reason is not given at any of @places
 * @places: DROP_AT_*
 */
static inline void drops_find(struct counter *counter[DROPS], uint32_t places)
{
	enum drop why;

	for (why = DROP_NONE; why < DROPS; why++)
		counter[why] = why && drop_places(why) & places ?
			       aos_counter(drop_counter_name(why)) : NULL;
}

/** drops_sum() - what the counters that drops_find() found have come to */
static inline uint64_t drops_sum(struct counter *const counter[DROPS])
{
	uint64_t sum = 0;
	enum drop why;

	for (why = DROP_NONE; why < DROPS; why++)
		sum += counter[why] ? counter[why]->value : 0;
	return sum;
}

#endif
