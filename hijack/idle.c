// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The AOS has nothing to do: its thread waits in Linux for an event, a stop or
 * a signal.  Process context, its own CPU, Linux's entry points and page table.
 */
#include <linux/interrupt.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

static bool must_go_on(const struct hijack_instance *inst)
{
	return atomic_read(&inst->pending) || READ_ONCE(inst->stop_wanted) ||
	       READ_ONCE(inst->scope.dead) || signal_pending(current);
}

/*
 * Nobody else needs this CPU.  Softirqs that are left over are ksoftirqd's,
 * which a real-time thread would keep waiting: with the packets in them.
 */
static bool may_poll(void)
{
	return single_task_running() && !need_resched() && !local_softirq_pending();
}

/*
 * An event that comes now saves Linux's wake-up and two context switches.  The
 * same bargain, and the same conditions, as KVM's polling for a halted guest
 * (Documentation/virt/kvm/halt-polling.rst).  True: go on.
 */
static bool idle_poll(struct hijack_instance *inst)
{
	u64 end = local_clock() + inst->poll_ns;

	do {
		if (must_go_on(inst)) {
			inst->polls++;
			return true;
		}
		cpu_relax();
	} while (may_poll() && local_clock() < end);
	return false;
}

static void idle_sleep(struct hijack_instance *inst)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (must_go_on(inst))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/* ioctl by the AOS thread.  The result goes into ring 3's rax. */
long idle_until_event(struct hijack_instance *inst)
{
	struct pt_regs *regs = task_pt_regs(current);

	regs->di = inst->user.di;
	regs->si = inst->user.si;
	regs->sp = inst->user.sp;
	if (!inst->poll_ns || !idle_poll(inst))
		idle_sleep(inst);
	return upcall_land(inst);
}
