/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_RELOAD_H
#define AOSCTL_RELOAD_H

#include "check.h"

/*
 * Makes the running appliance what the configuration, read from the file `path`,
 * says: only what differs is touched, and all of it, or nothing.  0, RUNNING_NOT_UP,
 * or -1: it has said why, and nothing has changed.
 */
int reload(const struct appliance *appliance, const char *path);

#endif
