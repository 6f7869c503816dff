// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The graph of imports: no cycle, no chain deeper than the AOS allows, no
 * component that no thread can reach.
 */
#include <abi/syscall.h>

#include "composition.h"

enum colour { UNSEEN, OPEN, DONE };

struct walk {
	const struct composition *all;
	struct pool *pool;
	struct diag *diag;
	enum colour *colour;
	unsigned int *path, depth;	/* components now open */
	unsigned int *height;		/* longest chain below, in invocations */
	bool *reached;
};

static void say_cycle(const struct walk *walk, struct place at, unsigned int back)
{
	const struct component *components = walk->all->components;
	const char *text = "";
	unsigned int i = 0;

	while (walk->path[i] != back)
		i++;
	for (; i < walk->depth; i++)
		text = pool_printf(walk->pool, "%s%s -> ", text,
				   components[walk->path[i]].name);
	diag_error(walk->diag, at,
		   "imports form a cycle: %s%s; remove one of these imports", text,
		   components[back].name);
}

/* Depth is bounded by AOS_MAX_COMPONENTS, checked before. */
static void visit(struct walk *walk, unsigned int index)
{
	const struct component *c = &walk->all->components[index];

	walk->colour[index] = OPEN;
	walk->path[walk->depth++] = index;
	for (unsigned int i = 0; i < c->nimports; i++) {
		unsigned int to = c->imports[i].index;

		if (walk->colour[to] == UNSEEN)
			visit(walk, to);
		else if (walk->colour[to] == OPEN)
			say_cycle(walk, c->imports[i].at, to);
		if (walk->height[to] + 1 > walk->height[index])
			walk->height[index] = walk->height[to] + 1;
	}
	walk->depth--;
	walk->colour[index] = DONE;
}

static void check_cycles(struct walk *walk)
{
	unsigned int before = walk->diag->errors;

	for (unsigned int i = 0; i < walk->all->ncomponents; i++)
		if (walk->colour[i] == UNSEEN)
			visit(walk, i);
	if (walk->diag->errors != before)
		return;
	for (unsigned int i = 0; i < walk->all->ncomponents; i++) {
		const struct component *c = &walk->all->components[i];

		if (c->nthreads && walk->height[i] > AOS_MAX_NESTING)
			diag_error(walk->diag, c->at,
				   "a thread of '%s' can get %u invocations deep, the AOS allows %u; shorten the chain of imports",
				   c->name, walk->height[i], AOS_MAX_NESTING);
	}
}

static void reach(struct walk *walk, unsigned int index)
{
	const struct component *c = &walk->all->components[index];

	if (walk->reached[index])
		return;
	walk->reached[index] = true;
	for (unsigned int i = 0; i < c->nimports; i++)
		reach(walk, c->imports[i].index);
}

static void check_reachable(struct walk *walk)
{
	const struct composition *all = walk->all;

	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (all->components[i].nthreads)
			reach(walk, i);
	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (!walk->reached[i])
			diag_error(walk->diag, all->components[i].at,
				   "no thread reaches component '%s'; give it a thread, import it somewhere, or remove it",
				   all->components[i].name);
}

void composition_check_imports(const struct composition *composition, struct pool *pool,
			       struct diag *diag)
{
	unsigned int n = composition->ncomponents;
	struct walk walk = {
		.all = composition,
		.pool = pool,
		.diag = diag,
		.colour = POOL_ARRAY(pool, enum colour, n),
		.path = POOL_ARRAY(pool, unsigned int, n),
		.height = POOL_ARRAY(pool, unsigned int, n),
		.reached = POOL_ARRAY(pool, bool, n),
	};

	check_cycles(&walk);
	check_reachable(&walk);
}
