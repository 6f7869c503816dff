/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prefixes: from text, and how they lie to each other.  A function that
 * returns a string says why not; NULL is good.
 */
#ifndef AOSCTL_PREFIX_H
#define AOSCTL_PREFIX_H

#include "config.h"

/* "ADDRESS" (length = whole address) or "ADDRESS/LENGTH". */
const char *prefix_parse(struct config_prefix *p, const char *text);

/* Could it be the address, with its network's length, of a host? */
const char *prefix_why_no_host(const struct config_prefix *p);
/* Could it be routed somewhere? */
const char *prefix_why_no_network(const struct config_prefix *p);

/* "10.9.0.0/24", "10.9.0.0"; text must hold PREFIX_TEXT bytes. */
#define PREFIX_TEXT 64
const char *prefix_text(const struct config_prefix *p, char *text);
const char *prefix_address_text(const struct config_prefix *p, char *text);

struct config_prefix prefix_network(const struct config_prefix *p);
bool prefix_covers(const struct config_prefix *outer,
		   const struct config_prefix *inner);
bool prefix_overlap(const struct config_prefix *a, const struct config_prefix *b);
bool prefix_same_address(const struct config_prefix *a,
			 const struct config_prefix *b);

#endif
