// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The moments of one datagram's way to the service and back, and the parts of
 * the round trip between them. A part is what lies between two moments, so the
 * parts of a whole way add up to the round trip, to the nanosecond.
 */
#ifndef REPLAY_WAY_H
#define REPLAY_WAY_H

#include <stdbool.h>
#include <stdint.h>

/* In order of time. Who tells: we, the kernel (stamps), the appliance (TSC). */
enum moment {
	MOMENT_SENT,		/* before our send() */
	MOMENT_LEFT,		/* kernel: handed to the driver */
	MOMENT_QUEUED,		/* appliance: cosnet has put it into the ring */
	MOMENT_TAKEN,		/* appliance: the application has its batch */
	MOMENT_ANSWERED,	/* appliance: the reply is written */
	MOMENT_RETURNED,	/* appliance: it goes into the ring to Linux */
	MOMENT_CAME,		/* kernel: taken from the driver */
	MOMENT_RECEIVED,	/* after our recv() */
	MOMENTS
};

/* PART_NETWORK is the sum of the five below it. */
enum part {
	PART_SENDER,		/* from our send() to the driver */
	PART_NETWORK,		/* out of this host, or namespace, and back */
	PART_LINUX_IN,		/* from the driver to cosnet's ring */
	PART_AOS_IN,		/* from there to the application */
	PART_SERVICE,		/* until the application has answered */
	PART_AOS_OUT,		/* from there to the ring */
	PART_LINUX_OUT,		/* and back to a driver */
	PART_RECEIVER,		/* from the driver to our recv() */
	PARTS
};

struct way {
	uint64_t at[MOMENTS];	/* clock_ns(); 0: not known */
};

/* What way_settle() found out. */
struct way_known {
	bool kernel;		/* both moments of the kernel's */
	bool foreign;		/* the appliance's contradict: another clock */
};

/*
 * Brings moments of several clocks, which agree to some microseconds, into
 * order. What contradicts is forgotten: both of the kernel's, or all of the
 * appliance's. MOMENT_SENT and MOMENT_RECEIVED must be there, and stay.
 */
struct way_known way_settle(struct way *w);

/* False if one of the two ends of this part is not known. */
bool way_part(const struct way *w, enum part part, uint64_t *ns);

/* As in JSON and CSV, without "_ns". */
const char *part_name(enum part part);

/* Is it one of the five inside PART_NETWORK? */
bool part_inside(enum part part);

#endif
