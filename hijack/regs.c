// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions about ring 3's registers, pure: tests/unit/test_hijack_regs.c
 * tries them, since no emulated CPU faults where Intel's do.
 */
#include <asm/processor.h>
#include <asm/processor-flags.h>
#include <asm/segment.h>
#include "hijack/regs.h"

/* Flags that ring 3 may have: no TF, no NT, no AC, no IOPL. */
#define USER_FLAGS (X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF | \
		    X86_EFLAGS_SF | X86_EFLAGS_DF | X86_EFLAGS_OF)

void regs_make_safe(struct pt_regs *regs)
{
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags = (regs->flags & USER_FLAGS) | X86_EFLAGS_IF | X86_EFLAGS_FIXED;
	if (regs->ip >= TASK_SIZE_MAX)
		regs->ip = 0;
}

bool regs_may_sysret(const struct pt_regs *regs)
{
	return regs->orig_ax == HIJACK_ORIG_SYSCALL && regs->ip < TASK_SIZE_MAX;
}
