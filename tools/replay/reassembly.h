// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IP fragments put together, for captures and for replies from the wire.
 * Bounded: a fixed number of datagrams at a time, the oldest gives way; none is
 * longer than 64 KiB. Fragments that overlap with different reach are an attack
 * (RFC 5722) and spoil their datagram for good.
 */
#ifndef REPLAY_REASSEMBLY_H
#define REPLAY_REASSEMBLY_H

#include <stdint.h>

#include "packet.h"

enum reassembly_status {
	REASSEMBLY_WAITING,	/* taken, more to come */
	REASSEMBLY_COMPLETE,
	REASSEMBLY_REFUSED,	/* malformed, overlapping, or of a spoilt one */
};

struct reassembly;

/* At most @slots datagrams at a time, each given up after @timeout_ns. */
struct reassembly *reassembly_new(unsigned int slots, uint64_t timeout_ns);
void reassembly_free(struct reassembly *r);

/*
 * Takes one fragment. On REASSEMBLY_COMPLETE @whole describes the datagram;
 * its payload stays valid until the next call. @tag is kept from the first
 * fragment that came and handed back in *tag.
 */
enum reassembly_status reassembly_add(struct reassembly *r,
				      const struct ip_packet *fragment,
				      uint64_t now, uint64_t *tag,
				      struct ip_packet *whole);

/* Datagrams given up or still waiting for a fragment; spoilt ones. */
uint64_t reassembly_incomplete(const struct reassembly *r);
uint64_t reassembly_spoilt(const struct reassembly *r);

#endif
