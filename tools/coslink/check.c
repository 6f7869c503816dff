// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a composition must be, before any object is opened: unique names,
 * known references, within the AOS's limits.  What more there is to check is
 * in roles.c, places.c, graph.c, callers.c and timing.c.
 */
#include <string.h>

#include <abi/bootinfo.h>
#include <abi/image.h>
#include <abi/ring.h>
#include <abi/syscall.h>

#include "composition.h"

#define NONE (~0u)

struct check {
	struct composition *composition;
	struct pool *pool;
	struct diag *diag;
};

/* --- names ------------------------------------------------------------- */

struct named {
	struct place at;
	const char *name;
};

static void unique(const struct check *check, const char *what,
		   const struct named *names, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++)
			if (!strcmp(names[i].name, names[j].name)) {
				diag_error(check->diag, names[i].at,
					   "%s '%s' has the name of the one in line %u; rename one",
					   what, names[i].name, names[j].at.line);
				break;
			}
}

/* Collect .at and .name of an array's entries. */
#define COLLECT(into, n, array, count, field)					\
	do {									\
		for (unsigned int k_ = 0; k_ < (count); k_++)			\
			(into)[(n)++] = (struct named){ (array)[k_].at,		\
							(array)[k_].field };	\
	} while (0)

/* __region_NAME_size of one map must not be __region_NAME of another. */
static void check_size_names(const struct check *check, const struct component *c)
{
	for (unsigned int i = 0; i < c->nmaps; i++)
		for (unsigned int j = 0; j < c->nmaps; j++) {
			size_t len = strlen(c->maps[j].as);

			if (!strncmp(c->maps[i].as, c->maps[j].as, len) &&
			    !strcmp(c->maps[i].as + len, "_size"))
				diag_error(check->diag, c->maps[i].at,
					   "map '%s' and the size of map '%s' would be one symbol; give one another name with 'as'",
					   c->maps[i].as, c->maps[j].as);
		}
}

static void check_component_names(const struct check *check, const struct component *c)
{
	unsigned int most = c->nthreads + c->nmaps + c->nimports + c->nendpoints +
			    c->ntimers + c->ndoorbells, n = 0;
	struct named *names = POOL_ARRAY(check->pool, struct named, most);

	COLLECT(names, n, c->threads, c->nthreads, name);
	unique(check, "thread", names, n);
	n = 0;
	COLLECT(names, n, c->endpoints, c->nendpoints, name);
	COLLECT(names, n, c->timers, c->ntimers, name);
	COLLECT(names, n, c->doorbells, c->ndoorbells, name);
	unique(check, "endpoint, timer or doorbell", names, n);
	n = 0;
	COLLECT(names, n, c->maps, c->nmaps, as);
	unique(check, "map", names, n);
	check_size_names(check, c);
	n = 0;
	COLLECT(names, n, c->imports, c->nimports, name);
	unique(check, "import", names, n);
}

static void check_names(const struct check *check)
{
	struct composition *all = check->composition;
	unsigned int most = all->ncomponents + all->nregions + all->nchannels, n = 0;
	struct named *names = POOL_ARRAY(check->pool, struct named, most);

	COLLECT(names, n, all->components, all->ncomponents, name);
	unique(check, "component", names, n);
	n = 0;
	COLLECT(names, n, all->channels, all->nchannels, name);
	unique(check, "channel", names, n);
	n = 0;
	COLLECT(names, n, all->regions, all->nregions, name);
	unique(check, "region", names, n);
	for (unsigned int i = 0; i < all->ncomponents; i++)
		check_component_names(check, &all->components[i]);
}

/* --- references -------------------------------------------------------- */

/* Index of `name`, or NONE after saying what the nearest existing one is. */
static unsigned int refer(const struct check *check, struct place at, const char *what,
			  const char *name, const struct named *names, unsigned int n)
{
	const char **words = POOL_ARRAY(check->pool, const char *, n + 1);
	const char *nearest;

	for (unsigned int i = 0; i < n; i++) {
		if (!strcmp(names[i].name, name))
			return i;
		words[i] = names[i].name;
	}
	nearest = diag_nearest(name, words);
	if (nearest)
		diag_error(check->diag, at, "there is no %s '%s'; the nearest is '%s'",
			   what, name, nearest);
	else
		diag_error(check->diag, at, "there is no %s '%s', nor any other; add it",
			   what, name);
	return NONE;
}

static void refer_channel(const struct check *check, struct place at,
			  const char *name, unsigned int *index)
{
	struct composition *all = check->composition;
	struct named *names = POOL_ARRAY(check->pool, struct named, all->nchannels);
	unsigned int n = 0;

	COLLECT(names, n, all->channels, all->nchannels, name);
	*index = refer(check, at, "channel", name, names, n);
}

static void refer_endpoints(const struct check *check, struct component *c)
{
	struct named *names = POOL_ARRAY(check->pool, struct named, c->nendpoints);
	unsigned int n = 0;

	COLLECT(names, n, c->endpoints, c->nendpoints, name);
	for (unsigned int i = 0; i < c->ntimers; i++)
		c->timers[i].endpoint_index = refer(check, c->timers[i].at, "endpoint",
						    c->timers[i].endpoint, names, n);
}

static void refer_imports(const struct check *check, struct component *c)
{
	struct composition *all = check->composition;
	struct named *names = POOL_ARRAY(check->pool, struct named, all->ncomponents);
	unsigned int n = 0;

	COLLECT(names, n, all->components, all->ncomponents, name);
	for (unsigned int i = 0; i < c->nimports; i++)
		c->imports[i].index = refer(check, c->imports[i].at, "component",
					    c->imports[i].name, names, n);
}

