/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attacks' functions: attack_NAME(x), spread over files by subject. */
#ifndef ATTACKS_H
#define ATTACKS_H

#include "hostile/hostile.h"

#define HOSTILE_DECLARE(name, end) int64_t attack_##name(uint64_t x);
HOSTILE_ATTACKS(HOSTILE_DECLARE)
#undef HOSTILE_DECLARE

/* An attack that is one instruction sequence and needs no operand. */
#define ATTACK_ASM(name, text)			\
	int64_t attack_##name(uint64_t x)	\
	{					\
		(void)x;			\
		__asm__ volatile(text : : : "rax", "rbx", "rcx", "rdx", "memory", "cc"); \
		return 1;			\
	}

/* entry.S */
#define SEEN_REGISTERS 6
extern uint64_t seen_at_entry[SEEN_REGISTERS];
extern const uint8_t int_table[256][4];
int64_t attack_dispatch(uint64_t n, uint64_t x);

#endif
