/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_attack(n = rdi, x = rsi, seen = rdx) -> result of hostile_attack(n, x).
 * Gives known values to the callee-saved registers, calls, and writes down
 * what all registers hold afterwards, before anything else can change them.
 *
 *	stack after the call:	struct guard_seen (16 words) | seen | r15 .. rbx
 */
#include "guard.h"

#define SEEN_BYTES	(GUARD_WORDS * 8)
#define FLAGS_CLEAN	2

	.hidden	guard_attack

	.text
	.globl	guard_attack
	.type	guard_attack, @function
guard_attack:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdx
	movabsq	$GUARD_RBX, %rbx
	movabsq	$GUARD_RBP, %rbp
	movabsq	$GUARD_R12, %r12
	movabsq	$GUARD_R13, %r13
	movabsq	$GUARD_R14, %r14
	movabsq	$GUARD_R15, %r15

	call	hostile_attack

	pushfq
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
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
	pushq	%rax
	pushq	$FLAGS_CLEAN
	popfq

	movq	SEEN_BYTES(%rsp), %rdi
	movq	%rsp, %rsi
	movl	$GUARD_WORDS, %ecx
	rep	movsq
	addq	$(SEEN_BYTES + 8), %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	guard_attack, . - guard_attack

	.section .note.GNU-stack, "", @progbits
