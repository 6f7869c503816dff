// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is what: the loader, the schedulers and whom each of them schedules,
 * the memory manager and who needs one, what happens to a faulty component.
 */
#include <string.h>

#include <abi/syscall.h>

#include "composition.h"

static void check_loader(const struct composition *all, struct diag *diag)
{
	const struct component *loader = &all->components[0];

	if (!loader->nthreads || strcmp(loader->threads[0].name, "main"))
		diag_error(diag, loader->at,
			   "the first component is the loader, and '%s' has no thread \"main\" in first place; add it or put the loader first",
			   loader->name);
}

/* --- schedulers -------------------------------------------------------- */

/* Index of the root scheduler, or ncomponents after saying what is wrong. */
static unsigned int find_root(const struct composition *all, struct diag *diag)
{
	unsigned int root = all->ncomponents;

	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (!c->scheduler || c->scheduled_by)
			continue;
		if (root == all->ncomponents)
			root = i;
		else
			diag_error(diag, c->at,
				   "'%s' is a second root scheduler beside '%s'; name with scheduled_by who schedules it, or leave one scheduler = true",
				   c->name, all->components[root].name);
	}
	if (root == all->ncomponents)
		diag_error(diag, (struct place){ all->file, 0 },
			   "no component is the root scheduler; set scheduler = true, without scheduled_by, in one");
	return root;
}

static void check_number(const struct composition *all, struct diag *diag)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < all->ncomponents; i++)
		n += all->components[i].scheduler;
	if (n > AOS_MAX_SCHEDULERS)
		diag_error(diag, (struct place){ all->file, 0 },
			   "%u schedulers; the AOS has room for %u, remove some", n,
			   AOS_MAX_SCHEDULERS);
}

static unsigned int find_component(const struct composition *all, const char *name)
{
	unsigned int i = 0;

	while (i < all->ncomponents && strcmp(all->components[i].name, name))
		i++;
	return i;
}

static const char *nearest_scheduler(const struct composition *all, struct pool *pool,
				     const char *name)
{
	const char **words = POOL_ARRAY(pool, const char *, all->ncomponents + 1);
	unsigned int n = 0;

	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (all->components[i].scheduler)
			words[n++] = all->components[i].name;
	return diag_nearest(name, words);
}

static void refer_scheduler(const struct composition *all, struct component *c,
			    unsigned int root, struct pool *pool, struct diag *diag)
{
	unsigned int index = root;

	if (c->scheduled_by)
		index = find_component(all, c->scheduled_by);
	if (index == all->ncomponents)
		diag_error(diag, c->at, "there is no component '%s' to schedule '%s'; the nearest scheduler is '%s'",
			   c->scheduled_by, c->name,
			   nearest_scheduler(all, pool, c->scheduled_by));
	else if (!all->components[index].scheduler)
		diag_error(diag, c->at, "'%s' is to schedule '%s' and is no scheduler; set scheduler = true in it, or name '%s'",
			   c->scheduled_by, c->name,
			   nearest_scheduler(all, pool, c->scheduled_by));
	c->scheduler_index = index;
}

/* Who follows the chain upwards arrives at the root, or comes back. */
static void check_chain(const struct composition *all, unsigned int index, struct diag *diag)
{
	unsigned int at = index, steps = 0;

	while (all->components[at].scheduler_index != at && steps++ < all->ncomponents)
		at = all->components[at].scheduler_index;
	if (steps > all->ncomponents || (at == index && all->components[at].scheduled_by))
		diag_error(diag, all->components[index].at,
			   "'%s' is scheduled by '%s', and so by itself; let scheduled_by lead to the root scheduler",
			   all->components[index].name, all->components[index].scheduled_by);
}

/* What a child schedules runs on the budget of its one thread. */
static void check_child(const struct component *c, struct diag *diag)
{
	if (c->nthreads != 1 || strcmp(c->threads[0].name, "main"))
		diag_error(diag, c->at,
			   "scheduler '%s' is stacked on '%s' and has %u threads; give it one thread \"main\", whose budget all that it schedules run on",
			   c->name, c->scheduled_by, c->nthreads);
}

static void check_loaders_scheduler(const struct composition *all, unsigned int root,
				    struct diag *diag)
{
	const struct component *loader = &all->components[0];

	if (loader->scheduler_index != root)
		diag_error(diag, loader->at,
			   "the loader '%s' is scheduled by '%s'; leave scheduled_by out, it belongs to the root scheduler '%s'",
			   loader->name, loader->scheduled_by, all->components[root].name);
}

static void check_schedulers(struct composition *all, struct pool *pool, struct diag *diag)
{
	unsigned int before = diag->errors, root = find_root(all, diag);

	check_number(all, diag);
	if (diag->errors != before)
		return;
	for (unsigned int i = 0; i < all->ncomponents; i++)
		refer_scheduler(all, &all->components[i], root, pool, diag);
	if (diag->errors != before)
		return;
	check_loaders_scheduler(all, root, diag);
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		if (!all->components[i].scheduler || i == root)
			continue;
		check_chain(all, i, diag);
		check_child(&all->components[i], diag);
	}
}

/* --- memory ------------------------------------------------------------ */

unsigned int composition_memory_manager(const struct composition *all)
{
	unsigned int i = 0;

	while (i < all->ncomponents && !all->components[i].memory_manager)
		i++;
	return i;
}

static void check_client(const struct composition *all, const struct component *c,
			 unsigned int manager, struct diag *diag)
{
	const char *need = c->heap_max > c->heap ? "heap_max" :
			   c->stack_max > c->stack ? "stack_max" : c->quota ? "quota" : NULL;

	if (!need)
		return;
	if (manager == all->ncomponents)
		diag_error(diag, c->at,
			   "'%s' of '%s' needs a memory manager, and there is none; set memory_manager = true in one component, or remove it",
			   need, c->name);
	else if (c == &all->components[manager])
		diag_error(diag, c->at,
			   "'%s' is the memory manager and cannot get memory from itself; remove its '%s'",
			   c->name, need);
}

static void check_memory(const struct composition *all, struct diag *diag)
{
	unsigned int manager = composition_memory_manager(all);

	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (c->memory_manager && i != manager)
			diag_error(diag, c->at,
				   "'%s' is a second memory manager beside '%s'; leave one memory_manager = true",
				   c->name, all->components[manager].name);
		check_client(all, c, manager, diag);
	}
}

/* --- faults ------------------------------------------------------------ */

static void check_faults(const struct composition *all, struct diag *diag)
{
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (c->has_restart && c->on_fault != FAULT_RESTART)
			diag_error(diag, c->at,
				   "'%s' has 'restart', but no fault restarts it; set on_fault = \"restart\" or remove 'restart'",
				   c->name);
		if (c->scheduler && c->on_fault == FAULT_RESTART)
			diag_error(diag, c->at,
				   "'%s' is a scheduler, and none is made anew; set on_fault = \"stop\" or remove 'on_fault'",
				   c->name);
		if (!i && c->on_fault != FAULT_CONTINUE)
			diag_error(diag, c->at,
				   "'%s' is the loader, and nobody is there to stop or restart it; remove 'on_fault'",
				   c->name);
	}
}

void composition_check_roles(struct composition *all, struct pool *pool, struct diag *diag)
{
	check_loader(all, diag);
	check_schedulers(all, pool, diag);
	check_memory(all, diag);
	check_faults(all, diag);
}
