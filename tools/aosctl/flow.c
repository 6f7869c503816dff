// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flow - installed steering rules, and their lines in the state file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "prefix.h"

#define NO_INTERFACE "-"

int flow_record(struct state *state, const struct flow *flow)
{
	const struct config_steering *rule = &flow->rule;
	char prefix[PREFIX_TEXT];

	return state_add(state, "flow %u %s %s %s %s %s %d %d %d %s", flow->id, flow->to,
			 config_mode_word(rule->mode), *rule->from ? rule->from : NO_INTERFACE,
			 prefix_text(&rule->prefix, prefix),
			 config_protocol_word(rule->protocol), rule->first, rule->last,
			 rule->vlan, config_down_word(rule->down));
}

static bool take_name(char *to, const char *word)
{
	if (!config_name_valid(word))
		return false;
	strcpy(to, word);
	return true;
}

static bool take_rule(struct config_steering *rule, const char *const *word)
{
	rule->mode = config_mode_value(word[0]);
	rule->protocol = config_protocol_value(word[3]);
	rule->first = atoi(word[4]);
	rule->last = atoi(word[5]);
	rule->vlan = atoi(word[6]);
	rule->down = config_down_value(word[7]);
	if (rule->mode < 0 || rule->protocol < 0 || rule->down < 0 ||
	    prefix_parse(&rule->prefix, word[2]))
		return false;
	return rule->mode == CONFIG_MODE_ROUTE || take_name(rule->from, word[1]);
}

bool flow_parse(struct flow *flow, const struct state_step *step)
{
	memset(flow, 0, sizeof(*flow));
	if (strcmp(step->word[0], "flow") || !take_name(flow->to, step->word[2]) ||
	    !take_rule(&flow->rule, step->word + 3))
		return false;
	flow->id = (unsigned int)strtoul(step->word[1], NULL, 10);
	return flow->id && flow->id <= FLOW_MOST;
}

bool flow_next(const struct state *state, unsigned int *from, struct flow *flow)
{
	const struct state_step *step;

	while ((step = state_find(state, "flow", from)))
		if (flow_parse(flow, step))
			return true;
	return false;
}

unsigned int flow_free_id(const struct state *state)
{
	bool taken[FLOW_MOST + 1] = { 0 };
	unsigned int from = 0;
	struct flow flow;

	while (flow_next(state, &from, &flow))
		taken[flow.id] = true;
	for (unsigned int id = 1; id <= FLOW_MOST; id++)
		if (!taken[id])
			return id;
	return 0;
}

bool flow_keeps_carrier(const struct flow *flow)
{
	return flow->rule.mode != CONFIG_MODE_ROUTE || flow->rule.down == COSNET_DOWN_DROP;
}

bool flow_keeps_carrier_alone(const struct state *state, const struct flow *flow)
{
	unsigned int from = 0;
	struct flow other;

	while (flow_next(state, &from, &other))
		if (other.id != flow->id && flow_keeps_carrier(&other) &&
		    !strcmp(other.to, flow->to))
			return false;
	return flow_keeps_carrier(flow);
}

const char *flow_match_text(const struct flow *flow, char *text)
{
	const struct config_steering *rule = &flow->rule;
	char prefix[PREFIX_TEXT], ports[32] = "", vlan[32] = "";

	if (rule->first && rule->first == rule->last)
		snprintf(ports, sizeof(ports), " port %d", rule->first);
	else if (rule->first)
		snprintf(ports, sizeof(ports), " ports %d-%d", rule->first, rule->last);
	if (rule->vlan)
		snprintf(vlan, sizeof(vlan), " vlan %d", rule->vlan);
	snprintf(text, FLOW_TEXT, "%s%s%s%s%s%s%s", rule->from, *rule->from ? " " : "",
		 rule->protocol ? config_protocol_word(rule->protocol) : "",
		 rule->protocol ? " " : "", prefix_text(&rule->prefix, prefix), ports, vlan);
	return text;
}
