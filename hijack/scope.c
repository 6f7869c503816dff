// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scope of the interposition: the CPU's entry points (IDT register, LSTAR,
 * CSTAR, SYSENTER_CS; CR3, if the personality has its own) are a personality's
 * exactly while a thread in its scope is the current one on that CPU.  This
 * file is their only writer.
 *
 * Every function here runs on the thread's CPU with interrupts off unless it
 * says otherwise.
 */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched/task_stack.h>
#include <asm/desc.h>
#include <asm/invpcid.h>
#include <asm/msr.h>
#include <asm/tlbflush.h>
#include "hijack/hijack.h"

DEFINE_PER_CPU(struct hijack_cpu, hijack_cpu);

bool scope_loaded(const struct hijack_scope *scope)
{
	return this_cpu_read(hijack_cpu.scope) == scope;
}

static unsigned long scope_cr3(struct hijack_scope *scope)
{
	unsigned long user;

	return scope->personality->cr3(scope, &user);
}

/* What Linux had loaded is remembered as found, whatever it was. */
static void scope_load_cr3(struct hijack_scope *scope, struct hijack_cpu *cpu)
{
	cpu->linux_cr3 = __native_read_cr3();
	native_write_cr3(scope_cr3(scope));
	hal_flush_user_pcid();
}

/*
 * Linux may have changed CR3 meanwhile (lazy TLB on the exit path loads
 * swapper's): then it is Linux's already and stays as it is.
 */
static void scope_unload_cr3(struct hijack_scope *scope, struct hijack_cpu *cpu)
{
	if ((__native_read_cr3() & CR3_ADDR_MASK) == (scope_cr3(scope) & CR3_ADDR_MASK))
		native_write_cr3(cpu->linux_cr3);
}

/*
 * The current process's own ring-3 root must lead to the entry pages, since it
 * stays loaded, and this CPU must not remember that it did not: Linux's way out
 * under KPTI keeps what the TLB holds, where there are PCIDs.
 */
void scope_map_process(void)
{
	unsigned long pcid = __native_read_cr3() & CR3_PCID_MASK;

	if (!current->mm)
		return;
	entry_pages_map_process(current->mm);
	if (boot_cpu_has(X86_FEATURE_PTI) && boot_cpu_has(X86_FEATURE_PCID))
		invpcid_flush_single_context(pcid | 1ul << X86_CR3_PTI_PCID_USER_BIT);
}

/*
 * The page table first: the personality's pages are reachable before anything
 * can lead there.
 */
void scope_load(struct hijack_scope *scope)
{
	const struct hijack_personality *personality = scope->personality;
	struct hijack_cpu *cpu = this_cpu_ptr(&hijack_cpu);

	if (personality->cr3)
		scope_load_cr3(scope, cpu);
	else
		scope_map_process();
	idt_load(personality->idt);
	native_wrmsrl(MSR_LSTAR, (unsigned long)personality->entry);
	native_wrmsrl(MSR_CSTAR, (unsigned long)personality->entry_compat);
	/* A zero selector makes SYSENTER raise #GP (Intel SDM vol. 2, SYSENTER). */
	native_wrmsrl(MSR_IA32_SYSENTER_CS, 0);
	cpu->context = scope->context;
	cpu->stack_top = (unsigned long)(task_pt_regs(current) + 1);
	cpu->scope = scope;
	scope->entries++;
	scope->stolen += rdtsc() - scope->left_at;
	scope->left_at = 0;
	if (personality->resumed)
		personality->resumed(scope);
}

void scope_unload(struct hijack_scope *scope)
{
	struct hijack_cpu *cpu = this_cpu_ptr(&hijack_cpu);

	scope->left_at = rdtsc();
	cpu->scope = NULL;
	native_wrmsrl(MSR_IA32_SYSENTER_CS, cpu->sysenter_cs);
	native_wrmsrl(MSR_CSTAR, cpu->cstar);
	native_wrmsrl(MSR_LSTAR, cpu->lstar);
	native_load_idt(&cpu->idt);
	if (scope->personality->cr3)
		scope_unload_cr3(scope, cpu);
	cpu->context = NULL;
}

