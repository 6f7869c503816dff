/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Linux ends of the two packet rings of abi/ring.h, as pure logic: no
 * device, no skb, no lock.  The other end is hostile; nothing here reads back
 * a value it wrote into shared memory (but packets, for who wants to see what was
 * dropped: that part has one writer), and no index, buffer number or length
 * from the other end is used before it has been checked in a private copy.
 * What each packet needs is inline.
 *
 * Ownership: a ring_out or ring_in belongs to one context at a time (cosnet:
 * the transmit queue lock, the NAPI instance).  Only *_room() and *_waiting()
 * may be called from elsewhere while the owner is known not to run.
 *
 * While no AOS is attached the whole block is the kernel's, and
 * ring_reset() then makes it as new, the peer's part included.
 */
#ifndef COSNET_RING_HOST_H
#define COSNET_RING_HOST_H

#include "abi/ring.h"
#include "cosnet/ring_port.h"

/* to_aos: we produce. */
struct ring_out {
	struct ring_host *host;
	const struct ring_comp *comp;
	struct ring_desc *desc;
	uint8_t *bufs;
	uint32_t slots;
	uint32_t prod;		/* next slot to fill */
	uint32_t published;	/* what the peer knows of; <= prod */
	uint32_t cons;		/* the peer's index, when it was last valid */
};

/* from_aos: we consume. */
struct ring_in {
	struct ring_host *host;
	const struct ring_comp *comp;
	const struct ring_desc *desc;
	const uint8_t *bufs;
	uint32_t slots;
	uint32_t cons;		/* next descriptor to take */
	uint32_t prod;		/* the peer's index, when it was last valid */
};

/* The log of drops: we consume. */
struct ring_log {
	struct ring_host *host;
	const struct ring_comp *comp;
	const struct ring_drop *drop;
	uint32_t slots;
	uint32_t cons;		/* next entry to take */
};

enum ip_verdict {
	IP_IS_V4,
	IP_IS_V6,
	IP_BAD_SHORT,		/* less than an IP header */
	IP_BAD_VERSION,		/* neither 4 nor 6 */
	IP_BAD_LENGTH,		/* header and length disagree */
};

/*
 * Look at the IP header of a packet in private (or not yet published)
 * memory: version, header length, and total length within len.
 */
enum ip_verdict ip_check(const uint8_t *packet, uint32_t len);

/* Attach to the parts of a channel whose indices are all zero. */
void ring_out_init(struct ring_out *out, uint8_t *const part[RING_PARTS], uint32_t slots);
void ring_in_init(struct ring_in *in, uint8_t *const part[RING_PARTS], uint32_t slots);
void ring_log_init(struct ring_log *log, uint8_t *const part[RING_PARTS], uint32_t slots);

/* Nobody is attached: forget every packet, and both sides' indices. */
void ring_reset(struct ring_out *out, struct ring_in *in, struct ring_log *log,
		uint8_t *const part[RING_PARTS]);

/* Packets pushed and not taken by the peer yet, or -1: its rx_cons is a lie. */
int32_t ring_out_left(struct ring_out *out);

/*
 * Free slots, or -1: the peer's rx_cons is a lie (treat as full).  That index is
 * read only when the last one known leaves no room: one cache miss per ring's
 * worth of packets, and not per packet.
 */
static inline int32_t ring_out_room(struct ring_out *out)
{
	int32_t left;

	if (out->prod - out->cons < out->slots)
		return (int32_t)(out->slots - (out->prod - out->cons));
	left = ring_out_left(out);
	return left < 0 ? -1 : (int32_t)out->slots - left;
}

/* The packet of that index and its length, or NULL: it is not in its slot any more. */
const uint8_t *ring_out_packet(const struct ring_out *out, uint32_t index, uint32_t *len);

/* The buffer the next packet goes to.  Only with room. */
static inline uint8_t *ring_out_buf(const struct ring_out *out)
{
	return out->bufs + (size_t)(out->prod & (out->slots - 1)) * RING_BUF_SIZE;
}

/* Fill in the descriptor of the packet that now is in that buffer. */
static inline void ring_out_push(struct ring_out *out, uint32_t len, uint64_t stamp)
{
	uint32_t slot = out->prod & (out->slots - 1);

	out->desc[slot] = (struct ring_desc) {
		.buf = slot, .off = 0, .len = (uint16_t)len, .stamp = stamp,
	};
	out->prod++;
}

/* Show the peer what has been pushed.  Return: it wants a signal. */
static inline bool ring_out_publish(struct ring_out *out)
{
	uint32_t old = out->published;

	if (old == out->prod)
		return false;
	out->published = out->prod;
	/* Release: slots are filled before the peer sees them. */
	smp_store_release(&out->host->rx_prod, out->prod);
	smp_mb();	/* pairs with the peer's, between rx_event and rx_prod */
	return ring_need_event(READ_ONCE(out->comp->rx_event), out->prod, old);
}

/* Packets to take, or -1: the peer's tx_prod is a lie. */
static inline int32_t ring_in_waiting(struct ring_in *in)
{
	/* Acquire: descriptors and packets are read after their index. */
	uint32_t prod = smp_load_acquire(&in->comp->tx_prod);
	int32_t n = ring_waiting(prod, in->cons, in->slots);

	/* Back from what it has already shown: that is a lie as well. */
	if (n < 0 || (uint32_t)n < in->prod - in->cons)
		return -1;
	in->prod = prod;
	return n;
}

/*
 * Take one of the waiting packets: its descriptor is copied to *desc and
 * checked.  Return: its first byte in shared memory, or NULL if the
 * descriptor was forged (it is consumed all the same).
 */
static inline const uint8_t *ring_in_take(struct ring_in *in, struct ring_desc *desc)
{
	uint32_t mask = in->slots - 1;
	const struct ring_desc *shared = &in->desc[in->cons & mask];

	in->cons++;
	desc->buf = READ_ONCE(shared->buf);
	desc->off = READ_ONCE(shared->off);
	desc->len = READ_ONCE(shared->len);
	desc->stamp = READ_ONCE(shared->stamp);
	if (!ring_desc_valid(desc, in->slots))
		return NULL;
	/* Masks again, for the CPU that runs ahead of the check. */
	return in->bufs + (size_t)(desc->buf & mask) * RING_BUF_SIZE +
	       (desc->off & (2 * RING_BUF_SIZE - 1));
}

/* Give the buffers of all packets taken so far back to the peer. */
static inline void ring_in_release(struct ring_in *in)
{
	/* Release: packets are copied before the peer reuses their buffers. */
	smp_store_release(&in->host->tx_cons, in->cons);
}

/*
 * Ask to be signalled, all waiting packets having been taken.  Return:
 * more has arrived meanwhile, so poll on instead of sleeping.
 */
bool ring_in_arm(struct ring_in *in);

/*
 * Take the next entry of the log: copied to *drop, and made such that why is in
 * enum drop, place of DROP_AT_COMPONENTS and known 0 or 1.  Return: false, there is
 * none; a log_prod that cannot be leaves none.
 */
bool ring_log_take(struct ring_log *log, struct ring_drop *drop);

/* What has been logged so far is nobody's. */
void ring_log_forget(struct ring_log *log);

/* The entries taken so far are free. */
void ring_log_release(struct ring_log *log);

#endif
