/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hooks that lwipopts.h sets; see vnicif.c. */
#ifndef PORT_HOOKS_H
#define PORT_HOOKS_H

#include "lwip/ip4_addr.h"

struct netif;

/* Errors go out from the address that the offending packet was sent to. */
struct netif *vnicif_route4(const ip4_addr_t *src, const ip4_addr_t *dest);

#endif
