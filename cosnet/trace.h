/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trace points, in /sys/kernel/tracing/events/cosnet/.  Patched out of the way of
 * packets while nobody looks.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM cosnet

#if !defined(COSNET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define COSNET_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "cosnet/drops.h"

#define COSNET_TRACE_SHOWN	40u	/* bytes of a packet, in text */

/*
 * Packets dropped, by whatever part: reason and place are those of abi/drop.h.
 * packet is the to_aos index, where known, of the first of n; bytes are the packet's
 * from its IP header on, as far as it still existed.
 */
TRACE_EVENT_FN(cosnet_drop,

	TP_PROTO(const struct net_device *dev, const struct cosnet_dropped *d),

	TP_ARGS(dev, d),

	TP_STRUCT__entry(
		__field(u32, ifindex)
		__field(u32, packet)
		__field(u32, n)
		__field(u32, len)
		__field(u16, why)
		__field(u8, place)
		__field(u8, known)
		__string(name, dev->name)
		__string(reason, drop_counter_name(d->why))
		__dynamic_array(u8, bytes, cosnet_dropped_bytes(d))
	),

	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->packet = d->packet;
		__entry->n = d->n;
		__entry->len = d->len;
		__entry->why = d->why;
		__entry->place = d->place;
		__entry->known = d->known;
		__assign_str(name, dev->name);
		__assign_str(reason, drop_counter_name(d->why));
		cosnet_dropped_copy(d, __get_dynamic_array(bytes));
	),

	TP_printk("%s %s at=%s n=%u packet=%s%u len=%u bytes=%s",
		  __get_str(name), __get_str(reason),
		  __print_flags(__entry->place, "|", DROP_PLACE_WORDS),
		  __entry->n, __entry->known ? "" : "?", __entry->packet, __entry->len,
		  __print_hex(__get_dynamic_array(bytes),
			      min_t(u32, __get_dynamic_array_len(bytes), COSNET_TRACE_SHOWN))),

	cosnet_drops_wanted, cosnet_drops_unwanted
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH cosnet
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
