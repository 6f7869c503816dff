// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vector and x87 registers (AOS_COMP_FP).  A thread has such state while it
 * executes in a component that declares it: the initial state when it comes
 * in, nothing when it leaves.  aos->vectors is the thread whose values the
 * registers hold, NULL if they hold no such component's.
 *
 * Who changes where a thread executes, or which thread runs, does not touch
 * the registers: it may be an interrupt in the middle of Linux's own use of
 * them.  The host has them settled before ring 3 goes on.
 */
#include "aos/kernel.h"

/* entry.S tests them as one word. */
_Static_assert(offsetof(struct aos_comp, fp) == offsetof(struct aos_comp, state) + 2, "comp");

static bool uses_vectors(const struct aos_comp *comp)
{
	return comp->flags & AOS_COMP_FP;
}

/*
 * The thread, on its way from one component to another, executes in @comp now.
 * Its invocation stack has changed already: calls out of such a component
 * find it full, and so come to invoke_call().
 */
void vector_thread_enter(struct aos_thread *t, struct aos_comp *comp)
{
	if (uses_vectors(t->comp) || uses_vectors(comp))
		t->vectors_fresh = true;
	t->comp = comp;
	t->end = uses_vectors(comp) ? t->top : t->stack + AOS_MAX_NESTING;
}

bool aos_vectors_settled(const struct aos *aos)
{
	const struct aos_thread *t = aos->current_thread;

	if (!uses_vectors(t->comp))
		return !aos->vectors;
	return aos->vectors == t && !t->vectors_fresh;
}

void aos_vectors_settle(struct aos *aos)
{
	struct aos_thread *t = aos->current_thread;
	struct aos_thread *owner = aos->vectors;

	if (aos_vectors_settled(aos))
		return;
	if (owner && !owner->vectors_fresh)
		hal_vectors_save(aos, owner->id);
	aos->vectors = uses_vectors(t->comp) ? t : NULL;
	aos->defer &= ~DEFER_VECTORS;
	if (aos->vectors)
		aos->defer |= DEFER_VECTORS;
	if (aos->vectors && !t->vectors_fresh)
		hal_vectors_load(aos, t->id);
	else
		hal_vectors_clear(aos);
	if (aos->vectors)
		t->vectors_fresh = false;
}
