/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Macros of entry.S: what every way in and out of the AOS consists of.  They
 * mirror Linux's own (arch/x86/entry/calling.h), which modules cannot use.
 */
#ifndef HIJACK_ENTRY_MACROS_H
#define HIJACK_ENTRY_MACROS_H

#include <asm/alternative.h>
#include <asm/asm.h>
#include <asm/cpufeatures.h>
#include <asm/msr-index.h>
#include <asm/nospec-branch.h>
#include <asm/page_types.h>
#include <asm/percpu.h>
#include <asm/segment.h>
#include <asm/smap.h>
#include <asm/unwind_hints.h>
#include "asm-offsets.h"

#define HCPU(field)	PER_CPU_VAR(hijack_cpu + field)
#define USER_RSP	PER_CPU_VAR(cpu_tss_rw + TSS_SP2)
#define RFLAGS_USER	0x202

/* Ring-3 root -> ring-0 root: bit 12, and bit 11 of the PCID (arch/x86/mm/pti.c). */
.macro KERNEL_CR3 scratch:req
	ALTERNATIVE "jmp .Lkernel_cr3_\@", "", X86_FEATURE_PTI
	movq	%cr3, \scratch
	andq	$~0x1800, \scratch
	movq	\scratch, %cr3
.Lkernel_cr3_\@:
.endm

/* The same where both roots are Linux's own: as its entry does it, with PCID's NOFLUSH. */
.macro LINUX_KERNEL_CR3 scratch:req
	ALTERNATIVE "jmp .Llinux_kernel_cr3_\@", "", X86_FEATURE_PTI
	movq	%cr3, \scratch
	ALTERNATIVE "", "btsq $63, \scratch", X86_FEATURE_PCID
	andq	$~0x1800, \scratch
	movq	\scratch, %cr3
.Llinux_kernel_cr3_\@:
.endm

/* And back.  What the TLB holds for ring 3 is forgotten: only Linux knows if it may stay. */
.macro LINUX_USER_CR3 scratch:req
	ALTERNATIVE "jmp .Llinux_user_cr3_\@", "", X86_FEATURE_PTI
	movq	%cr3, \scratch
	ALTERNATIVE "orq $0x1000, \scratch", "orq $0x1800, \scratch", X86_FEATURE_PCID
	movq	\scratch, %cr3
.Llinux_user_cr3_\@:
.endm

/* FS and GS bases are zero in ring 3.  \zero holds 0; ends with user GS. */
.macro USER_GS zero:req
	wrfsbase \zero
	swapgs
	wrgsbase \zero
.endm

.macro IBRS_SET on:req
	ALTERNATIVE "jmp .Librs_\@", "", X86_FEATURE_KERNEL_IBRS
	movq	PER_CPU_VAR(x86_spec_ctrl_current), %rdx
	.if !\on
	andl	$~SPEC_CTRL_IBRS, %edx
	.endif
	movl	%edx, %eax
	shrq	$32, %rdx
	movl	$MSR_IA32_SPEC_CTRL, %ecx
	wrmsr
.Librs_\@:
.endm

/* The rest of a struct pt_regs below orig_ax and di; registers cleared as in Linux. */
.macro PUSH_REGS_BELOW_DI
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	UNWIND_HINT_REGS
	xorl	%edx, %edx
	xorl	%ecx, %ecx
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
.endm

/*
 * A struct pt_regs of a SYSCALL at the top of the thread's kernel stack, where
 * task_pt_regs() looks for it.  @cs: ring 3's code segment.
 */
.macro PUSH_SYSCALL_REGS cs:req
	movq	HCPU(CPU_STACK_TOP), %rsp
	pushq	$__USER_DS
	pushq	USER_RSP
	pushq	%r11
	pushq	$\cs
	pushq	%rcx
	pushq	%rax
	pushq	%rdi
	PUSH_REGS_BELOW_DI
.endm

.macro POP_REGS_ABOVE_DI
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
.endm

.macro ENTER_C fn:req
	movl	%esi, %ebx
	IBRS_SET 1
	UNTRAIN_RET
	CLEAR_BRANCH_HISTORY
	movq	%rsp, %rdi
	movl	%ebx, %esi
	call	\fn
.endm

/*
 * Protection keys are ring 3's to change (WRPKRU), and nobody gets another's.
 * Destroys rax, rcx, r15.
 */
.macro CLEAR_PKRU
	ALTERNATIVE "jmp .Lpkru_\@", "", X86_FEATURE_OSPKE
	movq	%rdx, %r15
	xorl	%eax, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	wrpkru
	movq	%r15, %rdx
.Lpkru_\@:
.endm

/* rcx = rip, and rsp is ring 3's; clears all but arguments and results. */
.macro LEAVE_FAST component:req
	movq	COMP_USER_CR3(\component), %rbx
	movq	%rbx, %cr3
	movl	$RFLAGS_USER, %r11d
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	USER_GS zero=%rbx
	CLEAR_CPU_BUFFERS
	sysretq
	int3
.endm

#endif
