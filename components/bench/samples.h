/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cycle counts of many rounds, and what to say about them.  Pure. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdint.h>

struct summary {
	uint32_t min, median, p99, max;
};

/** samples_summarise() - sorts @cycles. @n > 0 */
struct summary samples_summarise(uint32_t *cycles, uint32_t n);

#endif
