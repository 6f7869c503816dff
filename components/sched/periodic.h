/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A periodic thread's releases, one each `period`, and how well it keeps its
 * deadlines.  Pure; all times are ns of one clock.
 */
#ifndef PERIODIC_H
#define PERIODIC_H

#include "abi/types.h"

struct periodic {
	uint64_t period, deadline;	/* deadline: after each release */
	bool begun;
	uint64_t release;		/* of the job that runs, or waits */
	uint64_t jobs;			/* done */
	uint64_t overruns;		/* releases that passed before the job before was done */
	uint64_t misses;		/* jobs done after their deadline, and releases left out */
	uint64_t lateness_max;		/* of a job beyond its deadline, ns */
};

/** periodic_start() - the first job is released at @now. */
void periodic_start(struct periodic *p, uint64_t now);

/**
 * periodic_done() - the job that ran is done at @now; ->release is the next
 * job's: at or before @now if it is late.  Releases whose whole period has
 * passed are left out. -> how many.
 */
uint64_t periodic_done(struct periodic *p, uint64_t now);

#endif
