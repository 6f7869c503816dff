// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filling a component's capability table.  The factory makes every object in
 * a slot of the loader's; it is copied to its owner, and the loader drops its
 * copy: afterwards it can reach no component's endpoints or servers.
 */
#include "loader.h"

/* Being given: whose table, and how image channels are numbered in the kernel. */
struct giving {
	const struct image *img;
	const struct image_component *owner;
	uint32_t owner_slot;
	const uint32_t *channel;
};

static const char *cap_name(const struct giving *g, const struct image_cap *cap)
{
	return g->img->strings + cap->name;
}

static void hand_over(const struct giving *g, uint32_t own, uint32_t slot, const char *what)
{
	must(aos_cap_copy(g->owner_slot, own, slot), g->owner->name, what);
}

static void drop(uint32_t own)
{
	must(aos_cap_drop(AOS_SLOT_SELF, own), "loader", "dropping a capability");
}

static void give_timers(const struct giving *g, uint32_t endpoint)
{
	for (uint32_t i = 0; i < g->owner->ncaps; i++) {
		const struct image_cap *cap = &g->img->caps[g->owner->first_cap + i];

		if (cap->kind != IMAGE_CAP_TIMER || cap->target != endpoint)
			continue;
		must(aos_timer_create(SLOT_OBJECT, SLOT_ENDPOINT), g->owner->name,
		     cap_name(g, cap));
		hand_over(g, SLOT_OBJECT, cap->slot, cap_name(g, cap));
		drop(SLOT_OBJECT);
	}
}

/* What the endpoint tells of: a channel, or, for a child scheduler, that it is one. */
static uint32_t endpoint_of(const struct giving *g, const struct image_cap *cap)
{
	if (cap->source == AOS_SOURCE_CHANNEL)
		return g->channel[cap->channel];
	if (cap->source == AOS_SOURCE_SCHED &&
	    g->owner != &g->img->components[image_scheduler(g->img)])
		return g->owner_slot;
	return 0;
}

/* With its timers: they are made from the loader's copy of the endpoint. */
static void give_endpoint(const struct giving *g, const struct image_cap *cap)
{
	must(aos_endpoint_create(SLOT_ENDPOINT, cap->source, endpoint_of(g, cap)), g->owner->name,
	     cap_name(g, cap));
	hand_over(g, SLOT_ENDPOINT, cap->slot, cap_name(g, cap));
	give_timers(g, cap->slot);
	drop(SLOT_ENDPOINT);
}

static void give_invocation(const struct giving *g, const struct image_cap *cap)
{
	must(aos_invoke_create(SLOT_OBJECT, component_slot(cap->target), cap->value),
	     g->owner->name, cap_name(g, cap));
	hand_over(g, SLOT_OBJECT, cap->slot, cap_name(g, cap));
	drop(SLOT_OBJECT);
}

static void give(const struct giving *g, const struct image_cap *cap)
{
	switch (cap->kind) {
	case IMAGE_CAP_INVOKE:
		give_invocation(g, cap);
		break;
	case IMAGE_CAP_ENDPOINT:
		give_endpoint(g, cap);
		break;
	case IMAGE_CAP_CHANNEL:
		hand_over(g, AOS_SLOT_CHANNEL0 + g->channel[cap->target], cap->slot,
			  cap_name(g, cap));
		break;
	}
}

/* @channel: kernel's number of each of the image's channels. */
void give_capabilities(const struct image *img, uint32_t component, const uint32_t *channel)
{
	const struct giving g = {
		.img = img, .owner = &img->components[component],
		.owner_slot = component_slot(component), .channel = channel,
	};

	if (component)
		hand_over(&g, AOS_SLOT_CONSOLE, AOS_SLOT_CONSOLE, "console");
	for (uint32_t i = 0; i < g.owner->ncaps; i++)
		give(&g, &img->caps[g.owner->first_cap + i]);
}
