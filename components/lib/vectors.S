/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See vectors/state.h. */
#define UPPER	512
#define AVX	768

.macro LOAD from:req
	fxrstor64 (\from)
	cmpq	$0, AVX(\from)
	je	.Lloaded_\@
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vinsertf128 $1, UPPER + 16 * \n(\from), %ymm\n, %ymm\n
	.endr
.Lloaded_\@:
.endm

.macro LOOK to:req
	fxsave64 (\to)
	cmpq	$0, AVX(\to)
	je	.Llooked_\@
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vextractf128 $1, %ymm\n, UPPER + 16 * \n(\to)
	.endr
.Llooked_\@:
.endm

.macro SPIN count:req
	movq	\count, %rcx
.Lspin_\@:
	decq	%rcx
	jnz	.Lspin_\@
.endm

	.hidden	vectors_load, vectors_look, vectors_hold

	.text
	.globl	vectors_load
	.type	vectors_load, @function
vectors_load:
	LOAD	%rdi
	ret
	.size	vectors_load, . - vectors_load

	.globl	vectors_look
	.type	vectors_look, @function
vectors_look:
	LOOK	%rdi
	ret
	.size	vectors_look, . - vectors_look

/* rdi = in, rsi = out, rdx = spins (>= 1), rcx = call, r8 = its argument */
	.globl	vectors_hold
	.type	vectors_hold, @function
vectors_hold:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	movq	%rsi, %rbx
	movq	%rdx, %rbp
	movq	%rcx, %r12
	LOAD	%rdi
	SPIN	%rbp
	movq	%r12, %rax
	cmpq	$-1, %rax
	je	1f
	movq	%r8, %rdi
	xorl	%esi, %esi
	syscall
1:	SPIN	%rbp
	LOOK	%rbx
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	vectors_hold, . - vectors_hold

	.section .note.GNU-stack, "", @progbits
