/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kmux's entry points: where a system call of a process that is under a filter
 * comes in.  One page run of its own, mapped like that of ../entry.S; what is
 * said there about mitigations and kprobes holds here.
 *
 * A call that is allowed goes on in Linux's own entry as if SYSCALL had led
 * there: every register, GS and rsp are ring 3's again (Linux's entry copes
 * with a ring-0 CR3).  The jump is direct, since no register is free for
 * another: a static call's trampoline, led to Linux's entry once, when the
 * module is loaded (idt.c).
 */
#include <linux/errno.h>
#include <linux/linkage.h>
#include <asm/asm.h>
#include "../entry_macros.h"

/* STATIC_CALL_TRAMP(hijack_linux_syscall): linux/static_call_types.h is for C. */
#define LINUX_SYSCALL __SCT__hijack_linux_syscall

	.section .text, "ax"
	.balign	PAGE_SIZE, 0xcc
SYM_CODE_START(kmux_entry_text)
	UNWIND_HINT_EMPTY
	int3
SYM_CODE_END(kmux_entry_text)

/*
 * From:   SYSCALL in ring 3, 64-bit mode (MSR_LSTAR).
 * State:  CPL 0, interrupts off, user GS, user rsp, ring-3 CR3 under KPTI.
 *         rcx = user rip, r11 = user rflags, rax = Linux's system call.
 *
 * What the filter passes without a word is decided here, without a stack; rsp
 * is the one free register.  The number is masked after it is compared: no
 * mispredicted jump reads beyond the table.
 */
SYM_CODE_START(kmux_entry_syscall)
	UNWIND_HINT_ENTRY
	swapgs
	movq	%rsp, USER_RSP
	LINUX_KERNEL_CR3 scratch=%rsp
	movl	%eax, %esp
	cmpl	$KMUX_CALLS, %eax
	jae	.Lask
	andl	$(KMUX_CALLS - 1), %esp
	addq	HCPU(CPU_CONTEXT), %rsp
	cmpb	$0, KMUX_VERDICT(%rsp)
	jne	.Lask
	movq	USER_RSP, %rsp
	swapgs
	jmp	LINUX_SYSCALL

.Lask:
	PUSH_SYSCALL_REGS cs=__USER_CS
	ENTER_C hijack_syscall
	movl	%eax, %ebx
	IBRS_SET 0
	cmpl	$EXIT_LINUX, %ebx
	jne	.Lrefused

	POP_REGS_ABOVE_DI
	popq	%rdi
	UNWIND_HINT_EMPTY
	movq	4*8(%rsp), %rsp
	swapgs
	jmp	LINUX_SYSCALL

	/* Back to ring 3, all but rax as it was; the frame from a stack both roots map. */
.Lrefused:
	UNWIND_HINT_REGS
	POP_REGS_ABOVE_DI
	movq	%rsp, %rdi
	movq	PER_CPU_VAR(cpu_tss_rw + TSS_SP0), %rsp
	UNWIND_HINT_EMPTY
	pushq	6*8(%rdi)		/* ss */
	pushq	5*8(%rdi)		/* rsp */
	pushq	4*8(%rdi)		/* rflags */
	pushq	3*8(%rdi)		/* cs */
	pushq	2*8(%rdi)		/* rip */
	pushq	(%rdi)			/* rdi */
	LINUX_USER_CR3 scratch=%rdi
	popq	%rdi
	swapgs
	CLEAR_CPU_BUFFERS
	iretq
SYM_CODE_END(kmux_entry_syscall)
_ASM_NOKPROBE(kmux_entry_syscall)

/*
 * SYSCALL in compatibility mode (MSR_CSTAR), a door that is shut: what Linux
 * answers that has no 32-bit calls.  Nothing of the kernel is touched.
 */
SYM_CODE_START(kmux_entry_compat)
	UNWIND_HINT_ENTRY
	movl	$-ENOSYS, %eax
	CLEAR_CPU_BUFFERS
	sysretl
	int3
SYM_CODE_END(kmux_entry_compat)
_ASM_NOKPROBE(kmux_entry_compat)

	.balign	PAGE_SIZE, 0xcc
SYM_CODE_START(kmux_entry_text_end)
	UNWIND_HINT_EMPTY
	int3
SYM_CODE_END(kmux_entry_text_end)
