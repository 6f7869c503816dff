// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults: recorded for the supervisor, and contained.  The thread goes back
 * to the first component on its way that still runs, with -AOS_EFAULT; with
 * nobody to go back to, it ends.  Where a fault stops the component, so do
 * all others that execute in it.
 */
#include "aos/kernel.h"

static void fault_record(struct aos *aos, const struct aos_comp *comp,
			 const struct aos_thread *t, uint32_t vector, uint64_t addr)
{
	aos->stats.faults++;
	if (aos->fault_head - aos->fault_tail == AOS_FAULT_RING) {
		aos->stats.faults_lost++;
		return;
	}
	aos->faults[aos->fault_head++ % AOS_FAULT_RING] = (struct aos_fault){
		AOS_FAULT_WORD(vector, comp->id, t->id), addr
	};
}

/* -> AOS_FAULT_WORD() of the oldest fault, or -AOS_EAGAIN. */
int64_t fault_next(struct aos *aos, uint64_t *addr)
{
	const struct aos_fault *f;

	if (aos->fault_head == aos->fault_tail)
		return -AOS_EAGAIN;
	f = &aos->faults[aos->fault_tail++ % AOS_FAULT_RING];
	*addr = f->addr;
	return (int64_t)f->word;
}

/* What was put off to the end of a scheduler section may be due; the supervisor hears of it. */
static void fault_finish(struct aos *aos)
{
	if (aos->next)
		thread_section_end(aos);
	if (aos->fault_endpoint)
		event_raise(aos, aos->fault_endpoint);
}

/* Thread @t, running or not, faults where it executes.  @regs: of the current thread. */
void fault_raise(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, uint32_t vector,
		 uint64_t addr)
{
	struct aos_comp *comp = t->comp;

	fault_record(aos, comp, t, vector, addr);
	if (comp->flags & AOS_COMP_STOP_ON_FAULT)
		comp_stop(aos, regs, comp, -AOS_EFAULT);
	else
		thread_evict(aos, regs, t, -AOS_EFAULT);
	fault_finish(aos);
}

/*
 * Thread @t does not come back from its visit.  Who is visited is to blame, not
 * whom that has invoked; if no fault stops it, @t can only be sent back from
 * where it executes.  0, or -AOS_EPERM: that is where the caller executes.
 */
int fault_overrun(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, uint32_t vector)
{
	struct aos_comp *visited = budget_visited(aos, t);

	if (visited != t->comp && visited->flags & AOS_COMP_STOP_ON_FAULT) {
		fault_record(aos, visited, t, vector, 0);
		comp_stop(aos, regs, visited, -AOS_EFAULT);
		fault_finish(aos);
		return 0;
	}
	if (t == aos->current_thread)
		return -AOS_EPERM;
	fault_raise(aos, regs, t, vector, 0);
	return 0;
}

/*
 * The page at @addr that @comp wants does not come; @t is out of it already.
 * The supervisor hears of it from the caller, when it is clear who runs.
 */
void fault_of_client(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp,
		     struct aos_thread *t, uint64_t addr)
{
	fault_record(aos, comp, t, VECTOR_PF, addr);
	if (comp->flags & AOS_COMP_STOP_ON_FAULT)
		comp_stop(aos, regs, comp, -AOS_EFAULT);
}

void fault_announce_since(struct aos *aos, uint64_t faults)
{
	if (aos->fault_endpoint && aos->stats.faults != faults)
		event_raise(aos, aos->fault_endpoint);
}

/*
 * The current thread got @word from a server, and nothing that works says
 * that.  0, or what its registers hold if it was inside that server itself.
 */
int64_t fault_report(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp, uint64_t word)
{
	bool evicted = false;

	fault_record(aos, comp, aos->current_thread, AOS_FAULT_GARBAGE, word);
	if (comp->flags & AOS_COMP_STOP_ON_FAULT)
		evicted = comp_stop(aos, regs, comp, -AOS_EFAULT);
	fault_finish(aos);
	return evicted ? -AOS_EFAULT : 0;
}

static bool page_comes(struct aos *aos, struct aos_regs *regs, uint64_t addr)
{
	return hostmem_fault(aos, regs, addr) || pager_invoke(aos, regs, addr);
}

void aos_fault(struct aos *aos, struct aos_regs *regs, uint32_t vector, uint64_t addr)
{
	if (vector != VECTOR_PF || !page_comes(aos, regs, addr))
		fault_raise(aos, regs, aos->current_thread, vector, addr);
	aos_dispatch(aos, regs);
}
