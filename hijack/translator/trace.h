/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trace point of translator channels, /sys/kernel/tracing/events/hijack/. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hijack

#if !defined(HIJACK_TRANSLATOR_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define HIJACK_TRANSLATOR_TRACE_H

#include <linux/tracepoint.h>

#include "abi/drop_log.h"
#include "hijack/translator/translator.h"

#define TRANSLATOR_TRACE_SHOWN	40u	/* bytes of a packet, in text */

/*
 * Packets or messages dropped at an end of a channel, or by the components behind
 * it: reason and place are those of abi/drop.h, by is who says so, and bytes are the
 * first of len, if it is one packet that was still there.
 */
TRACE_EVENT_FN(translator_drop,

	TP_PROTO(const struct translator *tr, enum translator_end end,
		 const struct drop_entry *said, u32 bytes),

	TP_ARGS(tr, end, said, bytes),

	TP_STRUCT__entry(
		__field(u32, n)
		__field(u32, len)
		__field(u16, why)
		__field(u8, place)
		__field(u8, process)
		__string(name, tr->name)
		__string(instance, tr->instance)
		__string(reason, drop_counter_name(said->told.why))
		__dynamic_array(u8, bytes, bytes)
	),

	TP_fast_assign(
		__entry->n = said->told.n;
		__entry->len = said->told.len;
		__entry->why = said->told.why;
		__entry->place = said->told.place;
		__entry->process = end == TRANSLATOR_PROCESS;
		__assign_str(name, tr->name);
		__assign_str(instance, tr->instance);
		__assign_str(reason, drop_counter_name(said->told.why));
		memcpy(__get_dynamic_array(bytes), said->packet, bytes);
	),

	TP_printk("%s %s at=%s n=%u by=%s len=%u bytes=%s of=%s",
		  __get_str(name), __get_str(reason),
		  __print_flags(__entry->place, "|", DROP_PLACE_WORDS),
		  __entry->n, __entry->process ? "process" : "component", __entry->len,
		  __print_hex(__get_dynamic_array(bytes),
			      min_t(u32, __get_dynamic_array_len(bytes),
				    TRANSLATOR_TRACE_SHOWN)),
		  __get_str(instance)),

	translator_drops_wanted, translator_drops_unwanted
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH hijack/translator
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
