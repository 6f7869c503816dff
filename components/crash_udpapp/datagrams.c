// SPDX-License-Identifier: GPL-2.0-or-later
/* Orders among the datagrams between lwip and udpapp; for either of them. */
#include "aos.h"
#include "app/datagram.h"
#include "crash/crash.h"

bool crash_datagrams(const char *component, uint32_t n)
{
	const struct datagram_in *in = AOS_REGION(dgram_in);
	const uint8_t *ring = AOS_REGION(ring_host);
	bool lie = false;

	for (uint32_t i = 0; i < n && i < RING_BATCH; i++) {
		const struct datagram *d = &in->datagram[i];

		if (d->place == DATAGRAM_IN_RING)
			lie |= crash_now(component, ring + d->off, d->len);
	}
	return lie;
}
