/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network stack as its caller (vnic) sees it.  See doc.md.  The results
 * of input and tick are the number of packets to send, described in region
 * pkt_out, or a negated AOS_E*.
 */
#ifndef NETSTACK_NETSTACK_H
#define NETSTACK_NETSTACK_H

#include <stdint.h>

int64_t netstack_init(void);
int64_t netstack_input(uint32_t npackets);
int64_t netstack_tick(void);

#endif
