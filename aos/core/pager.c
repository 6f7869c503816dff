// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults as invocations.  The thread that faulted goes into its
 * component's pager itself, under its own urgency and at its own expense.  What it
 * left behind, every register, is kept in the thread; the frame on its
 * invocation stack bears the mark aos->paging instead of a client.
 */
#include "aos/kernel.h"
#include "x86_64/pte.h"

/* The pager has not yet returned, or has just done so: the top frame is its mark. */
bool pager_runs(const struct aos *aos, const struct aos_thread *t)
{
	return t->top[-1].comp == &aos->paging;
}

static bool may_page(const struct aos_thread *t, const struct aos_regs *regs)
{
	return t->comp->pager.type == CAP_INVOKE && !(regs->orig_ax & PF_PRESENT) &&
	       !t->paged.comp;
}

/* false: there is no pager for this fault, or it cannot come. */
bool pager_invoke(struct aos *aos, struct aos_regs *regs, uint64_t addr)
{
	struct aos_thread *t = aos->current_thread;
	struct aos_comp *comp = t->comp;
	uint64_t error = regs->orig_ax;

	if (!may_page(t, regs))
		return false;
	t->paged.regs = *regs;
	if (invoke_call(aos, &comp->pager, regs))
		return false;
	t->top[-1].comp = &aos->paging;
	t->paged.comp = comp;
	t->paged.addr = addr;
	regs->di = addr;
	regs->si = error;
	regs->dx = regs->r10 = regs->r8 = regs->r9 = 0;
	return true;
}

/*
 * Back to where the page is missing, with all registers: for another try, or to
 * fault there.  -> the address
 */
uint64_t pager_leave(struct aos *aos, struct aos_regs *regs)
{
	struct aos_thread *t = aos->current_thread;

	t->top--;
	vector_thread_enter(t, t->paged.comp);
	t->paged.comp = NULL;
	*regs = t->paged.regs;
	budget_visit_check(aos, t);
	hal_root_load(aos, t->comp->cr3);
	return t->paged.addr;
}

/*
 * Thread @t, running or not, has been sent back to whom runs on its way.  If that
 * is beyond its pager the page never comes: a fault of the component that wants it.
 */
void pager_abandon(struct aos *aos, struct aos_regs *regs, struct aos_thread *t)
{
	struct aos_comp *comp = t->paged.comp;

	for (const struct aos_invocation *i = t->stack; i < t->top; i++)
		if (i->comp == &aos->paging)
			return;
	t->paged.comp = NULL;
	if (comp)
		fault_of_client(aos, regs, comp, t, t->paged.addr);
}
