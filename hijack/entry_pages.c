// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page-table roots: the kernel's half of an AOS's, and under KPTI the few pages
 * that the CPU needs before it has left the ring-3 root.
 *
 * Modules live in the top PGD slot, whose ring-3 tables all processes share.
 * There is a private copy of that slot's path, made once when the module is
 * loaded, with entry text, IDT copies and entry data put in; Linux's own tables
 * are never written.  An AOS's ring-3 root leads there, and so does that of a
 * Linux process with a thread in a scope, whose root is its own: the slot is
 * the only thing that differs.  The copies are freed when the module goes, which
 * it cannot while there is such an AOS or process.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>
#include "hijack/hijack.h"

#define TOP_SLOT	511
#define KERNEL_SLOTS	256		/* of a root's 512 entries, the upper ones */
#define TABLE_MASK	0x000ffffffffff000ull
#define MAX_TABLES	8

static struct {
	u64 top_entry;			/* ring-3 root's top slot, or 0 without KPTI */
	u64 *table[MAX_TABLES];		/* private tables */
	unsigned int ntables;
} entry_pages;

static bool table_is_private(const u64 *table)
{
	unsigned int i;

	for (i = 0; i < entry_pages.ntables; i++)
		if (entry_pages.table[i] == table)
			return true;
	return false;
}

/*
 * The table that an entry leads to, as a private one: a copy of what is
 * there, or an empty one.  The entry itself must lie in a private table.
 */
static u64 *table_private(u64 *entry)
{
	u64 *old = NULL, *copy;

	if (*entry & _PAGE_PRESENT) {
		if (*entry & _PAGE_PSE)
			return ERR_PTR(-EINVAL);
		old = __va(*entry & TABLE_MASK);
		if (table_is_private(old))
			return old;
	}
	if (entry_pages.ntables == MAX_TABLES)
		return ERR_PTR(-ENOMEM);
	copy = (u64 *)get_zeroed_page(GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (old)
		memcpy(copy, old, PAGE_SIZE);
	entry_pages.table[entry_pages.ntables++] = copy;
	*entry = __pa(copy) | (old ? *entry & ~TABLE_MASK : _KERNPG_TABLE_NOENC);
	return copy;
}

static int map_page(unsigned long vaddr, u64 bits)
{
	u64 *entry = &entry_pages.top_entry;
	int shift;

	for (shift = PUD_SHIFT; shift >= PAGE_SHIFT; shift -= 9) {
		u64 *table = table_private(entry);

		if (IS_ERR(table))
			return PTR_ERR(table);
		entry = &table[vaddr >> shift & 511];
	}
	*entry = (u64)vmalloc_to_pfn((void *)vaddr) << PAGE_SHIFT | bits;
	return 0;
}

static int map_range(const void *from, const void *to, u64 bits)
{
	unsigned long vaddr;
	int err = 0;

	for (vaddr = (unsigned long)from; !err && vaddr < (unsigned long)to; vaddr += PAGE_SIZE)
		err = map_page(vaddr, bits);
	return err;
}

/* Not global: these pages are in AOS roots only, and a CR3 write forgets them. */
#define BITS_TEXT (_PAGE_PRESENT | _PAGE_ACCESSED)
#define BITS_DATA (_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_NX)

static const struct {
	const void *from, *to;
	u64 bits;
} ranges[] = {
	{ hijack_entry_text, hijack_entry_text_end, BITS_TEXT },
	{ kmux_entry_text, kmux_entry_text_end, BITS_TEXT },
	{ hijack_idt, hijack_idt + HIJACK_VECTORS, BITS_DATA },
	{ hijack_idt_shut, hijack_idt_shut + HIJACK_VECTORS, BITS_DATA },
	{ &hijack_entry_data, &hijack_entry_data + 1, BITS_DATA },
};

/*
 * Process context with an mm: its ring-3 root is the model, and the process is
 * in no scope, since nobody is before the module is loaded.
 */
int entry_pages_init(void)
{
	const u64 *user_root = (u64 *)current->mm->pgd + PTRS_PER_PGD;
	unsigned int i;
	int err = 0;

	if (!boot_cpu_has(X86_FEATURE_PTI))
		return 0;
	entry_pages.top_entry = user_root[TOP_SLOT];
	for (i = 0; !err && i < ARRAY_SIZE(ranges); i++)
		err = map_range(ranges[i].from, ranges[i].to, ranges[i].bits);
	if (err)
		entry_pages_exit();
	return err;
}

void entry_pages_exit(void)
{
	while (entry_pages.ntables)
		free_page((unsigned long)entry_pages.table[--entry_pages.ntables]);
	entry_pages.top_entry = 0;
}

/*
 * From now on the CPU finds the entry pages in this Linux process's ring-3
 * root, but for what its TLB remembers.  It stays so until the mm goes.
 */
void entry_pages_map_process(struct mm_struct *mm)
{
	u64 *user_root = (u64 *)mm->pgd + PTRS_PER_PGD;

	if (boot_cpu_has(X86_FEATURE_PTI))
		WRITE_ONCE(user_root[TOP_SLOT], entry_pages.top_entry);
}

/*
 * The upper halves of a new root.  Linux fills all slots of its kernel half
 * at boot and changes them no more, so any process's are as good as ours.
 */
void entry_pages_root_init(u64 *kernel_root, u64 *user_root)
{
	const u64 *model = (u64 *)current->mm->pgd;

	memcpy(kernel_root + KERNEL_SLOTS, model + KERNEL_SLOTS, PAGE_SIZE / 2);
	if (!boot_cpu_has(X86_FEATURE_PTI))
		return;
	memcpy(user_root + KERNEL_SLOTS, model + PTRS_PER_PGD + KERNEL_SLOTS, PAGE_SIZE / 2);
	user_root[TOP_SLOT] = entry_pages.top_entry;
}
