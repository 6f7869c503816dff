/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the hostile component, which tries to escape.  Each attack
 * either faults, which its caller sees as -AOS_EFAULT, or returns 0 when it
 * went through and gained nothing, or 1 when it got what no component may.
 * A test component: never in a system that does anything else.
 */
#ifndef HOSTILE_HOSTILE_H
#define HOSTILE_HOSTILE_H

#include "aos.h"

/* What an attack must end in. */
enum hostile_end {
	MUST_FAULT,
	MUST_RETURN,	/* 0: it is allowed, and must do no harm */
	MAY_FAULT	/* either: depends on the CPU or the host's settings */
};

/*
 * name, end.  The second argument of hostile_attack() is called x here:
 * an address, a stack pointer, RFLAGS bits or a vector, as the name says.
 */
#define HOSTILE_ATTACKS(ATTACK)					\
	/* doors into Linux */					\
	ATTACK(int_n, MUST_FAULT)	/* `int x` */		\
	ATTACK(sysenter, MUST_FAULT)				\
	ATTACK(compat_ljmp, MUST_FAULT)	/* to CS 0x23 */	\
	ATTACK(compat_lret, MUST_FAULT)				\
	ATTACK(compat_iret, MUST_FAULT)				\
	ATTACK(vsyscall, MUST_FAULT)	/* call address x */	\
	ATTACK(linux_call, MUST_RETURN)	/* Linux's number x */	\
	/* memory */						\
	ATTACK(read, MUST_FAULT)	/* address x */		\
	ATTACK(write, MUST_FAULT)				\
	ATTACK(jump, MUST_FAULT)				\
	ATTACK(write_idt, MUST_FAULT)				\
	ATTACK(write_text, MUST_FAULT)				\
	ATTACK(write_rodata, MUST_FAULT)			\
	ATTACK(run_data, MUST_FAULT)				\
	ATTACK(run_stack, MUST_FAULT)				\
	ATTACK(overflow_stack, MUST_FAULT)			\
	/* privilege */						\
	ATTACK(cli, MUST_FAULT)					\
	ATTACK(sti, MUST_FAULT)					\
	ATTACK(hlt, MUST_FAULT)					\
	ATTACK(read_cr0, MUST_FAULT)				\
	ATTACK(write_cr3, MUST_FAULT)				\
	ATTACK(write_cr4, MUST_FAULT)				\
	ATTACK(write_dr7, MUST_FAULT)				\
	ATTACK(rdmsr, MUST_FAULT)				\
	ATTACK(wrmsr_lstar, MUST_FAULT)				\
	ATTACK(in, MUST_FAULT)					\
	ATTACK(out, MUST_FAULT)					\
	ATTACK(lgdt, MUST_FAULT)				\
	ATTACK(lidt, MUST_FAULT)				\
	ATTACK(lldt, MUST_FAULT)				\
	ATTACK(ltr, MUST_FAULT)					\
	ATTACK(lmsw, MUST_FAULT)				\
	ATTACK(clts, MUST_FAULT)				\
	ATTACK(invlpg, MUST_FAULT)				\
	ATTACK(wbinvd, MUST_FAULT)				\
	ATTACK(swapgs, MUST_FAULT)				\
	ATTACK(sysret, MUST_FAULT)				\
	ATTACK(xsetbv, MUST_FAULT)				\
	ATTACK(stac, MUST_FAULT)				\
	ATTACK(kernel_iret, MUST_FAULT)	/* to CS 0x10 */	\
	ATTACK(kernel_lret, MUST_FAULT)				\
	ATTACK(kernel_ss, MUST_FAULT)				\
	/* exceptions */					\
	ATTACK(icebp, MUST_FAULT)				\
	ATTACK(int3, MUST_FAULT)				\
	ATTACK(into, MUST_FAULT)				\
	ATTACK(divide, MUST_FAULT)				\
	ATTACK(ud2, MUST_FAULT)					\
	ATTACK(ss_int3, MUST_FAULT)				\
	ATTACK(flags_fault, MUST_FAULT)	/* RFLAGS x, then ud2 */ \
	ATTACK(flags_null, MAY_FAULT)	/* then OP_NULL */	\
	ATTACK(flags_return, MAY_FAULT)	/* then OP_RETURN */	\
	ATTACK(flags_sysenter, MUST_FAULT)			\
	ATTACK(misaligned, MAY_FAULT)	/* with RFLAGS.AC */	\
	ATTACK(split_lock, MAY_FAULT)				\
	ATTACK(stack_push, MUST_FAULT)	/* rsp x, then push */	\
	ATTACK(stack_fault, MUST_FAULT)	/* then ud2 */		\
	ATTACK(stack_null, MUST_RETURN)	/* then OP_NULL */	\
	ATTACK(stack_return, MUST_RETURN) /* then OP_RETURN */	\
	/* the AOS's own calls */				\
	ATTACK(forged_calls, MUST_RETURN) /* random seed x */	\
	ATTACK(return_twice, MUST_RETURN)			\
	/* what crosses from one component to another */	\
	ATTACK(peek_registers, MUST_RETURN)			\
	ATTACK(fill_registers, MUST_RETURN)			\
	ATTACK(segment_bases, MAY_FAULT)			\
	ATTACK(vector_state, MAY_FAULT)				\
	ATTACK(vector_error, MAY_FAULT)				\
	ATTACK(x87_error, MAY_FAULT)				\
	ATTACK(peek_vectors, MUST_RETURN) /* for pattern x */	\
	ATTACK(protection_keys, MAY_FAULT) /* x != 0: then ud2 */

#define HOSTILE_NUMBER(name, end) HOSTILE_##name,
enum hostile_attack { HOSTILE_ATTACKS(HOSTILE_NUMBER) HOSTILE_COUNT };
#undef HOSTILE_NUMBER

/* What the attacks leave in registers, for the caller to look out for. */
#define HOSTILE_MAGIC 0x5ec2e7bad5ec2e7ull

/** hostile_attack() - try attack @n with @x; -AOS_EINVAL if there is none such. */
int64_t hostile_attack(uint64_t n, uint64_t x);

#endif
