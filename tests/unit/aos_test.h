/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every cmocka test of the kernel includes. */
#ifndef AOS_TEST_H
#define AOS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aos_rig.h"

/* A test with a booted kernel of each kind of host, in its *state. */
#define RIG_TEST(fn) \
	cmocka_unit_test_setup_teardown(fn, rig_setup_kpti, rig_teardown), \
	cmocka_unit_test_setup_teardown(fn, rig_setup_plain, rig_teardown)

int rig_setup_kpti(void **state);
int rig_setup_plain(void **state);
int rig_teardown(void **state);

/* Numbers that look random and are the same in each run (xorshift64). */
struct dice {
	uint64_t state;
};

static inline uint32_t dice(struct dice *d, uint32_t sides)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return (uint32_t)((d->state >> 16) % sides);
}

#endif
