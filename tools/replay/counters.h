// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The appliance's own counters, read from a file of lines "name value", to
 * give losses their reasons.
 */
#ifndef REPLAY_COUNTERS_H
#define REPLAY_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNTERS_MAX 1024
#define COUNTER_NAME 64

struct counter {
	char name[COUNTER_NAME];
	uint64_t value;
};

struct counters {
	size_t count;
	struct counter list[COUNTERS_MAX];
};

/*
 * Reads the file; lines that are empty, start with '#' or do not look like a
 * counter are passed over. False with one line in @error if it cannot be read
 * or holds no counter.
 */
bool counters_read(struct counters *c, const char *path, char *error,
		   size_t error_size);

/* Does the name say that packets went missing, and did they? */
bool counter_is_reason(const struct counter *c);

#endif
