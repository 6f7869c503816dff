/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drops that have been counted, told to vnic in pkt_out for who traces them; while
 * nobody does, nothing is told.
 */
#ifndef LWIP_TELL_H
#define LWIP_TELL_H

#include <stdint.h>

#include "abi/drop.h"

/* Before anything is told. */
void tell_init(void);

/* n packets dropped at that place, a DROP_AT_*; which ones is not known any more. */
void tell_drop(uint32_t why, uint32_t place, uint32_t n);

/* One packet, still in that to_aos buffer: of the batch in hand. */
void tell_packet(uint32_t why, uint32_t place, uint32_t buf);

#endif
