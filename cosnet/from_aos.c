// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hop T5: packets from the ring of the AOS into the Linux stack, by NAPI; if the
 * device has an XDP program, through that (program.c).
 *
 * The doorbell only schedules NAPI.  While NAPI polls, tx_event stays behind
 * tx_prod, and the AOS rings no more; before it ends, NAPI moves tx_event up
 * and looks once more.
 *
 * The real-time kernels run softirqs raised by an interrupt in ksoftirqd,
 * which a SCHED_FIFO thread (the AOS) on that CPU starves; there the device
 * starts with threaded NAPI (see netdev.c), whose thread may run anywhere.
 */
#include <linux/filter.h>
#include <linux/skbuff.h>

#include "cosnet/cosnet.h"

/* Hard interrupt, or a thread on real-time kernels. */
void cosnet_doorbell(void *priv)
{
	struct cosnet_dev *cd = priv;

	if (in_hardirq() || irqs_disabled()) {
		napi_schedule(&cd->napi);
		return;
	}
	local_bh_disable();	/* so that enabling them runs the softirq */
	napi_schedule(&cd->napi);
	local_bh_enable();
}

static void lied(struct cosnet_dev *cd)
{
	if (!cd->rx_lied)
		netdev_warn(cd->dev, "the AOS claims an impossible tx_prod\n");
	cd->rx_lied = true;
	cosnet_count(cd, COSNET_FROM_AOS_LIES, 1);
}

/* Our own copy is looked at, not what the AOS may still be changing. */
enum drop cosnet_from_aos_judge(const u8 *packet, u32 len, __be16 *protocol)
{
	switch (ip_check(packet, len)) {
	case IP_IS_V4:
		*protocol = htons(ETH_P_IP);
		return DROP_NONE;
	case IP_IS_V6:
		*protocol = htons(ETH_P_IPV6);
		return DROP_NONE;
	case IP_BAD_SHORT:
		return DROP_FROM_AOS_SHORT;
	case IP_BAD_LENGTH:
		return DROP_FROM_AOS_LENGTH;
	case IP_BAD_VERSION:
		break;
	}
	return DROP_FROM_AOS_VERSION;
}

/* A packet that has been judged, into Linux. */
void cosnet_from_aos_receive(struct cosnet_dev *cd, struct sk_buff *skb,
			     const struct ring_desc *desc)
{
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_NONE;
	/* Whatever it says, it is shown to whoever asks a socket for it, no more. */
	skb_hwtstamps(skb)->hwtstamp = (ktime_t)desc->stamp;
	cosnet_count_packet(cd, COSNET_FROM_AOS_PACKETS, COSNET_FROM_AOS_BYTES, skb->len);
	napi_gro_receive(&cd->napi, skb);
}

static enum drop pass(struct cosnet_dev *cd, const u8 *packet, const struct ring_desc *desc)
{
	enum drop why;
	struct sk_buff *skb = napi_alloc_skb(&cd->napi, desc->len);

	if (!skb)
		return DROP_FROM_AOS_NOMEM;
	skb_put_data(skb, packet, desc->len);
	why = cosnet_from_aos_judge(skb->data, skb->len, &skb->protocol);
	if (why) {
		kfree_skb(skb);
		return why;
	}
	cosnet_from_aos_receive(cd, skb, desc);
	return DROP_NONE;
}

static enum drop admit(struct cosnet_dev *cd, const u8 *packet, const struct ring_desc *desc)
{
	if (!packet)
		return DROP_FROM_AOS_DESC;
	if (!desc->len)
		return DROP_FROM_AOS_SHORT;
	if (desc->len > READ_ONCE(cd->dev->mtu))
		return DROP_FROM_AOS_TOO_BIG;
	return DROP_NONE;
}

static int pass_batch(struct cosnet_dev *cd, int n)
{
	struct bpf_prog *program;
	struct ring_desc desc;
	enum drop why;
	const u8 *data;
	int i;

	/* Softirqs are readers as well, but what programs call in Linux wants to be told. */
	rcu_read_lock();
	program = cosnet_program(cd);
	for (i = 0; i < n; i++) {
		data = ring_in_take(&cd->from_aos, &desc);
		why = admit(cd, data, &desc);
		if (!why)
			why = program ? cosnet_program_pass(cd, program, data, &desc)
				      : pass(cd, data, &desc);
		if (why)	/* the AOS may still change the bytes: they are only shown */
			cosnet_drop_bytes(cd, why, data, desc.len);
	}
	if (program)
		cosnet_program_flush(cd);
	rcu_read_unlock();
	return n;
}

int cosnet_poll(struct napi_struct *napi, int budget)
{
	struct cosnet_dev *cd = container_of(napi, struct cosnet_dev, napi);
	struct ring_in *in = &cd->from_aos;
	int waiting, done = 0;

	if (!budget)
		return 0;
	cosnet_count(cd, COSNET_FROM_AOS_POLLS, 1);
	cosnet_to_aos_unstop(cd);

	waiting = ring_in_waiting(in);
	if (waiting < 0)
		lied(cd);
	if (waiting > 0) {
		done = pass_batch(cd, min(waiting, budget));
		ring_in_release(in);
		/* It may be waiting for a buffer, and has no other way to know. */
		if (waiting == in->slots)
			hijack_channel_signal(cd->ch);
	}
	if (done == budget || ring_in_arm(in))
		return budget;
	napi_complete_done(napi, done);
	return done;
}

/* NAPI is off: 'lock' is held. */
void cosnet_from_aos_discard(struct cosnet_dev *cd, enum drop why)
{
	struct ring_in *in = &cd->from_aos;
	int n = ring_in_waiting(in);

	if (n <= 0)
		return;
	in->cons = in->prod;
	ring_in_release(in);
	local_bh_disable();
	cosnet_drop(cd, why, n);
	local_bh_enable();
}
