/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [R6] Packets in: to_aos.  The thread of the data path lives here: take a
 * batch from the ring, have the stack handle it (it runs on into lwip and
 * udpapp and comes back with the replies), release the slots, send.
 *
 * cosnet's words are copied, then checked; an index that cannot be true is
 * counted, and the ring taken as empty from there.
 */
#include "aos.h"
#include "abi/ring.h"
#include "netstack/netstack.h"
#include "ordering.h"
#include "packet/packet.h"
#include "vnic.h"

#define MIN_PACKET	20u
#define IP6_HLEN	40u
#define NS_PER_MS	1000000u

#define COUNTERS(X)							\
	X(rx_packets)		/* taken from the ring, good or bad */	\
	X(rx_bytes)							\
	X(rx_batches)							\
	X(rx_waits)							\
	X(rx_ring_lies)		/* rx_prod where it cannot be */	\
	X(ticks)							\
	X(drop_descriptor)						\
	X(drop_short)							\
	X(drop_version)							\
	X(drop_length)		/* the IP header says more than came */	\
	X(drop_stack)		/* lwip faulted, or did not start */

static struct {
	uint32_t slots;
	uint32_t cons;
	uint64_t tick_at;	/* ns; 0: no tick is wanted */
#define COUNTER_FIELD(name) struct counter *name;
	COUNTERS(COUNTER_FIELD)
} rx;

static const struct ring_host *ring_host(void)
{
	return AOS_REGION(ring_host);
}

static struct ring_comp *ring_comp(void)
{
	return AOS_REGION(ring_ctrl);
}

/* ---- the ring ---- */

static struct ring_desc read_descriptor(uint32_t slot)
{
	const uint8_t *host = AOS_REGION(ring_host);
	const struct ring_desc *d = (const struct ring_desc *)(host + ABI_PAGE_SIZE) + slot;

	return (struct ring_desc){ .buf = READ_ONCE(d->buf), .off = READ_ONCE(d->off),
				   .len = READ_ONCE(d->len) };
}

static uint32_t packets_waiting(void)
{
	uint32_t prod = LOAD_ACQUIRE(ring_host()->rx_prod);
	int32_t waiting = ring_waiting(prod, rx.cons, rx.slots);

	if (waiting < 0) {
		counter_inc(rx.rx_ring_lies);
		rx.cons = prod;
		STORE_RELEASE(ring_comp()->rx_cons, rx.cons);
		return 0;
	}
	return (uint32_t)waiting < RING_BATCH ? (uint32_t)waiting : RING_BATCH;
}

/* The slots are cosnet's again. */
static void release(uint32_t n)
{
	rx.cons += n;
	STORE_RELEASE(ring_comp()->rx_cons, rx.cons);
}

/* ---- packets ---- */

static uint32_t get16(const uint8_t *p)
{
	return (uint32_t)(p[0] << 8 | p[1]);
}

/* NULL, or where a packet that is no IP datagram is counted. */
static struct counter *packet_fault(const uint8_t *p, uint32_t len)
{
	if (len < MIN_PACKET)
		return rx.drop_short;
	switch (p[0] >> 4) {
	case 4:
		return get16(p + 2) > len ? rx.drop_length : NULL;
	case 6:
		if (len < IP6_HLEN)
			return rx.drop_short;
		return IP6_HLEN + get16(p + 4) > len ? rx.drop_length : NULL;
	default:
		return rx.drop_version;
	}
}

/* -> true if *p, in the slot of that descriptor, is for the stack */
static bool packet_take(struct packet *p, uint32_t slot)
{
	const uint8_t *host = AOS_REGION(ring_host);
	const uint8_t *buffers = host + ring_host_buf_off(rx.slots);
	struct ring_desc d = read_descriptor(slot);
	struct counter *fault;

	if (d.buf != slot || !ring_desc_valid(&d, rx.slots)) {
		counter_inc(rx.drop_descriptor);
		return false;
	}
	counter_add(rx.rx_bytes, d.len);
	fault = packet_fault(buffers + (size_t)slot * RING_BUF_SIZE + d.off, d.len);
	if (fault) {
		counter_inc(fault);
		return false;
	}
	*p = (struct packet){ .buf = slot, .off = d.off, .len = d.len };
	return true;
}

