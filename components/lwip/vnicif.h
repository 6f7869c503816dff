/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lwIP's network interface: packets in from vnic's ring, packets out to it. */
#ifndef LWIP_VNICIF_H
#define LWIP_VNICIF_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

struct pbuf;
struct bootinfo;

/* False: no address of channel 0 to serve. */
bool vnicif_init(const struct bootinfo *info);

/* Hand a packet, a checked copy of its descriptor, to the stack. */
void vnicif_input(const struct packet *packet);

/* Where a packet that the stack sees in place lies in part HOST; false: it is
 * a copy. */
bool vnicif_in_ring(const struct pbuf *p, uint32_t *off);

/* The to_aos buffer behind such a place. */
uint32_t vnicif_buffer(uint32_t off);

/* A reply of len bytes that is in lent buffer buf, behind the headroom: goes
 * out without a copy.  Freeing it takes the buffer back if it was not sent. */
struct pbuf *vnicif_reply(uint32_t buf, uint16_t len);

#endif
