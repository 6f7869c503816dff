/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_EXPLAIN_SHOW_H
#define AOSCTL_EXPLAIN_SHOW_H

#include <stdbool.h>

#define EXPLAIN_BAD_WORDS 2

struct explain_options {
	const char *name;	/* of the instance, or NULL */
	const char *pcap;	/* file, or NULL: the packet is in the words */
	bool json;
	char *const *words;	/* of probe_words(); with a file [NUMBER] [dev IF] */
	int nwords;
};

/*
 * Says what becomes of a packet, or of all of a file, one a line.  0, RUNNING_NOT_UP,
 * EXPLAIN_BAD_WORDS or -1; has said why.
 */
int explain_show(const struct explain_options *options);

#endif
