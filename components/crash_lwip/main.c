// SPDX-License-Identifier: GPL-2.0-or-later
/* lwip's exports, which lie to vnic when they are told to. */
#include "lie.h"

#include "buffers.h"
static uint32_t crash_end(uint32_t next_tick_ms);
#define buffers_end crash_end
#include "../lwip/main.c"
#undef buffers_end

static uint32_t crash_end(uint32_t next_tick_ms)
{
	uint32_t n = buffers_end(next_tick_ms);

	return crash_lie ? 100000 : n;
}
