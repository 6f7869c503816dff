// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * C behind the entry text: a system call or an exception of ring 3 goes to
 * the personality; then, for an instance, the decision how to leave.  Its
 * thread's CPU, interrupts off, on the thread's kernel stack; Linux takes us
 * for user mode still, so nothing here may call into it but what hal.c guards.
 */
#include <linux/uaccess.h>
#include <asm/debugreg.h>
#include <asm/pkru.h>
#include <asm/syscall.h>
#include <asm/trapnr.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

/* ring 3 shall make a Linux call: ioctl(own fd, cmd). */
static enum hijack_exit leave_by_ioctl(struct hijack_instance *inst, struct pt_regs *regs,
				       unsigned int cmd)
{
	inst->in_linux = true;
	inst->user.di = regs->di;
	inst->user.si = regs->si;
	inst->user.sp = regs->sp;
	regs->ax = __NR_ioctl;
	regs->di = inst->fd;
	regs->si = cmd;
	regs->dx = 0;
	return HIJACK_EXIT_LINUX;
}

/* Sleep in Linux.  Ring 3 goes on behind its call: upcall_land(). */
static enum hijack_exit leave_for_idle(struct hijack_instance *inst, struct pt_regs *regs)
{
	inst->idle_wanted = false;
	return leave_by_ioctl(inst, regs, HIJACK_IDLE);
}

/* The registers, all of them, are put back when the thread faults its way in again. */
enum hijack_exit dispatch_leave_for_pin(struct hijack_instance *inst, struct pt_regs *regs)
{
	inst->host_pages.wanted = false;
	inst->host_pages.asked = true;
	inst->host_pages.regs = *regs;
	return leave_by_ioctl(inst, regs, HIJACK_PIN);
}

static void set_user_cr3(struct hijack_instance *inst)
{
	unsigned long user;

	if (!boot_cpu_has(X86_FEATURE_PTI))
		return;
	inst->scope.personality->cr3(&inst->scope, &user);
	this_cpu_write(hijack_cpu.user_cr3, user);
}

enum hijack_exit dispatch_leave(struct hijack_instance *inst, struct pt_regs *regs)
{
	u32 events;

	if (inst->halt_wanted || inst->stop_wanted)
		return leave_by_ioctl(inst, regs, HIJACK_LEAVE);
	if (inst->idle_wanted)
		return leave_for_idle(inst, regs);
	events = upcall_take(inst);
	if (unlikely(events))
		inst->scope.personality->event(inst, regs, events);
	aos_vectors_settle(inst->aos);
	set_user_cr3(inst);
	write_pkru(0);
	if (regs_may_sysret(regs))
		return HIJACK_EXIT_SYSRET;
	regs_make_safe(regs);
	return HIJACK_EXIT_IRET;
}

unsigned int hijack_syscall(struct pt_regs *regs)
{
	struct hijack_scope *scope = this_cpu_read(hijack_cpu.scope);

	return scope->personality->syscall(scope, regs);
}

unsigned int hijack_exception(struct pt_regs *regs, unsigned int vector)
{
	struct hijack_scope *scope = this_cpu_read(hijack_cpu.scope);
	unsigned long addr = vector == X86_TRAP_PF ? read_cr2() : 0;

	/* The CPU only ever sets bits there (Intel SDM vol. 3, 17.2.3). */
	if (vector == X86_TRAP_DB)
		set_debugreg(DR6_RESERVED, 6);
	return scope->personality->fault(scope, regs, vector, addr);
}

/*
 * Ring 0 touched a user address while the AOS's page table is loaded.  Where
 * page faults are switched off (a profiler reading a stack) Linux expects to
 * fail and copes.  Otherwise somebody in Linux takes the AOS thread for an
 * ordinary one: the AOS ends, Linux gets its page table back.
 */
void hijack_kernel_fault(void)
{
	struct hijack_scope *scope = this_cpu_read(hijack_cpu.scope);

	if (!scope || faulthandler_disabled())
		return;
	scope_end(scope, "Linux touched user memory in its thread");
}
