// SPDX-License-Identifier: GPL-2.0-or-later
/* Components: a page table, a capability table, a place for stacks. */
#include "aos/kernel.h"
#include "aos/string.h"

static bool root_claimable(struct aos *aos, uint32_t root)
{
	return root % 2 == 0 && aos->frames[root].type == FRAME_FREE &&
	       aos->frames[root + 1].type == FRAME_FREE;
}

/* @root and @captable have been checked against nframes. */
int comp_create(struct aos *aos, uint32_t root, uint32_t captable, uint64_t stack_base,
		uint32_t flags, struct aos_comp **out)
{
	struct aos_comp *comp;

	if (aos->ncomps == AOS_MAX_COMPONENTS)
		return -AOS_ENOMEM;
	if (!root_claimable(aos, root) || captable == root || captable == root + 1)
		return -AOS_EBUSY;
	if (frame_claim(aos, captable, FRAME_CAPTABLE))
		return -AOS_EBUSY;
	frame_claim(aos, root, FRAME_PGTBL);
	frame_claim(aos, root + 1, FRAME_PGTBL);
	memset(hal_frame_va(aos, root), 0, AOS_PAGE_SIZE);
	memset(hal_frame_va(aos, root + 1), 0, AOS_PAGE_SIZE);
	memset(hal_frame_va(aos, captable), 0, AOS_PAGE_SIZE);
	hal_root_init(aos, root);

	comp = &aos->comps[aos->ncomps];
	comp->id = aos->ncomps++;
	comp->root = root;
	comp->caps = hal_frame_va(aos, captable);
	comp->cr3 = hal_root_cr3(aos, root, &comp->user_cr3);
	comp->stack_base = stack_base;
	comp->flags = flags;
	comp->sched = comp->serves = &aos->schedulers[0];
	comp->fp = !!(flags & AOS_COMP_FP);
	comp->state = AOS_COMP_RUNNING;
	*out = comp;
	return 0;
}

static bool thread_lives(const struct aos_thread *t)
{
	return t->state != THREAD_FREE && t->state != THREAD_EXITED;
}

/* Nothing ever returns into it: not now, and not when it runs again. */
static void frames_bury(struct aos *aos, struct aos_thread *t, const struct aos_comp *comp)
{
	bool paged = t->paged.comp == comp;

	for (struct aos_invocation *i = t->stack; i < t->top; i++)
		if (i->comp == comp || (paged && i->comp == &aos->paging))
			i->comp = &aos->dead;
	if (paged)
		t->paged.comp = NULL;
}

/*
 * Stop a component.  Whoever executes in it, running, preempted or waiting,
 * goes back with @error; its own threads end, those that visit another
 * component when they come back.  @regs: of the current thread.
 * Return: true if the current thread was inside.
 */
bool comp_stop(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp, int64_t error)
{
	bool inside = aos->current_thread->comp == comp;

	comp->state = AOS_COMP_STOPPED;
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		if (!thread_lives(&aos->threads[i]))
			continue;
		budget_visit_stop(aos, &aos->threads[i], comp);
		frames_bury(aos, &aos->threads[i], comp);
	}
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		struct aos_thread *t = &aos->threads[i];

		if (thread_lives(t) && t->comp == comp)
			thread_evict(aos, regs, t, error);
	}
	return inside;
}

/* Threads of its own, gone or not, whose slots are not free again. */
bool comp_has_threads(const struct aos *aos, const struct aos_comp *comp)
{
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		if (aos->threads[i].state != THREAD_FREE && aos->threads[i].home == comp)
			return true;
	return false;
}

/* A stopped component's slot of a thread is free: the supervisor may be waiting for that. */
void comp_thread_gone(struct aos *aos, const struct aos_comp *home)
{
	if (home->state != AOS_COMP_RUNNING && aos->fault_endpoint && !comp_has_threads(aos, home))
		event_raise(aos, aos->fault_endpoint);
}

/*
 * What its endpoints and timers keep from the life that ended is forgotten.
 * Where others wait nothing is kept, or it is the kernel's to give (event.c).
 */
void comp_reset(struct aos *aos, struct aos_comp *comp)
{
	for (uint32_t slot = 0; slot < AOS_CAP_SLOTS; slot++) {
		const struct aos_cap *cap = &comp->caps[slot];

		if (cap->type == CAP_ENDPOINT && !aos->endpoints[cap->id].waiter)
			aos->endpoints[cap->id].count = 0;
		if (cap->type == CAP_TIMER)
			timer_set(aos, &aos->timers[cap->id], 0);
	}
}

uint64_t aos_cr3(const struct aos *aos)
{
	return aos->current_thread->comp->cr3;
}
