/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done with a system call, decided by its number alone.  Pure: no
 * lock, no memory but the caller's; tests/unit/test_kmux_filter.c.
 */
#ifndef KMUX_FILTER_H
#define KMUX_FILTER_H

#include <linux/types.h>
#include "hijack/uapi/kmux.h"

/* Bits of a verdict beside its enum kmux_action. */
#define KMUX_ACTION_MASK	0x3
#define KMUX_LOG		0x4
#define KMUX_FORKS		0x8	/* makes a thread: room for it is needed first */

/* Written before any thread is under it, then constant. */
struct kmux_filter {
	/* First, since entry.S looks there: 0 goes on into Linux without more ado. */
	__u8 verdict[KMUX_CALLS];
	__u16 error[KMUX_CALLS];
};

struct kmux_verdict {
	enum kmux_action action;
	bool log;
	bool forks;
	__u16 error;
};

/* The rules as a filter; 0, or -EINVAL, -EPROTO if they are none. */
int kmux_filter_make(struct kmux_filter *filter, const struct kmux_rules *rules);

/* Of each call's verdicts in *filter and *older the stricter, into *filter. */
void kmux_filter_narrow(struct kmux_filter *filter, const struct kmux_filter *older);

struct kmux_verdict kmux_filter_verdict(const struct kmux_filter *filter, __s32 call);

#endif
