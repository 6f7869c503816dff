// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Periods, budgets, deadlines and what hangs on them must make sense by
 * themselves; whether there is time for all of them is admission.c's question.
 */
#include <inttypes.h>

#include <abi/image.h>
#include <abi/syscall.h>

#include "composition.h"
#include "duration.h"

struct timing {
	struct composition *all;
	struct pool *pool;
	struct diag *diag;
};

static const char *text(const struct timing *t, int64_t ns)
{
	return duration_text(t->pool, ns);
}

/* --- one thread -------------------------------------------------------- */

/* Period and budget: both or none, and nothing else without them. */
static bool check_pair(const struct timing *t, const struct component *c,
		       const struct comp_thread *thread)
{
	const char *has = thread->server ? "server" : thread->period ? "period" :
			  thread->budget ? "budget" : thread->deadline ? "deadline" : NULL;

	if (!has || (thread->period && thread->budget))
		return has;
	diag_error(t->diag, thread->at,
		   "thread '%s' of '%s' has a '%s' and no '%s'; add one, or remove '%s'",
		   thread->name, c->name, has, thread->period ? "budget" : "period", has);
	return false;
}

static void check_thread(const struct timing *t, const struct component *c,
			 const struct comp_thread *thread)
{
	if (!check_pair(t, c, thread))
		return;
	if (thread->budget > thread->period)
		diag_error(t->diag, thread->at,
			   "thread '%s' of '%s' has a budget of %s in a period of %s; lower the budget or lengthen the period",
			   thread->name, c->name, text(t, thread->budget),
			   text(t, thread->period));
	else if (thread->deadline > thread->period)
		diag_error(t->diag, thread->at,
			   "thread '%s' of '%s' has a deadline of %s, after its next period of %s begins; use the period at most",
			   thread->name, c->name, text(t, thread->deadline),
			   text(t, thread->period));
	else if (thread->budget > thread->deadline)
		diag_error(t->diag, thread->at,
			   "thread '%s' of '%s' has a budget of %s to be used up within a deadline of %s; lower the budget or lengthen the deadline",
			   thread->name, c->name, text(t, thread->budget),
			   text(t, thread->deadline));
	else if (thread->critical > thread->budget)
		diag_error(t->diag, thread->at,
			   "thread '%s' of '%s' has a critical section of %s in a budget of %s; raise the budget or shorten the section",
			   thread->name, c->name, text(t, thread->critical),
			   text(t, thread->budget));
}

/* --- schedulers stacked on others -------------------------------------- */

static bool stacked(const struct timing *t, unsigned int index)
{
	const struct component *c = &t->all->components[index];

	return c->scheduler && c->scheduler_index != index;
}

/* That is how the kernel knows for whom its threads' news are. */
static bool has_news(const struct component *child)
{
	for (unsigned int i = 0; i < child->nendpoints; i++)
		if (child->endpoints[i].source == AOS_SOURCE_SCHED)
			return true;
	return false;
}

static void check_share(const struct timing *t, const struct component *child)
{
	const struct comp_thread *main = &child->threads[0];

	if (!has_news(child))
		diag_error(t->diag, child->at,
			   "scheduler '%s' is stacked on '%s' and hears of none of its threads; give it an endpoint with source = \"scheduler\"",
			   child->name, child->scheduled_by);
	if (!main->server)
		diag_error(t->diag, main->at,
			   "scheduler '%s' is stacked on '%s', and its thread 'main' has no budget that is enforced; give it server, period and budget",
			   child->name, child->scheduled_by);
}

/* Nobody gives more urgency than he has. */
static void check_urgency(const struct timing *t, const struct component *c)
{
	const struct component *child = &t->all->components[c->scheduler_index];
	int64_t most = child->threads[0].priority;

	for (unsigned int i = 0; i < c->nthreads; i++)
		if (c->threads[i].priority < most)
			diag_error(t->diag, c->threads[i].at,
				   "thread '%s' of '%s' has priority %" PRId64 ", more urgent than 'main' of its scheduler '%s'; use %" PRId64 " to 255, or make that one more urgent",
				   c->threads[i].name, c->name, c->threads[i].priority,
				   child->name, most);
}

static void check_hierarchy(const struct timing *t, unsigned int index)
{
	const struct component *c = &t->all->components[index];

	if (stacked(t, index))
		check_share(t, c);
	if (stacked(t, c->scheduler_index))
		check_urgency(t, c);
}

/* --- watchdogs, critical sections -------------------------------------- */

/* Does a thread whose budget is enforced get into component `index`? */
static bool under_budget(const struct timing *t, unsigned int index)
{
	for (unsigned int i = 0; i < t->all->ncomponents; i++) {
		const struct component *c = &t->all->components[i];

		if (!(composition_reach(t->all, i) >> index & 1))
			continue;
		for (unsigned int j = 0; j < c->nthreads; j++)
			if (c->threads[j].server)
				return true;
	}
	return false;
}

static void check_watchdog(const struct timing *t, unsigned int index)
{
	const struct component *c = &t->all->components[index];

	if (!c->watchdog)
		return;
	if (c->on_fault == FAULT_CONTINUE)
		diag_error(t->diag, c->at,
			   "'%s' has a watchdog, but goes on after a fault; set on_fault = \"restart\" or \"stop\", or remove 'watchdog'",
			   c->name);
	if (!under_budget(t, index))
		diag_error(t->diag, c->at,
			   "'%s' has a watchdog that counts budgets, and no thread under a budget gets there; give a thread that does server, period and budget, or remove 'watchdog'",
			   c->name);
}

/* A thread can be in a critical section of any component it gets to. */
static void fill_in_critical(const struct timing *t, unsigned int index)
{
	struct component *c = &t->all->components[index];
	int64_t longest = 0;

	for (uint32_t left = composition_reach(t->all, index); left; left &= left - 1) {
		int64_t critical = t->all->components[__builtin_ctz(left)].critical;

		longest = critical > longest ? critical : longest;
	}
	for (unsigned int i = 0; i < c->nthreads; i++)
		if (!c->threads[i].critical)
			c->threads[i].critical = longest;
}

void composition_check_timing(struct composition *all, struct pool *pool, struct diag *diag)
{
	const struct timing t = { all, pool, diag };

	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		for (unsigned int j = 0; j < c->nthreads; j++)
			check_thread(&t, c, &c->threads[j]);
		check_hierarchy(&t, i);
		check_watchdog(&t, i);
		fill_in_critical(&t, i);
	}
}
