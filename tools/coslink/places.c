// SPDX-License-Identifier: GPL-2.0-or-later
/* Where components lie, how much they may grow, who may map what. */
#include <inttypes.h>

#include <abi/image.h>
#include <abi/ring.h>
#include <abi/syscall.h>

#include "composition.h"

bool component_grows(const struct component *c)
{
	return c->heap_max > c->heap || c->stack_max > c->stack;
}

static void check_base(const struct composition *all, unsigned int index, struct diag *diag)
{
	const struct component *c = &all->components[index];

	if (c->base % IMAGE_COMPONENT_STRIDE)
		diag_error(diag, c->at,
			   "base 0x%" PRIx64 " of '%s' is misaligned; use a multiple of 0x%llx",
			   (uint64_t)c->base, c->name, IMAGE_COMPONENT_STRIDE);
	for (unsigned int j = 0; j < index; j++) {
		const struct component *d = &all->components[j];

		if (c->base < d->base + (int64_t)IMAGE_COMPONENT_STRIDE &&
		    d->base < c->base + (int64_t)IMAGE_COMPONENT_STRIDE)
			diag_error(diag, c->at,
				   "'%s' at 0x%" PRIx64 " overlaps '%s' at 0x%" PRIx64 "; change or remove 'base'",
				   c->name, (uint64_t)c->base, d->name, (uint64_t)d->base);
	}
}

static void check_growth(const struct component *c, struct diag *diag)
{
	if (c->heap_max < c->heap)
		diag_error(diag, c->at,
			   "'%s' starts with a heap of %" PRId64 " bytes, more than its heap_max %" PRId64 "; lower 'heap' or raise 'heap_max'",
			   c->name, c->heap, c->heap_max);
	if (c->stack_max < c->stack)
		diag_error(diag, c->at,
			   "'%s' starts with stacks of %" PRId64 " bytes, more than its stack_max %" PRId64 "; lower 'stack' or raise 'stack_max'",
			   c->name, c->stack, c->stack_max);
}

/* Each ctrl part has one writer, and nobody else may look at it. */
static void check_ctrl_maps(const struct composition *all, struct pool *pool,
			    struct diag *diag)
{
	const struct component **owner =
		POOL_ARRAY(pool, const struct component *, all->nregions);

	for (unsigned int i = 0; i < all->ncomponents; i++)
		for (unsigned int j = 0; j < all->components[i].nmaps; j++) {
			const struct comp_map *map = &all->components[i].maps[j];
			const struct region *region = &all->regions[map->region_index];

			if (region->kind != IMAGE_REGION_CHANNEL ||
			    region->part != RING_PART_CTRL)
				continue;
			if (owner[map->region_index])
				diag_error(diag, map->at,
					   "region '%s' belongs to '%s', which maps it already; map it in one component only",
					   region->name, owner[map->region_index]->name);
			owner[map->region_index] = &all->components[i];
		}
}

/* The channels' own come first, that of the counters last. */
static void check_kinds(const struct composition *all, struct diag *diag)
{
	for (unsigned int i = all->nbrought; i < all->nregions - 1; i++) {
		const struct region *region = &all->regions[i];

		if (region->kind == IMAGE_REGION_CHANNEL)
			diag_error(diag, region->at,
				   "region '%s' is of kind \"channel\"; leave it out, a channel in 'channels' brings its regions along",
				   region->name);
		if (region->kind == IMAGE_REGION_COUNTERS)
			diag_error(diag, region->at,
				   "region '%s' is of kind \"counters\"; leave it out, the region 'counters' is always there",
				   region->name);
	}
}

void composition_check_places(struct composition *all, struct pool *pool, struct diag *diag)
{
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		check_base(all, i, diag);
		check_growth(&all->components[i], diag);
	}
	check_kinds(all, diag);
	check_ctrl_maps(all, pool, diag);
}
