// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * world - the running appliance, from its state file and from Linux.
 */
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "prefix.h"
#include "running.h"
#include "world.h"

/* Generic XDP cannot do other policies than "drop" (xdp.c). */
static bool is_in_program(const struct flow *flow)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, there);

	if (flow->rule.mode != CONFIG_MODE_XDP ||
	    bpf_xdp_query((int)if_nametoindex(flow->rule.from), 0, &there) || !there.prog_id)
		return false;
	return flow->rule.down == COSNET_DOWN_DROP || there.attach_mode != XDP_ATTACHED_SKB;
}

static void collect_flows(struct explain_world *world, const struct state *state)
{
	unsigned int from = 0;
	struct flow flow;

	while (world->nflows < FLOW_MOST && flow_next(state, &from, &flow))
		world->flow[world->nflows++] =
			(struct explain_flow){ flow, is_in_program(&flow) };
}

static void describe_taker(struct explain_link *link, const struct state_step *step)
{
	const char *const *word = step->word;
	bool budget = strcmp(word[5], "none");

	snprintf(link->component, sizeof(link->component), "%s", word[2]);
	snprintf(link->taker, sizeof(link->taker), "component %.16s, thread %.16s, priority "
		 "%.3s, %s%.10s%s%.10s%s", word[2], word[3], word[4],
		 budget ? "budget " : "no budget", budget ? word[6] : "",
		 budget ? " of " : "", budget ? word[7] : "", budget ? " us" : "");
}

static void collect_addresses(struct explain_link *link, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while (link->naddresses < BOOTINFO_ADDRESSES &&
	       (step = state_find(state, "address", &from)))
		if (!strcmp(step->word[1], link->name) &&
		    !prefix_parse(&link->address[link->naddresses], step->word[2]))
			link->naddresses++;
}

static void collect_link(struct explain_link *link, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;
	uint64_t mtu = 0;
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", link->name);
	file_read_number(path, &mtu);
	link->mtu = (uint32_t)mtu;
	collect_addresses(link, state);
	while ((step = state_find(state, "taker", &from)))
		if (!strcmp(step->word[1], link->name))
			describe_taker(link, step);
}

static void collect_links(struct explain_world *world, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while (world->nlinks < CONFIG_INTERFACES && (step = state_find(state, "link", &from))) {
		struct explain_link *link = &world->link[world->nlinks++];

		snprintf(link->name, sizeof(link->name), "%s", step->word[1]);
		collect_link(link, state);
	}
}

static void collect_services(struct explain_world *world, const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while (world->nservices < BOOTINFO_SERVICES &&
	       (step = state_find(state, "service", &from))) {
		struct explain_service *service = &world->service[world->nservices++];

		snprintf(service->name, sizeof(service->name), "%s", step->word[1]);
		service->port = atoi(step->word[2]);
	}
}

void world_collect(struct explain_world *world, const struct state *state)
{
	memset(world, 0, sizeof(*world));
	world->aos_up = running_alive(state);
	collect_flows(world, state);
	collect_links(world, state);
	collect_services(world, state);
}
