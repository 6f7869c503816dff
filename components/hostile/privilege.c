// SPDX-License-Identifier: GPL-2.0-or-later
/* Instructions and segments of ring 0. */
#include "attacks.h"

ATTACK_ASM(cli, "cli")
ATTACK_ASM(sti, "sti")
ATTACK_ASM(hlt, "hlt")
ATTACK_ASM(read_cr0, "movq %%cr0, %%rax")
ATTACK_ASM(write_cr3, "xorl %%eax, %%eax\n\tmovq %%rax, %%cr3")
ATTACK_ASM(write_cr4, "xorl %%eax, %%eax\n\tmovq %%rax, %%cr4")
ATTACK_ASM(write_dr7, "xorl %%eax, %%eax\n\tmovq %%rax, %%dr7")
ATTACK_ASM(rdmsr, "movl $0xc0000082, %%ecx\n\trdmsr")
ATTACK_ASM(wrmsr_lstar, "movl $0xc0000082, %%ecx\n\txorl %%eax, %%eax\n\txorl %%edx, %%edx\n\twrmsr")
ATTACK_ASM(in, "inb $0x60, %%al")
ATTACK_ASM(out, "movb $0xfe, %%al\n\toutb %%al, $0x64")
ATTACK_ASM(lgdt, "subq $16, %%rsp\n\tlgdt (%%rsp)")
ATTACK_ASM(lidt, "subq $16, %%rsp\n\tlidt (%%rsp)")
ATTACK_ASM(lldt, "xorl %%eax, %%eax\n\tlldt %%ax")
ATTACK_ASM(ltr, "movl $0x40, %%eax\n\tltr %%ax")
ATTACK_ASM(lmsw, "xorl %%eax, %%eax\n\tlmsw %%ax")
ATTACK_ASM(clts, "clts")
ATTACK_ASM(invlpg, "invlpg (%%rsp)")
ATTACK_ASM(wbinvd, "wbinvd")
ATTACK_ASM(swapgs, "swapgs")
ATTACK_ASM(sysret, "sysretq")
ATTACK_ASM(xsetbv, "xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\tmovl $3, %%eax\n\txsetbv")
ATTACK_ASM(stac, "stac")
ATTACK_ASM(kernel_ss, "movl $0x18, %%eax\n\tmovl %%eax, %%ss")
ATTACK_ASM(kernel_lret, "leaq 1f(%%rip), %%rax\n\tpushq $0x10\n\tpushq %%rax\n\tlretq\n1:")
ATTACK_ASM(kernel_iret,
	   "movq %%rsp, %%rbx\n\t"
	   "leaq 1f(%%rip), %%rax\n\t"
	   "pushq $0x18\n\t"
	   "pushq %%rbx\n\t"
	   "pushfq\n\t"
	   "pushq $0x10\n\t"
	   "pushq %%rax\n\t"
	   "iretq\n1:")
