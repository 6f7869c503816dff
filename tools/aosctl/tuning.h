/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What does not keep the AOS from running, but makes it slower, less predictable, or
 * deaf in some mode; each with the command that mends it.  Part of preflight.
 */
#ifndef AOSCTL_TUNING_H
#define AOSCTL_TUNING_H

#include "preflight.h"

void tuning_run(struct preflight *p);

/* config: the kernel's configuration. */
void tuning_options(struct preflight *p, const char *config);

#endif
