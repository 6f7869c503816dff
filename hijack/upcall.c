// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Upcalls [R5]: an event, from any CPU and any context but NMI, reaches the
 * AOS.  On the AOS CPU, with interrupts off, the AOS is in one of two states:
 *
 *   ring 3, interrupted or preempted: its registers lie at the top of the
 *	thread's kernel stack, and rewriting them is a thread switch;
 *   in a Linux call of its own (idle, starting): the event stays pending,
 *	the thread is woken, and looks at `pending` itself.  At the end of
 *	its idle call it rewrites its registers as above, and lands.
 *
 * It is never found inside the AOS kernel, which runs with interrupts off.
 */
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <asm/fsgsbase.h>
#include <asm/msr.h>
#include <asm/pkru.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

u32 upcall_take(struct hijack_instance *inst)
{
	return atomic_read(&inst->pending) ? (u32)atomic_xchg(&inst->pending, 0) : 0;
}

/* The thread's FS and GS bases and PKRU, wherever they are now, are zero. */
static void user_state_clear(struct hijack_instance *inst)
{
	inst->task->thread.fsbase = 0;
	inst->task->thread.gsbase = 0;
	inst->task->thread.pkru = 0;
	if (inst->task != current)
		return;
	wrfsbase(0);
	native_wrmsrl(MSR_KERNEL_GS_BASE, 0);
	write_pkru(0);
}

/*
 * What cannot be done here is done when ring 3 enters, and it shall enter
 * before it does anything else: where it goes on nothing is ever mapped.
 */
#define DETOUR_IP	TASK_SIZE_MAX

static void detour_begin(struct hijack_instance *inst, struct pt_regs *regs)
{
	if (inst->detour.on)
		return;
	inst->detour.on = true;
	inst->detour.ip = regs->ip;
	inst->detour.ax = regs->ax;
	regs->ip = DETOUR_IP;
	/* A component may just have left 64-bit mode, where there is no such address. */
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
}

/*
 * True: ring 3 was on the detour, and *regs are its true ones again.  Linux may have
 * led it away (a signal handler, a tracer): then they are lost.
 */
bool upcall_detour_end(struct hijack_instance *inst, struct pt_regs *regs)
{
	bool on = inst->detour.on;

	inst->detour.on = false;
	if (!on || regs->ip != DETOUR_IP)
		return false;
	regs->ip = inst->detour.ip;
	regs->ax = inst->detour.ax;
	return true;
}

/* The thread's state as Linux knows it, and *regs, when another AOS thread goes on. */
static void upcall_switched(struct hijack_instance *inst, struct pt_regs *regs)
{
	regs_make_safe(regs);
	regs->orig_ax = -1;
	user_state_clear(inst);
}

static void upcall_event(struct hijack_instance *inst, struct pt_regs *regs, u32 events)
{
	bool detour = upcall_detour_end(inst, regs);

	inst->upcalls++;
	if (inst->scope.personality->event(inst, regs, events)) {
		upcall_switched(inst, regs);
		detour = true;
	}
	if ((detour && inst->landing) || !aos_vectors_settled(inst->aos))
		detour_begin(inst, regs);
}

/* AOS CPU, interrupts off. */
static void upcall_deliver(struct hijack_instance *inst)
{
	struct pt_regs *regs;
	u32 events;

	if (inst->scope.dead || !inst->scope.entered)
		return;
	/* Its registers, then its stack, are gone, while others keep its memory. */
	if (inst->task->flags & PF_EXITING)
		return;
	if (inst->in_linux) {
		wake_up_process(inst->task);
		return;
	}
	regs = task_pt_regs(inst->task);
	if (inst->stop_wanted) {
		detour_begin(inst, regs);
		return;
	}
	events = upcall_take(inst);
	if (events)
		upcall_event(inst, regs, events);
}

/*
 * The AOS thread ends its idle call, with result 0.  What has happened meanwhile
 * is delivered as if ring 3 had been interrupted behind the call: whoever waited
 * for it runs next, and whoever made the call looks again for what to do when it
 * goes on, since others have been in the scheduler by then.
 * -> for Linux to put into rax, as an int, and not before interrupts are on
 * again: who has more there, or what an ioctl cannot return, or comes in between,
 * takes the detour to it.
 */
int upcall_land(struct hijack_instance *inst)
{
	struct pt_regs *regs = task_pt_regs(current);
	u32 events;
	int ax;

	regs->ax = 0;
	regs->dx = 0;
	local_irq_disable();
	events = inst->scope.entered ? upcall_take(inst) : 0;
	if (events)
		upcall_event(inst, regs, events);
	inst->in_linux = false;
	inst->landing = true;
	ax = regs->ax;
	if (inst->stop_wanted || regs->ax != (unsigned long)ax || ax == -ENOIOCTLCMD)
		detour_begin(inst, regs);
	local_irq_enable();
	return ax;
}

static void upcall_ipi(void *arg)
{
	struct hijack_instance *inst = arg;

	atomic_set(&inst->called, 0);
	/* Before the bits are looked at: who sets one later calls again. */
	smp_mb();
	upcall_deliver(inst);
}

void upcall_init(struct hijack_instance *inst)
{
	INIT_CSD(&inst->csd, upcall_ipi, inst);
}

/*
 * The bit is set before the function call is asked for; a call that is already
 * on its way takes the bits when it runs, and sees ours.  Linux leaves it to us
 * that no two CPUs ask at once.  It cannot ask a CPU that is offline, as it may be
 * before the thread enters: that looks at the bits when it first leaves the AOS.
 */
void hijack_event(struct hijack_instance *inst, u32 events)
{
	unsigned long flags;

	atomic_or(events, &inst->pending);
	local_irq_save(flags);
	if (smp_processor_id() == inst->cpu)
		upcall_deliver(inst);
	else if (!atomic_xchg(&inst->called, 1) &&
		 smp_call_function_single_async(inst->cpu, &inst->csd))
		atomic_set(&inst->called, 0);
	local_irq_restore(flags);
}
