// SPDX-License-Identifier: GPL-2.0-or-later
/* The moments of a way, and the parts between them. */
#include "way.h"

#include <stddef.h>

#include "clock.h"

/*
 * How far two clocks' readings of one moment may lie apart: what comparing
 * them costs, and NTP, which slews by 0.05 % at most while the way lasts.
 */
#define TOLERANCE (2 * NS_PER_US)
#define SLEW 2000

static const struct {
	const char *name;
	enum moment from, to;
} parts[PARTS] = {
	[PART_SENDER] = { "sender", MOMENT_SENT, MOMENT_LEFT },
	[PART_NETWORK] = { "network", MOMENT_LEFT, MOMENT_CAME },
	[PART_LINUX_IN] = { "linux_in", MOMENT_LEFT, MOMENT_QUEUED },
	[PART_AOS_IN] = { "aos_in", MOMENT_QUEUED, MOMENT_TAKEN },
	[PART_SERVICE] = { "service", MOMENT_TAKEN, MOMENT_ANSWERED },
	[PART_AOS_OUT] = { "aos_out", MOMENT_ANSWERED, MOMENT_RETURNED },
	[PART_LINUX_OUT] = { "linux_out", MOMENT_RETURNED, MOMENT_CAME },
	[PART_RECEIVER] = { "receiver", MOMENT_CAME, MOMENT_RECEIVED },
};

static const enum moment kernels[] = { MOMENT_LEFT, MOMENT_CAME };
static const enum moment appliances[] = {
	MOMENT_QUEUED, MOMENT_TAKEN, MOMENT_ANSWERED, MOMENT_RETURNED
};

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))

const char *part_name(enum part part)
{
	return parts[part].name;
}

bool part_inside(enum part part)
{
	return part >= PART_LINUX_IN && part <= PART_LINUX_OUT;
}

bool way_part(const struct way *w, enum part part, uint64_t *ns)
{
	uint64_t from = w->at[parts[part].from], to = w->at[parts[part].to];

	if (!from || !to)
		return false;
	*ns = to - from;
	return true;
}

/* Are those known in order and between the two, give or take? Then they are. */
static bool order(struct way *w, const enum moment *list, size_t n,
		  uint64_t low, uint64_t high, uint64_t tolerance)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t *at = &w->at[list[i]];

		if (!*at)
			continue;
		if (*at < low ? low - *at > tolerance :
				*at > high && *at - high > tolerance)
			return false;
		*at = *at < low ? low : *at > high ? high : *at;
		low = *at;
	}
	return true;
}

static void forget(struct way *w, const enum moment *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->at[list[i]] = 0;
}

struct way_known way_settle(struct way *w)
{
	uint64_t sent = w->at[MOMENT_SENT], received = w->at[MOMENT_RECEIVED];
	uint64_t tolerance = TOLERANCE + (received - sent) / SLEW;
	struct way_known known = { .kernel = w->at[MOMENT_LEFT] &&
					     w->at[MOMENT_CAME] };

	known.kernel = known.kernel && order(w, kernels, LENGTH(kernels), sent,
					     received, tolerance);
	if (!known.kernel)
		forget(w, kernels, LENGTH(kernels));
	else
		sent = w->at[MOMENT_LEFT], received = w->at[MOMENT_CAME];
	known.foreign = !order(w, appliances, LENGTH(appliances), sent,
			       received, tolerance);
	if (known.foreign)
		forget(w, appliances, LENGTH(appliances));
	return known;
}
