// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ring logic of the Linux side, shared by hops R3 (to_aos.c) and T5
 * (from_aos.c).  See ring_host.h for the contract and abi/ring.h for the
 * layout, the barriers and the signalling rule.
 */
#include "abi/drop.h"
#include "cosnet/ring_host.h"
#include "cosnet/ring_port.h"

#define IPV4_HEADER	20u
#define IPV6_HEADER	40u

static uint32_t be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static enum ip_verdict check_ipv4(const uint8_t *packet, uint32_t len)
{
	uint32_t header = (packet[0] & 0x0fu) * 4, total;

	if (len < IPV4_HEADER)
		return IP_BAD_SHORT;
	total = be16(packet + 2);
	if (header < IPV4_HEADER || total < header || total > len)
		return IP_BAD_LENGTH;
	return IP_IS_V4;
}

static enum ip_verdict check_ipv6(const uint8_t *packet, uint32_t len)
{
	if (len < IPV6_HEADER)
		return IP_BAD_SHORT;
	if (be16(packet + 4) > len - IPV6_HEADER)
		return IP_BAD_LENGTH;
	return IP_IS_V6;
}

enum ip_verdict ip_check(const uint8_t *packet, uint32_t len)
{
	if (len == 0)
		return IP_BAD_SHORT;
	switch (packet[0] >> 4) {
	case 4:
		return check_ipv4(packet, len);
	case 6:
		return check_ipv6(packet, len);
	default:
		return len < IPV4_HEADER ? IP_BAD_SHORT : IP_BAD_VERSION;
	}
}

void ring_out_init(struct ring_out *out, uint8_t *const part[RING_PARTS], uint32_t slots)
{
	*out = (struct ring_out) {
		.host = (void *)part[RING_PART_HOST],
		.comp = (const void *)part[RING_PART_CTRL],
		.desc = (void *)(part[RING_PART_HOST] + ABI_PAGE_SIZE),
		.bufs = part[RING_PART_HOST] + ring_host_buf_off(slots),
		.slots = slots,
	};
}

void ring_in_init(struct ring_in *in, uint8_t *const part[RING_PARTS], uint32_t slots)
{
	*in = (struct ring_in) {
		.host = (void *)part[RING_PART_HOST],
		.comp = (const void *)part[RING_PART_CTRL],
		.desc = (const void *)(part[RING_PART_CTRL] + ABI_PAGE_SIZE),
		.bufs = part[RING_PART_TX],
		.slots = slots,
	};
}

void ring_log_init(struct ring_log *log, uint8_t *const part[RING_PARTS], uint32_t slots)
{
	*log = (struct ring_log) {
		.host = (void *)part[RING_PART_HOST],
		.comp = (const void *)part[RING_PART_CTRL],
		.drop = (const void *)(part[RING_PART_CTRL] + ring_log_off(slots)),
		.slots = slots,
	};
}

/* Packets are wiped too: the next AOS need not see those of the last. */
void ring_reset(struct ring_out *out, struct ring_in *in, struct ring_log *log,
		uint8_t *const part[RING_PARTS])
{
	struct ring_host *host = out->host;
	uint32_t slots = out->slots;

	WRITE_ONCE(host->rx_prod, 0);
	WRITE_ONCE(host->tx_cons, 0);
	WRITE_ONCE(host->tx_event, 0);
	WRITE_ONCE(host->log_cons, 0);
	memset(part[RING_PART_HOST] + ABI_PAGE_SIZE, 0,
	       ring_part_bytes(RING_PART_HOST, slots) - ABI_PAGE_SIZE);
	memset(part[RING_PART_CTRL], 0, ring_part_bytes(RING_PART_CTRL, slots));
	memset(part[RING_PART_TX], 0, ring_part_bytes(RING_PART_TX, slots));
	ring_out_init(out, part, slots);
	ring_in_init(in, part, slots);
	ring_log_init(log, part, slots);
}

int32_t ring_out_left(struct ring_out *out)
{
	/* Acquire: the peer has done with the slots before we refill them. */
	uint32_t cons = smp_load_acquire(&out->comp->rx_cons);

	/* It cannot have taken what it has not been shown. */
	if (ring_waiting(out->published, cons, out->slots) < 0 ||
	    ring_waiting(out->prod, cons, out->slots) < 0)
		return -1;
	out->cons = cons;
	return (int32_t)(out->prod - cons);
}

const uint8_t *ring_out_packet(const struct ring_out *out, uint32_t index, uint32_t *len)
{
	uint32_t slot = index & (out->slots - 1);

	if (out->prod - index - 1 >= out->slots)
		return NULL;
	*len = out->desc[slot].len;
	return out->bufs + (size_t)slot * RING_BUF_SIZE;
}

bool ring_in_arm(struct ring_in *in)
{
	WRITE_ONCE(in->host->tx_event, in->cons);
	smp_mb();	/* pairs with the peer's, between tx_prod and tx_event */
	return ring_in_waiting(in) > 0;
}

bool ring_log_take(struct ring_log *log, struct ring_drop *drop)
{
	/* Acquire: entries are read after their index. */
	uint32_t prod = smp_load_acquire(&log->comp->log_prod);
	const struct ring_drop *shared = &log->drop[log->cons & (log->slots - 1)];

	if (ring_waiting(prod, log->cons, log->slots) <= 0) {
		log->cons = prod;
		return false;
	}
	log->cons++;
	*drop = (struct ring_drop) {
		.packet = READ_ONCE(shared->packet),
		.n = READ_ONCE(shared->n),
		.why = READ_ONCE(shared->why),
		.place = READ_ONCE(shared->place) & DROP_AT_COMPONENTS,
		.known = READ_ONCE(shared->known) == 1,
	};
	if (!drop_valid(drop->why, drop->place))
		drop->why = DROP_UNKNOWN;
	return true;
}

void ring_log_release(struct ring_log *log)
{
	/* Release: entries are copied before the peer reuses them. */
	smp_store_release(&log->host->log_cons, log->cons);
}

void ring_log_forget(struct ring_log *log)
{
	log->cons = READ_ONCE(log->comp->log_prod);
	ring_log_release(log);
}
