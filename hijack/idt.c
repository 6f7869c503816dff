// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies of Linux's IDT, and where Linux's own entries are.  The AOS's: the
 * exceptions that ring 3 can raise lead to entry.S, and so do the software
 * interrupts that are not refused.  The other: Linux's handlers throughout,
 * but no way into Linux by INT besides #BP and #OF.
 */
#include <linux/mm.h>
#include <linux/static_call.h>
#include <asm/desc.h>
#include <asm/trapnr.h>
#include "hijack/hijack.h"

void hijack_exception_0(void);
void hijack_exception_1(void);
void hijack_exception_3(void);
void hijack_exception_4(void);
void hijack_exception_5(void);
void hijack_exception_6(void);
void hijack_exception_7(void);
void hijack_exception_10(void);
void hijack_exception_11(void);
void hijack_exception_12(void);
void hijack_exception_13(void);
void hijack_exception_14(void);
void hijack_exception_16(void);
void hijack_exception_17(void);
void hijack_exception_19(void);
void hijack_exception_21(void);
void hijack_exception_128(void);

gate_desc hijack_idt[HIJACK_VECTORS] __aligned(PAGE_SIZE);
gate_desc hijack_idt_shut[HIJACK_VECTORS] __aligned(PAGE_SIZE);
struct hijack_entry_data hijack_entry_data;

/*
 * Linux's own system-call entry, for entry text that has no register left to
 * jump through.  Nobody jumps there before it is set.
 */
DEFINE_STATIC_CALL(hijack_linux_syscall, hijack_entry_text);

static const struct {
	u8 vector;
	void (*stub)(void);
} stubs[] = {
	{ X86_TRAP_DE, hijack_exception_0 },
	{ X86_TRAP_DB, hijack_exception_1 },
	{ X86_TRAP_BP, hijack_exception_3 },
	{ X86_TRAP_OF, hijack_exception_4 },
	{ X86_TRAP_BR, hijack_exception_5 },
	{ X86_TRAP_UD, hijack_exception_6 },
	{ X86_TRAP_NM, hijack_exception_7 },
	{ X86_TRAP_TS, hijack_exception_10 },
	{ X86_TRAP_NP, hijack_exception_11 },
	{ X86_TRAP_SS, hijack_exception_12 },
	{ X86_TRAP_GP, hijack_exception_13 },
	{ X86_TRAP_PF, hijack_exception_14 },
	{ X86_TRAP_MF, hijack_exception_16 },
	{ X86_TRAP_AC, hijack_exception_17 },
	{ X86_TRAP_XF, hijack_exception_19 },
	{ 21 /* #CP */, hijack_exception_21 },
	{ 0x80, hijack_exception_128 },
};

static void gate_set_offset(gate_desc *gate, unsigned long to)
{
	gate->offset_low = (u16)to;
	gate->offset_middle = (u16)(to >> 16);
	gate->offset_high = (u32)(to >> 32);
}

/* Linux's own gate stays but for where it leads; int n by ring 3 needs DPL 3. */
static void gate_redirect(unsigned int vector, void (*stub)(void))
{
	gate_desc *gate = &hijack_idt[vector];

	hijack_entry_data.linux_entry[vector] = gate_offset(gate);
	gate_set_offset(gate, (unsigned long)stub);
}

/* Whatever Linux lets ring 3 call by INT becomes a #GP, but #BP, #OF and `other`. */
static void gates_shut(gate_desc *table, unsigned int other)
{
	unsigned int v;

	for (v = 0; v < HIJACK_VECTORS; v++)
		if (v != X86_TRAP_BP && v != X86_TRAP_OF && v != other)
			table[v].bits.dpl = 0;
}

int idt_init(void)
{
	struct desc_ptr linux_idt;
	unsigned int i;

	store_idt(&linux_idt);
	if (linux_idt.size + 1 != sizeof(hijack_idt)) {
		pr_err("hijack: Linux's IDT has %u bytes, %zu expected\n",
		       linux_idt.size + 1, sizeof(hijack_idt));
		return -ENODEV;
	}
	memcpy(hijack_idt, (void *)linux_idt.address, sizeof(hijack_idt));
	memcpy(hijack_idt_shut, (void *)linux_idt.address, sizeof(hijack_idt_shut));
	for (i = 0; i < ARRAY_SIZE(stubs); i++)
		gate_redirect(stubs[i].vector, stubs[i].stub);
	gates_shut(hijack_idt, 0x80);
	gates_shut(hijack_idt_shut, X86_TRAP_BP);
	rdmsrl(MSR_LSTAR, hijack_entry_data.linux_entry[HIJACK_VECTORS]);
	static_call_update(hijack_linux_syscall,
			   (void (*)(void))hijack_entry_data.linux_entry[HIJACK_VECTORS]);
	return 0;
}

void idt_load(const gate_desc *table)
{
	const struct desc_ptr desc = {
		.size = HIJACK_VECTORS * sizeof(*table) - 1,
		.address = (unsigned long)table,
	};

	native_load_idt(&desc);
}
