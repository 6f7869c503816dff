/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet channel between cosnet (Linux, ring 0) and the network
 * component (vnic, ring 3): two single-producer single-consumer rings of
 * descriptors and their packet buffers, in one block of pages.
 *
 * WHO OWNS WHAT.  Every page has exactly one writer:
 *
 *   part HOST  (written by cosnet; components map it read-only)
 *	struct ring_host | to_aos descriptors | to_aos buffers
 *   part CTRL  (written by vnic; no other component maps it)
 *	struct ring_comp | from_aos descriptors | log of drops
 *   part TX    (written by the components that make packets)
 *	from_aos buffers
 *
 * to_aos:   producer cosnet (ring_host.rx_prod), consumer vnic
 *           (ring_comp.rx_cons).  Slot i owns buffer i for ever.
 * from_aos: producer vnic (ring_comp.tx_prod), consumer cosnet
 *           (ring_host.tx_cons).  A descriptor names its buffer; the
 *           buffer returns to vnic when tx_cons has passed the descriptor.
 * log:      producer vnic (ring_comp.log_prod), consumer cosnet
 *           (ring_host.log_cons).  Filled only while ring_host.tell is 1.  What
 *           became of a to_aos packet is logged before rx_cons passes it, so that
 *           cosnet, which reads rx_cons before the log, still has the packet.
 *
 * INDICES run freely modulo 2^32; the slot is index & (slots - 1).
 * A peer is hostile: read its index once, and refuse the ring when
 * prod - cons > slots (unsigned).  Copy a descriptor, check the copy, use
 * the copy.  Sizes and offsets are the reader's own (bootinfo for
 * components, netdev state for cosnet), never re-read from shared memory.
 *
 * BARRIERS.  The producer fills slots, then store-release prod; the
 * consumer load-acquires prod, and store-releases cons when done.
 *
 * SIGNALS.  A sleeping side publishes the index at which it wants to be
 * woken in its *_event word (it writes event = its own index, full barrier,
 * re-reads the peer's producer index, and sleeps only if that did not
 * move).  The producer publishes prod, full barrier, reads *_event once
 * and signals if ring_need_event() (the virtio 1.1 rule, section 2.6.7).
 * A lie in *_event costs the liar its own wake-ups or some spurious ones.
 */
#ifndef ABI_RING_H
#define ABI_RING_H

#include "types.h"

#define RING_MAGIC	0x52534f43u	/* "COSR" */
#define RING_REVISION	2u
#define RING_MIN_SLOTS	8u
#define RING_MAX_SLOTS	4096u
#define RING_BUF_SIZE	2048u		/* bytes per buffer, both directions */
#define RING_BATCH	32u		/* most packets one invocation moves */
#define RING_TX_HEADROOM 64u		/* room for IPv6 + UDP before a reply's payload */

/* A packet: an IPv4 or IPv6 datagram, no link-layer header. */
struct ring_desc {
	uint32_t buf;		/* buffer number, < slots */
	uint16_t off;		/* first byte in the buffer */
	uint16_t len;		/* bytes; off + len <= RING_BUF_SIZE */
	uint64_t stamp;		/* TSC when the producer published it */
};
ABI_SIZE(struct ring_desc, 16);

/*
 * Packets that a component has dropped and counted.  Hostile; what cannot be is
 * shown as DROP_UNKNOWN, a packet that is not in the ring any more without its bytes.
 */
struct ring_drop {
	uint32_t packet;	/* to_aos index (lwip to vnic: buffer), if known */
	uint32_t n;		/* packets; 1 if known */
	uint16_t why;		/* enum drop */
	uint8_t place;		/* one of DROP_AT_*, see abi/drop.h */
	uint8_t known;		/* 1: which packet it was */
	uint32_t pad;
};
ABI_SIZE(struct ring_drop, 16);

