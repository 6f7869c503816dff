// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steering - which flows go to the AOS [R2], by their modes (mode.h), and the
 * settings that Linux needs for it.
 */
#include <stdarg.h>
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

static void add(struct settings *settings, const char *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add(struct settings *settings, const char *value, const char *format, ...)
{
	struct setting *setting = &settings->one[settings->n++];
	va_list args;

	va_start(args, format);
	vsnprintf(setting->key, sizeof(setting->key), format, args);
	va_end(args);
	setting->value = value;
}

/*
 * Strict reverse path: the AOS can send from steered addresses only, so a
 * component that has been taken over cannot pose as another host.  Off where an
 * address of the AOS is steered by other means than a route: then Linux's
 * routes do not lead back to it.
 */
static void guard_sources(struct settings *settings,
			  const struct config_interface *interface)
{
	const char *how = "1";

	for (unsigned int i = 0; i < interface->naddresses; i++)
		if (interface->addresses[i].family == 4 &&
		    !has_route(interface, &interface->addresses[i]))
			how = "0";
	add(settings, how, "net/ipv4/conf/%s/rp_filter", interface->name);
}

static bool has_ipv6(const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		for (unsigned int j = 0; j < config->interfaces[i].nsteering; j++)
			if (config->interfaces[i].steering[j].prefix.family == 6)
				return true;
	return false;
}

void steering_settings(const struct config *config, struct settings *settings)
{
	settings->n = 0;
	if (!config->host.forwarding)
		return;
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		guard_sources(settings, &config->interfaces[i]);
	add(settings, "1", "net/ipv4/ip_forward");
	if (has_ipv6(config))
		add(settings, "1", "net/ipv6/conf/all/forwarding");
}

int steering_forward(struct state *state, const struct config *config)
{
	struct settings settings;

	steering_settings(config, &settings);
	for (unsigned int i = 0; i < settings.n; i++)
		if (sysctl_set(state, settings.one[i].key, settings.one[i].value))
			return -1;
	return 0;
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
	if (modes[rule->mode]->prepare(state, flow) || flow_record(state, flow))
		return -1;
	return modes[rule->mode]->apply(state, flow);
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

int steering_restore_flow(const struct state *state, const struct state_step *step)
{
	struct flow flow;

	if (!flow_parse(&flow, step))
		return -1;
	if (modes[flow.rule.mode]->remove(state, &flow))
		return -1;	/* it may be half there */
	return modes[flow.rule.mode]->apply(state, &flow);
}
