/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The translator channel between a Linux process and a component: two
 * single-producer single-consumer rings of bytes, and an event each way.
 * The kernel, the component and the process include this file.
 *
 * WHO OWNS WHAT.  Every page has exactly one writer.  In the order in which
 * the component maps them:
 *
 *   part HOST  (enum ring_part; the component maps it read-only)
 *	struct translator_host		written by Linux
 *	struct translator_side		written by the process
 *	to_aos bytes			written by the process
 *	log of drops			written by the process
 *   part CTRL  (the process maps it read-only)
 *	struct translator_side		written by the component
 *	from_aos bytes			written by the component
 *	log of drops			written by the component
 *
 * EPOCH.  translator_host.epoch is odd while a process is bound, and goes up
 * by one when that begins and when it ends.  Linux clears the process's side
 * before the next one is bound: a process starts with its indices at 0.  The
 * component that sees an odd epoch it does not know starts with its own at 0,
 * then store-releases the epoch in its side; until it is there its indices
 * count as 0.  A component that finds a lie looks at the epoch once more: if
 * that has changed, it was none.
 *
 * INDICES run freely modulo 2^32; the byte is index & (size - 1).  A peer is
 * hostile: read its index once, and refuse it when prod - cons > size
 * (unsigned).  A size is the reader's own.
 *
 * RECORDS.  What goes through a ring are records: a 4-byte length, native
 * order, and as many bytes, 0 to TRANSLATOR_RECORD_MAX.  The producer
 * publishes whole records.  The consumer copies the length, checks the copy,
 * copies the bytes.  What cannot be is refused: all that lies in the ring then
 * is passed over.
 *
 * BARRIERS.  The producer fills the ring, then store-releases prod; the
 * consumer load-acquires prod, and store-releases cons when it has copied.
 *
 * EVENTS.  A side that goes to sleep says in `want` what for, full barrier,
 * looks once more at what it waits for, and sleeps only if that is still so.
 * The other side publishes an index, full barrier, reads `want` once, and
 * sends an event if that asks for it.
 *
 * LOGS.  While translator_host.tell is 1 each side tells Linux in its log what it has
 * dropped: abi/drop_log.h.  Linux looks by itself.
 */
#ifndef ABI_TRANSLATOR_H
#define ABI_TRANSLATOR_H

#include "types.h"
#include "ring.h"

#define TRANSLATOR_MAGIC	0x54534f43u	/* "COST" */
#define TRANSLATOR_REVISION	2u
#define TRANSLATOR_MIN_BYTES	4096u
#define TRANSLATOR_MAX_BYTES	(1u << 20)
#define TRANSLATOR_RECORD_HEAD	4u		/* the length before each record */
/* A record of the greatest length fits into the smallest ring. */
#define TRANSLATOR_RECORD_MAX	(TRANSLATOR_MIN_BYTES - TRANSLATOR_RECORD_HEAD)

#define TRANSLATOR_LOG_BYTES	16384u	/* of each side's log of drops */

/* The two sides, as translator_host.log_cons has them. */
enum translator_end { TRANSLATOR_COMPONENT, TRANSLATOR_PROCESS, TRANSLATOR_ENDS };

/* translator_side.want */
#define TRANSLATOR_WANT_RECORD	1u	/* an event when there is a record to read */
#define TRANSLATOR_WANT_ROOM	2u	/* an event when a record has been read */

/* Written by Linux only. */
struct translator_host {
	uint32_t magic;
	uint32_t revision;
	uint32_t to_aos;	/* bytes of that ring; power of two */
	uint32_t from_aos;
	uint32_t pad0[12];
	uint32_t epoch;
	uint32_t tell;		/* 1: somebody wants to know of each drop */
	uint32_t log_cons[TRANSLATOR_ENDS];	/* how much of its log has been read */
	uint32_t pad1[12];
};
ABI_SIZE(struct translator_host, 128);
ABI_OFFSET(struct translator_host, epoch, 64);

/* One each; written by its owner only, and by Linux while nobody is bound. */
struct translator_side {
	uint32_t epoch;		/* the component's: of its indices; the process's: unused */
	uint32_t log_prod;	/* of its log of drops; TRANSLATOR_LOG_BYTES */
	uint32_t pad0[14];
	uint32_t prod;		/* of the ring that the owner writes */
	uint32_t pad1[15];
	uint32_t cons;		/* of the ring that the owner reads */
	uint32_t want;		/* TRANSLATOR_WANT_* */
	uint32_t pad2[14];
};
ABI_SIZE(struct translator_side, 192);
ABI_OFFSET(struct translator_side, prod, 64);
ABI_OFFSET(struct translator_side, cons, 128);

/*
 * Offsets inside part HOST of the process's side and of its bytes; inside part CTRL.  The
 * log is behind the bytes.
 */
