/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters that components show to the host, and behind them what they said
 * last (abi/lines.h).  Each component owns one page
 * (its own, read-write, at IMAGE component.counters_vaddr); the host maps
 * all of them read-only.  A component may lie in its page, and harms only
 * its own figures.  A counter is written by its component alone, with plain
 * 64-bit stores, so a reader never sees a torn value.
 */
#ifndef ABI_COUNTERS_H
#define ABI_COUNTERS_H

#include "lines.h"
#include "types.h"

#define COUNTERS_MAGIC		0x53544e43u	/* "CNTS" */
#define COUNTERS_REVISION	2u
#define COUNTER_NAME_LEN	32u
#define COUNTERS_MAX		64u

struct counter {
	char name[COUNTER_NAME_LEN];	/* "rx_packets", "drop_bad_checksum", ... */
	uint64_t value;
};
ABI_SIZE(struct counter, 40);

struct counters {
	uint32_t magic;
	uint32_t revision;
	char component[ABI_NAME_LEN];
	uint32_t n;
	uint32_t pad;
	struct counter counter[COUNTERS_MAX];
	struct lines lines;
};
ABI_SIZE(struct counters, 32 + 40 * 64 + 1480);
_Static_assert(sizeof(struct counters) <= ABI_PAGE_SIZE, "a page each");

#endif
