/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets made and taken apart byte by byte, independently of lwIP. */
#ifndef BUILD_H
#define BUILD_H

#include <stdbool.h>
#include <stdint.h>

#define IP4 20u
#define IP6 40u
#define UDP 8u

struct flow {			/* of a request; both families at once */
	const char *from4, *to4, *from6, *to6;
	uint16_t from_port, to_port;
};

void put16(uint8_t *p, uint32_t n);
void put32(uint8_t *p, uint32_t n);
uint32_t get16(const uint8_t *p);
uint32_t get32(const uint8_t *p);

/* Internet checksum of the packet's transport part, its own field included:
 * 0 when right.  family 4 or 6; proto as in the header. */
uint16_t transport_sum(const uint8_t *packet, uint32_t len);
uint16_t header_sum(const uint8_t *packet);

/* Headers for what is put behind them; -> length of the whole packet.  The
 * checksums are filled in by build_finish(). */
uint32_t build_ip(uint8_t *packet, uint8_t family, const struct flow *f, uint8_t proto,
		  const void *payload, uint32_t len);
uint32_t build_udp(uint8_t *packet, uint8_t family, const struct flow *f, const void *data,
		   uint32_t len);
uint32_t build_echo(uint8_t *packet, uint8_t family, const struct flow *f, uint16_t id,
		    const void *data, uint32_t len);
void build_ip4_sum(uint8_t *packet);

/* The n-th fragment of a packet, at most mtu bytes; 0: there is none. */
uint32_t build_fragment(uint8_t *fragment, const uint8_t *packet, uint32_t len, uint32_t mtu,
			uint32_t id, uint32_t n);

/* Is it the reply to that flow, all checksums right?  -> payload or NULL */
const uint8_t *reply_udp(const uint8_t *packet, uint32_t len, uint8_t family,
			 const struct flow *f, uint32_t *payload_len);

/* Put fragments together, in order: -> length of the whole packet so far. */
uint32_t join_fragment(uint8_t *packet, uint32_t have, const uint8_t *fragment, uint32_t len,
		       bool *last);

#endif
