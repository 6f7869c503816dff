// SPDX-License-Identifier: GPL-2.0-or-later
/* Where hijack cannot be right it says why, and does not load or run. */
#include <linux/cc_platform.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/fdtable.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/tick.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include "hijack/hijack.h"

static bool kernel_ibt_on(void)
{
	u64 s_cet;

	/* CR4.CET, then IA32_S_CET.ENDBR_EN (Intel SDM vol. 1, 17.1). */
	if (!(__read_cr4() & BIT(23)))
		return false;
	rdmsrl(0x6a2, s_cet);
	return s_cet & (BIT(0) | BIT(2));
}

/* At module load. */
int refuse_host(void)
{
	const char *why = NULL;

	if (boot_cpu_has(X86_FEATURE_XENPV))
		why = "a Xen PV guest owns neither IDT nor page tables";
	else if (!boot_cpu_has(X86_FEATURE_FSGSBASE))
		why = "the CPU or kernel lacks FSGSBASE (boot without nofsgsbase)";
	else if (!boot_cpu_has(X86_FEATURE_XSAVE))
		why = "the CPU or kernel lacks XSAVE (boot without noxsave)";
	else if (pgtable_l5_enabled())
		why = "5-level page tables are on (boot with no5lvl)";
	else if (__read_cr4() & BIT_ULL(32))
		why = "FRED is active (boot with fred=off)";
	else if (boot_cpu_has(X86_FEATURE_PTI) && boot_cpu_has(X86_FEATURE_PCID) &&
		 !boot_cpu_has(X86_FEATURE_INVPCID))
		why = "KPTI with PCID needs INVPCID (boot with nopcid)";
	else if (cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		why = "memory is encrypted (SME, SEV or TDX): page tables would need its bit";
	else if (kernel_ibt_on())
		why = "kernel IBT or shadow stacks are on (boot with ibt=off)";
	if (!why)
		return 0;
	pr_err("hijack: refused: %s\n", why);
	return -EOPNOTSUPP;
}

/*
 * Does anybody else use this process's memory?  Readers of /proc/PID raise
 * the count for a moment, so it is looked at for up to 100 ms.
 */
static bool memory_shared(void)
{
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (atomic_read(&current->mm->mm_users) == 1)
			return false;
		usleep_range(1000, 1100);
	}
	return true;
}

/* Has the calling process other threads, or others that use its memory?  May sleep. */
bool refuse_is_shared(void)
{
	return !thread_group_empty(current) || memory_shared();
}

/* At ENTER, of the calling thread.  May sleep. */
int refuse_thread(unsigned int cpu)
{
	const char *why = NULL;

	if (!cpu_online(cpu))
		why = "the AOS CPU is offline";
	else if (tick_nohz_full_cpu(cpu))
		why = "the AOS CPU is in nohz_full=";
	else if (scope_of_current())
		why = "the thread is under another personality (kmux)";
	else if (refuse_is_shared())
		why = "the process has other threads, or shares its memory";
	else if (atomic_read(&current->files->count) != 1)
		why = "the process shares its file descriptors";
	else if (current->mm->context.ldt)
		why = "the process has an LDT";
	else if (current->nr_cpus_allowed != 1 || task_cpu(current) != cpu)
		why = "the thread is not pinned to the AOS CPU (sched_setaffinity)";
	else if (test_thread_flag(TIF_IO_BITMAP) || current->thread.iopl_emul)
		why = "the thread has I/O port access";
	else if (current->ptrace)
		why = "the thread is being traced";
	if (!why)
		return 0;
	pr_err("hijack: refused: %s\n", why);
	return -EINVAL;
}
