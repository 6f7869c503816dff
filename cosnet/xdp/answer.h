/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What aosctl and the programs of answer.bpf.c share.
 *
 *   answer_by		interface -> interface (devmap, the same twice): those that take
 *			frames; aosctl writes it
 *   answer_asked	by address, per CPU: when Linux was last asked the long way
 *   answer_known	by address, per CPU: what Linux's look-up has said
 *   attempt_to		0 -> the interface that is tried
 *   attempt_came	0 -> answer_attempt
 */
#ifndef COSNET_XDP_ANSWER_H
#define COSNET_XDP_ANSWER_H

#include <linux/bpf.h>

#define ANSWER_LINKS	64	/* of answer_by */
#define ANSWER_SOURCES	16	/* BOOTINFO_ADDRESSES */
#define ANSWER_ASKED	256
#define ANSWER_KNOWN	64

/* An address of the AOS; written before loading. */
struct answer_source {
	__u32 family;		/* 4 or 6; 0: none */
	__u32 address[4];	/* network order; IPv4 is the first */
};

struct answer_known {
	__u64 tick;		/* of the coarse clock; 0: nothing is known */
	struct bpf_fib_lookup asked, found;
};

struct answer_attempt {
	__u32 process;		/* who tries: its frame, nobody else's */
	__u32 sent;
};

#endif
