// SPDX-License-Identifier: GPL-2.0-or-later
/* State of the CPU that could carry something from one component to another. */
#include "attacks.h"
#include "vectors/state.h"

/* What the caller had in its registers is none of our business. */
int64_t attack_peek_registers(uint64_t x)
{
	(void)x;
	for (int i = 0; i < SEEN_REGISTERS; i++)
		if (seen_at_entry[i])
			return 1;
	return 0;
}

/* Return with a known value in every register that is no result. */
int64_t attack_fill_registers(uint64_t x)
{
	(void)x;
	__asm__ volatile("movq %0, %%rbx\n\t"
			 "movq %%rbx, %%rbp\n\t"
			 "movq %%rbx, %%r8\n\t"
			 "movq %%rbx, %%r9\n\t"
			 "movq %%rbx, %%r10\n\t"
			 "movq %%rbx, %%r12\n\t"
			 "movq %%rbx, %%r13\n\t"
			 "movq %%rbx, %%r14\n\t"
			 "movq %%rbx, %%r15\n\t"
			 "movq %%rbx, %%rsi\n\t"
			 "xorl %%edi, %%edi\n\t"
			 "xorl %%edx, %%edx\n\t"
			 "movl %1, %%eax\n\t"
			 "syscall\n\t"
			 "ud2" : : "i"(HOSTILE_MAGIC), "i"(AOS_CALL(OP_RETURN, 0)) : "memory");
	__builtin_unreachable();
}

int64_t attack_segment_bases(uint64_t x)
{
	(void)x;
	__asm__ volatile("wrfsbase %0\n\twrgsbase %0" : : "r"(HOSTILE_MAGIC));
	return 0;
}

int64_t attack_vector_state(uint64_t x)
{
	(void)x;
	__asm__ volatile("movq %0, %%xmm0\n\tmovq %0, %%xmm15" : : "r"(HOSTILE_MAGIC));
	return 0;
}

/* Division by zero with that error unmasked. */
int64_t attack_vector_error(uint64_t x)
{
	const uint32_t unmask = 0, mask = 0x1f80;

	(void)x;
	__asm__ volatile("ldmxcsr %0\n\t"
			 "pcmpeqd %%xmm0, %%xmm0\n\t"
			 "pslld $25, %%xmm0\n\t"
			 "psrld $2, %%xmm0\n\t"		/* 1.0 */
			 "pxor %%xmm1, %%xmm1\n\t"
			 "divss %%xmm1, %%xmm0\n\t"
			 "ldmxcsr %1" : : "m"(unmask), "m"(mask));
	return 0;
}

/* The error stays pending for whoever uses the x87 next. */
int64_t attack_x87_error(uint64_t x)
{
	const uint16_t unmask = 0x0340;

	(void)x;
	__asm__ volatile("fninit\n\t"
			 "fldcw %0\n\t"
			 "fldz\n\t"
			 "fld1\n\t"
			 "fdiv %%st(1), %%st\n\t"	/* 1 / 0 */
			 "fwait" : : "m"(unmask));
	return 0;
}

/* What one that may use vector registers has left in them: pattern x. */
int64_t attack_peek_vectors(uint64_t x)
{
	struct vectors_state seen, wanted;

	vectors_init(&seen);
	vectors_look(&seen);
	vectors_init(&wanted);
	vectors_pattern(&wanted, x);
	return vectors_share(&seen, &wanted);
}

/*
 * Forbid every page of key 0, which all pages have, and leave: x = 0 by
 * returning, else by a fault.  Whoever runs next needs its memory.
 */
int64_t attack_protection_keys(uint64_t x)
{
	register uint64_t how __asm__("rdi") = x;

	__asm__ volatile("movl $-1, %%eax\n\t"
			 "xorl %%ecx, %%ecx\n\t"
			 "xorl %%edx, %%edx\n\t"
			 "wrpkru\n\t"
			 "testq %%rdi, %%rdi\n\t"
			 "jnz 1f\n\t"
			 "movl %1, %%eax\n\t"
			 "syscall\n"
			 "1:\tud2" : : "r"(how), "i"(AOS_CALL(OP_RETURN, 0)) : "memory");
	__builtin_unreachable();
}
