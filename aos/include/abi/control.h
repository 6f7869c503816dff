/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control protocol: a Linux process asks the component `ctl`, over the
 * translator channel of that name (abi/translator.h), one record a request and
 * one a reply.  Native byte order: both ends are on one machine.
 *
 * A request that cannot be is answered with -AOS_EINVAL, one of another revision
 * too, and with the revision that is spoken.  Replies come in the order of the
 * requests.
 */
#ifndef ABI_CONTROL_H
#define ABI_CONTROL_H

#include "counters.h"
#include "histogram.h"
#include "types.h"

#define CONTROL_CHANNEL		"ctl"
#define CONTROL_REVISION	3u

enum control_type {
	CONTROL_HELLO = 1,	/* -> n: how many components */
	CONTROL_COMPONENT = 2,	/* component: index -> struct control_component.
				 * -AOS_ENOENT: there are fewer */
	CONTROL_COUNTERS = 3,	/* component: index -> n struct counter.  -AOS_ENOENT */
	CONTROL_RESTART = 4,	/* name -> that component is made anew soon, also if it
				 * was down for good: look at its `restarts`.  -AOS_ENOENT;
				 * -AOS_EPERM: its composition does not restart it */
	CONTROL_STOP = 5,	/* name -> that component is stopped soon, as a fault would,
				 * and stays down until CONTROL_RESTART: look for
				 * CONTROL_STOPPED.  -AOS_ENOENT; -AOS_EPERM: nobody could
				 * start it again; -AOS_EBUSY: `ctl` needs it, or is it */
	CONTROL_HISTOGRAM = 6,	/* component, item: index -> struct histogram.  -AOS_ENOENT:
				 * there are fewer; -AOS_EAGAIN: it is being changed */
	CONTROL_LOG = 7		/* component: index, value: the last number one has, 0: none
				 * -> n struct lines_piece with larger ones, ascending; what
				 * is missing between them was overwritten.  -AOS_ENOENT */
};

struct control_request {
	uint16_t revision;	/* CONTROL_REVISION */
	uint16_t type;		/* enum control_type */
	uint32_t id;		/* any; the reply has it as well */
	uint32_t component;	/* index; 0 where none is asked for */
	uint32_t item;		/* index; 0 where none is asked for */
	char name[ABI_NAME_LEN];	/* of a component, ends in '\0'; else zeroes */
	uint64_t value;		/* 0 where none is asked for */
};
ABI_SIZE(struct control_request, 40);

struct control_reply {
	uint16_t revision;
	uint16_t type;
	uint32_t id;
	int32_t status;		/* 0, or a negated AOS_E*: nothing follows */
	uint32_t n;		/* of what follows, or as said above */
};
ABI_SIZE(struct control_reply, 16);

#define CONTROL_DOWN		1u	/* restarted too often, or stopped: stays down */
#define CONTROL_RESTARTS	2u	/* its composition lets it be made anew */
#define CONTROL_STOPPED		4u	/* beside CONTROL_DOWN: by CONTROL_STOP */

struct control_component {
	char name[ABI_NAME_LEN];
	uint32_t flags;		/* CONTROL_* */
	uint32_t pad;
	uint64_t restarts;
	uint64_t faults;
};
ABI_SIZE(struct control_component, 40);

#endif
