/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [T4] Packets out: from_aos.  Whose a buffer is, is known here and nowhere
 * else: free, lent to lwip (listed in pkt_in), or with cosnet until tx_cons
 * passes its descriptor.  Neither lwip's word nor the shared ring is
 * believed about it, so no buffer is ever with two owners.
 */
#include "aos.h"
#include "abi/ring.h"
#include "drops.h"
#include "ordering.h"
#include "packet/packet.h"
#include "vnic.h"

#define MIN_PACKET	20u

enum owner { OWNER_FREE, OWNER_LWIP, OWNER_COSNET };

#define COUNTERS(X)						\
	X(tx_packets)						\
	X(tx_bytes)						\
	X(tx_doorbells)						\
	X(tx_starved)		/* batches with no buffer to lend */	\
	X(tx_ring_lies)		/* tx_cons where it cannot be */

static struct {
	uint32_t slots, mtu;
	uint32_t prod;
	uint32_t cons;				/* buffers before it are back */
	uint32_t nfree;
	uint16_t free[RING_MAX_SLOTS];
	uint16_t sent[RING_MAX_SLOTS];		/* buffer in each slot of the ring */
	uint8_t owner[RING_MAX_SLOTS];		/* enum owner */
#define COUNTER_FIELD(name) struct counter *name;
	COUNTERS(COUNTER_FIELD)
	struct counter *drop[DROPS];
} tx;

static struct ring_desc *descriptor(uint32_t index)
{
	uint8_t *ctrl = AOS_REGION(ring_ctrl);

	return (struct ring_desc *)(ctrl + ABI_PAGE_SIZE) + (index & (tx.slots - 1));
}

static void buffer_free(uint32_t buf)
{
	tx.owner[buf] = OWNER_FREE;
	tx.free[tx.nfree++] = (uint16_t)buf;
}

/*
 * A vnic that is started again finds descriptors of its former life that
 * cosnet has not taken.  Their buffers are cosnet's; if the ring makes no
 * sense, nothing is outstanding.
 */
static void adopt_outstanding(void)
{
	uint32_t i, buf;

	tx.prod = READ_ONCE(vnic_ring_comp()->tx_prod);
	tx.cons = LOAD_ACQUIRE(vnic_ring_host()->tx_cons);
	if (ring_waiting(tx.prod, tx.cons, tx.slots) < 0)
		tx.cons = tx.prod;
	for (i = tx.cons; i != tx.prod; i++) {
		buf = READ_ONCE(descriptor(i)->buf) & (tx.slots - 1);
		tx.sent[i & (tx.slots - 1)] = (uint16_t)buf;
		tx.owner[buf] = OWNER_COSNET;
	}
}

/* tx_prod has been published; cosnet may sleep since it was old_prod. */
static void ring_if_asleep(uint32_t old_prod)
{
	FULL_BARRIER();
	if (ring_need_event(READ_ONCE(vnic_ring_host()->tx_event), tx.prod, old_prod)) {
		counter_inc(tx.tx_doorbells);
		aos_doorbell(AOS_CAP(bell));
	}
}

void tx_init(uint32_t slots, uint32_t mtu)
{
	struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t i;

#define COUNTER_FIND(name) tx.name = aos_counter(#name);
	COUNTERS(COUNTER_FIND)
	drops_find(tx.drop, DROP_AT_VNIC_OUT);
	tx.slots = slots;
	tx.mtu = mtu;
	memset(tx.owner, OWNER_FREE, sizeof(tx.owner));
	adopt_outstanding();
	tx.nfree = 0;
	for (i = 0; i < slots; i++)
		if (tx.owner[i] == OWNER_FREE)
			buffer_free(i);
	in->nlent = 0;
	WRITE_ONCE(vnic_ring_comp()->tx_prod, tx.prod);
	/* The last life may have ended before it rang; nobody else would. */
	ring_if_asleep(tx.cons);
	/* Sent is what is published, even if the counter could not follow any more. */
	counter_add(tx.tx_packets, (uint32_t)(tx.prod - (uint32_t)tx.tx_packets->value));
	WRITE_ONCE(in->tx_total, tx.tx_packets->value + drops_sum(tx.drop));
}

