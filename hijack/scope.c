// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scope of the interposition: the CPU's entry points (CR3, IDT register,
 * LSTAR, CSTAR, SYSENTER_CS) are the AOS's exactly while its Linux thread is
 * the current one on its CPU.  This file is their only writer.
 *
 * Every function here runs on the AOS CPU with interrupts off unless it says
 * otherwise.
 */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched/task_stack.h>
#include <asm/desc.h>
#include <asm/msr.h>
#include <asm/tlbflush.h>
#include "hijack/hijack.h"

DEFINE_PER_CPU(struct hijack_cpu, hijack_cpu);

bool scope_loaded(const struct hijack_instance *inst)
{
	return this_cpu_read(hijack_cpu.inst) == inst;
}

static unsigned long scope_cr3(struct hijack_instance *inst)
{
	unsigned long user;

	return inst->personality->cr3(inst, &user);
}

/*
 * CR3 first: the personality's pages are reachable before anything can lead
 * there.  What Linux had loaded is remembered as found, whatever it was.
 */
void scope_load(struct hijack_instance *inst)
{
	struct hijack_cpu *cpu = this_cpu_ptr(&hijack_cpu);

	cpu->linux_cr3 = __native_read_cr3();
	native_write_cr3(scope_cr3(inst));
	hal_flush_user_pcid();
	idt_load();
	wrmsrl(MSR_LSTAR, (unsigned long)inst->personality->entry);
	wrmsrl(MSR_CSTAR, (unsigned long)hijack_entry_compat);
	/* A zero selector makes SYSENTER raise #GP (Intel SDM vol. 2, SYSENTER). */
	wrmsrl(MSR_IA32_SYSENTER_CS, 0);
	cpu->aos = inst->aos;
	cpu->stack_top = (unsigned long)(task_pt_regs(inst->task) + 1);
	cpu->inst = inst;
	inst->entries++;
}

/*
 * Linux may have changed CR3 meanwhile (lazy TLB on the exit path loads
 * swapper's): then it is Linux's already and stays as it is.
 */
void scope_unload(struct hijack_instance *inst)
{
	struct hijack_cpu *cpu = this_cpu_ptr(&hijack_cpu);

	cpu->inst = NULL;
	wrmsrl(MSR_IA32_SYSENTER_CS, cpu->sysenter_cs);
	wrmsrl(MSR_CSTAR, cpu->cstar);
	wrmsrl(MSR_LSTAR, cpu->lstar);
	native_load_idt(&cpu->idt);
	if ((__native_read_cr3() & CR3_ADDR_MASK) == (scope_cr3(inst) & CR3_ADDR_MASK))
		native_write_cr3(cpu->linux_cr3);
	cpu->aos = NULL;
}

/*
 * The current thread can be the AOS's no more: it gets Linux's values back and
 * a SIGKILL, which may be late (-rt).  Its registers are still a component's,
 * its memory is not: what ring 3 does first must be a fault.
 */
void scope_end(struct hijack_instance *inst, const char *why)
{
	struct pt_regs *regs = task_pt_regs(current);

	scope_forget(inst);
	regs->ip = 0;
	regs->orig_ax = -1;
	host_kill_async(inst, why);
}

/* After the context switch, interrupts on. */
static void scope_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct hijack_instance *inst = container_of(pn, struct hijack_instance, preempt);
	unsigned long flags;

	local_irq_save(flags);
	if (inst->entered && cpu != inst->cpu)
		scope_end(inst, "it was moved to another CPU");
	/* Who exits sees ring 3 no more, and may have borrowed another's page table. */
	if (inst->entered && !inst->dead && !scope_loaded(inst) &&
	    !(current->flags & PF_EXITING))
		scope_load(inst);
	local_irq_restore(flags);
}

/* Before the context switch, interrupts off, run queue lock held. */
static void scope_sched_out(struct preempt_notifier *pn, struct task_struct *next)
{
	struct hijack_instance *inst = container_of(pn, struct hijack_instance, preempt);

	if (scope_loaded(inst))
		scope_unload(inst);
}

static struct preempt_ops scope_preempt_ops = {
	.sched_in = scope_sched_in,
	.sched_out = scope_sched_out,
};

void scope_preempt_init(struct hijack_instance *inst)
{
	preempt_notifier_init(&inst->preempt, &scope_preempt_ops);
}

/*
 * Leave and never come back.  The notifier is unhooked by hand: this may run
 * in an interrupt in the middle of the scheduler's walk of the task's
 * notifiers, which preempt_notifier_unregister()'s poison would crash.
 */
void scope_forget(struct hijack_instance *inst)
{
	inst->dead = true;
	inst->entered = false;
	if (scope_loaded(inst))
		scope_unload(inst);
	hlist_del_init(&inst->preempt.link);
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
