// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When to send. Every moment is worked out from the start of the run and the
 * planned time, never from the datagram before, so errors do not add up.
 */
#ifndef REPLAY_SCHEDULE_H
#define REPLAY_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
	bool max;		/* no gaps at all */
	double speed;		/* 2: twice as fast as recorded */
	double rate;		/* datagrams/s of each capture; 0: as recorded */
	uint64_t start;		/* clock_ns() of the first datagram */
	uint64_t round;		/* planned ns from one round to the next */
};

/* "max", or a number above 0 such as 1, 0.5, 100; false if it is neither. */
bool schedule_parse(struct schedule *s, const char *text);

/* "1000" or "1000/s"; false if it is neither, or out of range. */
bool schedule_rate_parse(struct schedule *s, const char *text);

/*
 * Rounds that last @span ns with @count datagrams follow each other at the
 * distance of an average gap.
 */
void schedule_start(struct schedule *s, uint64_t start, uint64_t span,
		    uint64_t count);

/* When the datagram planned for @time is due in this round. */
uint64_t schedule_due(const struct schedule *s, uint64_t round, uint64_t time);

#endif
