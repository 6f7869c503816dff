// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#define NONCANONICAL	0x800000000000ull	/* the first one */
#define FLAG_TF		0x100u
#define FLAG_DF		0x400u
#define FLAG_IOPL	0x3000u
#define FLAG_NT		0x4000u
#define FLAG_AC		0x40000u
#define FLAG_ID		0x200000u
#define FLAGS_ALL	(FLAG_TF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_AC | FLAG_ID)
#define VSYSCALL	0xffffffffff600000ull
#define KERNEL_HALF	0xffff800000000000ull
#define TOP_ENTRY	0x8000000000ull		/* what one entry of a top-level table spans */
#define KERNEL_TEXT	0xffffffff81000000ull
#define MODULES		0xffffffffc0000000ull

volatile uint64_t plan_secret = PLAN_SECRET;

#define ONCE(name)		{ HOSTILE_##name, 0, 0, 1 }
#define WITH(name, x)		{ HOSTILE_##name, x, 0, 1 }
#define RANGE(name, x, step, n)	{ HOSTILE_##name, x, step, n }

const struct plan_step plan[] = {
	RANGE(int_n, 0, 1, 256),
	ONCE(sysenter),
	WITH(compat_ljmp, IMAGE_COMPONENT_BASE),
	WITH(compat_lret, IMAGE_COMPONENT_BASE),
	WITH(compat_iret, IMAGE_COMPONENT_BASE),
	RANGE(vsyscall, VSYSCALL, 0x400, 4),
	WITH(linux_call, 12),			/* brk */
	WITH(linux_call, 24),			/* sched_yield */
	WITH(linux_call, 39),			/* getpid */
	WITH(linux_call, 39 | 1u << 30),	/* the same, x32 */
	WITH(linux_call, 186),			/* gettid */
	WITH(linux_call, 39 | 0xffffull << 32),

	RANGE(read, 0, ABI_PAGE_SIZE, 16),
	RANGE(read, KERNEL_HALF, TOP_ENTRY, 256),
	RANGE(read, KERNEL_TEXT, 0x1000000, 64),
	RANGE(read, MODULES, 0x100000, 64),
	RANGE(read, NONCANONICAL, 1ull << 56, 8),
	WITH(read, VSYSCALL),
	WITH(read, IMAGE_COMPONENT_BASE),	/* the loader */
	WITH(read, IMAGE_COMPONENT_BASE + IMAGE_COMPONENT_STRIDE),
	WITH(read, IMAGE_COUNTERS_BASE),
	WITH(read, IMAGE_FILE_VADDR),
	WITH(read, (uint64_t)&plan_secret),
	/* where Linux puts the host's process: program, heap, libraries, stack */
	RANGE(read, 0x400000, 0x100000, 16),
	RANGE(read, 0x550000000000, TOP_ENTRY, 2),
	WITH(read, 0x555555554000),
	RANGE(read, 0x7ffff7000000, 0x100000, 16),
	RANGE(read, 0x7ffffff00000, 0x10000, 16),
	RANGE(write, KERNEL_HALF, TOP_ENTRY, 256),
	WITH(write, (uint64_t)&plan_secret),
	WITH(write, BOOTINFO_VADDR),
	WITH(write, IMAGE_COUNTERS_BASE),
	WITH(jump, KERNEL_TEXT),
	WITH(jump, BOOTINFO_VADDR),
	WITH(jump, NONCANONICAL),
	WITH(jump, NONCANONICAL - 1),
	WITH(jump, UINT64_MAX),
	ONCE(write_idt), ONCE(write_text), ONCE(write_rodata),
	ONCE(run_data), ONCE(run_stack), ONCE(overflow_stack),

	ONCE(cli), ONCE(sti), ONCE(hlt), ONCE(read_cr0), ONCE(write_cr3), ONCE(write_cr4),
	ONCE(write_dr7), ONCE(rdmsr), ONCE(wrmsr_lstar), ONCE(in), ONCE(out), ONCE(lgdt),
	ONCE(lidt), ONCE(lldt), ONCE(ltr), ONCE(lmsw), ONCE(clts), ONCE(invlpg), ONCE(wbinvd),
	ONCE(swapgs), ONCE(sysret), ONCE(xsetbv), ONCE(stac), ONCE(kernel_iret),
	ONCE(kernel_lret), ONCE(kernel_ss),

	ONCE(icebp), ONCE(int3), ONCE(into), ONCE(divide), ONCE(ud2), ONCE(ss_int3),
	WITH(flags_fault, FLAG_DF), WITH(flags_fault, FLAG_NT), WITH(flags_fault, FLAG_AC),
	WITH(flags_fault, FLAG_TF), WITH(flags_fault, FLAGS_ALL),
	WITH(flags_null, FLAG_DF), WITH(flags_null, FLAG_NT), WITH(flags_null, FLAG_AC),
	WITH(flags_null, FLAG_TF), WITH(flags_null, FLAGS_ALL),
	WITH(flags_return, FLAG_DF), WITH(flags_return, FLAG_NT), WITH(flags_return, FLAG_AC),
	WITH(flags_return, FLAG_TF), WITH(flags_return, FLAGS_ALL),
	WITH(flags_sysenter, FLAG_TF), WITH(flags_sysenter, FLAGS_ALL),
	ONCE(misaligned), ONCE(split_lock),
	WITH(stack_push, NONCANONICAL), WITH(stack_push, 0), WITH(stack_push, KERNEL_TEXT),
	WITH(stack_fault, NONCANONICAL), WITH(stack_fault, 0), WITH(stack_fault, KERNEL_TEXT),
	WITH(stack_null, NONCANONICAL), WITH(stack_null, 0), WITH(stack_null, KERNEL_TEXT),
	WITH(stack_return, NONCANONICAL), WITH(stack_return, 0),
	WITH(stack_return, KERNEL_TEXT),

	RANGE(forged_calls, 1, 1, 3),
	ONCE(return_twice),

	ONCE(peek_registers), ONCE(fill_registers), ONCE(segment_bases), ONCE(vector_state),
	ONCE(vector_error), ONCE(x87_error), WITH(peek_vectors, 1),
	WITH(protection_keys, 0), WITH(protection_keys, 1),
};

const uint32_t plan_steps = sizeof(plan) / sizeof(plan[0]);

const char *plan_name(enum hostile_attack attack)
{
#define NAME(name, end) #name,
	static const char *const names[] = { HOSTILE_ATTACKS(NAME) };
#undef NAME

	return names[attack];
}

enum hostile_end plan_end(enum hostile_attack attack)
{
#define END(name, end) end,
	static const uint8_t ends[] = { HOSTILE_ATTACKS(END) };
#undef END

	return ends[attack];
}
