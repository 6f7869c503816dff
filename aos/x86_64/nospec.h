/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOS_X86_64_NOSPEC_H
#define AOS_X86_64_NOSPEC_H

#include "abi/types.h"

/*
 * Clamp an index that a component chose: @i if @i < @size, else 0, without a
 * branch the CPU could mispredict.  Call it after the architectural bounds
 * check (Intel, "Bounds Check Bypass", software mitigation by masking).
 */
static inline uint64_t nospec_index(uint64_t i, uint64_t size)
{
	uint64_t mask;

	__asm__ volatile("cmp %1, %2; sbb %0, %0"
			 : "=r"(mask) : "g"(size), "r"(i) : "cc");
	return i & mask;
}

#endif
