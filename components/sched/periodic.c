// SPDX-License-Identifier: GPL-2.0-or-later
/* Periodic threads: see periodic.h. */
#include "periodic.h"

void periodic_start(struct periodic *p, uint64_t now)
{
	p->begun = true;
	p->release = now;
}

static void note_lateness(struct periodic *p, uint64_t now)
{
	uint64_t due = p->release + p->deadline;

	if (now <= due)
		return;
	p->misses++;
	if (now - due > p->lateness_max)
		p->lateness_max = now - due;
}

uint64_t periodic_done(struct periodic *p, uint64_t now)
{
	uint64_t passed = now > p->release ? (now - p->release) / p->period : 0;
	uint64_t left_out = passed ? passed - 1 : 0;

	note_lateness(p, now);
	p->jobs++;
	p->overruns += passed;
	p->misses += left_out;
	p->release += (passed ? passed : 1) * p->period;
	return left_out;
}
