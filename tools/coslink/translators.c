// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Translator channels: a component that has one gets what it needs for it by
 * the channel's name, and the composition need not say it once more.
 */
#include <inttypes.h>
#include <string.h>

#include <abi/syscall.h>
#include <abi/translator.h>

#include "composition.h"

/* @array grown by one entry, which is zero. */
static void *grow(struct pool *pool, const void *array, unsigned int n, size_t size)
{
	char *grown = pool_alloc(pool, n + 1, size);

	if (n)
		memcpy(grown, array, n * size);
	return grown;
}

#define GROW(pool, array, n) ((array) = grow(pool, array, n, sizeof(*(array))))

static void add_map(struct pool *pool, struct component *c, const struct channel *channel,
		    const char *part, int rights)
{
	GROW(pool, c->maps, c->nmaps);
	c->maps[c->nmaps++] = (struct comp_map){
		.at = channel->at,
		.region = pool_printf(pool, "%s.%s", channel->name, part),
		.as = pool_printf(pool, "%s_%s", channel->as, part),
		.rights = rights,
	};
}

static void wire(struct pool *pool, struct component *c, const struct channel *channel)
{
	GROW(pool, c->endpoints, c->nendpoints);
	c->endpoints[c->nendpoints++] = (struct comp_endpoint){
		.at = channel->at, .name = channel->as,
		.source = AOS_SOURCE_CHANNEL, .channel = channel->name,
	};
	GROW(pool, c->doorbells, c->ndoorbells);
	c->doorbells[c->ndoorbells++] = (struct comp_doorbell){
		.at = channel->at, .name = pool_printf(pool, "%s_bell", channel->as),
		.channel = channel->name,
	};
	add_map(pool, c, channel, "host", AOS_MAP_READ);
	add_map(pool, c, channel, "ctrl", AOS_MAP_WRITE);
}

static struct component *component_of(const struct composition *all,
				      const struct channel *channel)
{
	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (!strcmp(all->components[i].name, channel->component))
			return &all->components[i];
	return NULL;
}

static void check_bytes(const struct channel *channel, const char *key, int64_t bytes,
			struct diag *diag)
{
	if (!translator_bytes_valid((uint32_t)bytes))
		diag_error(diag, channel->at,
			   "translator '%s' has %s = %" PRId64 "; use a power of two from %u to %u",
			   channel->name, key, bytes, TRANSLATOR_MIN_BYTES, TRANSLATOR_MAX_BYTES);
}

void composition_wire_translators(struct composition *all, struct pool *pool,
				  struct diag *diag)
{
	for (unsigned int i = 0; i < all->nchannels; i++) {
		const struct channel *channel = &all->channels[i];
		struct component *c;

		if (!channel->component)
			continue;
		check_bytes(channel, "to_aos", channel->to_aos, diag);
		check_bytes(channel, "from_aos", channel->from_aos, diag);
		c = component_of(all, channel);
		if (c)
			wire(pool, c, channel);
		else
			diag_error(diag, channel->at,
				   "translator '%s' is of component '%s', which there is not; name one of 'components'",
				   channel->name, channel->component);
	}
}
