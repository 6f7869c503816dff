/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes captures in pcapng, the format of tcpdump and Wireshark: packets that begin
 * with their IP header, times in nanoseconds, a comment for each.
 */
#ifndef AOSCTL_PCAPNG_H
#define AOSCTL_PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

struct pcapng_packet {
	uint32_t interface;	/* in the order of pcapng_interface() */
	int out;		/* leaves Linux by it, to the AOS */
	struct timespec time;
	const uint8_t *bytes;
	uint32_t size;		/* of what is here */
	uint32_t length;	/* of what it was */
	const char *comment;
};

/* All return 0, or -1 when it cannot be written. */
int pcapng_begin(FILE *out, const char *program);
int pcapng_interface(FILE *out, const char *name);
int pcapng_write(FILE *out, const struct pcapng_packet *packet);

/* At the end, for each interface: what came and what was lost on the way here. */
int pcapng_statistics(FILE *out, uint32_t interface, uint64_t came, uint64_t lost,
		      const char *comment);

#endif
