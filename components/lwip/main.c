/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network stack's exports: see components/include/netstack/doc.md. */
#include "aos.h"
#include "buffers.h"
#include "copies.h"
#include "fate.h"
#include "histogram.h"
#include "lwip/init.h"
#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "netstack/netstack.h"
#include "ordering.h"
#include "packet/packet.h"
#include "server.h"
#include "tell.h"
#include "vnicif.h"

/* lwIP's reassembly timers both run once a second. */
#define TICK_MS		1000u

static struct {
	bool ready;
	struct counter *in_packets, *fragments_held, *out_packets, *drop_out_restart;
	struct histogram *invocations;
} stack;

/*
 * Once a batch is over all that we sent is vnic's to count.  What it has not
 * counted was lost with a life of its or of ours.
 */
static void count_unsent(void)
{
	const struct packet_in *in = AOS_REGION(pkt_in);
	uint64_t lost = stack.out_packets->value - READ_ONCE(in->tx_total);

	if (lost > stack.out_packets->value || lost == stack.drop_out_restart->value)
		return;
	if (lost > stack.drop_out_restart->value)
		tell_drop(DROP_OUT_RESTART, DROP_AT_LWIP_OUT,
			  (uint32_t)(lost - stack.drop_out_restart->value));
	counter_set(stack.drop_out_restart, lost);
}

static bool bootinfo_usable(const struct bootinfo *info)
{
	uint32_t channel = aos_channel();

	return info->magic == BOOTINFO_MAGIC && info->revision == BOOTINFO_REVISION &&
	       channel < info->nchannels && ring_slots_valid(info->channel[channel].slots);
}

static bool start(const struct bootinfo *info)
{
	struct packet_out *out = AOS_REGION(pkt_out);

	WRITE_ONCE(out->next_tick_ms, PACKET_NO_TICK);	/* nothing is held yet */
	tell_init();
	stack.in_packets = aos_counter("in_packets");
	stack.out_packets = aos_counter("out_packets");
	stack.drop_out_restart = aos_counter(drop_counter_name(DROP_OUT_RESTART));
	stack.invocations = aos_histogram("invocation", HISTOGRAM_INVOCATION);
	counter_set(stack.in_packets, out->in_total);
	stack.fragments_held = aos_counter("fragments_held");
	counter_set(stack.fragments_held, 0);
	fate_init(stack.in_packets->value);
	copies_init();
	buffers_init(info->channel[aos_channel()].slots);
	lwip_init();
	return vnicif_init(info) && server_init(info);
}

/* Tried once: what fails with this bootinfo fails for ever. */
int64_t netstack_init(void)
{
	static bool tried;
	const struct bootinfo *info = aos_bootinfo();

	if (!tried) {
		tried = true;
		stack.ready = bootinfo_usable(info) && start(info);
	}
	if (stack.ready)
		count_unsent();
	return stack.ready ? 0 : -AOS_EINVAL;
}
AOS_EXPORT(netstack_init);

static int64_t finish(void)
{
	counter_set(stack.fragments_held, copies_held());
	return buffers_end(copies_held() ? TICK_MS : PACKET_NO_TICK);
}

int64_t netstack_input(uint32_t npackets)
{
	const struct packet_in *in = AOS_REGION(pkt_in);
	struct packet_out *out = AOS_REGION(pkt_out);
	uint64_t begun = aos_tsc_near();
	struct packet packet;
	int64_t result;
	uint32_t i;

	if (!stack.ready)
		return -AOS_EAGAIN;
	if (npackets > RING_BATCH)
		return -AOS_EINVAL;
	/* From here on they are ours to account for, also in our next life. */
	WRITE_ONCE(out->in_total, out->in_total + npackets);
	counter_add(stack.in_packets, npackets);
	count_unsent();
	buffers_begin();
	server_begin();
	for (i = 0; i < npackets; i++) {
		packet.buf = READ_ONCE(in->packet[i].buf);
		packet.off = READ_ONCE(in->packet[i].off);
		packet.len = READ_ONCE(in->packet[i].len);
		server_packet((uint8_t)i);
		vnicif_input(&packet);
	}
	server_answer();
	result = finish();
	histogram_record(stack.invocations, begun, aos_tsc_near());
	return result;
}
AOS_EXPORT(netstack_input);

int64_t netstack_tick(void)
{
	if (!stack.ready)
		return -AOS_EAGAIN;
	count_unsent();
	buffers_begin();
	server_begin();
	fate_begin();
	ip_reass_tmr();
	ip6_reass_tmr();
	fate_tick();
	return finish();
}
AOS_EXPORT(netstack_tick);
