// SPDX-License-Identifier: GPL-2.0-or-later
/* vnic's receive side, which looks for orders before it calls lwip. */
#include "crash/crash.h"

int64_t crash_input(uint32_t n);

#include "netstack/netstack.h"
#define netstack_input crash_input
#include "../vnic/rx.c"
#undef netstack_input

#define HEADERS	(20u + 8u)	/* IPv4 and UDP */

int64_t crash_input(uint32_t n)
{
	const uint8_t *host = AOS_REGION(ring_host);
	const uint8_t *buffers = host + ring_host_buf_off(rx.slots);

	for (uint32_t i = 0; i < n; i++) {
		const struct packet *p = &pkt_in()->packet[i];

		if (p->len > HEADERS)
			crash_now("vnic", buffers + p->buf * RING_BUF_SIZE + p->off + HEADERS,
				  p->len - HEADERS);
	}
	return netstack_input(n);
}