/*
 * The current thread can be the personality's no more: it gets Linux's values
 * back and a SIGKILL, which may be late (-rt).  Its registers are still a
 * component's, its memory is not: what ring 3 does first must be a fault.
 */
void scope_end(struct hijack_scope *scope, const char *why)
{
	struct pt_regs *regs = task_pt_regs(current);

	scope_forget(scope);
	regs->ip = 0;
	regs->orig_ax = -1;
	scope->personality->end(scope, why);
}

/* After the context switch, interrupts on. */
static void scope_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct hijack_scope *scope = container_of(pn, struct hijack_scope, preempt);
	unsigned long flags;

	local_irq_save(flags);
	if (scope->entered && scope->cpu != HIJACK_ANY_CPU && scope->cpu != cpu)
		scope_end(scope, "it was moved to another CPU");
	/* Who exits sees ring 3 no more, and may have borrowed another's page table. */
	if (scope->entered && !scope->dead && !scope_loaded(scope) &&
	    !(current->flags & PF_EXITING))
		scope_load(scope);
	local_irq_restore(flags);
}

/* Before the context switch, interrupts off, run queue lock held. */
static void scope_sched_out(struct preempt_notifier *pn, struct task_struct *next)
{
	struct hijack_scope *scope = container_of(pn, struct hijack_scope, preempt);

	if (scope_loaded(scope))
		scope_unload(scope);
}

static struct preempt_ops scope_preempt_ops = {
	.sched_in = scope_sched_in,
	.sched_out = scope_sched_out,
};

/* Any context.  The thread may run on any CPU; nothing is loaded yet. */
void scope_init(struct hijack_scope *scope, const struct hijack_personality *personality)
{
	memset(scope, 0, sizeof(*scope));
	scope->personality = personality;
	scope->cpu = HIJACK_ANY_CPU;
	scope->left_at = rdtsc();
	preempt_notifier_init(&scope->preempt, &scope_preempt_ops);
}

/*
 * The current thread enters the scope.  Its personality's context is set; the
 * notifier is registered, or hung in by hand.
 */
void scope_enter(struct hijack_scope *scope)
{
	scope->entered = true;
	scope_load(scope);
}

/* Of the current thread, which is in the scope: what the entry text works on from now on. */
void scope_set_context(struct hijack_scope *scope, void *context)
{
	scope->context = context;
	if (scope_loaded(scope))
		this_cpu_write(hijack_cpu.context, context);
}

/*
 * The scope that the current thread is in, entered or not, or NULL.  Any
 * context but NMI; it may be current's no more when an AOS is torn down.
 */
struct hijack_scope *scope_of_current(void)
{
	struct hijack_scope *found = NULL;
	struct preempt_notifier *pn;
	unsigned long flags;

	local_irq_save(flags);
	hlist_for_each_entry(pn, &current->preempt_notifiers, link)
		if (pn->ops == &scope_preempt_ops)
			found = container_of(pn, struct hijack_scope, preempt);
	local_irq_restore(flags);
	return found;
}

/*
 * Leave and never come back.  The notifier is unhooked by hand: this may run
 * in an interrupt in the middle of the scheduler's walk of the task's
 * notifiers, which preempt_notifier_unregister()'s poison would crash.
 */
void scope_forget(struct hijack_scope *scope)
{
	scope->dead = true;
	scope->entered = false;
	if (scope_loaded(scope))
		scope_unload(scope);
	hlist_del_init(&scope->preempt.link);
}

/* On every CPU when the module is loaded, and on each that comes online. */
void scope_record_boot_values(void)
{
	struct hijack_cpu *cpu = this_cpu_ptr(&hijack_cpu);

	rdmsrl(MSR_LSTAR, cpu->lstar);
	rdmsrl(MSR_CSTAR, cpu->cstar);
	rdmsrl(MSR_IA32_SYSENTER_CS, cpu->sysenter_cs);
	store_idt(&cpu->idt);
}
