// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ways into Linux other than the 64-bit system call: each must be shut
 * while the AOS runs.  Were one open, Linux would act for the host's process.
 */
#include "attacks.h"

#define LINUX_CS32 0x23	/* ring 3, 32-bit code */

int64_t attack_int_n(uint64_t x)
{
	((void (*)(void))(uintptr_t)int_table[x & 0xff])();
	return 1;
}

ATTACK_ASM(sysenter, "xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\tmovl $20, %%eax\n\tsysenter")

/*
 * 32-bit code would have to lie below 4 GiB, where nothing is mapped: the CPU
 * changes its mode, and faults there, with the 32-bit code segment loaded.
 */
int64_t attack_compat_ljmp(uint64_t x)
{
	const struct __attribute__((packed)) {
		uint32_t offset;
		uint16_t selector;
	} target = { (uint32_t)x, LINUX_CS32 };

	__asm__ volatile("ljmpl *%0" : : "m"(target) : "memory");
	return 1;
}

int64_t attack_compat_lret(uint64_t x)
{
	__asm__ volatile("pushq %0\n\tpushq %1\n\tlretq"
			 : : "i"(LINUX_CS32), "r"(x & UINT32_MAX) : "memory");
	return 1;
}

int64_t attack_compat_iret(uint64_t x)
{
	__asm__ volatile("movq %%rsp, %%rax\n\t"
			 "pushq $0x2b\n\t"
			 "pushq %%rax\n\t"
			 "pushfq\n\t"
			 "pushq %0\n\t"
			 "pushq %1\n\t"
			 "iretq" : : "i"(LINUX_CS32), "r"(x & UINT32_MAX) : "rax", "memory");
	return 1;
}

int64_t attack_vsyscall(uint64_t x)
{
	((void (*)(uint64_t, uint64_t))x)(0, 0);
	return 1;
}

/* A Linux number is an invocation of a slot to the AOS: an empty one here. */
int64_t attack_linux_call(uint64_t x)
{
	register uint64_t r10 __asm__("r10") = 0;
	register uint64_t r8 __asm__("r8") = 0;
	register uint64_t r9 __asm__("r9") = 0;
	uint64_t rdi = 0, rsi = 0, rdx = 0;
	int64_t rax = (int64_t)x;

	/* Of a failed invocation, too, nothing but rsp need survive. */
	__asm__ volatile("pushq %%rbp\n\tsyscall\n\tpopq %%rbp"
			 : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8),
			   "+r"(r9)
			 : : "rcx", "r11", "rbx", "r12", "r13", "r14", "r15", "memory", "cc");
	return rax >= 0;
}
