/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call to hostile_attack() with every register watched; see guard.S. */
#ifndef GUARD_H
#define GUARD_H

/* What the callee-saved registers hold before the call, and must hold after. */
#define GUARD_RBX 0x1111111111111111
#define GUARD_RBP 0x2222222222222222
#define GUARD_R12 0x3333333333333333
#define GUARD_R13 0x4444444444444444
#define GUARD_R14 0x5555555555555555
#define GUARD_R15 0x6666666666666666

#define GUARD_WORDS 16	/* in struct guard_seen */

#ifndef __ASSEMBLER__

#include "aos.h"

/* Registers after the call, in the order in which guard.S pushes them. */
struct guard_seen {
	uint64_t rax, r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rcx, rdx, rsi, rdi;
	uint64_t flags;
};
ABI_SIZE(struct guard_seen, GUARD_WORDS * 8);

int64_t guard_attack(uint64_t n, uint64_t x, struct guard_seen *seen);

#endif
#endif
