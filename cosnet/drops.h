/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drops: counted, and told to who traces them.  What components report is told only. */
#ifndef COSNET_DROPS_H
#define COSNET_DROPS_H

#include <linux/skbuff.h>
#include <linux/tracepoint-defs.h>

#include "abi/drop.h"
#include "abi/ring.h"

struct cosnet_dev;

/* A trace event before it is one. */
struct cosnet_dropped {
	enum drop why;
	u32 n;
	u32 packet;		/* to_aos index of the first, if known */
	u8 place;		/* DROP_AT_* */
	bool known;
	const struct sk_buff *skb;	/* or data, or neither */
	const void *data;
	u32 len;
};

/* Bytes of it that go into the event, and their way there. */
static inline u32 cosnet_dropped_bytes(const struct cosnet_dropped *d)
{
	return d->skb || d->data ? min(d->len, RING_BUF_SIZE) : 0;
}

static inline void cosnet_dropped_copy(const struct cosnet_dropped *d, void *to)
{
	u32 n = cosnet_dropped_bytes(d);

	if (!n)
		return;
	if (d->data)
		memcpy(to, d->data, n);
	else if (skb_copy_bits(d->skb, 0, to, n))
		memset(to, 0, n);
}

/*
 * Softirqs off.  Counted under that reason, which is cosnet's, and traced:
 * one packet, as an skb or as bytes from the IP header on, or so many of the
 * to_aos ring, or so many of which nothing more is known.
 */
void cosnet_drop_skb(struct cosnet_dev *cd, enum drop why, const struct sk_buff *skb);
void cosnet_drop_bytes(struct cosnet_dev *cd, enum drop why, const void *data, u32 len);
void cosnet_drop_range(struct cosnet_dev *cd, enum drop why, u32 packet, u32 n);
void cosnet_drop(struct cosnet_dev *cd, enum drop why, u32 n);

DECLARE_TRACEPOINT(cosnet_drop);

void cosnet_drops_take_logged(struct cosnet_dev *cd);

/*
 * Trace what components have logged: before slots are refilled, when they have been
 * taken, and before the last of it is wiped.  tx_lock held, softirqs off.  While
 * nobody traces it is a jump that is patched out.
 */
static inline void cosnet_drops_take(struct cosnet_dev *cd)
{
	if (tracepoint_enabled(cosnet_drop))
		cosnet_drops_take_logged(cd);
}

/* The device has rings now: its components hear whether somebody looks.  'lock' held. */
void cosnet_drops_ready(struct cosnet_dev *cd);

/* The device comes and goes.  Process context. */
void cosnet_drops_join(struct cosnet_dev *cd);
void cosnet_drops_leave(struct cosnet_dev *cd);

/* By tracing: the first begins to look, the last has ended.  Process context. */
int cosnet_drops_wanted(void);
void cosnet_drops_unwanted(void);

#endif
