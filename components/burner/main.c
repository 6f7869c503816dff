// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Burns CPU time and counts it by itself: the time-stamp counter's advance
 * from one look to the next, where that is too short to have been interrupted.
 */
#include "aos.h"

#define GAP	1000u	/* cycles: longer than a look at it, shorter than a switch */
#define LOOKS	1000u

static uint64_t burn(void)
{
	uint64_t burnt = 0, last = aos_tsc();

	for (uint32_t i = 0; i < LOOKS; i++) {
		uint64_t now = aos_tsc();

		if (now - last < GAP)
			burnt += now - last;
		last = now;
	}
	return burnt;
}

void burner_main(uint64_t arg)
{
	struct counter *cycles = aos_counter("cycles");
	struct counter *khz = aos_counter("khz");

	(void)arg;
	counter_set(khz, aos_bootinfo()->tsc_khz);
	for (;;)
		counter_add(cycles, burn());
}