/* Written by cosnet only. */
struct ring_host {
	uint32_t magic;
	uint32_t revision;
	uint32_t slots;		/* power of two, both rings */
	uint32_t mtu;		/* largest packet cosnet will take */
	uint32_t up;		/* 1: interface is up, packets may be sent */
	uint32_t tell;		/* 1: somebody wants to know of each drop */
	uint32_t log_cons;	/* log: taken by cosnet */
	uint32_t pad0[9];
	uint32_t rx_prod;	/* to_aos: filled by cosnet */
	uint32_t pad1[15];
	uint32_t tx_cons;	/* from_aos: taken by cosnet */
	uint32_t tx_event;	/* signal cosnet when tx_prod passes this */
	uint32_t pad2[14];
};
ABI_SIZE(struct ring_host, 192);
ABI_OFFSET(struct ring_host, rx_prod, 64);
ABI_OFFSET(struct ring_host, tx_cons, 128);

/* Written by vnic only. */
struct ring_comp {
	uint32_t magic;
	uint32_t revision;
	uint32_t log_prod;	/* log: filled by vnic; slots entries, as the rings */
	uint32_t pad0[13];
	uint32_t rx_cons;	/* to_aos: taken by vnic */
	uint32_t rx_event;	/* signal vnic when rx_prod passes this */
	uint32_t pad1[14];
	uint32_t tx_prod;	/* from_aos: filled by vnic */
	uint32_t pad2[15];
};
ABI_SIZE(struct ring_comp, 192);
ABI_OFFSET(struct ring_comp, rx_cons, 64);
ABI_OFFSET(struct ring_comp, tx_prod, 128);

enum ring_part { RING_PART_HOST, RING_PART_CTRL, RING_PART_TX, RING_PARTS };

static inline uint32_t ring_page_align(uint32_t bytes)
{
	return (bytes + ABI_PAGE_SIZE - 1) & ~(ABI_PAGE_SIZE - 1);
}

/* Bytes of the descriptor table of either ring, whole pages. */
static inline uint32_t ring_desc_bytes(uint32_t slots)
{
	return ring_page_align(slots * (uint32_t)sizeof(struct ring_desc));
}

/* Offset, inside part HOST, of the first to_aos buffer. */
static inline uint32_t ring_host_buf_off(uint32_t slots)
{
	return ABI_PAGE_SIZE + ring_desc_bytes(slots);
}

/* Offset, inside part CTRL, of the log of drops. */
static inline uint32_t ring_log_off(uint32_t slots)
{
	return ABI_PAGE_SIZE + ring_desc_bytes(slots);
}

/* Bytes of a part, whole pages.  slots has been checked by the caller. */
static inline uint32_t ring_part_bytes(enum ring_part part, uint32_t slots)
{
	switch (part) {
	case RING_PART_HOST:
		return ring_host_buf_off(slots) + slots * RING_BUF_SIZE;
	case RING_PART_CTRL:
		return ring_log_off(slots) +
		       ring_page_align(slots * (uint32_t)sizeof(struct ring_drop));
	case RING_PART_TX:
		return slots * RING_BUF_SIZE;
	default:
		return 0;
	}
}

/* Is `slots` a size both sides accept? */
static inline bool ring_slots_valid(uint32_t slots)
{
	return slots >= RING_MIN_SLOTS && slots <= RING_MAX_SLOTS &&
	       !(slots & (slots - 1));
}

/* Packets waiting between two indices, or -1: the peer's index is a lie. */
static inline int32_t ring_waiting(uint32_t prod, uint32_t cons, uint32_t slots)
{
	uint32_t n = prod - cons;

	return n <= slots ? (int32_t)n : -1;
}

/* Did publishing [old_prod, prod) pass the index the peer sleeps at? */
static inline bool ring_need_event(uint32_t event, uint32_t prod, uint32_t old_prod)
{
	return (uint32_t)(prod - event - 1) < (uint32_t)(prod - old_prod);
}

/* Is a copied descriptor usable? */
static inline bool ring_desc_valid(const struct ring_desc *d, uint32_t slots)
{
	return d->buf < slots && d->off <= RING_BUF_SIZE &&
	       d->len <= RING_BUF_SIZE - d->off;
}

#endif
