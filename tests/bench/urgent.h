/* SPDX-License-Identifier: GPL-2.0-or-later */
/* urgent - what runs as soon as it is woken. */
#ifndef BENCH_URGENT_H
#define BENCH_URGENT_H

#include <sched.h>

/** urgent() - SCHED_FIFO of that priority for the calling thread; 0: nothing.  0, or -1 with errno. */
static inline int urgent(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return priority ? sched_setscheduler(0, SCHED_FIFO, &param) : 0;
}

#endif
