/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the translator channel `rx` and the packet ring that vnic works on. */
#ifndef TUNNEL_PUMP_H
#define TUNNEL_PUMP_H

#include <stdbool.h>
#include <stdint.h>

/* Region `pump`: what the last batch each way makes of the ring, once the index of
 * the translator's ring has come to that place.  It outlives the component. */
struct pump_marks {
	uint32_t cons, rx_prod;
	uint32_t prod, tx_cons;
};

/* Before vnic_start(), in each life.  False, and said: it cannot work. */
bool pump_start(void);

/* Records into to_aos, a batch; packets of from_aos into records, all there is room
 * for.  False: there was nothing to do. */
bool pump_in(void);
bool pump_out(void);

/* Sleeps until there may be something for one of them, or a tick. */
void pump_sleep(void);

#endif
