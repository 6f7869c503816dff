/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What aosctl and the programs of answer.bpf.c share.
 *
 *   answer_by		interface -> interface (devmap, the same twice): those that take
 *			frames; aosctl writes it
 *   answer_asked	by address, per CPU: when Linux was last asked the long way
 *   attempt_to		0 -> the interface that is tried
 *   attempt_came	0 -> answer_attempt
 */
#ifndef COSNET_XDP_ANSWER_H
#define COSNET_XDP_ANSWER_H

#include <linux/types.h>

#define ANSWER_LINKS	64	/* of answer_by */
#define ANSWER_SOURCES	16	/* BOOTINFO_ADDRESSES */
#define ANSWER_ASKED	256

/* An address of the AOS; written before loading. */
struct answer_source {
	__u32 family;		/* 4 or 6; 0: none */
	__u32 address[4];	/* network order; IPv4 is the first */
};

struct answer_attempt {
	__u32 process;		/* who tries: its frame, nobody else's */
	__u32 sent;
};

#endif
