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

static uint32_t root(uint64_t square)
{
	uint64_t root = 0;

	for (uint64_t bit = 1u << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= square)
			root += bit;
	return (uint32_t)root;
}

static uint32_t mean_of(const uint32_t *cycles, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += cycles[i];
	return (uint32_t)(sum / n);
}

/* 2^24 squared, 2^15 times: less than 2^64. */
static uint32_t deviation(const uint32_t *cycles, uint32_t n, uint32_t mean)
{
	uint64_t squares = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t off = cycles[i] > mean ? cycles[i] - mean : mean - cycles[i];

		if (off > 1u << 24)
			off = 1u << 24;
		squares += off * off;
	}
	return root(squares / n);
}

/* The least that so many of 10,000 samples do not exceed. */
static uint32_t percentile(const uint32_t *sorted, uint32_t n, uint64_t of_10000)
{
	uint64_t rank = (n * of_10000 + 9999) / 10000;

	return sorted[rank - 1];
}

struct summary samples_summarise(uint32_t *cycles, uint32_t n)
{
	uint32_t mean = mean_of(cycles, n);

	sort(cycles, n);
	return (struct summary){
		.mean = mean, .sd = deviation(cycles, n, mean), .min = cycles[0],
		.p50 = percentile(cycles, n, 5000), .p90 = percentile(cycles, n, 9000),
		.p99 = percentile(cycles, n, 9900), .p999 = percentile(cycles, n, 9990),
		.p9999 = percentile(cycles, n, 9999), .max = cycles[n - 1],
	};
}
