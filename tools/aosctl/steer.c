// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer - rules added and taken away while the appliance is up.  The state file
 * is where the installed ones are; what is added here goes with 'down'.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "down.h"
#include "prefix.h"
#include "rules.h"
#include "steer.h"
#include "steering.h"
#include "up.h"

/* ---- the instance ---------------------------------------------------------------- */

static int load(struct state *state, const char *given)
{
	char name[STATE_NAME];
	int err;

	if (!up_choose(given, name))
		return -1;
	err = *name ? state_load(state, STATE_DIR, name) : -ENOENT;
	if (!err && state_has(state, "up"))
		return 0;
	if (err && err != -ENOENT)
		return say_error(STATE_DIR "/%s.state: %s: run 'aosctl down'", name,
				 strerror(-err));
	say("%s%snothing is up", name, *name ? ": " : "");
	return STEER_NOT_UP;
}

/* Runs `work` with the state, while no other aosctl does. */
static int with_state(const char *name, int (*work)(struct state *state, const void *what),
		      const void *what)
{
	static struct state state;
	int lock, err;

	if (geteuid())
		return say_error("steer needs root: run with sudo");
	lock = state_lock(STATE_DIR);
	if (lock < 0)
		return say_error(STATE_DIR "/lock: %s", strerror(-lock));
	err = load(&state, name);
	if (!err && state_open(&state))
		err = say_error(STATE_DIR "/%s.state: cannot be written", state.name);
	if (!err)
		err = work(&state, what);
	state_close(&state);
	state_unlock(STATE_DIR, lock);
	return err;
}

/* ---- adding: first look at all rules ----------------------------------------------- */

static struct config_interface *find_interface(struct config *config, const char *name)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (!strcmp(config->interfaces[i].name, name))
			return &config->interfaces[i];
	return NULL;
}

/* What is up already, as the configuration that would have made it. */
static void describe_state(const struct state *state, struct config *config)
{
	const struct state_step *step;
	unsigned int from = 0;
	struct flow flow;

	memset(config, 0, sizeof(*config));
	while ((step = state_find(state, "link", &from)) &&
	       config->ninterfaces < CONFIG_INTERFACES)
		snprintf(config->interfaces[config->ninterfaces++].name, ABI_NAME_LEN, "%s",
			 step->word[1]);
	from = 0;
	while (flow_next(state, &from, &flow)) {
		struct config_interface *to = find_interface(config, flow.to);

		if (to && to->nsteering < CONFIG_STEERING)
			to->steering[to->nsteering++] = flow.rule;
	}
}

static void add_rule(struct config *config, const struct config_steering *rule,
		     struct report *report)
{
	struct config_interface *to = find_interface(config, rule->to);

	if (!to)
		report_error(report, rule->line, "'to' is %s, which is no cosnet interface of "
			     "the appliance: see 'aosctl status'", rule->to);
	else if (to->nsteering == CONFIG_STEERING)
		report_error(report, rule->line, "%u rules lead to %s already: at most %u are "
			     "possible", to->nsteering, rule->to, CONFIG_STEERING);
	else
		to->steering[to->nsteering++] = *rule;
}

static int read_rules(const char *file, struct config_rules *rules, struct report *report)
{
	bool standard = !strcmp(file, "-");
	FILE *in = standard ? stdin : fopen(file, "re");
	int err;

	if (!in)
		return report_error(report, 0, "%s: name a file of rules, or - for standard "
				    "input", strerror(errno));
	err = config_parse_rules(rules, in, report);
	if (!standard)
		fclose(in);
	return err;
}

static int check_rules(const struct state *state, const struct config_rules *rules,
		       struct report *report)
{
	static struct config config;

	describe_state(state, &config);
	for (unsigned int i = 0; i < rules->n; i++)
		add_rule(&config, &rules->rule[i], report);
	if (!report->errors)
		rules_check_steering(&config, report);
	return report->errors ? -1 : 0;
}

/* ---- then install all of them, or none ------------------------------------------------ */

/* The steps from the n-th on, last first. */
static int take_back(struct state *state, unsigned int n)
{
	int failed = 0;

	while (state->n > n) {
		if (down_undo(state, &state->step[state->n - 1]))
			failed = -1;
		state_forget(state, &state->step[state->n - 1]);
	}
	return state_store(state) ? -1 : failed;
}

static void say_flow(const struct flow *flow)
{
	char match[FLOW_TEXT];

	say("flow %u: %s %s to %s", flow->id, config_mode_word(flow->rule.mode),
	    flow_match_text(flow, match), flow->to);
}

static int install(struct state *state, const struct config_rules *rules)
{
	unsigned int before = state->n;
	struct flow flow;

	for (unsigned int i = 0; i < rules->n; i++) {
		const struct config_steering *rule = &rules->rule[i];

		if (steering_add(state, rule->to, rule, &flow)) {
			say_error("rule of line %d: not added, and none of the others",
				  rule->line);
			take_back(state, before);
			return -1;
		}
		say_flow(&flow);
	}
	return 0;
}

static int add(struct state *state, const void *what)
{
	const char *file = what;
	struct report report = { .out = stderr,
				 .file = strcmp(file, "-") ? file : "standard input" };
	static struct config_rules rules;

	if (read_rules(file, &rules, &report) || check_rules(state, &rules, &report))
		return -1;
	return install(state, &rules);
}

int steer_add(const char *name, const char *file)
{
	return with_state(name, add, file);
}

/* ---- taking away ----------------------------------------------------------------------- */

struct ids {
	char *const *word;
	int n;
};

static const struct state_step *find_flow(const struct state *state, const char *id)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "flow", &from)))
		if (!strcmp(step->word[1], id))
			return step;
	return NULL;
}

/* Is there a flow from there by XDP, or by XDP or tc? */
static bool is_used(const struct state *state, const struct state_step *place, bool xdp)
{
	unsigned int from = 0;
	struct flow flow;

	while (flow_next(state, &from, &flow))
		if ((!xdp || flow.rule.mode == CONFIG_MODE_XDP) &&
		    !strcmp(flow.rule.from, place->word[1]))
			return true;
	return false;
}

/* The program or qdisc that no flow needs any more. */
static int tidy(struct state *state, const char *kind, bool xdp)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, kind, &from))) {
		if (is_used(state, step, xdp))
			continue;
		if (down_undo(state, step))
			return -1;
		state_forget(state, step);
		from = 0;
	}
	return 0;
}

static int del(struct state *state, const void *what)
{
	const struct ids *ids = what;

	for (int i = 0; i < ids->n; i++)
		if (!find_flow(state, ids->word[i]))
			return say_error("there is no flow %s: see 'aosctl flows'",
					 ids->word[i]);
	for (int i = 0; i < ids->n; i++) {
		const struct state_step *step = find_flow(state, ids->word[i]);

		if (!step)
			continue;	/* named twice */
		if (down_undo(state, step))
			return -1;
		state_forget(state, step);
		if (state_store(state))
			return -1;
	}
	if (tidy(state, "xdp", true) || tidy(state, "clsact", false))
		return -1;
	return state_store(state);
}

int steer_del(const char *name, char *const *ids, int n)
{
	return with_state(name, del, &(struct ids){ ids, n });
}

/* ---- showing ------------------------------------------------------------------------------ */

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
	int err = load(&state, name);

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
