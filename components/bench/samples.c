// SPDX-License-Identifier: GPL-2.0-or-later
/* Heap sort: in place, and as fast on the worst input as on any. */
#include "samples.h"

static void sift_down(uint32_t *a, uint32_t root, uint32_t n)
{
	uint32_t value = a[root], child;

	for (; (child = 2 * root + 1) < n; root = child) {
		if (child + 1 < n && a[child + 1] > a[child])
			child++;
		if (a[child] <= value)
			break;
		a[root] = a[child];
	}
	a[root] = value;
}

static void sort(uint32_t *a, uint32_t n)
{
	for (uint32_t root = n / 2; root-- > 0;)
		sift_down(a, root, n);
	while (n-- > 1) {
		uint32_t largest = a[0];

		a[0] = a[n];
		a[n] = largest;
		sift_down(a, 0, n);
	}
}

struct summary samples_summarise(uint32_t *cycles, uint32_t n)
{
	sort(cycles, n);
	return (struct summary){
		.min = cycles[0], .median = cycles[n / 2],
		.p99 = cycles[(uint64_t)n * 99 / 100], .max = cycles[n - 1],
	};
}
