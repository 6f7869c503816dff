// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reload - from what is up to what the configuration says, as one change.  Flows
 * that stay are not touched.  New ones come before old ones go, unless both would
 * take the same packets.
 */
#include <string.h>

#include "answers.h"
#include "change.h"
#include "others.h"
#include "parts.h"
#include "reload.h"
#include "rules.h"
#include "running.h"
#include "settings_reload.h"
#include "steering.h"

#define MOST (CONFIG_INTERFACES * CONFIG_STEERING)

struct wanted {
	const char *to;
	const struct config_steering *rule;
	bool there;
};

struct plan {
	const struct appliance *appliance;
	struct report report;
	struct wanted wanted[MOST];
	unsigned int nwanted, added, removed;
	struct settings_reload settings;
};

/* ---- what differs -------------------------------------------------------------- */

static void list_wanted(struct plan *plan)
{
	const struct config *config = &plan->appliance->config;

	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		for (unsigned int j = 0; j < interface->nsteering; j++)
			plan->wanted[plan->nwanted++] = (struct wanted){
				interface->name, &interface->steering[j], false
			};
	}
}

static bool is_wanted(const struct plan *plan, const struct flow *flow)
{
	for (unsigned int i = 0; i < plan->nwanted; i++)
		if (!strcmp(plan->wanted[i].to, flow->to) &&
		    rules_equal(plan->wanted[i].rule, &flow->rule))
			return true;
	return false;
}

static void mark_those_there(struct plan *plan, const struct state *state)
{
	unsigned int from = 0;
	struct flow flow;

	while (flow_next(state, &from, &flow))
		for (unsigned int i = 0; i < plan->nwanted; i++)
			if (!strcmp(plan->wanted[i].to, flow.to) &&
			    rules_equal(plan->wanted[i].rule, &flow.rule))
				plan->wanted[i].there = true;
}

static bool is_in_the_way(const struct plan *plan, const struct state *state,
			  const struct config_steering *rule)
{
	unsigned int from = 0;
	struct flow flow;

	while (flow_next(state, &from, &flow))
		if (!is_wanted(plan, &flow) && rules_overlap(&flow.rule, rule))
			return true;
	return false;
}

/* ---- making it so ----------------------------------------------------------------- */

static void say_flow(const char *what, const struct flow *flow)
{
	char match[FLOW_TEXT];

	say("flow %u: %s: %s %s to %s, down \"%s\"", flow->id, what,
	    config_mode_word(flow->rule.mode), flow_match_text(flow, match), flow->to,
	    config_down_word(flow->rule.down));
}

static int add(struct plan *plan, struct state *state, bool in_the_way)
{
	struct flow flow;

	for (unsigned int i = 0; i < plan->nwanted; i++) {
		struct wanted *w = &plan->wanted[i];

		if (w->there || (!in_the_way && is_in_the_way(plan, state, w->rule)))
			continue;
		if (steering_add(state, w->to, w->rule, &flow))
			return report_error(&plan->report, w->rule->line, "this rule cannot be "
					    "installed: everything stays as it was");
		w->there = true;
		plan->added++;
		say_flow("added", &flow);
	}
	return 0;
}

static int remove_unwanted(struct plan *plan, struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;
	struct flow flow;

	while ((step = state_find(state, "flow", &from))) {
		if (!flow_parse(&flow, step) || is_wanted(plan, &flow))
			continue;
		if (change_take_back(state, step))
			return -1;
		plan->removed++;
		say_flow("taken away", &flow);
	}
	return 0;
}

static const struct setting *find_setting(const struct settings *settings, const char *key)
{
	for (unsigned int i = 0; i < settings->n; i++)
		if (!strcmp(settings->one[i].key, key))
			return &settings->one[i];
	return NULL;
}

static int settle(const struct plan *plan, struct state *state)
{
	const struct state_step *step;
	struct settings wanted;
	unsigned int from = 0;

	steering_settings(&plan->appliance->config, &wanted);
	while ((step = state_find(state, "sysctl", &from))) {
		const struct setting *setting = find_setting(&wanted, step->word[1]);

		if (route_is_setting(step->word[1]) ||
		    (setting && !strcmp(setting->value, step->word[3])))
			continue;
		if (change_take_back(state, step))
			return -1;
	}
	return steering_forward(state, &plan->appliance->config);
}

/* From now on `up` with this configuration finds what it wants. */
static int take_digest(const struct plan *plan, struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	step = state_find(state, "config", &from);
	if (step && change_take_back(state, step))
		return -1;
	return state_add(state, "config %s", plan->appliance->digest);
}

static int work(struct plan *plan, struct state *state)
{
	if (add(plan, state, false) || remove_unwanted(plan, state) ||
	    add(plan, state, true) || settle(plan, state) ||
	    answers_start(state, &plan->appliance->config) || take_digest(plan, state) ||
	    settings_reload_note(&plan->settings, state, plan->appliance) ||
	    settings_reload_apply(&plan->settings, state))
		return -1;
	return change_commit(state);
}

/* ---- the whole ---------------------------------------------------------------------- */

static int check(struct plan *plan, const struct state *state)
{
	if (!running_alive(state))
		return say_error("%s: its AOS has ended: 'aosctl down', then 'aosctl up'",
				 state->name);
	if (parts_compare(state, plan->appliance, &plan->report))
		return -1;
	return others_refuse(state, &plan->appliance->config);
}

static int change(struct state *state, const void *what)
{
	const struct plan *given = what;
	static struct plan plan;

	plan = *given;
	if (check(&plan, state) ||
	    settings_reload_plan(&plan.settings, state, plan.appliance) || change_begin(state))
		return -1;
	list_wanted(&plan);
	mark_those_there(&plan, state);
	if (work(&plan, state)) {
		change_recover(state);
		return say_error("%s: not reloaded, everything is as it was", state->name);
	}
	say("%s: %u flows added, %u taken away, %u as they were", state->name, plan.added,
	    plan.removed, plan.nwanted - plan.added);
	if (plan.settings.wanted.n)
		say("%s: %u settings of its composition changed", state->name,
		    plan.settings.wanted.n);
	if (change_tidy(state) || answers_tidy(state, &plan.appliance->config))
		return -1;
	answers_refresh(state);
	return 0;
}

int reload(const struct appliance *appliance, const char *path)
{
	static struct plan plan;

	plan.appliance = appliance;
	plan.report = (struct report){ .out = stderr, .file = path };
	return running_change("reload", appliance->config.aos.name, change, &plan);
}
