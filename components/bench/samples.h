/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cycle counts of many rounds, and what to say about them.  Pure. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdint.h>

struct summary {
	uint32_t mean, sd;	/* rounded down; of samples further than 2^24 from the mean 2^24 */
	uint32_t min, p50, p90, p99, p999, p9999, max;	/* nearest rank */
};

/** samples_summarise() - sorts @cycles. 0 < @n < 2^15 */
struct summary samples_summarise(uint32_t *cycles, uint32_t n);

#endif
