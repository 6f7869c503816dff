// SPDX-License-Identifier: GPL-2.0-or-later
/* Generates asm-offsets.h: every number entry.S needs, from the C that means it. */
#include <linux/kbuild.h>
#include <linux/types.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include "hijack.h"
#include "aos/kernel.h"
#include "kmux/filter.h"

int main(void)
{
	OFFSET(TSS_SP0, tss_struct, x86_tss.sp0);
	OFFSET(TSS_SP2, tss_struct, x86_tss.sp2);
	BLANK();
	OFFSET(CPU_CONTEXT, hijack_cpu, context);
	OFFSET(CPU_STACK_TOP, hijack_cpu, stack_top);
	OFFSET(CPU_USER_CR3, hijack_cpu, user_cr3);
	BLANK();
	OFFSET(AOS_CURRENT, aos, current_thread);
	OFFSET(AOS_DEFER, aos, defer);
	OFFSET(THREAD_TOP, aos_thread, top);
	OFFSET(THREAD_END, aos_thread, end);
	OFFSET(THREAD_COMP, aos_thread, comp);
	OFFSET(THREAD_STACK_OFF, aos_thread, stack_off);
	OFFSET(COMP_CAPS, aos_comp, caps);
	OFFSET(COMP_STATE, aos_comp, state);
	OFFSET(COMP_ID, aos_comp, id);
	OFFSET(COMP_STACK_BASE, aos_comp, stack_base);
	OFFSET(COMP_USER_CR3, aos_comp, user_cr3);
	OFFSET(CAP_TYPE, aos_cap, type);
	OFFSET(CAP_COMPONENT, aos_cap, comp);
	OFFSET(CAP_ENTRY, aos_cap, entry);
	DEFINE(CAP_SHIFT, ilog2(sizeof(struct aos_cap)));
	DEFINE(CAP_TYPE_INVOKE, CAP_INVOKE);
	DEFINE(CAP_SLOTS, AOS_CAP_SLOTS);
	OFFSET(INV_IP, aos_invocation, ip);
	OFFSET(INV_SP, aos_invocation, sp);
	OFFSET(INV_COMP, aos_invocation, comp);
	DEFINE(INV_SIZE, sizeof(struct aos_invocation));
	DEFINE(CALL_RETURN, AOS_CALL(OP_RETURN, 0));
	DEFINE(FAULT_COMPAT_SYSCALL, AOS_FAULT_COMPAT_SYSCALL);
	BLANK();
	OFFSET(KMUX_VERDICT, kmux_filter, verdict);
	DEFINE(KMUX_CALLS, KMUX_CALLS);
	BLANK();
	DEFINE(EXIT_IRET, HIJACK_EXIT_IRET);
	DEFINE(EXIT_SYSRET, HIJACK_EXIT_SYSRET);
	DEFINE(EXIT_LINUX, HIJACK_EXIT_LINUX);
	return 0;
}
