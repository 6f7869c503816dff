/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_CAPTURE_H
#define AOSCTL_CAPTURE_H

struct capture_options {
	const char *name;	/* of the instance, or NULL */
	const char *file;	/* to write; "-": standard output */
	unsigned long count;	/* packets, then it ends; 0: until a signal */
	char *const *words;	/* of a filter, see pcap-filter(7) */
	int nwords;
};

/*
 * Records what goes through the cosnet interfaces, to the AOS and from it, each packet with
 * a comment: what lwip does with it, by its headers.  At the end it says what it
 * has not seen.  0, RUNNING_NOT_UP, or -1 and has said why.
 */
int capture(const struct capture_options *options);

#endif
