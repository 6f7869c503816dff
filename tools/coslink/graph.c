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
	unsigned int manager;		/* the memory manager, or ncomponents */
};

/* Memory that grows is asked of the memory manager by an invocation. */
static bool pages_through(const struct composition *all, unsigned int manager,
			  unsigned int index)
{
	return manager < all->ncomponents && component_grows(&all->components[index]);
}

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
		   "imports form a cycle: %s%s; remove one of these imports%s", text,
		   components[back].name,
		   walk->manager < walk->all->ncomponents ?
			" (memory that grows imports the memory manager)" : "");
}

static void visit(struct walk *walk, unsigned int index);

static void follow(struct walk *walk, struct place at, unsigned int from, unsigned int to)
{
	if (walk->colour[to] == UNSEEN)
		visit(walk, to);
	else if (walk->colour[to] == OPEN)
		say_cycle(walk, at, to);
	if (walk->height[to] + 1 > walk->height[from])
		walk->height[from] = walk->height[to] + 1;
}

/* Depth is bounded by AOS_MAX_COMPONENTS, checked before. */
static void visit(struct walk *walk, unsigned int index)
{
	const struct component *c = &walk->all->components[index];

	walk->colour[index] = OPEN;
	walk->path[walk->depth++] = index;
	for (unsigned int i = 0; i < c->nimports; i++)
		follow(walk, c->imports[i].at, index, c->imports[i].index);
	if (pages_through(walk->all, walk->manager, index))
		follow(walk, c->at, index, walk->manager);
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

/* Where a thread in `index` can go from there at once. */
static uint32_t next(const struct composition *all, unsigned int manager, unsigned int index)
{
	const struct component *c = &all->components[index];
	uint32_t to = pages_through(all, manager, index) ? 1u << manager : 0;

	for (unsigned int i = 0; i < c->nimports; i++)
		to |= 1u << c->imports[i].index;
	return to;
}

uint32_t composition_reach(const struct composition *all, unsigned int index)
{
	unsigned int manager = composition_memory_manager(all);
	uint32_t reached = 1u << index, left = reached;

	while (left) {
		uint32_t more = next(all, manager, (unsigned int)__builtin_ctz(left)) & ~reached;

		left = (left & (left - 1)) | more;
		reached |= more;
	}
	return reached;
}

static void check_reachable(const struct composition *all, struct diag *diag)
{
	uint32_t reached = 0;

	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (all->components[i].nthreads)
			reached |= composition_reach(all, i);
	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (!(reached >> i & 1))
			diag_error(diag, all->components[i].at,
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
		.manager = composition_memory_manager(composition),
	};

	check_cycles(&walk);
	check_reachable(composition, diag);
}
