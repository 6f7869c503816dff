/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel that stands between a Linux thread and Linux supplies, and
 * what it is given.  hijack knows nothing of its policy.
 *
 * A personality is a set of entry points and what they lead to.  They are
 * loaded while a thread that is in its *scope* is the current one on a CPU,
 * and at no other time.  There are two kinds:
 *
 *   one that takes the whole thread: ring 3 is its own, with page tables,
 *	faults, events (the component OS; struct hijack_instance);
 *   one that stands at the thread's door only: ring 3 stays the Linux
 *	process it was, in Linux's page tables (kmux).
 *
 * The callbacks run on the thread's CPU with interrupts off, but for setup
 * and teardown.  They may not sleep, take a lock, or use RCU: Linux takes the
 * thread for one in user mode.  `regs` are ring 3's, at the top of the
 * thread's kernel stack, and may be rewritten: whatever they hold afterwards
 * is where ring 3 goes on.
 */
#ifndef HIJACK_PERSONALITY_H
#define HIJACK_PERSONALITY_H

#include <linux/preempt.h>
#include <linux/types.h>
#include <asm/desc_defs.h>

struct hijack_instance;
struct hijack_scope;
struct pt_regs;

/* How the entry text leaves after a callback. */
enum hijack_exit {
	HIJACK_EXIT_IRET,	/* to ring 3, with all of *regs */
	HIJACK_EXIT_SYSRET,	/* to ring 3, as after a system call */
	HIJACK_EXIT_LINUX,	/* into Linux's entry: *regs are a Linux system call */
};

struct hijack_personality {
	const char *name;
	/* For MSR_LSTAR and MSR_CSTAR; their text must lie in the entry pages. */
	void (*entry)(void);
	void (*entry_compat)(void);
	/* Page-aligned, in the entry pages; what Linux does not handle leads to entry text. */
	const gate_desc *idt;

	/* A system call that the entry text did not finish itself. */
	enum hijack_exit (*syscall)(struct hijack_scope *scope, struct pt_regs *regs);
	/* Ring 3 raised an exception that `idt` leads here, or tried a shut door. */
	enum hijack_exit (*fault)(struct hijack_scope *scope, struct pt_regs *regs,
				  unsigned int vector, unsigned long addr);

	/* ---- only of those that take the whole thread, NULL elsewhere ---- */

	/* The CR3 values that belong to the context that runs: ring 0's and ring 3's. */
	unsigned long (*cr3)(struct hijack_scope *scope, unsigned long *user);
	/* Hijack has taken the thread away: make an end of it, and say why. */
	void (*end)(struct hijack_scope *scope, const char *why);
	/* The entry points have just been loaded: time counts for the AOS again. */
	void (*resumed)(struct hijack_scope *scope);
	/*
	 * Build the first ring-3 context in *regs.  Process context, may sleep.
	 * 0 or a negative errno; on error nothing stays behind.
	 */
	int (*setup)(struct hijack_instance *inst, struct pt_regs *regs);
	/* Give everything back.  Process context; ring 3 is gone. */
	void (*teardown)(struct hijack_instance *inst);
	/* Events (HAL_EVENT_*) have arrived.  True: *regs are another context's now. */
	bool (*event)(struct hijack_instance *inst, struct pt_regs *regs, u32 events);
};

#define HIJACK_ANY_CPU	(-1)

/*
 * A thread and the personality it is under.  Embedded in the personality's own
 * structure for the thread.  Touched by the thread itself, or on its CPU with
 * interrupts off; `dead` is set by anyone, once.
 */
struct hijack_scope {
	const struct hijack_personality *personality;
	void *context;		/* what the entry text finds in hijack_cpu.context */
	struct preempt_notifier preempt;
	int cpu;		/* the only one it may run on, or HIJACK_ANY_CPU */
	bool entered;		/* ring 3 is under the personality */
	bool dead;		/* never load entry points again */
	u64 entries;		/* times they were loaded */
	u64 left_at;		/* TSC when Linux's were loaded; 0 while ours are */
	u64 stolen;		/* TSC cycles for which they were Linux's, since the start */
};

#endif
