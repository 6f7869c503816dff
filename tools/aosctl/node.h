/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_NODE_H
#define AOSCTL_NODE_H

/*
 * Gives /dev/translator to a group, as the udev rule does (config/60-translator.rules):
 * root's, 0660, nobody else's.  Without a group of that name it stays root's alone;
 * that is said if the configuration asked for it.  @group: empty: ACCESS_GROUP (access.h).
 * 0, or -1 and says why.
 */
int node_give(const char *group);

#endif
