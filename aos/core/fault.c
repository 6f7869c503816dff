// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults: recorded for the supervisor, and contained.  The thread goes back
 * to the first component on its way that still runs, with -AOS_EFAULT; with
 * nobody to go back to, it ends.
 */
#include "aos/kernel.h"

static void fault_record(struct aos *aos, uint32_t vector, uint64_t addr)
{
	struct aos_thread *t = aos->current_thread;

	aos->stats.faults++;
	if (aos->fault_head - aos->fault_tail == AOS_FAULT_RING) {
		aos->stats.faults_lost++;
		return;
	}
	aos->faults[aos->fault_head++ % AOS_FAULT_RING] = (struct aos_fault){
		AOS_FAULT_WORD(vector, t->comp->id, t->id), addr
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

void aos_fault(struct aos *aos, struct aos_regs *regs, uint32_t vector, uint64_t addr)
{
	struct aos_comp *comp = aos->current_thread->comp;

	fault_record(aos, vector, addr);
	if (comp->flags & AOS_COMP_STOP_ON_FAULT)
		comp->state = AOS_COMP_STOPPED;
	if (invoke_unwind(aos, regs, -AOS_EFAULT))
		thread_section_end(aos);
	else
		thread_exit(aos, aos->current_thread);
	if (aos->fault_endpoint)
		event_raise(aos, aos->fault_endpoint);
	aos_dispatch(aos, regs);
}
