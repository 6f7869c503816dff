/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lengths of time as people write them: "250us", "10ms". */
#ifndef COSLINK_DURATION_H
#define COSLINK_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "pool.h"

#define NS	((int64_t)1)
#define US	(1000 * NS)
#define MS	(1000 * US)
#define SECONDS	(1000 * MS)

/*
 * A whole number and ns, us, ms or s, nothing between or around them, into
 * nanoseconds; false: something else, or more than an int64_t holds.
 */
bool duration_parse(const char *text, int64_t *ns);

/* The shortest way to write it exactly, in the largest unit that is whole. */
const char *duration_text(struct pool *pool, int64_t ns);

#endif
