/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of the kernel's: its struct pt_regs, which is also the AOS's. */
#ifndef TEST_ASM_PTRACE_H
#define TEST_ASM_PTRACE_H

#include <stdbool.h>

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax;
	unsigned long ip, cs, flags, sp, ss;
};

#endif
