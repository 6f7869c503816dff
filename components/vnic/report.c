// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drops of vnic and lwip, told to cosnet by the log in the ring: only what is
 * dropped costs anything, and that little more than a look at `tell` while nobody
 * traces.  All of it has been counted by whoever dropped; here nothing is.
 */
#include "aos.h"
#include "abi/ring.h"
#include "ordering.h"
#include "packet/packet.h"
#include "vnic.h"

static struct {
	uint32_t slots;
	uint32_t prod;
	struct counter *untold;		/* the log was full */
} report;

static struct ring_drop *entry(uint32_t index)
{
	uint8_t *ctrl = AOS_REGION(ring_ctrl);

	return (struct ring_drop *)(ctrl + ring_log_off(report.slots)) +
	       (index & (report.slots - 1));
}

void report_init(uint32_t slots)
{
	report.slots = slots;
	report.prod = READ_ONCE(vnic_ring_comp()->log_prod);
	report.untold = aos_counter("drops_untold");
}

/* cosnet looks by itself: before it refills slots, and every few milliseconds. */
void report_drop(const struct ring_drop *drop)
{
	if (!READ_ONCE(vnic_ring_host()->tell))
		return;
	if (report.prod - LOAD_ACQUIRE(vnic_ring_host()->log_cons) >= report.slots) {
		counter_add(report.untold, drop->n);
		return;
	}
	*entry(report.prod++) = *drop;
	STORE_RELEASE(vnic_ring_comp()->log_prod, report.prod);
}

/* lwip knows buffers; they are of the batch in hand, or of no packet. */
static void name_packet(struct ring_drop *drop, uint32_t first, uint32_t n)
{
	uint32_t nth = (drop->packet - first) & (report.slots - 1);

	drop->known = drop->known == 1 && drop->packet < report.slots && nth < n;
	drop->packet = drop->known ? first + nth : 0;
}

void report_stack(uint32_t first, uint32_t n)
{
	const struct packet_out *out = AOS_REGION(pkt_out);
	struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t prod = READ_ONCE(out->drop_prod);
	const struct ring_drop *said;
	struct ring_drop drop;

	if (prod - in->drop_cons > PACKET_DROPS)
		in->drop_cons = prod;
	for (; in->drop_cons != prod; in->drop_cons++) {
		said = &out->drop[in->drop_cons % PACKET_DROPS];
		drop = (struct ring_drop){ .packet = READ_ONCE(said->packet),
					   .n = READ_ONCE(said->n),
					   .why = READ_ONCE(said->why),
					   .place = READ_ONCE(said->place),
					   .known = READ_ONCE(said->known) };
		name_packet(&drop, first, n);
		report_drop(&drop);
	}
}
