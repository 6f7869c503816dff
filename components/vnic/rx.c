/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [R6] Packets in: to_aos.  The thread of the data path lives here: take a
 * batch from the ring, have the stack handle it (it runs on into lwip and
 * udpapp and comes back with the replies), release the slots, send.
 *
 * cosnet's words are copied, then checked; an index that cannot be true is
 * counted, and the ring taken as empty from there.
 *
 * Counters, the ring's indices and pkt_in survive this component.  A new life
 * releases the batch that the last one had in hand: its packets, one of which
 * may be what it died of, are lwip's by now or counted as DROP_RESTART.
 */
#include "aos.h"
#include "abi/ring.h"
#include "drops.h"
#include "histogram.h"
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
	X(ticks)

static struct {
	uint32_t slots;
	uint32_t cons;
	uint32_t buffers;	/* offset of the first, in part HOST */
	uint64_t tick_at;	/* ns; 0: no tick is wanted */
	struct histogram *batches;
#define COUNTER_FIELD(name) struct counter *name;
	COUNTERS(COUNTER_FIELD)
	struct counter *drop[DROPS];
} rx;

static struct packet_in *pkt_in(void)
{
	return AOS_REGION(pkt_in);
}

/* Packets that lwip says it has counted. */
static uint64_t stack_total(void)
{
	const struct packet_out *out = AOS_REGION(pkt_out);

	return READ_ONCE(out->in_total);
}

/* ---- the ring ---- */

static struct ring_desc read_descriptor(uint32_t slot)
{
	const uint8_t *host = AOS_REGION(ring_host);
	const struct ring_desc *d = (const struct ring_desc *)(host + ABI_PAGE_SIZE) + slot;

	return (struct ring_desc){ .buf = READ_ONCE(d->buf), .off = READ_ONCE(d->off),
				   .len = READ_ONCE(d->len), .stamp = READ_ONCE(d->stamp) };
}

static uint32_t packets_waiting(void)
{
	uint32_t prod = LOAD_ACQUIRE(vnic_ring_host()->rx_prod);
	int32_t waiting = ring_waiting(prod, rx.cons, rx.slots);

	if (waiting < 0) {
		counter_inc(rx.rx_ring_lies);
		pkt_in()->rx_skew += rx.cons - prod;
		rx.cons = prod;
		STORE_RELEASE(vnic_ring_comp()->rx_cons, rx.cons);
		return 0;
	}
	return (uint32_t)waiting < RING_BATCH ? (uint32_t)waiting : RING_BATCH;
}

/* The slots are cosnet's again. */
static void release(uint32_t n)
{
	rx.cons += n;
	STORE_RELEASE(vnic_ring_comp()->rx_cons, rx.cons);
	counter_add(rx.rx_packets, n);
}

/* ---- packets ---- */

static uint32_t get16(const uint8_t *p)
{
	return (uint32_t)(p[0] << 8 | p[1]);
}

/* Why it is no IP datagram, if so. */
static enum drop packet_fault(const uint8_t *p, uint32_t len)
{
	if (len < MIN_PACKET)
		return DROP_SHORT;
	switch (p[0] >> 4) {
	case 4:
		return get16(p + 2) > len ? DROP_LENGTH : DROP_NONE;
	case 6:
		if (len < IP6_HLEN)
			return DROP_SHORT;
		return IP6_HLEN + get16(p + 4) > len ? DROP_LENGTH : DROP_NONE;
	default:
		return DROP_VERSION;
	}
}

static void drop(enum drop why, uint32_t index)
{
	counter_inc(rx.drop[why]);
	report_drop(&(struct ring_drop){ .packet = index, .n = 1, .why = (uint16_t)why,
					 .place = DROP_AT_VNIC_IN, .known = 1 });
}

/* -> true if entry i of the batch is for the stack: the packet of that index */
static bool packet_take(uint32_t i, uint32_t index)
{
	uint32_t slot = index & (rx.slots - 1);
	const uint8_t *buffers = (const uint8_t *)AOS_REGION(ring_host) + rx.buffers;
	struct ring_desc d = read_descriptor(slot);
	enum drop fault;

	if (d.buf != slot || !ring_desc_valid(&d, rx.slots)) {
		drop(DROP_DESCRIPTOR, index);
		return false;
	}
	counter_add(rx.rx_bytes, d.len);
	fault = packet_fault(buffers + (size_t)slot * RING_BUF_SIZE + d.off, d.len);
	if (fault) {
		drop(fault, index);
		return false;
	}
	pkt_in()->packet[i] = (struct packet){ .buf = slot, .off = d.off, .len = d.len };
	flows_arrived(i, d.stamp);
	return true;
}

