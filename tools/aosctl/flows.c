// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flows - what is steered where, and how much came so far.
 */
#include <inttypes.h>
#include <jansson.h>

#include "prefix.h"
#include "running.h"
#include "steer.h"
#include "steering.h"

static json_t *flow_tree(const struct state *state, const struct flow *flow)
{
	const struct config_steering *rule = &flow->rule;
	char prefix[PREFIX_TEXT];
	struct hits hits;
	json_t *tree = json_object();

	json_object_set_new(tree, "id", json_integer(flow->id));
	json_object_set_new(tree, "to", json_string(flow->to));
	json_object_set_new(tree, "mode", json_string(config_mode_word(rule->mode)));
	json_object_set_new(tree, "from", json_string(rule->from));
	json_object_set_new(tree, "prefix", json_string(prefix_text(&rule->prefix, prefix)));
	json_object_set_new(tree, "protocol",
			    json_string(config_protocol_word(rule->protocol)));
	json_object_set_new(tree, "first_port", json_integer(rule->first));
	json_object_set_new(tree, "last_port", json_integer(rule->last));
	json_object_set_new(tree, "vlan", json_integer(rule->vlan));
	json_object_set_new(tree, "down", json_string(config_down_word(rule->down)));
	if (steering_count(state, flow, &hits)) {
		json_object_set_new(tree, "packets", json_integer((json_int_t)hits.packets));
		json_object_set_new(tree, "bytes", json_integer((json_int_t)hits.bytes));
		json_object_set_new(tree, "frames", json_integer((json_int_t)hits.frames));
	}
	return tree;
}

static void print_json(const struct state *state)
{
	json_t *flows = json_array();
	unsigned int from = 0;
	struct flow flow;

	while (flow_next(state, &from, &flow))
		json_array_append_new(flows, flow_tree(state, &flow));
	json_dumpf(flows, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(flows);
}

static void print_flow(const struct state *state, const struct flow *flow)
{
	char match[FLOW_TEXT], packets[32] = "-";
	struct hits hits;

	if (steering_count(state, flow, &hits))
		snprintf(packets, sizeof(packets), "%" PRIu64, hits.packets);
	say("%-3u %-8s %-8s %-6s %12s  %s", flow->id, flow->to,
	    config_mode_word(flow->rule.mode), config_down_word(flow->rule.down), packets,
	    flow_match_text(flow, match));
}

int steer_list(const char *name, bool json)
{
	static struct state state;
	unsigned int from = 0;
	struct flow flow;
	int err = running_load(&state, name);

	if (err)
		return err;
	if (json) {
		print_json(&state);
		return 0;
	}
	say("%-3s %-8s %-8s %-6s %12s  %s", "ID", "TO", "MODE", "DOWN", "PACKETS", "WHAT");
	while (flow_next(&state, &from, &flow))
		print_flow(&state, &flow);
	return 0;
}
