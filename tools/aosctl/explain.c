// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explain - what becomes of a packet.  Each function is the twin of what decides
 * in truth: cosnet/xdp/steer.bpf.c, cosnet/to_aos.c and fallback.c,
 * components/lwip/filter.c.
 */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "explain.h"
#include "prefix.h"

#define ETHER_HEADER	14u
#define VLAN_TAG	4u	/* what the XDP program allows beyond the MTU, header counted in */

/* ---- Linux's steering ---------------------------------------------------------------- */

static bool is_in(const struct config_prefix *prefix, const struct probe *probe)
{
	struct config_prefix whole = { .family = probe->family,
				       .len = probe->family == 4 ? 32 : 128 };

	memcpy(whole.addr, probe->dst, probe->family == 4 ? 4 : 16);
	return prefix_covers(prefix, &whole);
}

static bool has_port(const struct config_steering *rule, const struct probe *probe)
{
	return probe->has_ports && probe->dport >= rule->first && probe->dport <= rule->last;
}

/* What the rule says, whoever asks it. */
static enum explain_no ask_rule(const struct config_steering *rule, const struct probe *probe)
{
	if (strcmp(rule->from, probe->dev))
		return EXPLAIN_NO_INTERFACE;
	if (!probe->to_us)
		return EXPLAIN_NO_OWN_FRAME;
	if (probe->vlan != rule->vlan)
		return EXPLAIN_NO_TAG;
	if (!is_in(&rule->prefix, probe))
		return EXPLAIN_NO_PREFIX;
	if (rule->protocol && probe->protocol != rule->protocol)
		return EXPLAIN_NO_PROTOCOL;
	if (!rule->first)
		return EXPLAIN_TAKES;
	if (probe->fragment)
		return EXPLAIN_NO_FRAGMENT;
	return has_port(rule, probe) ? EXPLAIN_TAKES : EXPLAIN_NO_PORT;
}

/* Is it for the XDP program, rather than for the filter behind it? */
static bool is_for_program(const struct explain_flow *flow, const struct probe *probe,
			   uint32_t mtu)
{
	return flow->in_program && ETHER_HEADER + probe->length <= mtu + VLAN_TAG;
}

static enum explain_no ask_route(const struct flow *flow, const struct probe *probe,
				 const struct explain_route *route)
{
	if (!is_in(&flow->rule.prefix, probe))
		return EXPLAIN_NO_PREFIX;
	return strcmp(flow->to, route->dev) ? EXPLAIN_NO_ROUTE : EXPLAIN_TAKES;
}

static const struct explain_link *find_link(const struct explain_world *world, const char *name)
{
	for (unsigned int i = 0; i < world->nlinks; i++)
		if (!strcmp(world->link[i].name, name))
			return &world->link[i];
	return NULL;
}

static uint32_t mtu_of(const struct explain_world *world, const struct flow *flow)
{
	const struct explain_link *link = find_link(world, flow->to);

	return link ? link->mtu : 0;
}

static void take(struct explanation *result, const struct explain_flow *flow,
		 enum explain_by by)
{
	if (result->flow)
		return;
	result->flow = flow;
	result->by = by;
}

/* First the programs, then routing.  Of all rules of the programs one takes it, or none. */
static void steer(const struct explain_world *world, const struct probe *probe,
		  const struct explain_route *route, struct explanation *result)
{
	for (unsigned int i = 0; i < world->nflows; i++) {
		const struct explain_flow *flow = &world->flow[i];

		if (flow->flow.rule.mode == CONFIG_MODE_ROUTE)
			continue;
		result->no[i] = ask_rule(&flow->flow.rule, probe);
		if (!result->no[i])
			take(result, flow, is_for_program(flow, probe,
							  mtu_of(world, &flow->flow)) ?
			     EXPLAIN_BY_PROGRAM : EXPLAIN_BY_FILTER);
	}
	for (unsigned int i = 0; i < world->nflows; i++) {
		if (world->flow[i].flow.rule.mode != CONFIG_MODE_ROUTE)
			continue;
		result->no[i] = ask_route(&world->flow[i].flow, probe, route);
		if (!result->no[i])
			take(result, &world->flow[i], EXPLAIN_BY_ROUTE);
	}
	for (unsigned int i = 0; i < world->nflows; i++)
		if (&world->flow[i] == result->flow)
			result->no[i] = EXPLAIN_TAKES;
		else if (!result->no[i])
			result->no[i] = EXPLAIN_NO_MORE;
}

/* ---- behind the ring --------------------------------------------------------------------- */

static void drop(struct explanation *result, const char *owner, enum drop reason)
{
	result->fate = EXPLAIN_DROPPED;
	result->owner = owner;
	result->reason = reason;
}

