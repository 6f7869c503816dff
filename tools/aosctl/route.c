// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * route - steering mode "route": an IP route to the cosnet interface.  `ip route
 * add`, not `replace`: a route that the host has already for the same prefix
 * is never taken away.
 *
 * Without AOS the interface has no carrier, and Linux passes its routes over if
 * told so: to the next best route (down = "linux"), or to an "unreachable" one
 * of ours with a metric that is worse than any (down = "reject").  A route that stays
 * (down = "drop") leads to who counts, cosnet or the proxy: its interface keeps the carrier.
 */
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "links.h"
#include "mode.h"
#include "prefix.h"
#include "proxy.h"
#include "sysctl.h"

#define SETTING		"ignore_routes_with_linkdown"
#define LAST_METRIC "3226468352"	/* 0xc0500000 */

static const char *family_of(const struct flow *flow)
{
	return flow->rule.prefix.family == 4 ? "-4" : "-6";
}

static void setting_of(const struct flow *flow, char *key, size_t room)
{
	snprintf(key, room, "net/ipv%d/conf/%s/" SETTING, flow->rule.prefix.family, flow->to);
}

bool route_is_setting(const char *key)
{
	return strstr(key, "/" SETTING);
}

bool route_needs_setting(const struct flow *flow, const char *key)
{
	char own[80];

	setting_of(flow, own, sizeof(own));
	return flow->rule.mode == CONFIG_MODE_ROUTE &&
	       flow->rule.down != COSNET_DOWN_DROP && !strcmp(own, key);
}

static int keep_carrier(const struct state *state, const struct flow *flow, bool keep)
{
	if (proxy_step(state, flow->to))
		return proxy_page_keep_carrier(state->dir, state->name, flow->to, keep);
	return links_keep_carrier(flow->to, keep);
}

static int prepare(struct state *state, struct flow *flow)
{
	char key[80];

	if (flow->rule.down == COSNET_DOWN_DROP)
		return 0;
	setting_of(flow, key, sizeof(key));
	return sysctl_set(state, key, "1");
}

static int apply(const struct state *state, const struct flow *flow)
{
	const char *family = family_of(flow);
	char prefix[PREFIX_TEXT];

	prefix_text(&flow->rule.prefix, prefix);
	if (flow_keeps_carrier(flow) && keep_carrier(state, flow, true))
		return -1;
	if (host_must("ip", family, "route", "add", prefix, "dev", flow->to, NULL))
		return say_error("prefix %s cannot be steered to %s: if it has another "
				 "route ('ip %s route show %s'), choose another prefix or "
				 "remove that route", prefix, flow->to, family, prefix);
	if (flow->rule.down != COSNET_DOWN_REJECT)
		return 0;
	return host_must("ip", family, "route", "add", "unreachable", prefix, "metric",
			 LAST_METRIC, NULL);
}

static int take_away(const struct state *state, const struct flow *flow)
{
	const char *family = family_of(flow);
	char prefix[PREFIX_TEXT];

	prefix_text(&flow->rule.prefix, prefix);
	if (flow->rule.down == COSNET_DOWN_REJECT)
		host_run(NULL, 0, "ip", family, "route", "del", "unreachable", prefix,
			 "metric", LAST_METRIC, NULL);
	if (!links_exist(flow->to))
		return 0;
	/* It may be gone, or was never made. */
	host_run(NULL, 0, "ip", family, "route", "del", prefix, "dev", flow->to, NULL);
	return flow_keeps_carrier_alone(state, flow) ? keep_carrier(state, flow, false) : 0;
}

static bool count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	(void)state;
	(void)flow;
	(void)hits;
	return false;
}

const struct mode mode_route = { prepare, apply, take_away, count };
