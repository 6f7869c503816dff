/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which attacks are tried, with which values. */
#ifndef PLAN_H
#define PLAN_H

#include "hostile/hostile.h"

/* An attack with x = first, first + step, ... */
struct plan_step {
	enum hostile_attack attack;
	uint64_t first, step;
	uint32_t tries;
};

extern const struct plan_step plan[];
extern const uint32_t plan_steps;
extern volatile uint64_t plan_secret;	/* what `read` and `write` must not reach */

#define PLAN_SECRET 0x7365637265742121ull

const char *plan_name(enum hostile_attack attack);
enum hostile_end plan_end(enum hostile_attack attack);

#endif
