// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DPDK's ring (libdpdk-dev), pointers in bursts, one producer and one consumer. Its fast paths are in
 * its header; what rte_ring_init() would fill in is filled in here, so that no library is needed.
 */
#include <rte_ring.h>
#include <stdbool.h>

#include "time.h"

static struct {
	struct rte_ring ring;
	void *entries[RINGS_SLOTS];
} r = {
	.ring = {
		.size = RINGS_SLOTS, .mask = RINGS_SLOTS - 1, .capacity = RINGS_SLOTS - 1,
		.prod.sync_type = RTE_RING_SYNC_ST, .cons.sync_type = RTE_RING_SYNC_ST,
	},
};
static void *some[RINGS_SLOTS];

static void produce(unsigned int n)
{
	if (rte_ring_sp_enqueue_bulk(&r.ring, some, n, NULL) != n)
		abort();
}

static void consume(unsigned int n)
{
	if (rte_ring_sc_dequeue_bulk(&r.ring, some, n, NULL) != n)
		abort();
}

RINGS_MAIN("rte_ring", produce, consume, consume, produce)
