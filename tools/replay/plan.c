// SPDX-License-Identifier: GPL-2.0-or-later
/* One round of all captures, merged by time. */
#include "plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

static uint64_t time_single(const struct capture *c, uint64_t index,
			    double rate)
{
	if (rate > 0)
		return (uint64_t)fminl((long double)index * NS_PER_S / rate +
				       0.5L, CAPTURE_TIME_MAX);
	return c->list[index].time;
}

/* The last one of a capture is followed by an average gap. */
static uint64_t time_after(const struct capture *c, uint64_t index,
			   double rate)
{
	uint64_t last = time_single(c, c->count - 1, rate);

	if (index + 1 < c->count)
		return time_single(c, index + 1, rate);
	return last + (c->count > 1 ? last / (c->count - 1) : 0);
}

static uint64_t time_planned(const struct plan_input *in, uint64_t index,
			     double rate)
{
	uint64_t time = time_single(in->capture, index, rate);

	if (!in->halfway)
		return time;
	return time + (time_after(in->capture, index, rate) - time) / 2;
}

/* Among equals the turn changes, so that none always queues behind another. */
static bool entry_before(const struct plan_entry *a,
			 const struct plan_entry *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	if (a->index != b->index)
		return a->index < b->index;
	return a->index & 1 ? a->input > b->input : a->input < b->input;
}

static bool entry_next(struct plan_entry *next, const struct plan_input *in,
		       uint64_t index, double rate)
{
	if (index == in->capture->count)
		return false;
	next->index = index;
	next->time = time_planned(in, index, rate);
	return true;
}

/* The input whose next datagram comes first; @left says which have one. */
static uint32_t first_of(const struct plan_entry *next, const bool *left,
			 uint32_t count)
{
	uint32_t first = count;

	for (uint32_t i = 0; i < count; i++)
		if (left[i] && (first == count ||
				entry_before(&next[i], &next[first])))
			first = i;
	return first;
}

int plan_build(struct plan *p, const struct plan_input *inputs,
	       uint32_t count, double rate)
{
	struct plan_entry next[count];
	bool left[count];
	uint64_t total = 0;

	for (uint32_t i = 0; i < count; i++) {
		next[i].input = i;
		left[i] = entry_next(&next[i], &inputs[i], 0, rate);
		total += inputs[i].capture->count;
	}
	memset(p, 0, sizeof(*p));
	p->list = calloc(total ? total : 1, sizeof(*p->list));
	if (!p->list)
		return -1;
	while (p->count < total) {
		uint32_t i = first_of(next, left, count);

		p->list[p->count++] = next[i];
		p->span = next[i].time;
		left[i] = entry_next(&next[i], &inputs[i], next[i].index + 1,
				     rate);
	}
	return 0;
}

void plan_free(struct plan *p)
{
	free(p->list);
	memset(p, 0, sizeof(*p));
}
