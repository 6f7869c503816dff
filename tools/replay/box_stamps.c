// SPDX-License-Identifier: GPL-2.0-or-later
/* The appliance's stamps: taking them off a reply, and the TSC's time. */
#include "box_stamps.h"

#include <string.h>
#include <x86intrin.h>

#include "clock.h"

#define TRAILER 32
#define KHZ_PER_GHZ 1000000

static uint64_t number(const uint8_t *p, size_t bytes)
{
	uint64_t n = 0;

	while (bytes--)
		n = n << 8 | *p++;
	return n;
}

bool box_stamps_take(struct box_stamps *b, const uint8_t *payload,
		     size_t *length)
{
	static const uint8_t magic[4] = { 'A', 'S', 'T', 1 };
	const uint8_t *p;

	if (*length < TRAILER)
		return false;
	p = payload + *length - TRAILER;
	if (memcmp(p + 28, magic, sizeof(magic)))
		return false;
	b->queued = number(p, 8);
	b->taken = number(p + 8, 8);
	b->answered = number(p + 16, 8);
	b->khz = (uint32_t)number(p + 24, 4);
	*length -= TRAILER;
	return true;
}

/* The same moment by both clocks. */
struct anchor {
	uint64_t tsc, ns;
};

/* Of three tries the one with the least between its readings is believed. */
static struct anchor anchor_now(void)
{
	uint64_t best = UINT64_MAX;
	struct anchor a = { 0 };

	for (int i = 0; i < 3; i++) {
		uint64_t before = clock_ns();
		uint64_t tsc = __rdtsc();
		uint64_t between = clock_ns() - before;

		if (between >= best)
			continue;
		best = between;
		a = (struct anchor) { tsc, before + between / 2 };
	}
	return a;
}

static uint64_t moment_of(const struct anchor *a, uint64_t tsc, uint32_t khz)
{
	unsigned __int128 ago;

	if (!tsc)
		return 0;
	if (tsc > a->tsc || !khz)
		return UINT64_MAX;
	ago = (unsigned __int128)(a->tsc - tsc) * KHZ_PER_GHZ / khz;
	return ago < a->ns ? a->ns - (uint64_t)ago : UINT64_MAX;
}

void box_stamps_enter(const struct box_stamps *b, struct way *w)
{
	struct anchor now = anchor_now();

	w->at[MOMENT_QUEUED] = moment_of(&now, b->queued, b->khz);
	w->at[MOMENT_TAKEN] = moment_of(&now, b->taken, b->khz);
	w->at[MOMENT_ANSWERED] = moment_of(&now, b->answered, b->khz);
	w->at[MOMENT_RETURNED] = moment_of(&now, b->returned, b->khz);
}
