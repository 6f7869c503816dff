/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions that cost far more on silicon than the one tick of an icount boot. */
#ifndef EVENTS_DECODE_H
#define EVENTS_DECODE_H

#include <stddef.h>
#include <stdint.h>

enum event {
	EVENT_NONE,
	EVENT_RING0,		/* any in ring 0: told by its address alone */
	EVENT_CR3,		/* load of CR3 */
	EVENT_WRMSR,
	EVENT_SWAPGS,
	EVENT_INVLPG,		/* and INVPCID */
	EVENT_LOCKED,		/* LOCK prefix, or XCHG with memory */
	EVENT_SYSCALL,		/* SYSCALL, SYSENTER, INT */
	EVENT_RETURN,		/* SYSRET, SYSEXIT, IRET */
	EVENT_BARRIER,		/* VERW, LFENCE, MFENCE, CPUID */
	EVENT_COPY,		/* REP MOVS; counted in bytes */
	EVENT_READING,		/* RDTSC, RDTSCP: where regions begin and end */
	EVENTS
};

/* What one instruction of 64-bit code is. */
enum event event_of(const uint8_t *code, size_t size);

#endif
