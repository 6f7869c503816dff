/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile_attack: where an invocation arrives.  Called by the linker's
 * server stub, which has touched rcx only; so what the other registers hold
 * came through the kernel (rax: who calls), and is written down before C uses
 * them.
 */
	.hidden	seen_at_entry, int_table, attack_dispatch, hostile_attack

	.text
	.globl	hostile_attack
	.type	hostile_attack, @function
hostile_attack:
	movq	%rbx, seen_at_entry(%rip)
	movq	%rbp, 8 + seen_at_entry(%rip)
	movq	%r12, 16 + seen_at_entry(%rip)
	movq	%r13, 24 + seen_at_entry(%rip)
	movq	%r14, 32 + seen_at_entry(%rip)
	movq	%r15, 40 + seen_at_entry(%rip)
	jmp	attack_dispatch
	.size	hostile_attack, . - hostile_attack

/* int_table: for each vector n, `int n; ret; nop`: four bytes. */
	.balign	4
	.globl	int_table
	.type	int_table, @object
int_table:
	.set	vector, 0
	.rept	256
	.byte	0xcd, vector, 0xc3, 0x90
	.set	vector, vector + 1
	.endr
	.size	int_table, . - int_table

	.bss
	.balign	8
	.globl	seen_at_entry
	.type	seen_at_entry, @object
seen_at_entry:
	.zero	48
	.size	seen_at_entry, . - seen_at_entry

	.section .note.GNU-stack, "", @progbits
