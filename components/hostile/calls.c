// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The AOS's own system calls with capabilities this component does not have
 * and arguments that make no sense.  It owns the console, and nothing else.
 */
#include "attacks.h"

#define OPS_TRIED	(OP_COUNT + 3u)
#define SLOTS_TRIED	(AOS_CAP_SLOTS + 4u)

static uint64_t random_state;

/* Knuth's MMIX generator; the interesting values are extremes, so every other is. */
static uint64_t random_value(void)
{
	static const uint64_t extremes[] = {
		0, 1, UINT64_MAX, INT64_MAX, 0x8000000000000000ull, UINT32_MAX, 4096,
		BOOTINFO_VADDR, 0x800000000000ull, 0xffff888000000000ull
	};
	uint64_t high;

	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	high = random_state >> 33;
	return high & 1 ? random_state : extremes[(high >> 1) % (sizeof(extremes) / 8)];
}

/* Calls that need no capability, or may use the console: not an escape. */
static bool allowed(uint32_t op, uint32_t slot)
{
	switch (op) {
	case OP_RETURN:
	case OP_NULL:
	case OP_TIME:
		return true;
	default:
		return op == OP_LOG && slot == AOS_SLOT_CONSOLE;
	}
}

/* Slots 0..127, then some beyond the table. */
static uint32_t slot_number(uint32_t i)
{
	static const uint32_t beyond[] = { 128, 255, 0x7fff, 0xffff };

	return i < AOS_CAP_SLOTS ? i : beyond[i - AOS_CAP_SLOTS];
}

/* The kernel looks at the low 24 bits of rax only; the others are noise. */
static int64_t forged_call(uint32_t op, uint32_t slot)
{
	register uint64_t r10 __asm__("r10") = random_value();
	register uint64_t r8 __asm__("r8") = random_value();
	register uint64_t r9 __asm__("r9") = random_value();
	uint64_t rdi = random_value(), rsi = random_value(), rdx = random_value();
	uint64_t rax = AOS_CALL(op, slot) | (random_value() & ~0xffffffull);

	/* Of a failed invocation, too, nothing but rsp need survive. */
	__asm__ volatile("pushq %%rbp\n\tsyscall\n\tpopq %%rbp"
			 : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8),
			   "+r"(r9)
			 : : "rcx", "r11", "rbx", "r12", "r13", "r14", "r15", "memory", "cc");
	return (int64_t)rax;
}

int64_t attack_forged_calls(uint64_t x)
{
	random_state = x;
	for (uint32_t op = 0; op < OPS_TRIED; op++)
		for (uint32_t i = 0; i < SLOTS_TRIED; i++) {
			uint32_t slot = slot_number(i);

			if (allowed(op, slot))
				continue;
			if (forged_call(op, slot) >= 0)
				return 1;
		}
	return 0;
}
