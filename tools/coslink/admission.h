/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The admission test: is there time for all threads that say what they need?
 * Every scheduler's threads are analysed on what it has: the root's on the
 * CPU, a child's on what the budget of its `main` supplies.
 */
#ifndef COSLINK_ADMISSION_H
#define COSLINK_ADMISSION_H

#include <stdio.h>

#include "composition.h"

/* Fills in comp_thread.response; reports every thread that would be late. */
bool admission_check(struct composition *composition, struct pool *pool, struct diag *diag);

/* The verdict of a composition that was admitted, for people. */
void admission_print(const struct composition *composition, struct pool *pool, FILE *out);

#endif
