/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_CHECK_JSON_H
#define AOSCTL_CHECK_JSON_H

/* Checks the configuration and prints what was found as JSON; as check_load(). */
int check_json(const char *path);

#endif
