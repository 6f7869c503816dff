// SPDX-License-Identifier: GPL-2.0-or-later
/* Concurrency Kit's ring (libck-dev), pointers, one producer and one consumer. */
#include <ck_ring.h>
#include <stdbool.h>

#include "time.h"

static ck_ring_t ring;
static ck_ring_buffer_t buffer[RINGS_SLOTS];

static __attribute__((constructor)) void prepare(void)
{
	ck_ring_init(&ring, RINGS_SLOTS);
}

static void produce(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (!ck_ring_enqueue_spsc(&ring, buffer, &ring))
			abort();
}

static void consume(unsigned int n)
{
	void *entry;

	for (unsigned int i = 0; i < n; i++)
		if (!ck_ring_dequeue_spsc(&ring, buffer, &entry))
			abort();
}

RINGS_MAIN("ck_ring", produce, consume, consume, produce)
