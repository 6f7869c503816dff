// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The component OS as a personality of hijack: joins aos/ to the host.
 * The HAL's other half is hal.c.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sched/task_stack.h>
#include <asm/trapnr.h>
#include <asm/tsc.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

static_assert(sizeof(struct aos_regs) == sizeof(struct pt_regs));
static_assert(offsetof(struct aos_regs, orig_ax) == offsetof(struct pt_regs, orig_ax));
static_assert(offsetof(struct aos_regs, ss) == offsetof(struct pt_regs, ss));

static struct aos_regs *as_aos(struct pt_regs *regs)
{
	return (struct aos_regs *)regs;
}

/* inst->aos is seen by STATUS of others: only what is whole, and stays. */
static int component_os_setup(struct hijack_instance *inst, struct pt_regs *regs)
{
	struct aos *aos;
	int err;

	if (!tsc_khz) {
		pr_err("hijack: Linux found no usable time-stamp counter (TSC); execution budgets need one\n");
		return -ENODEV;
	}
	aos = kvzalloc(sizeof(*aos), GFP_KERNEL_ACCOUNT);
	if (!aos)
		return -ENOMEM;
	aos->host = inst;
	inst->info.tsc_khz = tsc_khz;
	inst->info.random = get_random_u64();
	memset(regs, 0, sizeof(*regs));
	err = aos_boot(aos, inst->mem.info, inst->mem.nframes, inst->image,
		       inst->image_size, &inst->info, as_aos(regs));
	if (err) {
		kvfree(aos);
		return err;
	}
	mutex_lock(&hijack_lock);
	inst->aos = aos;
	inst->scope.context = aos;
	mutex_unlock(&hijack_lock);
	return 0;
}

static void component_os_teardown(struct hijack_instance *inst)
{
	kvfree(inst->aos);
	inst->aos = NULL;
	inst->scope.context = NULL;
}

/* Whatever Linux call there was is over. */
static void entered_from_ring3(struct hijack_instance *inst)
{
	inst->in_linux = false;
	inst->landing = false;
}

static enum hijack_exit component_os_syscall(struct hijack_scope *scope, struct pt_regs *regs)
{
	struct hijack_instance *inst = scope_instance(scope);

	entered_from_ring3(inst);
	inst->detour.on = false;	/* Linux led it away */
	regs->orig_ax = HIJACK_ORIG_SYSCALL;
	aos_syscall(inst->aos, as_aos(regs));
	return dispatch_leave(inst, regs);
}

static enum hijack_exit component_os_fault(struct hijack_scope *scope, struct pt_regs *regs,
					   unsigned int vector, unsigned long addr)
{
	struct hijack_instance *inst = scope_instance(scope);
	struct hijack_host_pages *hp = &inst->host_pages;

	entered_from_ring3(inst);
	if (upcall_detour_end(inst, regs))
		return dispatch_leave(inst, regs);
	if (hp->asked) {
		hp->asked = false;
		*regs = hp->regs;
		vector = X86_TRAP_PF;
		addr = hp->vaddr;
	}
	aos_fault(inst->aos, as_aos(regs), vector, addr);
	if (hp->wanted)
		return dispatch_leave_for_pin(inst, regs);
	return dispatch_leave(inst, regs);
}

/* In a Linux call only at the end of the idle one. */
static bool component_os_event(struct hijack_instance *inst, struct pt_regs *regs, u32 events)
{
	struct aos_thread *before = inst->aos->current_thread;

	if (inst->in_linux)
		aos_event_at_idle(inst->aos, as_aos(regs), events);
	else
		aos_event(inst->aos, as_aos(regs), events);
	return inst->aos->current_thread != before;
}

static unsigned long component_os_cr3(struct hijack_scope *scope, unsigned long *user)
{
	const struct aos_comp *comp = scope_instance(scope)->aos->current_thread->comp;

	*user = comp->user_cr3;
	return comp->cr3;
}

static void component_os_end(struct hijack_scope *scope, const char *why)
{
	host_kill_async(scope_instance(scope), why);
}

static void component_os_resumed(struct hijack_scope *scope)
{
	aos_resumed(scope_instance(scope)->aos);
}

const struct hijack_personality hijack_component_os = {
	.name = "aos",
	.entry = hijack_entry_syscall,
	.entry_compat = hijack_entry_compat,
	.idt = hijack_idt,
	.syscall = component_os_syscall,
	.fault = component_os_fault,
	.cr3 = component_os_cr3,
	.end = component_os_end,
	.resumed = component_os_resumed,
	.setup = component_os_setup,
	.teardown = component_os_teardown,
	.event = component_os_event,
};