static uint32_t batch_take(uint32_t n)
{
	struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t i, taken = 0;

	for (i = 0; i < n; i++)
		if (packet_take(&in->packet[taken], (rx.cons + i) & (rx.slots - 1)))
			taken++;
	counter_add(rx.rx_packets, n);
	counter_inc(rx.rx_batches);
	return taken;
}

/* ---- ticks ---- */

/* A tick once set is left alone: no system call per batch. */
static void want_tick(void)
{
	const struct packet_out *out = AOS_REGION(pkt_out);
	uint32_t ms = READ_ONCE(out->next_tick_ms);

	if (rx.tick_at || ms == PACKET_NO_TICK)
		return;
	rx.tick_at = aos_time_ns() + (uint64_t)(ms ? ms : 1) * NS_PER_MS;
	aos_timer_set(AOS_CAP(tick), rx.tick_at);
}

/* -> false: the stack failed.  It may be a fresh image that wants a start. */
static bool stack_done(int64_t result)
{
	if (result < 0) {
		netstack_init();
		return false;
	}
	tx_send(result < PACKET_OUT_MAX ? (uint32_t)result : PACKET_OUT_MAX);
	want_tick();
	return true;
}

static bool tick(void)
{
	if (!rx.tick_at || aos_time_ns() < rx.tick_at)
		return false;
	rx.tick_at = 0;
	counter_inc(rx.ticks);
	tx_lend();
	stack_done(netstack_tick());
	return true;
}

/* ---- the loop ---- */

static bool batch(void)
{
	uint32_t waiting = packets_waiting(), taken;
	int64_t result;

	if (!waiting)
		return false;
	tx_lend();
	taken = batch_take(waiting);
	result = taken ? netstack_input(taken) : 0;
	release(waiting);
	if (taken && !stack_done(result))
		counter_add(rx.drop_stack, taken);
	return true;
}

bool vnic_step(void)
{
	bool worked = batch();

	return tick() || worked;
}

/* The protocol of abi/ring.h: say where to wake us, look again, sleep. */
void vnic_sleep(void)
{
	WRITE_ONCE(ring_comp()->rx_event, rx.cons);
	FULL_BARRIER();
	if (LOAD_ACQUIRE(ring_host()->rx_prod) != rx.cons)
		return;
	counter_inc(rx.rx_waits);
	/* an endpoint that cannot be waited for would have us spin for ever */
	if (aos_event_wait(AOS_CAP(rx), 0, 0) < 0)
		aos_abort();
}

/* Sizes are bootinfo's; the ring must agree, or it is not ours. */
static bool ring_usable(const struct bootinfo *info, uint32_t channel)
{
	const struct ring_host *host = ring_host();

	return channel < info->nchannels && ring_slots_valid(info->channel[channel].slots) &&
	       READ_ONCE(host->magic) == RING_MAGIC &&
	       READ_ONCE(host->revision) == RING_REVISION &&
	       READ_ONCE(host->slots) == info->channel[channel].slots;
}

bool vnic_start(void)
{
	const struct bootinfo *info = aos_bootinfo();
	struct ring_comp *comp = ring_comp();
	uint32_t channel = aos_channel(), mtu;

	if (!ring_usable(info, channel)) {
		aos_log("the channel's ring is not what bootinfo says\n");
		return false;
	}
#define COUNTER_FIND(name) rx.name = aos_counter(#name);
	COUNTERS(COUNTER_FIND)
	rx.slots = info->channel[channel].slots;
	mtu = info->channel[channel].mtu;
	rx.cons = READ_ONCE(comp->rx_cons);	/* of a former life */
	rx.tick_at = 0;
	tx_init(rx.slots, mtu < RING_BUF_SIZE ? mtu : RING_BUF_SIZE);
	comp->magic = RING_MAGIC;
	comp->revision = RING_REVISION;
	if (netstack_init() < 0)
		aos_log("the network stack did not start: no address, no service?\n");
	return true;
}

void vnic_rx_main(uint64_t arg)
{
	(void)arg;
	if (!vnic_start())
		aos_thread_exit();
	for (;;)
		if (!vnic_step())
			vnic_sleep();
}
