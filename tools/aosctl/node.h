/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_NODE_H
#define AOSCTL_NODE_H

/* The group of /dev/translator where a configuration names none. */
#define NODE_GROUP	"aos"

/*
 * Gives /dev/translator to a group, as the udev rule does (config/60-translator.rules):
 * root's, 0660, nobody else's.  Without a group of that name it stays root's alone;
 * that is said if the configuration asked for it.  @group: empty: NODE_GROUP.
 * 0, or -1 and says why.
 */
int node_give(const char *group);

#endif
