/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AOS thread's entry points: where the CPU comes in from ring 3 while
 * the AOS is entered (scope.c loads them, and takes them away again).
 *
 * All of this file's text is one page run of its own, and so are the IDT copy
 * and entry_data (entry_pages.c): under KPTI they are the only things of ours
 * that the ring-3 root maps.  Until KERNEL_CR3 has run nothing else is
 * touched, but the TSS word that Linux maps for exactly this.
 *
 * Mitigations are those of the host's own entries, chosen by the same CPU
 * features when the module is loaded.  The invocation path has no return and
 * no indirect branch, so it needs no branch-predictor barrier; VERW it has.
 *
 * Nobody may put a kprobe here: its int3 would use ring 3's stack and GS.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/trapnr.h>
#include "entry_macros.h"

	.section .text, "ax"
	.balign	PAGE_SIZE, 0xcc
SYM_CODE_START(hijack_entry_text)
	UNWIND_HINT_EMPTY
	int3
SYM_CODE_END(hijack_entry_text)

/*
 * System call.
 *
 * From:   SYSCALL in ring 3, 64-bit mode (MSR_LSTAR).
 * State:  CPL 0, interrupts off (MSR_SYSCALL_MASK is Linux's), user GS, user
 *         rsp, ring-3 CR3 under KPTI.  rcx = user rip, r11 = user rflags.
 * In:     rax = AOS_CALL(op, slot), arguments in rdi, rsi, rdx, r10, r8, r9.
 *
 * OP_INVOKE and OP_RETURN are finished here without a stack: rsp stays ring 3's
 * until the other component's takes its place.  An NMI or machine check in
 * between runs on its own stack and finds a kernel GS or CR3 as it does in Linux's
 * entry.  Everything else builds a struct pt_regs at the top of the host thread's
 * kernel stack and calls hijack_syscall().
 *
 * rbx, rbp, r12-r15 are scratch for OP_INVOKE and OP_RETURN (abi/syscall.h); r13 is
 * the current struct aos_thread.
 */
SYM_CODE_START(hijack_entry_syscall)
	UNWIND_HINT_ENTRY
	swapgs
	cmpl	$CAP_SLOTS, %eax
	jae	.Lnot_invoke
	sbbl	%ebp, %ebp			/* all ones, also if the jump was mispredicted */
	andl	%eax, %ebp
	KERNEL_CR3 scratch=%r13

	movq	HCPU(CPU_CONTEXT), %r13
	movq	AOS_CURRENT(%r13), %r13
	movq	THREAD_COMP(%r13), %rbx
	shll	$CAP_SHIFT, %ebp
	addq	COMP_CAPS(%rbx), %rbp
	movq	THREAD_TOP(%r13), %r12
	cmpl	$CAP_TYPE_INVOKE, CAP_TYPE(%rbp)
	jne	.Linvoke_slow
	movq	CAP_COMPONENT(%rbp), %r14
	cmpq	THREAD_END(%r13), %r12
	je	.Linvoke_slow
	cmpl	$0, COMP_STATE(%r14)
	jne	.Linvoke_slow

	movq	%rcx, INV_IP(%r12)
	movq	%rsp, INV_SP(%r12)
	movq	%rbx, INV_COMP(%r12)
	addq	$INV_SIZE, THREAD_TOP(%r13)
	movq	%r14, THREAD_COMP(%r13)

	CLEAR_PKRU
	movl	COMP_ID(%rbx), %eax		/* who calls */
	movq	CAP_ENTRY(%rbp), %rcx
	movq	COMP_STACK_BASE(%r14), %rsp
	addq	THREAD_STACK_OFF(%r13), %rsp
	LEAVE_FAST component=%r14

.Lnot_invoke:
	cmpl	$CALL_RETURN, %eax
	jne	.Lslow
	KERNEL_CR3 scratch=%r13
	movq	HCPU(CPU_CONTEXT), %r13
	cmpl	$0, AOS_DEFER(%r13)
	jne	.Lreturn_slow
	movq	AOS_CURRENT(%r13), %r13
	movq	THREAD_TOP(%r13), %r12
	movq	INV_COMP-INV_SIZE(%r12), %r14	/* in no invocation: nobody's */
	cmpl	$0, COMP_STATE(%r14)
	jne	.Lreturn_slow
	subq	$INV_SIZE, THREAD_TOP(%r13)
	movq	%r14, THREAD_COMP(%r13)

	CLEAR_PKRU
	movq	%rdi, %rax			/* result; the second is in rdx */
	movq	INV_IP-INV_SIZE(%r12), %rcx
	movq	INV_SP-INV_SIZE(%r12), %rsp
	xorl	%edi, %edi
	xorl	%esi, %esi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	LEAVE_FAST component=%r14

