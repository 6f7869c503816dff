// SPDX-License-Identifier: GPL-2.0-or-later
/* The longest round trips: a short sorted list. */
#include "worst.h"

#include <stdlib.h>

int worst_init(struct worst *w, size_t room)
{
	w->count = 0;
	w->room = room;
	w->list = calloc(room ? room : 1, sizeof(*w->list));
	return w->list ? 0 : -1;
}

void worst_free(struct worst *w)
{
	free(w->list);
	w->list = NULL;
	w->count = 0;
}

uint64_t worst_round_trip(const struct worst_entry *e)
{
	return e->way.at[MOMENT_RECEIVED] - e->way.at[MOMENT_SENT];
}

void worst_note(struct worst *w, const struct worst_entry *e)
{
	uint64_t length = worst_round_trip(e);
	size_t at = w->count;

	if (!w->room || (w->count == w->room &&
			 worst_round_trip(&w->list[at - 1]) >= length))
		return;
	if (w->count < w->room)
		w->count++;
	else
		at--;
	for (; at && worst_round_trip(&w->list[at - 1]) < length; at--)
		w->list[at] = w->list[at - 1];
	w->list[at] = *e;
}
