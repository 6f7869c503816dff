// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Invocation in C: the same steps as the fast path in hijack/entry.S, for
 * the cases that one leaves to us, for faults, and for hosts without it.
 */
#include "aos/kernel.h"

/* Nothing but arguments or results crosses from one component to another. */
static void regs_clear(struct aos_regs *regs)
{
	regs->r15 = regs->r14 = regs->r13 = regs->r12 = 0;
	regs->bp = regs->bx = 0;
	regs->r11 = regs->cx = 0;
	regs->ax = 0;
}

/* 0: the callee runs; else a negated error, the caller goes on. */
int64_t invoke_call(struct aos *aos, struct aos_cap *cap, struct aos_regs *regs)
{
	struct aos_thread *t = aos->current_thread;

	if (cap->comp->state != AOS_COMP_RUNNING)
		return -AOS_EHOSTDOWN;
	if (t->top == t->stack + AOS_MAX_NESTING)
		return -AOS_EOVERFLOW;
	*t->top++ = (struct aos_invocation){ regs->ip, regs->sp, t->comp };
	regs_clear(regs);
	regs->ax = t->comp->id;
	vector_thread_enter(t, cap->comp);
	regs->ip = cap->entry;
	regs->sp = t->comp->stack_base + t->stack_off;
	regs->flags = 0x202;
	hal_root_load(aos, t->comp->cr3);
	return 0;
}

/* The thread goes on in the frame, which is the first free one then. */
static void frame_resume(struct aos *aos, struct aos_thread *t, struct aos_regs *regs,
			 struct aos_invocation *frame, uint64_t ax, uint64_t dx)
{
	t->top = frame;
	vector_thread_enter(t, frame->comp);
	regs_clear(regs);
	regs->di = regs->si = regs->r10 = regs->r9 = regs->r8 = 0;
	regs->ip = frame->ip;
	regs->sp = frame->sp;
	regs->flags = 0x202;
	regs->ax = ax;
	regs->dx = dx;
	budget_visit_check(aos, t);
	if (t == aos->current_thread)
		hal_root_load(aos, t->comp->cr3);
}

/* The current thread's, which is in an invocation; false: its client was stopped meanwhile. */
bool invoke_return(struct aos *aos, struct aos_regs *regs, uint64_t ax, uint64_t dx)
{
	struct aos_thread *t = aos->current_thread;

	if (t->top[-1].comp->state != AOS_COMP_RUNNING)
		return false;
	frame_resume(aos, t, regs, t->top - 1, ax, dx);
	return true;
}

/* Back to the first component on the way that runs; false: there is none, nothing changes. */
bool invoke_unwind(struct aos *aos, struct aos_thread *t, struct aos_regs *regs, int64_t error)
{
	struct aos_invocation *frame = t->top;

	while (frame-- > t->stack)
		if (frame->comp->state == AOS_COMP_RUNNING) {
			frame_resume(aos, t, regs, frame, (uint64_t)error, 0);
			return true;
		}
	return false;
}