/* Not for the fast path: no kernel address may reach pt_regs. */
.Linvoke_slow:
.Lreturn_slow:
	movq	%rsp, USER_RSP
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	jmp	.Lbuild_regs

.Lslow:
	movq	%rsp, USER_RSP
	KERNEL_CR3 scratch=%rsp
.Lbuild_regs:
	PUSH_SYSCALL_REGS cs=__USER_CS
	ENTER_C hijack_syscall
	jmp	hijack_leave
SYM_CODE_END(hijack_entry_syscall)
_ASM_NOKPROBE(hijack_entry_syscall)

/*
 * SYSCALL in compatibility mode (MSR_CSTAR): one of the shut doors.
 * State as above; becomes a fault of the component.
 */
SYM_CODE_START(hijack_entry_compat)
	UNWIND_HINT_ENTRY
	swapgs
	movq	%rsp, USER_RSP
	KERNEL_CR3 scratch=%rsp
	PUSH_SYSCALL_REGS cs=__USER32_CS
	movl	$FAULT_COMPAT_SYSCALL, %esi
	ENTER_C hijack_exception
	jmp	hijack_leave
SYM_CODE_END(hijack_entry_compat)
_ASM_NOKPROBE(hijack_entry_compat)

/*
 * Exceptions and int 0x80, through the IDT copy.
 *
 * State:  interrupts off.  Stack as the CPU left it: the entry stack, an IST
 *         stack (#DB), or the current one (from ring 0).
 * From ring 0 the frame goes to Linux's own handler untouched: not one
 * register changes.  From ring 3 it is moved to the host thread's kernel
 * stack, where Linux's task_pt_regs() looks for it.
 */
.macro HIJACK_EXCEPTION vector:req error_code:req
	.balign	16
SYM_CODE_START(hijack_exception_\vector)
	UNWIND_HINT_IRET_REGS offset=8*\error_code
	testb	$3, 8*(1+\error_code)(%rsp)
	jz	.Lring0_\vector
	.if !\error_code
	pushq	$0
	.endif
	pushq	$\vector
	jmp	hijack_exception_ring3
.Lring0_\vector:
	.if \vector == X86_TRAP_PF
	/* A user address, in ring 0: Linux cannot mean the AOS's page table. */
	pushq	%rax
	movq	%cr2, %rax
	testq	%rax, %rax
	popq	%rax
	jns	hijack_kernel_user_fault
.Lring0_forward:
	.endif
	pushq	hijack_entry_data + 8*\vector(%rip)
	jmp	hijack_jump_to_stack
SYM_CODE_END(hijack_exception_\vector)
_ASM_NOKPROBE(hijack_exception_\vector)
.endm

	HIJACK_EXCEPTION 0 0		/* #DE */
	HIJACK_EXCEPTION 1 0		/* #DB */
	HIJACK_EXCEPTION 3 0		/* #BP */
	HIJACK_EXCEPTION 4 0		/* #OF */
	HIJACK_EXCEPTION 5 0		/* #BR */
	HIJACK_EXCEPTION 6 0		/* #UD */
	HIJACK_EXCEPTION 7 0		/* #NM */
	HIJACK_EXCEPTION 10 1		/* #TS */
	HIJACK_EXCEPTION 11 1		/* #NP */
	HIJACK_EXCEPTION 12 1		/* #SS */
	HIJACK_EXCEPTION 13 1		/* #GP */
	HIJACK_EXCEPTION 14 1		/* #PF */
	HIJACK_EXCEPTION 16 0		/* #MF */
	HIJACK_EXCEPTION 17 1		/* #AC */
	HIJACK_EXCEPTION 19 0		/* #XM */
	HIJACK_EXCEPTION 21 1		/* #CP */
	HIJACK_EXCEPTION 128 0		/* int 0x80 */

/*
 * Stack: vector, error code, rip, cs, rflags, rsp, ss of ring 3.
 */
SYM_CODE_START_LOCAL(hijack_exception_ring3)
	UNWIND_HINT_IRET_REGS offset=16
	pushq	%rdi
	swapgs
	ALTERNATIVE "", "lfence", X86_FEATURE_FENCE_SWAPGS_USER
	KERNEL_CR3 scratch=%rdi
	movq	%rsp, %rdi
	movq	HCPU(CPU_STACK_TOP), %rsp
	UNWIND_HINT_EMPTY
	pushq	7*8(%rdi)		/* ss */
	pushq	6*8(%rdi)		/* rsp */
	pushq	5*8(%rdi)		/* rflags */
	pushq	4*8(%rdi)		/* cs */
	pushq	3*8(%rdi)		/* rip */
	pushq	2*8(%rdi)		/* error code: orig_ax */
	pushq	(%rdi)			/* rdi */
	movq	8(%rdi), %rdi		/* vector */
	PUSH_REGS_BELOW_DI
	movl	%edi, %esi
	ASM_CLAC
	cld
	ENTER_C hijack_exception
	jmp	hijack_leave
