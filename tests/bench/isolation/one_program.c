// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The data path without isolation: components/feeder (which is vnic), lwip and udpapp in one
 * program of Linux, each calling the next directly.  They are compiled from the same sources with
 * the same flags; lwIP's own objects and the string functions are the very ones that components are
 * linked from.  What is around them is the unit tests' (tests/unit/net/world.c), but the clock,
 * which is the processor's.  Says on stderr what feeder says in the log.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "../cycles.h"
#include "feeder.h"
#include "world.h"

#define SLOTS	512	/* as in appliance.conf */
#define MTU	1500

/* The linker puts these in the place of world.c's: --wrap. */
uint64_t __wrap_aos_tsc(void);
uint64_t __wrap_aos_tsc_near(void);

uint64_t __wrap_aos_tsc(void)
{
	return cycles();
}

uint64_t __wrap_aos_tsc_near(void)
{
	return __builtin_ia32_rdtsc();
}

int main(void)
{
	world_init(SLOTS, MTU);
	world_address4("10.9.0.1");
	world_service("echo", 7);
	/* feeder is cosnet as well */
	if (mprotect(world_ring_host, ring_part_bytes(RING_PART_HOST, SLOTS),
		     PROT_READ | PROT_WRITE)) {
		perror("one_program");
		return 1;
	}
	feeder_run();
	return 0;
}
