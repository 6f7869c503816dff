// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The packet ring as cosnet's ends use it (cosnet/ring_host.h): descriptors with a time stamp,
 * the other end's indices and descriptors checked, and the question whether it wants a signal.
 * The other end, a component, is played outside of what is measured.
 */
#include <stdbool.h>

#include "cosnet/ring_host.h"
#include "time.h"

static uint8_t part[RING_PARTS][1 << 20] __attribute__((aligned(4096)));
static struct ring_out out;
static struct ring_in in;
static volatile bool wants;

static __attribute__((constructor)) void prepare(void)
{
	uint8_t *const parts[RING_PARTS] = {
		[RING_PART_HOST] = part[RING_PART_HOST], [RING_PART_CTRL] = part[RING_PART_CTRL],
		[RING_PART_TX] = part[RING_PART_TX],
	};

	ring_out_init(&out, parts, RINGS_SLOTS);
	ring_in_init(&in, parts, RINGS_SLOTS);
}

static void produce(unsigned int n)
{
	for (unsigned int i = 0; i < n && ring_out_room(&out) > 0; i++)
		ring_out_push(&out, 64, 1);
	wants = ring_out_publish(&out);
}

static void drain(unsigned int n)
{
	struct ring_comp *comp = (struct ring_comp *)part[RING_PART_CTRL];

	comp->rx_cons += n;
}

static void fill(unsigned int n)
{
	struct ring_comp *comp = (struct ring_comp *)part[RING_PART_CTRL];
	struct ring_desc *desc = (struct ring_desc *)(part[RING_PART_CTRL] + ABI_PAGE_SIZE);

	for (unsigned int i = 0; i < n; i++) {
		uint32_t slot = comp->tx_prod++ % RINGS_SLOTS;

		desc[slot] = (struct ring_desc){ .buf = slot, .len = 64 };
	}
}

static void consume(unsigned int n)
{
	struct ring_desc desc;

	(void)n;
	for (int32_t left = ring_in_waiting(&in); left > 0; left--)
		if (!ring_in_take(&in, &desc))
			abort();
	ring_in_release(&in);
}

RINGS_MAIN("cosnet", produce, consume, drain, fill)
