/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets through a translator channel (abi/translator.h): one record is one
 * IPv4 or IPv6 datagram without a link-layer header, each way.  The process is
 * aosctl's proxy, which moves them from and to a TUN device; the component is
 * `tunnel`, which has them in a ring of its own, as cosnet has its packets in
 * the one it shares with vnic (abi/ring.h).
 *
 * That ring's memory is the composition's: regions of ring_part_bytes() of so
 * many slots.  bootinfo says for the channel `slots` = TUNNEL_SLOTS, and the
 * interface's `mtu`.
 */
#ifndef ABI_TUNNEL_H
#define ABI_TUNNEL_H

#include "ring.h"

/* Room for a batch in each direction and for what the stack is lent meanwhile. */
#define TUNNEL_SLOTS	128u

#endif
