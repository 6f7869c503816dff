// SPDX-License-Identifier: GPL-2.0-or-later
/* A component's own histograms, which the host reads. */
#include "aos.h"
#include "histogram.h"

/* Where a histogram counts for which the pages had no room. */
static struct histogram nobody;

/* They lie as the counter pages do: one component's after the other's. */
static struct histogram *own(void)
{
	uint64_t counters;

	__asm__("movabsq $__counters, %0" : "=r"(counters));
	return (struct histogram *)(IMAGE_HISTOGRAMS_BASE +
				    (counters - IMAGE_COUNTERS_BASE) * HISTOGRAM_PAGES);
}

struct histogram *aos_histogram(const char *name, uint32_t kind)
{
	const struct histogram_label label = {
		.name = name, .kind = (enum histogram_kind)kind, .now = aos_tsc(),
		.khz = aos_bootinfo()->tsc_khz,
	};
	struct histogram *h = histogram_claim(own(), &label);

	return h ? h : &nobody;
}
