/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The admission test of a composition as the user wrote it. */
#ifndef COSLINK_VERDICT_H
#define COSLINK_VERDICT_H

#include "admission.h"
#include "composition.h"

/*
 * Every thread that would be late is reported where it is written.  After composition_check().
 * `admission` is filled in from the composition, and names its strings.
 */
bool verdict_check(const struct composition *composition, struct admission *admission,
		   struct pool *pool, struct diag *diag);

#endif
