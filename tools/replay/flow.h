// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The flows of a capture. A flow is one direction of a conversation: source
 * and destination address and port. Each gets a number in order of appearance.
 */
#ifndef REPLAY_FLOW_H
#define REPLAY_FLOW_H

#include <stdint.h>

#include "address.h"

struct flow {
	struct endpoint source, destination;
};

struct flow_table {
	struct flow *flows;
	uint32_t count, room;
	uint32_t *index;	/* open addressing, flow number + 1, 0: free */
	uint32_t index_size;	/* a power of two */
};

/* The number of this flow, a new one if need be; -1: out of memory. */
int64_t flow_number(struct flow_table *t, const struct flow *flow);
void flow_table_free(struct flow_table *t);

/* FNV-1a; continue with the result of the call before, start with 0. */
uint32_t bytes_hash(uint32_t hash, const void *data, size_t size);

#endif
