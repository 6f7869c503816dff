// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exceptions that a component can raise at will, and states (flags, stack
 * pointer) in which the kernel must be entered and left unharmed.
 */
#include "attacks.h"

#define STR(x) #x
#define VALUE(x) STR(x)
#define CALL_NULL	"movl $" VALUE(CALL_NULL_NUMBER) ", %%eax\n\tsyscall\n\t"
#define CALL_RETURN	"xorl %%edi, %%edi\n\txorl %%edx, %%edx\n\t" \
			"movl $" VALUE(CALL_RETURN_NUMBER) ", %%eax\n\tsyscall\n\t"
#define CALL_NULL_NUMBER	0x1a0000
#define CALL_RETURN_NUMBER	0x010000
_Static_assert(CALL_NULL_NUMBER == AOS_CALL(OP_NULL, 0), "another number");
_Static_assert(CALL_RETURN_NUMBER == AOS_CALL(OP_RETURN, 0), "another number");

#define CLOBBERS "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r11", "memory", "cc"
#define FLAGS_AC 0x40000u

ATTACK_ASM(icebp, ".byte 0xf1")
ATTACK_ASM(int3, "int3")
ATTACK_ASM(into, ".byte 0xce")
ATTACK_ASM(divide, "xorl %%edx, %%edx\n\txorl %%ecx, %%ecx\n\tdivl %%ecx")
ATTACK_ASM(ud2, "ud2")
ATTACK_ASM(ss_int3, "movl %%ss, %%eax\n\tmovl %%eax, %%ss\n\tint3")

/* x = RFLAGS bits to set */
#define SET_FLAGS "pushfq\n\torq %0, (%%rsp)\n\tpopfq\n\t"
#define CLEAR_FLAGS "pushq $2\n\tpopfq\n\t"

int64_t attack_flags_fault(uint64_t x)
{
	__asm__ volatile(SET_FLAGS "ud2" : : "r"(x) : "memory", "cc");
	return 1;
}

int64_t attack_flags_null(uint64_t x)
{
	__asm__ volatile(SET_FLAGS CALL_NULL CLEAR_FLAGS : : "r"(x) : CLOBBERS);
	return 0;
}

int64_t attack_flags_return(uint64_t x)
{
	__asm__ volatile(SET_FLAGS CALL_RETURN CLEAR_FLAGS : : "r"(x) : CLOBBERS);
	return 1;
}

int64_t attack_flags_sysenter(uint64_t x)
{
	__asm__ volatile(SET_FLAGS "sysenter\n\t" CLEAR_FLAGS : : "r"(x) : CLOBBERS);
	return 1;
}

int64_t attack_misaligned(uint64_t x)
{
	uint64_t word[2];

	(void)x;
	__asm__ volatile(SET_FLAGS "movq $1, (%1)\n\t" CLEAR_FLAGS
			 : : "r"((uint64_t)FLAGS_AC), "r"((char *)word + 1) : "memory", "cc");
	return 0;
}

/* A locked access across two cache lines stops every CPU of some machines. */
int64_t attack_split_lock(uint64_t x)
{
	char line[128] __attribute__((aligned(64))) = { 0 };

	(void)x;
	__asm__ volatile("lock incl (%0)" : : "r"(line + 62) : "memory", "cc");
	return 0;
}

/* x = stack pointer */
int64_t attack_stack_push(uint64_t x)
{
	__asm__ volatile("movq %0, %%rsp\n\tpushq $0" : : "r"(x) : "memory");
	__builtin_unreachable();
}

int64_t attack_stack_fault(uint64_t x)
{
	__asm__ volatile("movq %0, %%rsp\n\tud2" : : "r"(x) : "memory");
	__builtin_unreachable();
}

int64_t attack_stack_null(uint64_t x)
{
	__asm__ volatile("movq %%rsp, %%rbx\n\t"
			 "movq %0, %%rsp\n\t"
			 CALL_NULL
			 "movq %%rbx, %%rsp" : : "r"(x) : CLOBBERS);
	return 0;
}

int64_t attack_stack_return(uint64_t x)
{
	__asm__ volatile("movq %0, %%rsp\n\t" CALL_RETURN "ud2" : : "r"(x) : CLOBBERS);
	__builtin_unreachable();
}

/* The second one would leave the caller, were it still ours to execute. */
int64_t attack_return_twice(uint64_t x)
{
	(void)x;
	__asm__ volatile(CALL_RETURN CALL_RETURN : : : CLOBBERS);
	return 1;
}
