/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_DOCTOR_H
#define AOSCTL_DOCTOR_H

#include <stdbool.h>

#include "config.h"

/*
 * Prints all findings of preflight.h; returns how many block.  config: of one that is
 * not good only aos.cpu is set.
 */
unsigned int doctor(const struct config *config, const char *modules, bool json);

#endif
