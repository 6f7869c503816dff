/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_RULES_H
#define AOSCTL_RULES_H

#include "config.h"
#include "say.h"

/* What must hold between the values of a configuration.  Pure. */
void rules_check(const struct config *config, struct report *report);

/* The same for the steering rules of all interfaces alone. */
void rules_check_steering(const struct config *config, struct report *report);

/* Do they say the same, wherever they stand? */
bool rules_equal(const struct config_steering *a, const struct config_steering *b);

/* Could a packet match both? */
bool rules_overlap(const struct config_steering *a, const struct config_steering *b);

#endif
