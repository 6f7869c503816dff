/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters out of pages that their components write, and may fill with
 * anything: copied once, bounded, made printable, and only then used.
 */
#ifndef AOSCTL_STATS_H
#define AOSCTL_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/counters.h"

struct stats_page {
	char component[ABI_NAME_LEN + 1];
	unsigned int n;
	char name[COUNTERS_MAX][COUNTER_NAME_LEN + 1];
	uint64_t value[COUNTERS_MAX];
};

/* False: the component has not set its page up, or it is nonsense. */
bool stats_copy(struct stats_page *to, const volatile struct counters *from);

/* Index of the first counter of this name, or -1. */
int stats_find(const struct stats_page *page, const char *name);

/* Makes `room - 1` hostile bytes a word: ends at NUL, '?' for what is no
 * letter, digit, '_', '-' or '.'; never empty. */
void stats_clean_name(char *to, const volatile char *from, unsigned int room);

#endif
