/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_VERSIONS_H
#define AOSCTL_VERSIONS_H

#include <stdbool.h>

/* Prints versions and revisions; -1: a module that is loaded has another one. */
int versions_show(bool json);

#endif