#define TRANSLATOR_PROCESS_OFF	ABI_PAGE_SIZE
#define TRANSLATOR_TO_AOS_OFF	(2 * ABI_PAGE_SIZE)
#define TRANSLATOR_FROM_AOS_OFF	ABI_PAGE_SIZE

/* Is this a size both sides accept? */
static inline bool translator_bytes_valid(uint32_t bytes)
{
	return bytes >= TRANSLATOR_MIN_BYTES && bytes <= TRANSLATOR_MAX_BYTES &&
	       !(bytes & (bytes - 1));
}

/* Bytes of a part, whole pages; 0: there is no such part.  The sizes are checked. */
static inline uint32_t translator_part_bytes(enum ring_part part, uint32_t to_aos,
					     uint32_t from_aos)
{
	switch (part) {
	case RING_PART_HOST:
		return TRANSLATOR_TO_AOS_OFF + to_aos + TRANSLATOR_LOG_BYTES;
	case RING_PART_CTRL:
		return TRANSLATOR_FROM_AOS_OFF + from_aos + TRANSLATOR_LOG_BYTES;
	default:
		return 0;
	}
}

/* ---- records ---- */

/* Results of translator_put() and translator_get() that are no length. */
enum translator_result {
	TRANSLATOR_EMPTY = -1,	/* no record */
	TRANSLATOR_FULL = -2,	/* no room for this one now */
	TRANSLATOR_LONG = -3,	/* longer than a record may be, or than the buffer */
	TRANSLATOR_LIE = -4	/* the peer's index, or its length, cannot be */
};

static inline void translator_copy_in(uint8_t *ring, uint32_t size, uint32_t at,
				      const void *from, uint32_t len)
{
	uint32_t start = at & (size - 1), first = size - start < len ? size - start : len;

	__builtin_memcpy(ring + start, from, first);
	__builtin_memcpy(ring, (const uint8_t *)from + first, len - first);
}

static inline void translator_copy_out(const uint8_t *ring, uint32_t size, uint32_t at,
				       void *to, uint32_t len)
{
	uint32_t start = at & (size - 1), first = size - start < len ? size - start : len;

	__builtin_memcpy(to, ring + start, first);
	__builtin_memcpy((uint8_t *)to + first, ring, len - first);
}

/**
 * translator_put() - write one record.
 * @ring: bytes of the ring; @size: how many, a valid size
 * @prod: the writer's index, private; moved on success.  Publishing it is the caller's.
 * @cons: the reader's index, read once
 * @data: @len bytes
 * Return: 0, TRANSLATOR_FULL, TRANSLATOR_LONG, TRANSLATOR_LIE.  Wait-free.
 */
static inline int32_t translator_put(uint8_t *ring, uint32_t size, uint32_t *prod,
				     uint32_t cons, const void *data, uint32_t len)
{
	uint32_t used = *prod - cons;

	if (len > TRANSLATOR_RECORD_MAX)
		return TRANSLATOR_LONG;
	if (used > size)
		return TRANSLATOR_LIE;
	if (len + TRANSLATOR_RECORD_HEAD > size - used)
		return TRANSLATOR_FULL;
	translator_copy_in(ring, size, *prod, &len, TRANSLATOR_RECORD_HEAD);
	translator_copy_in(ring, size, *prod + TRANSLATOR_RECORD_HEAD, data, len);
	*prod += TRANSLATOR_RECORD_HEAD + len;
	return 0;
}

/**
 * translator_get() - read one record.
 * @cons: the reader's index, private; moved when a record was read or the ring
 *        refused.  Publishing it is the caller's.
 * @prod: the writer's index, read once (acquire)
 * @buf: room for @room bytes
 * Return: length of the record; TRANSLATOR_EMPTY; TRANSLATOR_LONG: it is longer
 * than @room, and stays; TRANSLATOR_LIE: @cons is @prod now.  Wait-free.
 */
static inline int32_t translator_get(const uint8_t *ring, uint32_t size, uint32_t *cons,
				     uint32_t prod, void *buf, uint32_t room)
{
	uint32_t there = prod - *cons, len;

	if (!there)
		return TRANSLATOR_EMPTY;
	if (there < TRANSLATOR_RECORD_HEAD || there > size)
		goto lie;
	translator_copy_out(ring, size, *cons, &len, TRANSLATOR_RECORD_HEAD);
	/* The copy is what counts: it is not read a second time. */
	__asm__ volatile("" : "+r"(len));
	if (len > TRANSLATOR_RECORD_MAX || len > there - TRANSLATOR_RECORD_HEAD)
		goto lie;
	if (len > room)
		return TRANSLATOR_LONG;
	translator_copy_out(ring, size, *cons + TRANSLATOR_RECORD_HEAD, buf, len);
	*cons += TRANSLATOR_RECORD_HEAD + len;
	return (int32_t)len;
lie:
	*cons = prod;
	return TRANSLATOR_LIE;
}

#endif
