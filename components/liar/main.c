// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A network component that lies: it scribbles over every word of the ring
 * that it may write, as fast as it can, and rings the doorbell.  The name of
 * one of the boot information's services says what over:
 *
 *   indices	  rx_cons, rx_event, tx_prod and log_prod, anything at any time
 *   descriptors  tx_prod honest, what it points to is not
 *   anything	  both, the packets and the log of drops
 */
#include "abi/ring.h"
#include "aos.h"
#include "ordering.h"
#include "sched/sched.h"

#define PAUSE_NS	200000u		/* time for Linux to look at it */
#define BURST		64u

static struct {
	uint64_t state;
	uint32_t slots, prod;
	struct counter *rounds;
} liar;

/* Knuth's MMIX generator. */
static uint32_t random32(void)
{
	liar.state = liar.state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(liar.state >> 32);
}

static struct ring_comp *ring_comp(void)
{
	return AOS_REGION(ring_ctrl);
}

/* Near the truth as often as far from it. */
static uint32_t some_index(uint32_t truth)
{
	switch (random32() % 4) {
	case 0:
		return truth;
	case 1:
		return truth + random32() % (2 * liar.slots);
	case 2:
		return truth - random32() % (2 * liar.slots);
	default:
		return random32();
	}
}

static void lie_indices(void)
{
	const struct ring_host *host = AOS_REGION(ring_host);

	WRITE_ONCE(ring_comp()->rx_cons, some_index(READ_ONCE(host->rx_prod)));
	WRITE_ONCE(ring_comp()->rx_event, some_index(READ_ONCE(host->rx_prod)));
	WRITE_ONCE(ring_comp()->tx_prod, some_index(READ_ONCE(host->tx_cons)));
	WRITE_ONCE(ring_comp()->log_prod, some_index(READ_ONCE(host->log_cons)));
}

static void scribble(uint8_t *at, uint32_t bytes)
{
	for (uint32_t i = 0; i + 4 <= bytes; i += 4)
		*(volatile uint32_t *)(at + i) = random32();
}

static void lie_descriptors(void)
{
	uint8_t *desc = (uint8_t *)AOS_REGION(ring_ctrl) + ABI_PAGE_SIZE;
	uint32_t cons = READ_ONCE(((const struct ring_host *)AOS_REGION(ring_host))->tx_cons);

	scribble(desc + (random32() & (liar.slots - 1)) * sizeof(struct ring_desc),
		 sizeof(struct ring_desc));
	if (liar.prod - cons < liar.slots)
		STORE_RELEASE(ring_comp()->tx_prod, ++liar.prod);
}

/* Descriptors that hold, but for packets that are nonsense, or change meanwhile. */
static void lie_packets(void)
{
	uint8_t *bufs = AOS_REGION(ring_tx);
	uint32_t buf = random32() & (liar.slots - 1);

	scribble(bufs + buf * RING_BUF_SIZE, 64);
	if (random32() & 1)
		bufs[buf * RING_BUF_SIZE] = random32() & 1 ? 0x45 : 0x60;
}

/* Drops that never were, of packets that are not there. */
static void lie_drops(void)
{
	uint8_t *log = (uint8_t *)AOS_REGION(ring_ctrl) + ring_log_off(liar.slots);

	scribble(log + (random32() & (liar.slots - 1)) * sizeof(struct ring_drop),
		 sizeof(struct ring_drop));
	WRITE_ONCE(ring_comp()->log_prod, ring_comp()->log_prod + 1);
}

static void lie_all(void)
{
	lie_indices();
	lie_descriptors();
	lie_drops();
	lie_packets();
}

static const struct {
	const char *name;
	void (*lie)(void);
} ways[] = {
	{ "indices", lie_indices },
	{ "descriptors", lie_descriptors },
	{ "anything", lie_all },
};

static void (*find_way(void))(void)
{
	const struct bootinfo *info = aos_bootinfo();

	for (uint32_t s = 0; s < info->nservices; s++)
		for (uint32_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
			if (!strncmp(info->service[s].name, ways[w].name, ABI_NAME_LEN))
				return ways[w].lie;
	return lie_all;
}

void liar_main(uint64_t arg)
{
	void (*lie)(void) = find_way();

	(void)arg;
	liar.state = aos_bootinfo()->random;
	liar.slots = aos_bootinfo()->channel[0].slots;
	liar.rounds = aos_counter("rounds");
	for (;;) {
		for (uint32_t i = 0; i < BURST; i++)
			lie();
		aos_doorbell(AOS_CAP(bell));
		counter_inc(liar.rounds);
		sched_sleep_until(aos_time_ns() + PAUSE_NS);
	}
}