/* What cosnet has taken is free again; twice in the ring is free once. */
static void reclaim(void)
{
	uint32_t cons = LOAD_ACQUIRE(vnic_ring_host()->tx_cons);
	uint32_t buf;

	if (cons - tx.cons > tx.prod - tx.cons) {
		counter_inc(tx.tx_ring_lies);
		return;
	}
	for (; tx.cons != cons; tx.cons++) {
		buf = tx.sent[tx.cons & (tx.slots - 1)];
		if (tx.owner[buf] == OWNER_COSNET)
			buffer_free(buf);
	}
}

void tx_lend(void)
{
	struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t buf;

	reclaim();
	while (in->nlent < PACKET_OUT_MAX && tx.nfree) {
		buf = tx.free[--tx.nfree];
		tx.owner[buf] = OWNER_LWIP;
		in->lent[in->nlent++] = buf;
	}
	if (!in->nlent)
		counter_inc(tx.tx_starved);
}

/* Buffers that were sent leave the list's last `taken` entries: -> how many. */
static uint32_t unlist_sent(uint32_t taken)
{
	struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t end = in->nlent, from, to;

	from = to = taken < end ? end - taken : 0;
	for (; from < end; from++)
		if (tx.owner[in->lent[from]] == OWNER_LWIP)
			in->lent[to++] = in->lent[from];
	in->nlent = to;
	return end - to;
}

static bool packet_valid(const struct packet *p)
{
	return p->buf < tx.slots && tx.owner[p->buf] == OWNER_LWIP && p->len >= MIN_PACKET &&
	       p->len <= tx.mtu && p->off <= RING_BUF_SIZE && p->len <= RING_BUF_SIZE - p->off;
}

static void push(const struct packet *p, uint64_t stamp)
{
	*descriptor(tx.prod) = (struct ring_desc){ .buf = p->buf, .off = p->off,
						   .len = p->len, .stamp = stamp };
	tx.sent[tx.prod & (tx.slots - 1)] = (uint16_t)p->buf;
	tx.owner[p->buf] = OWNER_COSNET;
	tx.prod++;
	counter_add(tx.tx_bytes, p->len);
}

static void drop(enum drop why)
{
	counter_inc(tx.drop[why]);
	report_drop(&(struct ring_drop){ .n = 1, .why = (uint16_t)why,
					 .place = DROP_AT_VNIC_OUT });
}

/* Refused packets leave their buffers lent.  False: no packet at all. */
static bool send_packet(const struct packet *p, bool up, uint64_t stamp)
{
	if (!packet_valid(p)) {
		drop(DROP_TX_INVALID);
		return false;
	}
	if (!up)
		drop(DROP_TX_DOWN);
	else if (tx.prod - tx.cons >= tx.slots)
		drop(DROP_TX_FULL);
	else
		push(p, stamp);
	return true;
}

static void publish(uint32_t old_prod)
{
	STORE_RELEASE(vnic_ring_comp()->tx_prod, tx.prod);
	counter_add(tx.tx_packets, (uint32_t)(tx.prod - old_prod));
	ring_if_asleep(old_prod);
}

uint32_t tx_send(uint32_t n)
{
	struct packet_in *in = AOS_REGION(pkt_in);
	const struct packet_out *out = AOS_REGION(pkt_out);
	bool up = READ_ONCE(vnic_ring_host()->up) == 1;
	uint32_t i, prod, invalid = 0, old_prod = tx.prod;
	uint64_t stamp = n ? aos_tsc() : 0;
	struct packet p;

	for (i = 0; i < n && i < PACKET_OUT_MAX; i++) {
		p.buf = READ_ONCE(out->packet[i].buf);
		p.off = READ_ONCE(out->packet[i].off);
		p.len = READ_ONCE(out->packet[i].len);
		prod = tx.prod;
		invalid += !send_packet(&p, up, stamp);
		if (tx.prod != prod)
			flows_answered(i, stamp);
	}
	if (tx.prod != old_prod) {
		/* lwip says how far it has looked; if that is not all, look at all */
		if (unlist_sent(READ_ONCE(out->taken)) != tx.prod - old_prod)
			unlist_sent(PACKET_OUT_MAX);
		publish(old_prod);
	}
	WRITE_ONCE(in->tx_total, in->tx_total + i);
	return invalid;
}