SYM_CODE_END(hijack_exception_ring3)
_ASM_NOKPROBE(hijack_exception_ring3)

/*
 * #PF in ring 0 at a user address while the AOS is entered.
 * Stack: error code, rip, ...  The AOS is ended (its page table taken away),
 * then Linux handles the fault as if we had never been here.
 */
SYM_CODE_START_LOCAL(hijack_kernel_user_fault)
	UNWIND_HINT_IRET_REGS offset=8
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	UNWIND_HINT_IRET_REGS offset=80
	ASM_CLAC
	cld
	call	hijack_kernel_fault
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	UNWIND_HINT_IRET_REGS offset=8
	pushq	hijack_entry_data + 8*X86_TRAP_PF(%rip)
	jmp	hijack_jump_to_stack
SYM_CODE_END(hijack_kernel_user_fault)
_ASM_NOKPROBE(hijack_kernel_user_fault)

/*
 * Jump to the address on the stack, pop it, change nothing else.  Under KPTI
 * the ring-3 root may be loaded, which does not map the host's return thunk:
 * there a return captured in a loop (Intel, "Retpoline", fig. 1) does it.
 */
SYM_CODE_START_LOCAL(hijack_jump_to_stack)
	UNWIND_HINT_EMPTY
	ALTERNATIVE "jmp .Ljump_thunk", "", X86_FEATURE_PTI
	ANNOTATE_INTRA_FUNCTION_CALL
	call	.Ljump_set
.Ljump_capture:
	UNWIND_HINT_EMPTY
	pause
	lfence
	jmp	.Ljump_capture
.Ljump_set:
	UNWIND_HINT_EMPTY
	addq	$8, %rsp
	ANNOTATE_UNRET_SAFE
	ret
	int3
.Ljump_thunk:
	UNWIND_HINT_EMPTY
	RET
SYM_CODE_END(hijack_jump_to_stack)
_ASM_NOKPROBE(hijack_jump_to_stack)

/*
 * Leave the kernel.  eax = EXIT_*; rsp = struct pt_regs; interrupts off.
 */
SYM_CODE_START_LOCAL(hijack_leave)
	UNWIND_HINT_REGS
	movl	%eax, %ebx
	IBRS_SET 0
	cmpl	$EXIT_SYSRET, %ebx
	je	.Lsysret
	cmpl	$EXIT_LINUX, %ebx
	je	.Llinux

	/* iretq: every register as it was; the frame from a stack both roots map */
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
	ALTERNATIVE "jmp .Liret_same_root", "", X86_FEATURE_PTI
	movq	HCPU(CPU_USER_CR3), %rdi
	movq	%rdi, %cr3
.Liret_same_root:
	xorl	%edi, %edi
	USER_GS zero=%rdi
	popq	%rdi
	CLEAR_CPU_BUFFERS
	iretq

	/* sysretq: after a system call rcx and r11 are free */
.Lsysret:
	UNWIND_HINT_REGS
	POP_REGS_ABOVE_DI
	popq	%rdi
	movq	1*8(%rsp), %rcx		/* rip */
	movq	4*8(%rsp), %rsp
	UNWIND_HINT_EMPTY
	ALTERNATIVE "jmp .Lsysret_same_root", "", X86_FEATURE_PTI
	movq	HCPU(CPU_USER_CR3), %r11
	movq	%r11, %cr3
.Lsysret_same_root:
	xorl	%r11d, %r11d
	USER_GS zero=%r11
	movl	$RFLAGS_USER, %r11d
	CLEAR_CPU_BUFFERS
	sysretq
	int3

	/*
	 * A Linux system call in the user's name: the registers hold one.  On
	 * with Linux's own entry, as if SYSCALL had gone there; its "user rsp"
	 * is a kernel address then, which hijack's ioctl puts right.
	 */
.Llinux:
	UNWIND_HINT_REGS
	POP_REGS_ABOVE_DI
	popq	%rdi
	UNWIND_HINT_EMPTY
	movq	1*8(%rsp), %rcx		/* rip */
	movq	3*8(%rsp), %r11		/* rflags */
	pushq	hijack_entry_data + 8*256(%rip)
	swapgs
	jmp	hijack_jump_to_stack
SYM_CODE_END(hijack_leave)
_ASM_NOKPROBE(hijack_leave)

	.balign	PAGE_SIZE, 0xcc
SYM_CODE_START(hijack_entry_text_end)
	UNWIND_HINT_EMPTY
	int3
SYM_CODE_END(hijack_entry_text_end)
