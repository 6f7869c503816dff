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
#define CONTROL_REVISION	4u

enum control_type {
	CONTROL_HELLO = 1,	/* -> n: how many components; struct control_system */
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
	CONTROL_LOG = 7,	/* component: index, value: the last number one has, 0: none
				 * -> n struct lines_piece with larger ones, ascending; what
				 * is missing between them was overwritten.  -AOS_ENOENT */
	CONTROL_THREAD = 8,	/* item: index -> struct control_thread.  -AOS_ENOENT: there
				 * are fewer */
	CONTROL_SET = 9,	/* component: index of a component, or of a thread; item: enum
				 * control_setting; value -> noted, nothing has changed.
				 * -AOS_ENOENT: no such index; -AOS_EPERM: this one has not
				 * that setting; -AOS_EBUSY: it is `ctl`'s own thread; -AOS_EAGAIN:
				 * what was committed is being done, or others are at it */
	CONTROL_FORGET = 10,	/* what was noted, also by whoever asked before.  -AOS_EAGAIN */
	CONTROL_COMMIT = 11	/* all that was noted becomes true, soon: look at the loader's
				 * counters `settings` and `settings_refused` (a scheduler
				 * refused one: then none has changed).  -AOS_EINVAL: they do not
				 * agree, as in an image: none has changed, and all are
				 * forgotten; the loader's log says why.  -AOS_EAGAIN */
};

/* What of a composition may change while it runs: the fields of abi/image.h. */
enum control_setting {
	/* of a thread: not the loader's, nor a scheduler's */
	CONTROL_PRIORITY = 1,		/* 1..255 */
	CONTROL_PERIOD_US = 2,		/* these three: of one that has them, > 0 */
	CONTROL_BUDGET_US = 3,
	CONTROL_DEADLINE_US = 4,
	/* of a component: not the loader's */
	CONTROL_WATCHDOG = 5,		/* 0..IMAGE_WATCHDOG_MAX; > 0: one that stops */
	CONTROL_RESTART_MAX = 6,	/* > 0, both, of one that is made anew; when one
					 * changes, earlier restarts count no more */
	CONTROL_RESTART_WITHIN_MS = 7
};
#define CONTROL_IS_OF_THREAD(setting) ((setting) >= CONTROL_PRIORITY && \
				       (setting) <= CONTROL_DEADLINE_US)

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

struct control_system {
	uint32_t overhead_ns;	/* of one switch of threads, as the composition says */
	uint32_t pad;
};
ABI_SIZE(struct control_system, 8);

#define CONTROL_DOWN		1u	/* restarted too often, or stopped: stays down */
#define CONTROL_RESTARTS	2u	/* its composition lets it be made anew */
#define CONTROL_STOPPED		4u	/* beside CONTROL_DOWN: by CONTROL_STOP */

struct control_component {
	char name[ABI_NAME_LEN];
	uint32_t flags;		/* CONTROL_* */
	uint32_t pad;
	uint64_t restarts;
	uint64_t faults;
	uint32_t calls;		/* bit per component that it may invoke */
	uint32_t scheduler;	/* index of the component that schedules its threads */
	uint32_t watchdog;	/* budgets of one visit; 0: any number */
	uint32_t restart_max;	/* in restart_within_ms; both 0: it is not made anew */
	uint32_t restart_within_ms;
	uint32_t pad2;
};
ABI_SIZE(struct control_component, 64);

struct control_thread {
	char name[ABI_NAME_LEN];
	uint32_t component;	/* index */
	uint32_t priority;	/* 0 most urgent .. 255 */
	uint32_t server;	/* enum image_server (abi/image.h) */
	uint32_t period_us;	/* these three 0: it has none */
	uint32_t budget_us;
	uint32_t deadline_us;
	uint64_t critical_ns;	/* its longest critical section, as the composition says */
};
ABI_SIZE(struct control_thread, 48);

#endif