static void check_map(const struct check *check, const struct comp_map *map)
{
	const struct region *region;

	if (map->region_index == NONE)
		return;
	region = &check->composition->regions[map->region_index];
	if (region->kind == IMAGE_REGION_CHANNEL && region->part == RING_PART_HOST &&
	    map->rights != AOS_MAP_READ)
		diag_error(check->diag, map->at,
			   "region '%s' is written by Linux alone; map it with rights = \"r\"",
			   region->name);
	if (region->kind == IMAGE_REGION_COUNTERS && map->rights != AOS_MAP_READ)
		diag_error(check->diag, map->at,
			   "region '%s' is written by its components; map it with rights = \"r\"",
			   region->name);
}

static void refer_maps(const struct check *check, struct component *c)
{
	struct composition *all = check->composition;
	struct named *names = POOL_ARRAY(check->pool, struct named, all->nregions);
	unsigned int n = 0;

	COLLECT(names, n, all->regions, all->nregions, name);
	for (unsigned int i = 0; i < c->nmaps; i++) {
		c->maps[i].region_index = refer(check, c->maps[i].at, "region",
						c->maps[i].region, names, n);
		check_map(check, &c->maps[i]);
		for (unsigned int j = 0; j < i; j++)
			if (c->maps[i].region_index != NONE &&
			    c->maps[i].region_index == c->maps[j].region_index)
				diag_error(check->diag, c->maps[i].at,
					   "region '%s' is mapped a second time; remove one of the maps",
					   c->maps[i].region);
	}
}

static void check_endpoint(const struct check *check, const struct component *c,
			   struct comp_endpoint *e)
{
	if (e->source == AOS_SOURCE_CHANNEL && !e->channel)
		diag_error(check->diag, e->at,
			   "endpoint '%s' counts packets of no channel; add channel = \"NAME\"",
			   e->name);
	else if (e->source != AOS_SOURCE_CHANNEL && e->channel)
		diag_error(check->diag, e->at,
			   "endpoint '%s' has a channel but another source; set source = \"channel\"",
			   e->name);
	else if (e->channel)
		refer_channel(check, e->at, e->channel, &e->channel_index);
	if (e->source == AOS_SOURCE_SCHED && !c->scheduler)
		diag_error(check->diag, e->at,
			   "endpoint '%s' counts scheduler notices, but '%s' is not a scheduler; set scheduler = true or another source",
			   e->name, c->name);
}

static void check_references(const struct check *check, struct component *c)
{
	refer_imports(check, c);
	refer_endpoints(check, c);
	refer_maps(check, c);
	for (unsigned int i = 0; i < c->nendpoints; i++)
		check_endpoint(check, c, &c->endpoints[i]);
	for (unsigned int i = 0; i < c->ndoorbells; i++)
		refer_channel(check, c->doorbells[i].at, c->doorbells[i].channel,
			      &c->doorbells[i].channel_index);
}

/* --- limits ------------------------------------------------------------ */

static void limit(const struct check *check, const char *what, unsigned int n,
		  unsigned int most)
{
	if (n > most)
		diag_error(check->diag, (struct place){ check->composition->file, 0 },
			   "%u %s; the AOS has room for %u, remove some", n, what, most);
}

static void check_limits(const struct check *check)
{
	const struct composition *all = check->composition;
	unsigned int threads = 0, endpoints = 0, timers = 0;

	for (unsigned int i = 0; i < all->ncomponents; i++) {
		threads += all->components[i].nthreads;
		endpoints += all->components[i].nendpoints;
		timers += all->components[i].ntimers;
	}
	limit(check, "components", all->ncomponents, AOS_MAX_COMPONENTS);
	limit(check, "threads", threads, AOS_MAX_THREADS);
	limit(check, "endpoints", endpoints, AOS_MAX_ENDPOINTS);
	limit(check, "timers", timers, AOS_MAX_TIMERS);
	limit(check, "channels", all->nchannels, BOOTINFO_CHANNELS);
}

/* --- defaults ---------------------------------------------------------- */

/* Where a value that is absent follows from another one. */
static void fill_in(struct composition *all)
{
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		struct component *c = &all->components[i];

		if (!c->base)
			c->base = (int64_t)(IMAGE_COMPONENT_BASE + i * IMAGE_COMPONENT_STRIDE);
		if (!c->heap_max)
			c->heap_max = c->heap;
		if (!c->stack_max)
			c->stack_max = c->stack;
		for (unsigned int j = 0; j < c->nthreads; j++)
			if (!c->threads[j].deadline)
				c->threads[j].deadline = c->threads[j].period;
	}
}

bool composition_check(struct composition *composition, struct pool *pool,
		       struct diag *diag)
{
	const struct check check = { composition, pool, diag };
	unsigned int before = diag->errors;

	if (!composition->ncomponents)
		diag_error(diag, (struct place){ composition->file, 0 },
			   "there are no components; add components = ( { ... } )");
	composition_wire_translators(composition, pool, diag);
	check_limits(&check);
	if (diag->errors != before)
		return false;
	fill_in(composition);
	check_names(&check);
	for (unsigned int i = 0; i < composition->ncomponents; i++)
		check_references(&check, &composition->components[i]);
	composition_check_roles(composition, pool, diag);
	if (diag->errors != before)
		return false;
	composition_check_places(composition, pool, diag);
	composition_check_imports(composition, pool, diag);
	if (diag->errors != before)
		return false;
	composition_check_callers(composition, diag);
	composition_check_timing(composition, pool, diag);
	return diag->errors == before;
}
