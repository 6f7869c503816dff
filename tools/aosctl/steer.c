// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer - rules added and taken away while the appliance is up.  The state file
 * is where the installed ones are; what is added here goes with 'down'.
 */
#include <errno.h>
#include <string.h>

#include "answers.h"
#include "change.h"
#include "proxy.h"
#include "rules.h"
#include "running.h"
#include "steer.h"
#include "steering.h"

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
	       config->ninterfaces < CONFIG_INTERFACES) {
		struct config_interface *interface = &config->interfaces[config->ninterfaces++];

		snprintf(interface->name, ABI_NAME_LEN, "%s", step->word[1]);
		interface->io = proxy_step(state, interface->name) ? CONFIG_IO_PROXY
								   : CONFIG_IO_COSNET;
	}
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

static void say_flow(const struct flow *flow)
{
	char match[FLOW_TEXT];

	say("flow %u: %s %s to %s", flow->id, config_mode_word(flow->rule.mode),
	    flow_match_text(flow, match), flow->to);
}

static int install(struct state *state, const struct config_rules *rules,
		   struct report *report)
{
	struct flow flow;

	for (unsigned int i = 0; i < rules->n; i++) {
		const struct config_steering *rule = &rules->rule[i];

		if (steering_add(state, rule->to, rule, &flow))
			return report_error(report, rule->line, "this rule cannot be added: "
					    "none is");
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

	if (read_rules(file, &rules, &report) || check_rules(state, &rules, &report) ||
	    change_begin(state))
		return -1;
	if (!install(state, &rules, &report) && !change_commit(state)) {
		answers_refresh(state);
		return 0;
	}
	change_recover(state);
	return -1;
}

int steer_add(const char *name, const char *file)
{
	return running_change("steer", name, add, file);
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

static int take_away(struct state *state, const struct ids *ids)
{
	for (int i = 0; i < ids->n; i++) {
		const struct state_step *step = find_flow(state, ids->word[i]);

		if (step && change_take_back(state, step))	/* else named twice */
			return -1;
	}
	return change_commit(state);
}

static int del(struct state *state, const void *what)
{
	const struct ids *ids = what;

	for (int i = 0; i < ids->n; i++)
		if (!find_flow(state, ids->word[i]))
			return say_error("there is no flow %s: see 'aosctl flows'",
					 ids->word[i]);
	if (change_begin(state))
		return -1;
	if (!take_away(state, ids))
		return change_tidy(state);
	change_recover(state);
	return -1;
}

int steer_del(const char *name, char *const *ids, int n)
{
	return running_change("steer", name, del, &(struct ids){ ids, n });
}
