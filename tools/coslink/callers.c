// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who calls a scheduler.  It knows its own threads only, so a component that
 * imports one must be a place where no others come.
 */
#include "composition.h"

/* A component whose threads get to `index`, and are not `scheduler`'s; or ncomponents. */
static unsigned int find_stranger(const struct composition *all, unsigned int index,
				  unsigned int scheduler)
{
	unsigned int i = 0;

	while (i < all->ncomponents &&
	       (!all->components[i].nthreads || all->components[i].scheduler_index == scheduler ||
		!(composition_reach(all, i) >> index & 1)))
		i++;
	return i;
}

static void check_import(const struct composition *all, unsigned int index,
			 const struct comp_import *import, struct diag *diag)
{
	const struct component *c = &all->components[index];
	unsigned int stranger = find_stranger(all, index, import->index);

	if (stranger == all->ncomponents)
		return;
	if (stranger == index)
		diag_error(diag, import->at,
			   "'%s' is scheduled by '%s' and imports the scheduler '%s'; import \"%s\" in its place",
			   c->name, all->components[c->scheduler_index].name, import->name,
			   all->components[c->scheduler_index].name);
	else
		diag_error(diag, import->at,
			   "'%s' imports the scheduler '%s', and threads of '%s' get there, which '%s' schedules: a scheduler serves its own threads only; give those another '%s', or put them under '%s'",
			   c->name, import->name, all->components[stranger].name,
			   all->components[all->components[stranger].scheduler_index].name,
			   c->name, import->name);
}

void composition_check_callers(const struct composition *all, struct diag *diag)
{
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		for (unsigned int j = 0; j < c->nimports; j++)
			if (all->components[c->imports[j].index].scheduler)
				check_import(all, i, &c->imports[j], diag);
	}
}
