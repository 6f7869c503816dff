/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drops as they happen: the trace points cosnet:cosnet_drop and hijack:translator_drop,
 * by perf events, of which nothing is left behind however this process ends.
 */
#ifndef AOSCTL_DROPS_H
#define AOSCTL_DROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/drop.h"

struct dropped {
	unsigned int ifindex;	/* of the cosnet or TUN device */
	bool process;		/* it was the proxy's process that dropped */
	enum drop why;		/* DROP_NONE < why < DROPS */
	unsigned int place;	/* DROP_AT_* */
	unsigned int n;		/* packets; bytes are known of one alone */
	unsigned int length;	/* of the packet, from its IP header on */
	const uint8_t *bytes;	/* what the event has of it */
	size_t size;
};

/* Those of this AOS, and of all cosnet devices.  0, or -1 and has said what is missing. */
int drops_open(const char *instance);

typedef void drops_handler(void *arg, const struct dropped *drop);

/*
 * Two steps, so that the caller can collect in between what these drops are about: all
 * that came until drops_mark() is swept, CPU by CPU.
 */
void drops_mark(void);
void drops_sweep(drops_handler *handle, void *arg);

/* Events so far that found no room. */
uint64_t drops_lost(void);

void drops_close(void);

#endif