static void without_aos(struct explanation *result)
{
	int down = result->by == EXPLAIN_BY_ROUTE ? COSNET_DOWN_DROP :
		   result->flow->flow.rule.down;

	if (down == COSNET_DOWN_LINUX)
		result->fate = EXPLAIN_LINUX;
	else
		drop(result, result->link->name, down == COSNET_DOWN_REJECT ?
		     DROP_TO_AOS_REJECTED : DROP_TO_AOS_NO_AOS);
	if (down == COSNET_DOWN_REJECT)
		result->fate = EXPLAIN_REJECTED;
}

static bool is_address(const struct explain_link *link, const struct probe *probe)
{
	for (unsigned int i = 0; i < link->naddresses; i++)
		if (link->address[i].family == probe->family &&
		    !memcmp(link->address[i].addr, probe->dst, probe->family == 4 ? 4 : 16))
			return true;
	return false;
}

static void serve(const struct explain_world *world, const struct probe *probe,
		  struct explanation *result)
{
	if (!probe->sport) {
		drop(result, "lwip", DROP_SOURCE);
		return;
	}
	result->fate = EXPLAIN_ANSWERED;
	for (unsigned int i = 0; i < world->nservices; i++)
		if (world->service[i].port == probe->dport)
			result->service = &world->service[i];
	if (!result->service)
		drop(result, "lwip", DROP_UDP_PORT);
}

static void arrive(const struct explain_world *world, const struct probe *probe,
		   struct explanation *result)
{
	bool icmp = probe->protocol == (probe->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (!is_address(result->link, probe))
		drop(result, "lwip", DROP_ADDRESS);
	else if (probe->fragment)
		result->fate = EXPLAIN_HELD;
	else if (icmp && probe->echo)
		result->fate = EXPLAIN_ANSWERED;
	else if (icmp)
		drop(result, "lwip", DROP_ICMP_TYPE);
	else if (probe->protocol == IPPROTO_UDP && probe->has_ports)
		serve(world, probe, result);
	else
		drop(result, "lwip", probe->protocol == IPPROTO_UDP ? DROP_UDP_LENGTH :
								      DROP_PROTOCOL);
}

void explain_decide(const struct explain_world *world, const struct probe *probe,
		    const struct explain_route *route, struct explanation *result)
{
	memset(result, 0, sizeof(*result));
	if (!probe->family) {
		for (unsigned int i = 0; i < world->nflows; i++)
			result->no[i] = EXPLAIN_NO_IP;
		return;
	}
	steer(world, probe, route, result);
	result->link = result->flow ? find_link(world, result->flow->flow.to) : NULL;
	if (!result->link)
		return;
	if (!world->aos_up)
		without_aos(result);
	else if (probe->length > result->link->mtu && result->by != EXPLAIN_BY_ROUTE)
		drop(result, result->link->name, DROP_TO_AOS_TOO_BIG);
	else
		arrive(world, probe, result);
}

void explain_arrived(const struct explain_world *world, const struct explain_link *link,
		     const struct probe *probe, struct explanation *result)
{
	memset(result, 0, sizeof(*result));
	result->link = link;
	if (!probe->family)
		drop(result, link->name, DROP_TO_AOS_PROTOCOL);
	else if (!world->aos_up)
		drop(result, link->name, DROP_TO_AOS_NO_AOS);
	else if (probe->length > link->mtu)
		drop(result, link->name, DROP_TO_AOS_TOO_BIG);
	else
		arrive(world, probe, result);
}

/* ---- words ----------------------------------------------------------------------------------- */

const char *explain_no_text(enum explain_no no)
{
	static const char *const texts[EXPLAIN_NOES] = {
		[EXPLAIN_TAKES] = "takes it",
		[EXPLAIN_NO_IP] = "no IP packet",
		[EXPLAIN_NO_INTERFACE] = "comes in on another interface",
		[EXPLAIN_NO_OWN_FRAME] = "its frame is not to the interface's own address",
		[EXPLAIN_NO_TAG] = "another VLAN tag, or none",
		[EXPLAIN_NO_PREFIX] = "its destination is not in the prefix",
		[EXPLAIN_NO_PROTOCOL] = "another protocol",
		[EXPLAIN_NO_FRAGMENT] = "a fragment, whose port cannot be told",
		[EXPLAIN_NO_PORT] = "another port",
		[EXPLAIN_NO_ROUTE] = "Linux routes it elsewhere",
		[EXPLAIN_NO_MORE] = "another flow takes it before",
	};

	return no < EXPLAIN_NOES ? texts[no] : "?";
}

const char *explain_fate_word(enum explain_fate fate)
{
	static const char *const words[] = {
		[EXPLAIN_LINUX] = "linux", [EXPLAIN_ANSWERED] = "answered",
		[EXPLAIN_HELD] = "held", [EXPLAIN_DROPPED] = "dropped",
		[EXPLAIN_REJECTED] = "rejected",
	};

	return words[fate];
}

const char *explain_by_word(enum explain_by by)
{
	static const char *const words[] = {
		[EXPLAIN_BY_NONE] = "", [EXPLAIN_BY_PROGRAM] = "program",
		[EXPLAIN_BY_FILTER] = "filter", [EXPLAIN_BY_ROUTE] = "route",
	};

	return words[by];
}