static uint32_t batch_take(uint32_t n)
{
	struct packet_in *in = pkt_in();
	uint32_t i, taken = 0;

	in->rx_taken = rx.cons + n;
	for (i = 0; i < n; i++)
		if (packet_take(taken, rx.cons + i))
			taken++;
	counter_inc(rx.rx_batches);
	flows_taken(taken);
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

/* A stack that answers -AOS_EAGAIN is a fresh image that wants a start. */
static int64_t stack_input(uint32_t n)
{
	int64_t result = netstack_input(n);

	if (result == -AOS_EAGAIN && !netstack_init())
		result = netstack_input(n);
	return result;
}

static int64_t stack_tick(void)
{
	int64_t result = netstack_tick();

	if (result == -AOS_EAGAIN && !netstack_init())
		result = netstack_tick();
	return result;
}

/* What cannot be is sent as little as what failed; the supervisor repairs it. */
static void stack_done(int64_t result)
{
	uint32_t invalid;

	if (result < 0)
		return;
	if (result > PACKET_OUT_MAX) {
		aos_fault_report(AOS_CAP(netstack_input), (uint64_t)result);
		return;
	}
	invalid = tx_send((uint32_t)result);
	if (invalid)
		aos_fault_report(AOS_CAP(netstack_input), invalid);
	want_tick();
}

static bool tick(void)
{
	int64_t result;

	if (!rx.tick_at || aos_time_ns() < rx.tick_at)
		return false;
	rx.tick_at = 0;
	counter_inc(rx.ticks);
	flows_taken(0);
	tx_lend();
	result = stack_tick();
	report_stack(rx.cons, 0);
	stack_done(result);
	return true;
}

/* ---- the loop ---- */

/* No packet of the batch has come back from the stack. */
static void batch_lost(uint32_t taken)
{
	uint32_t i, slot;

	for (i = 0; i < taken; i++) {
		slot = pkt_in()->packet[i].buf;
		drop(DROP_STACK, rx.cons + ((slot - rx.cons) & (rx.slots - 1)));
	}
}

static bool batch(void)
{
	uint32_t waiting = packets_waiting(), taken;
	uint64_t total = stack_total(), begun;
	int64_t result;

	if (!waiting)
		return false;
	begun = aos_tsc_near();
	tx_lend();
	taken = batch_take(waiting);
	result = taken ? stack_input(taken) : 0;
	/* One that faulted after it had counted them will say what became of them. */
	if (result < 0 && stack_total() - total != taken)
		batch_lost(taken);
	report_stack(rx.cons, waiting);
	release(waiting);
	if (taken)
		stack_done(result);
	histogram_record(rx.batches, begun, aos_tsc_near());
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
	WRITE_ONCE(vnic_ring_comp()->rx_event, rx.cons);
	FULL_BARRIER();
	if (LOAD_ACQUIRE(vnic_ring_host()->rx_prod) != rx.cons)
		return;
	counter_inc(rx.rx_waits);
	/* an endpoint that cannot be waited for would have us spin for ever */
	if (aos_event_wait(AOS_CAP(rx), 0, 0) < 0)
		aos_abort();
}

/* Sizes are bootinfo's; the ring must agree, or it is not ours. */
static bool ring_usable(const struct bootinfo *info, uint32_t channel)
{
	const struct ring_host *host = vnic_ring_host();

	return channel < info->nchannels && ring_slots_valid(info->channel[channel].slots) &&
	       READ_ONCE(host->magic) == RING_MAGIC &&
	       READ_ONCE(host->revision) == RING_REVISION &&
	       READ_ONCE(host->slots) == info->channel[channel].slots;
}

/* Packets of the last life that nobody has counted; of the first there are none. */
static void count_lost(void)
{
	uint64_t known = stack_total() + drops_sum(rx.drop);
	uint64_t lost = rx.rx_packets->value - known;

	if (!lost || lost > RING_BATCH)
		return;
	counter_add(rx.drop[DROP_RESTART], lost);
	report_drop(&(struct ring_drop){ .n = (uint32_t)lost, .why = DROP_RESTART,
					 .place = DROP_AT_VNIC_IN });
}

/* Released is what the index says, even if the counter could not follow any more. */
static void adopt_batch(void)
{
	uint32_t batch, released;

	rx.cons = READ_ONCE(vnic_ring_comp()->rx_cons);
	released = rx.cons + pkt_in()->rx_skew;
	counter_add(rx.rx_packets, (uint32_t)(released - (uint32_t)rx.rx_packets->value));
	batch = pkt_in()->rx_taken - rx.cons;
	release(batch <= RING_BATCH ? batch : 0);
	count_lost();
}

bool vnic_start(void)
{
	const struct bootinfo *info = aos_bootinfo();
	struct ring_comp *comp = vnic_ring_comp();
	uint32_t channel = aos_channel(), mtu;

	if (!ring_usable(info, channel)) {
		aos_log("the channel's ring is not what bootinfo says\n");
		return false;
	}
#define COUNTER_FIND(name) rx.name = aos_counter(#name);
	COUNTERS(COUNTER_FIND)
	rx.batches = aos_histogram("batch", HISTOGRAM_INVOCATION);
	flows_init(info);
	drops_find(rx.drop, DROP_AT_VNIC_IN);
	rx.slots = info->channel[channel].slots;
	rx.buffers = ring_host_buf_off(rx.slots);
	mtu = info->channel[channel].mtu;
	report_init(rx.slots);
	report_stack(0, 0);
	adopt_batch();
	rx.tick_at = 0;
	tx_init(rx.slots, mtu < RING_BUF_SIZE ? mtu : RING_BUF_SIZE);
	comp->magic = RING_MAGIC;
	comp->revision = RING_REVISION;
	if (netstack_init() < 0)
		aos_log("the network stack did not start: no address, no service?\n");
	/* The timer of the last life went with it; what lwip waits for did not. */
	want_tick();
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
