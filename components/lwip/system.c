/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lwIP asks of the system below it: time, random numbers, a last word. */
#include "aos.h"
#include "arch/cc.h"
#include "lwip/sys.h"

/* Milliseconds.  Nothing on the way of a plain datagram asks for them. */
u32_t sys_now(void)
{
	return (u32_t)(aos_time_ns() / 1000000u);
}

/* xorshift64*: unpredictable enough for what lwIP picks (a first IP id). */
uint32_t port_random(void)
{
	static uint64_t state;

	if (!state)
		state = aos_bootinfo()->random | 1;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)(state * 0x2545f4914f6cdd1dull >> 32);
}

_Noreturn void port_assert(const char *what, const char *file, int line)
{
	(void)file;
	(void)line;
	aos_log("%s\n", what);
	aos_abort();
}
