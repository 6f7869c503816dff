// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Our own addresses and ports. Every flow of the capture gets a source of its
 * own, worked out from its number alone, so that a reply tells its flow and
 * two runs look alike:
 *   address = base + flow % count, port = first port + flow / count.
 * The ports just below the first one are for probes and side checks.
 */
#ifndef REPLAY_SOURCE_H
#define REPLAY_SOURCE_H

#include "address.h"

struct sources {
	struct address base4, base6;	/* family 0: none */
	uint32_t count;			/* addresses per family */
	uint16_t first_port;
};

/* How many flows have room. */
uint64_t sources_capacity(const struct sources *s);

/* The source of a flow. */
struct endpoint source_of(const struct sources *s, uint8_t family,
			  uint32_t flow);

/* The flow of a source, or -1. */
int64_t source_flow(const struct sources *s, const struct endpoint *e);

/* The source of service traffic number @n (0: probe, then side checks). */
struct endpoint source_service(const struct sources *s, uint8_t family,
			       uint16_t n);

/* Is this one of our addresses? */
bool sources_own(const struct sources *s, const struct address *a);

#endif
