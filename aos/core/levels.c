// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Levels: a thread, the one that pays for it, the one that pays for that, up
 * to one of the root scheduler's.  All questions that are asked along this
 * way; nothing here changes anything.
 *
 * A child whose `main` is gone has no way up: none of its threads is funded.
 */
#include "aos/scheduler.h"

struct aos_thread *levels_payer(const struct aos_thread *t)
{
	return t->sched->comp ? t->sched->main : NULL;
}

/* @t itself, or whoever's budget it runs on? */
bool levels_pays(const struct aos_thread *who, const struct aos_thread *t)
{
	while (t && t != who)
		t = levels_payer(t);
	return t != NULL;
}

static bool is_above(const struct aos_scheduler *up, const struct aos_scheduler *s)
{
	while (s != up && s->comp)
		s = s->comp->sched;
	return s == up;
}

/* Does @s schedule @t, or one of those stacked on @s? */
bool levels_under(const struct aos_thread *t, const struct aos_scheduler *s)
{
	return is_above(s, t->sched);
}

/* Nobody on its way is without a budget. */
bool levels_funded(const struct aos_thread *t)
{
	for (;;) {
		if (t->budget.depleted)
			return false;
		if (!t->sched->comp)
			return true;
		t = t->sched->main;
		if (!t)
			return false;
	}
}

static uint32_t depth(const struct aos_thread *t)
{
	uint32_t n = 0;

	for (const struct aos_scheduler *s = t->sched; s->comp; s = s->comp->sched)
		n++;
	return n;
}

/* Both up to where one scheduler knows them; NULL: there is no way. */
static void meet(const struct aos_thread **a, const struct aos_thread **b)
{
	uint32_t da, db;

	if ((*a)->sched == (*b)->sched)
		return;
	da = depth(*a);
	db = depth(*b);
	while (*a && *b && (da != db || (*a)->sched != (*b)->sched)) {
		const bool up_a = da >= db, up_b = db >= da;

		if (up_a) {
			*a = levels_payer(*a);
			da--;
		}
		if (up_b) {
			*b = levels_payer(*b);
			db--;
		}
	}
}

/*
 * Is @a, who is funded, more urgent than @b, in the eyes of the nearest
 * scheduler that both are under?  So nobody is more urgent than who pays for
 * him; who pays for another goes before that one.
 */
bool levels_goes_before(const struct aos_thread *a, const struct aos_thread *b)
{
	const struct aos_thread *x = a, *y = b;

	meet(&x, &y);
	if (!x || !y)
		return true;
	return x == y ? x == a && a != b : x->urgency < y->urgency;
}

/* The scheduler to which both are equally urgent, or NULL. */
struct aos_scheduler *levels_equal(const struct aos_thread *a, const struct aos_thread *b)
{
	meet(&a, &b);
	return a && b && a != b && a->urgency == b->urgency ? a->sched : NULL;
}

/* ---- sections ---- */

/*
 * Inside a scheduler component a thread is not preempted by those whom that
 * schedules: its data needs no lock.  Where it says that it has nothing to do
 * (OP_IDLE) it may be.  NULL: it is in none.
 */
struct aos_scheduler *levels_section(const struct aos *aos, const struct aos_thread *t)
{
	if (aos->at_idle && t == aos->current_thread)
		return NULL;
	return t->comp->flags & AOS_COMP_SCHED ? t->comp->serves : NULL;
}

/* The scheduler in whose section the thread that runs is, if @t is under that; or NULL. */
struct aos_scheduler *levels_section_shields(const struct aos *aos, const struct aos_thread *t)
{
	struct aos_scheduler *s = levels_section(aos, aos->next);

	return s && levels_under(t, s) ? s : NULL;
}

/*
 * Must the thread that runs stop now?  Its own budget is used up, or one that
 * pays for it, or there is nobody who pays; and it is not in the section of the
 * scheduler which knows of that, or of one above.
 */
bool levels_must_stop(const struct aos *aos)
{
	const struct aos_scheduler *section = levels_section(aos, aos->next);

	for (const struct aos_thread *t = aos->next; t; t = t->sched->main) {
		if (t->budget.depleted && !(section && levels_under(t, section)))
			return true;
		if (!t->sched->comp)
			return false;
		if (!t->sched->main)
			return !section || !is_above(section, t->sched->comp->sched);
	}
	return false;
}

/* Will @t come back to a section of @s, or is it there? */
bool levels_section_on_way(const struct aos_thread *t, const struct aos_scheduler *s)
{
	if (t->comp->flags & AOS_COMP_SCHED && t->comp->serves == s)
		return true;
	for (const struct aos_invocation *i = t->stack; i < t->top; i++)
		if (i->comp->flags & AOS_COMP_SCHED && i->comp->serves == s)
			return true;
	return false;
}
