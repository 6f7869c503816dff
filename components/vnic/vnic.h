/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AOS end of a packet channel.  rx.c owns the thread, the to_aos ring and
 * the loop; tx.c the from_aos ring and its buffers; flows.c how long it all takes.
 */
#ifndef VNIC_VNIC_H
#define VNIC_VNIC_H

#include <stdbool.h>
#include <stdint.h>

#include "aos.h"
#include "abi/bootinfo.h"
#include "abi/drop.h"
#include "abi/ring.h"

/* Entry of thread "rx". */
void vnic_rx_main(uint64_t arg);

/* One turn of its loop: false when there was nothing to do. */
bool vnic_start(void);
bool vnic_step(void);
void vnic_sleep(void);

/* ---- the ring's two control pages: cosnet's, and ours ---- */

static inline const struct ring_host *vnic_ring_host(void)
{
	return AOS_REGION(ring_host);
}

static inline struct ring_comp *vnic_ring_comp(void)
{
	return AOS_REGION(ring_ctrl);
}

/* ---- tx.c ---- */

/* slots and mtu are bootinfo's, checked. */
void tx_init(uint32_t slots, uint32_t mtu);

/* Take back what cosnet has sent, and lend lwip as many buffers as it may
 * have, in pkt_in. */
void tx_lend(void);

/* Send the n packets that lwip left in pkt_out: publish, and ring once.
 * -> how many of them were none that lwip may send. */
uint32_t tx_send(uint32_t n);

/* ---- flows.c ---- */

void flows_init(const struct bootinfo *info);

/* Entry i of packet_in.packet[] has been in the ring since then (TSC). */
void flows_arrived(uint32_t i, uint64_t stamp);

/* So many entries are the batch that lwip gets, or got. */
void flows_taken(uint32_t n);

/* Entry i of packet_out.packet[] goes to the ring now. */
void flows_answered(uint32_t i, uint64_t now);

/* ---- report.c ---- */

/* slots is bootinfo's, checked. */
void report_init(uint32_t slots);

/* Tell cosnet of what was dropped, if anybody wants to know. */
void report_drop(const struct ring_drop *drop);

/* The same for all that lwip tells of: the batch in hand are the to_aos packets
 * from `first` on, n of them; none if it is not about a batch. */
void report_stack(uint32_t first, uint32_t n);

#endif
