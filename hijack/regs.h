/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saved registers of ring 3: what IRET and SYSRET may be given. */
#ifndef HIJACK_REGS_H
#define HIJACK_REGS_H

#include <asm/ptrace.h>

/* pt_regs.orig_ax of a ring-3 context that is in a system call: no hardware
 * error code and no interrupt number looks like it. */
#define HIJACK_ORIG_SYSCALL	0x5359534341ul

/*
 * Whatever a personality put there, IRET must be able to load it: ring 3's
 * segments, its flags only, and a RIP beyond user space becomes 0, which
 * faults in ring 3.
 */
void regs_make_safe(struct pt_regs *regs);

/*
 * In a system call, and its RIP can be given to SYSRET, which on Intel's CPUs
 * faults in ring 0 if it is not canonical (CVE-2012-0217).  SYSRET takes
 * neither segments nor flags from here.
 */
bool regs_may_sysret(const struct pt_regs *regs);

#endif
