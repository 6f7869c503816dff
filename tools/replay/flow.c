// SPDX-License-Identifier: GPL-2.0-or-later
/* The flows of a capture, found through a growing hash table. */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

uint32_t bytes_hash(uint32_t hash, const void *data, size_t size)
{
	const uint8_t *p = data;

	hash ^= 2166136261u;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ p[i]) * 16777619u;
	return hash;
}

static uint32_t endpoint_hash(uint32_t hash, const struct endpoint *e)
{
	hash = bytes_hash(hash, e->address.bytes, sizeof(e->address.bytes));
	return bytes_hash(hash, &e->port, sizeof(e->port));
}

static bool flow_equal(const struct flow *a, const struct flow *b)
{
	return endpoint_equal(&a->source, &b->source) &&
	       endpoint_equal(&a->destination, &b->destination);
}

/* The cell that holds @flow, or the free one where it belongs. */
static uint32_t *cell_find(const struct flow_table *t, const struct flow *flow)
{
	uint32_t at = endpoint_hash(endpoint_hash(0, &flow->source),
				    &flow->destination);

	for (;; at++) {
		uint32_t *cell = &t->index[at & (t->index_size - 1)];

		if (!*cell || flow_equal(&t->flows[*cell - 1], flow))
			return cell;
	}
}

/* Keeps the index at most half full, so that every search ends. */
static bool table_grow(struct flow_table *t)
{
	uint32_t room = t->room ? t->room * 2 : 64;
	struct flow *flows = realloc(t->flows, room * sizeof(*flows));
	uint32_t *index;

	if (!flows)
		return false;
	t->flows = flows;
	index = calloc((size_t)room * 2, sizeof(*index));
	if (!index)
		return false;
	free(t->index);
	t->index = index;
	t->index_size = room * 2;
	t->room = room;
	for (uint32_t i = 0; i < t->count; i++)
		*cell_find(t, &t->flows[i]) = i + 1;
	return true;
}

int64_t flow_number(struct flow_table *t, const struct flow *flow)
{
	uint32_t *cell;

	if (t->count == t->room && !table_grow(t))
		return -1;
	cell = cell_find(t, flow);
	if (!*cell) {
		t->flows[t->count] = *flow;
		*cell = ++t->count;
	}
	return *cell - 1;
}

void flow_table_free(struct flow_table *t)
{
	free(t->flows);
	free(t->index);
	memset(t, 0, sizeof(*t));
}
