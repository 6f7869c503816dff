/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What surrounds the components in a test: cosnet's end of the ring, time. */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "aos.h"

#define WORLD_SLOTS	256u

struct world {
	struct bootinfo info;
	uint64_t now_ns;
	uint64_t timer_at;
	uint32_t doorbells, waits, logs, threads_ended;
	uint32_t reports, reported;	/* faults reported, and the last import */
	struct ring_host *host;		/* writable: as cosnet sees it */
	struct ring_comp *comp;
	uint8_t *rx_buffers, *tx_buffers;
};
extern struct world world;

/* Regions, ring, bootinfo with no addresses or services; zeroed counters. */
void world_init(uint32_t slots, uint32_t mtu);
void world_address4(const char *text);
void world_address6(const char *text);
void world_service(const char *name, uint16_t port);

/* Of one component, e.g. "vnic", the counters whose name begins so. */
uint64_t world_counters(const char *component, const char *prefix);
/* The one of that name, in whichever components have it. */
uint64_t world_counter(const char *name);
void world_counters_clear(void);
void world_counters_print(void);

/* The histogram of that name, of whichever component; NULL: none has it. */
const struct histogram *world_histogram(const char *name);

/* cosnet: put a packet into to_aos; take one from from_aos (0: none). */
struct ring_desc *world_rx_desc(uint32_t index);
struct ring_desc *world_tx_desc(uint32_t index);
void world_put(const void *packet, uint32_t len);
uint32_t world_take(void *packet);

/* The next drop in the log, as cosnet sees it; false: none. */
bool world_told(struct ring_drop *drop);

/* The packet put last, and nothing else, has been told of: by its counter's name, and
 * from one of these places. */
void world_assert_told(const char *reason, uint32_t places);

#endif
