/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_RULES_H
#define AOSCTL_RULES_H

#include "config.h"
#include "say.h"

/* What must hold between the values of a configuration.  Pure. */
void rules_check(const struct config *config, struct report *report);

#endif
