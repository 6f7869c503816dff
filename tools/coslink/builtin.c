// SPDX-License-Identifier: GPL-2.0-or-later
/* The symbols that coslink defines in each component. */
#include <string.h>

#include <abi/image.h>

#include "system.h"

#define CAP_PREFIX	"__cap_"
#define REGION_PREFIX	"__region_"
#define SIZE_SUFFIX	"_size"

static const char *after(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(name, prefix, len) ? NULL : name + len;
}

static bool cap_value(const struct part *part, const char *name, uint64_t *value)
{
	const struct component *c = part->component;

	for (unsigned int i = 0; i < c->nendpoints; i++)
		if (!strcmp(c->endpoints[i].name, name)) {
			*value = c->endpoints[i].slot;
			return true;
		}
	for (unsigned int i = 0; i < c->ntimers; i++)
		if (!strcmp(c->timers[i].name, name)) {
			*value = c->timers[i].slot;
			return true;
		}
	for (unsigned int i = 0; i < c->ndoorbells; i++)
		if (!strcmp(c->doorbells[i].name, name)) {
			*value = c->doorbells[i].slot;
			return true;
		}
	for (unsigned int i = 0; i < part->nimports; i++)
		if (!strcmp(part->imports[i].name, name)) {
			*value = part->imports[i].slot;
			return true;
		}
	return false;
}

static bool region_value(const struct system *system, const struct component *c,
			 const char *name, uint64_t *value)
{
	for (unsigned int i = 0; i < c->nmaps; i++) {
		const struct region *region =
			&system->composition.regions[c->maps[i].region_index];
		const char *rest = after(name, c->maps[i].as);

		if (!rest)
			continue;
		if (!*rest || !strcmp(rest, SIZE_SUFFIX)) {
			*value = *rest ? (uint64_t)region->size : region->vaddr;
			return true;
		}
	}
	return false;
}

static bool plain_value(const struct part *part, const char *name, uint64_t *value)
{
	const struct {
		const char *name;
		uint64_t value;
	} plain[] = {
		{ "__heap_start", part->heap_vaddr },
		{ "__heap_size", (uint64_t)part->heap_pages * ABI_PAGE_SIZE },
		{ "__counters", part->counters },
		{ "__args", part->args },
		{ "__component_id", part->index },
		{ "__component_name", part->name },
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(plain[i].name, name)) {
			*value = plain[i].value;
			return true;
		}
	return false;
}

bool builtin_value(const struct system *system, const struct part *part,
		   const char *name, uint64_t *value)
{
	const char *rest;

	rest = after(name, CAP_PREFIX);
	if (rest)
		return cap_value(part, rest, value);
	rest = after(name, REGION_PREFIX);
	if (rest)
		return region_value(system, part->component, rest, value);
	return plain_value(part, name, value);
}

bool builtin_reserved(const char *name)
{
	return after(name, CAP_PREFIX) || after(name, REGION_PREFIX);
}

const char *builtin_nearest(const struct system *system, const struct part *part,
			    const char *name)
{
	const struct component *c = part->component;
	unsigned int most = c->nendpoints + c->ntimers + c->ndoorbells + c->nmaps, n = 0;
	const char **words = POOL_ARRAY(system->pool, const char *, most + 1);

	if (after(name, REGION_PREFIX)) {
		for (unsigned int i = 0; i < c->nmaps; i++)
			words[n++] = pool_printf(system->pool, REGION_PREFIX "%s",
						 c->maps[i].as);
		return diag_nearest(name, words);
	}
	for (unsigned int i = 0; i < c->nendpoints; i++)
		words[n++] = pool_printf(system->pool, CAP_PREFIX "%s", c->endpoints[i].name);
	for (unsigned int i = 0; i < c->ntimers; i++)
		words[n++] = pool_printf(system->pool, CAP_PREFIX "%s", c->timers[i].name);
	for (unsigned int i = 0; i < c->ndoorbells; i++)
		words[n++] = pool_printf(system->pool, CAP_PREFIX "%s", c->doorbells[i].name);
	return diag_nearest(name, words);
}
