/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel that runs inside a Linux thread supplies.  hijack knows
 * nothing of its policy.  All callbacks but setup and teardown run on the
 * instance's CPU with interrupts off and may not sleep; `regs` are ring 3's,
 * at the top of the thread's kernel stack, and may be rewritten: whatever they
 * hold afterwards is where ring 3 goes on.
 */
#ifndef HIJACK_PERSONALITY_H
#define HIJACK_PERSONALITY_H

#include <linux/types.h>

struct hijack_instance;
struct pt_regs;

struct hijack_personality {
	const char *name;
	/* The entry stub for MSR_LSTAR; its text must lie in the entry pages. */
	void (*entry)(void);
	/*
	 * Build the first ring-3 context in *regs.  Process context, may sleep.
	 * 0 or a negative errno; on error nothing stays behind.
	 */
	int (*setup)(struct hijack_instance *inst, struct pt_regs *regs);
	/* Give everything back.  Process context; ring 3 is gone. */
	void (*teardown)(struct hijack_instance *inst);
	/* A system call that the stub did not finish itself. */
	void (*syscall)(struct hijack_instance *inst, struct pt_regs *regs);
	/* Ring 3 raised an exception, or tried a shut door. */
	void (*fault)(struct hijack_instance *inst, struct pt_regs *regs,
		      unsigned int vector, unsigned long addr);
	/* Events (HAL_EVENT_*) have arrived.  True: *regs are another context's now. */
	bool (*event)(struct hijack_instance *inst, struct pt_regs *regs, u32 events);
	/* The CR3 values that belong to the context that runs: ring 0's and ring 3's. */
	unsigned long (*cr3)(struct hijack_instance *inst, unsigned long *user);
};

#endif
