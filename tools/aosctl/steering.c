// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steering - which flows go to the AOS [R2], by their modes (mode.h), and the
 * settings that Linux needs for it.
 */
#include <stdio.h>
#include <string.h>

#include "mode.h"
#include "prefix.h"
#include "steering.h"
#include "sysctl.h"

static const struct mode *const modes[] = {
	[CONFIG_MODE_ROUTE] = &mode_route,
	[CONFIG_MODE_REDIRECT] = &mode_redirect,
	[CONFIG_MODE_XDP] = &mode_xdp,
};

/* ---- settings of the host ------------------------------------------------------ */

static bool has_route(const struct config_interface *interface,
		      const struct config_prefix *address)
{
	for (unsigned int i = 0; i < interface->nsteering; i++)
		if (interface->steering[i].mode == CONFIG_MODE_ROUTE &&
		    prefix_covers(&interface->steering[i].prefix, address))
			return true;
	return false;
}

/*
 * Strict reverse path: the AOS can send from steered addresses only, so a
 * component that has been taken over cannot pose as another host.  Off where an
 * address of the AOS is steered by other means than a route: then Linux's
 * routes do not lead back to it.
 */
static int guard_sources(struct state *state, const struct config_interface *interface)
{
	const char *how = "1";
	char key[64];

	for (unsigned int i = 0; i < interface->naddresses; i++)
		if (interface->addresses[i].family == 4 &&
		    !has_route(interface, &interface->addresses[i]))
			how = "0";
	snprintf(key, sizeof(key), "net/ipv4/conf/%s/rp_filter", interface->name);
	return sysctl_set(state, key, how);
}

static bool has_ipv6(const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		for (unsigned int j = 0; j < config->interfaces[i].nsteering; j++)
			if (config->interfaces[i].steering[j].prefix.family == 6)
				return true;
	return false;
}

int steering_forward(struct state *state, const struct config *config)
{
	if (!config->host.forwarding)
		return 0;
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (guard_sources(state, &config->interfaces[i]))
			return -1;
	if (sysctl_set(state, "net/ipv4/ip_forward", "1"))
		return -1;
	return has_ipv6(config) ?
	       sysctl_set(state, "net/ipv6/conf/all/forwarding", "1") : 0;
}

/* ---- flows ----------------------------------------------------------------------- */

int steering_add(struct state *state, const char *to, const struct config_steering *rule,
		 struct flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->id = flow_free_id(state);
	flow->rule = *rule;
	strcpy(flow->to, to);
	if (!flow->id)
		return say_error("%u flows are steered already: no more are possible",
				 FLOW_MOST);
	return modes[rule->mode]->install(state, flow);
}

int steering_install(struct state *state, const struct config *config)
{
	struct flow flow;

	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		for (unsigned int j = 0; j < interface->nsteering; j++)
			if (steering_add(state, interface->name, &interface->steering[j],
					 &flow))
				return -1;
	}
	return 0;
}

bool steering_count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	return modes[flow->rule.mode]->count(state, flow, hits);
}

int steering_undo_flow(const struct state *state, const struct state_step *step)
{
	struct flow flow;

	if (!flow_parse(&flow, step))
		return say_error("the state file's step '%s %s' is none of this aosctl: undo "
				 "it by hand", step->word[0], step->word[1]);
	return modes[flow.rule.mode]->remove(state, &flow);
}
