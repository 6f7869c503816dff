/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drops told through a translator channel (abi/translator.h): each end has a log
 * beside its ring, in the pages that it writes itself, and Linux reads both while
 * somebody traces drops (translator_host.tell).  Of cosnet's packets the ring still
 * has the bytes; here they travel with the entry, as many as tell packets apart.
 *
 * An entry is a record, as those of the rings are: struct drop_told, and bytes of the
 * packet behind it.  Linux believes none: what cannot be is shown as DROP_UNKNOWN,
 * and nothing is counted by it.  Who finds the log full counts on and tells nothing.
 */
#ifndef ABI_DROP_LOG_H
#define ABI_DROP_LOG_H

#include "drop.h"
#include "translator.h"

#define DROP_LOG_PACKET	128u	/* bytes of a packet that go along, at most */

struct drop_told {
	uint32_t n;		/* packets; 1 if bytes follow */
	uint32_t len;		/* of that packet, from its IP header on */
	uint16_t why;		/* enum drop */
	uint8_t place;		/* one of DROP_AT_*, see abi/drop.h */
	uint8_t pad;
};
ABI_SIZE(struct drop_told, 12);

struct drop_entry {
	struct drop_told told;
	uint8_t packet[DROP_LOG_PACKET];
};
ABI_SIZE(struct drop_entry, 12 + DROP_LOG_PACKET);

/**
 * drop_log_put() - write an entry
 * @log: TRANSLATOR_LOG_BYTES of the writer's own
 * @prod: the writer's index, private; moved on success.  Publishing it is the caller's.
 * @cons: Linux's index (translator_host.log_cons)
 * @told: what to tell; @packet: told->len bytes of a packet, or NULL
 * Return: false: the log is full.  Wait-free.
 */
static inline bool drop_log_put(uint8_t *log, uint32_t *prod, uint32_t cons,
				const struct drop_told *told, const void *packet)
{
	uint32_t n = !packet ? 0 : told->len < DROP_LOG_PACKET ? told->len : DROP_LOG_PACKET;
	struct drop_entry entry = { .told = *told };

	if (n)
		__builtin_memcpy(entry.packet, packet, n);
	return !translator_put(log, TRANSLATOR_LOG_BYTES, prod, cons, &entry,
			       (uint32_t)sizeof(entry.told) + n);
}

/**
 * drop_log_take() - read an entry
 * @log: TRANSLATOR_LOG_BYTES that another writes
 * @cons: the reader's index, private; moved to behind the entry, or to @prod
 * @prod: the writer's index, read once (acquire)
 * @places: where this writer may drop, a sum of DROP_AT_*
 * @entry: a copy, of which why is in enum drop, and a place of @places if it is not
 *         DROP_UNKNOWN
 * Return: bytes of the packet, 0 to DROP_LOG_PACKET; -1: there is no entry.  Reads of a
 * log no more than it holds; what cannot be leaves none.
 */
static inline int32_t drop_log_take(const uint8_t *log, uint32_t *cons, uint32_t prod,
				    uint32_t places, struct drop_entry *entry)
{
	int32_t n = translator_get(log, TRANSLATOR_LOG_BYTES, cons, prod, entry,
				   (uint32_t)sizeof(*entry));

	if (n < (int32_t)sizeof(entry->told)) {
		*cons = prod;
		return -1;
	}
	entry->told.place &= (uint8_t)places;
	if (!drop_valid(entry->told.why, entry->told.place))
		entry->told.why = DROP_UNKNOWN;
	return n - (int32_t)sizeof(entry->told);
}

#endif
