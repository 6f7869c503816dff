// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steering_rules - what must hold in a steering rule, and between two of them.
 */
#include <stdio.h>
#include <string.h>

#include "prefix.h"
#include "rules.h"

#define MOST (CONFIG_INTERFACES * CONFIG_STEERING)

/* A rule of some interface, as one list over all of them. */
struct place {
	const struct config_interface *interface;
	const struct config_steering *rule;
};

/* ---- a rule in itself -------------------------------------------------------- */

static void check_route(const struct config_steering *rule, struct report *report)
{
	if (*rule->from || rule->protocol || rule->first || rule->vlan)
		report_error(report, rule->line, "mode \"route\" takes a prefix as a whole: "
			     "remove 'from', 'protocol', 'ports' and 'vlan', or choose "
			     "\"redirect\"");
}

static void check_ingress(const struct config *config, const struct config_steering *rule,
			  struct report *report)
{
	if (!*rule->from) {
		report_error(report, rule->line, "mode \"%s\" needs the interface on which "
			     "the packets come in: e.g. from = \"eth0\"",
			     config_mode_word(rule->mode));
		return;
	}
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (!strcmp(rule->from, config->interfaces[i].name))
			report_error(report, rule->line, "'from' is %s, where packets come "
				     "from the AOS: name the interface of the network",
				     rule->from);
}

/* Past Linux's IP layer lies cosnet, which a TUN device is not. */
static void check_io(const struct place *place, struct report *report)
{
	const struct config_steering *rule = place->rule;

	if (place->interface->io == CONFIG_IO_PROXY && rule->mode != CONFIG_MODE_ROUTE)
		report_error(report, rule->line, "mode \"%s\" leads past Linux's IP layer into "
			     "a cosnet interface, and %s has io = \"proxy\": use mode = "
			     "\"route\", or io = \"cosnet\" with an image for it",
			     config_mode_word(rule->mode), place->interface->name);
}

static void check_match(const struct config *config, const struct config_steering *rule,
			struct report *report)
{
	if (rule->mode == CONFIG_MODE_ROUTE) {
		check_route(rule, report);
		return;
	}
	check_ingress(config, rule, report);
	if (rule->first && !rule->protocol)
		report_error(report, rule->line, "'ports' need a 'protocol': \"udp\" or "
			     "\"tcp\"");
	if (rule->vlan && rule->mode == CONFIG_MODE_XDP)
		report_error(report, rule->line, "mode \"xdp\" cannot see a VLAN tag that "
			     "the card has taken off: remove 'vlan', or choose "
			     "\"redirect\"");
}

/* ---- an interface's rules ------------------------------------------------------ */

/*
 * Routing leaves an interface that has lost its carrier, and what is redirected to such
 * a one gets lost in its closed queue: one interface cannot be both.  And it does so for
 * all its routes.
 */
static void check_down(const struct config_interface *interface, struct report *report)
{
	const struct config_steering *leaves = NULL, *stays = NULL;

	for (unsigned int i = 0; i < interface->nsteering; i++) {
		const struct config_steering *rule = &interface->steering[i];

		if (rule->mode == CONFIG_MODE_ROUTE && rule->down != COSNET_DOWN_DROP)
			leaves = rule;
		else
			stays = rule;
	}
	if (!leaves || !stays)
		return;
	report_error(report, leaves->line, "a route with down = \"%s\" needs %s to lose its "
		     "carrier with the AOS, the rule of line %d (\"%s\", down = \"%s\") "
		     "needs it to stay: choose \"drop\" here, or give one of them another "
		     "interface", config_down_word(leaves->down), interface->name, stays->line,
		     config_mode_word(stays->mode), config_down_word(stays->down));
}

/* ---- pairs --------------------------------------------------------------------- */

static bool ports_overlap(const struct config_steering *a, const struct config_steering *b)
{
	if (!a->protocol || !b->protocol)
		return true;
	if (a->protocol != b->protocol)
		return false;
	return !a->first || !b->first || (a->first <= b->last && b->first <= a->last);
}

/* Could a packet match both?  A route is below the others, on purpose. */
bool rules_overlap(const struct config_steering *a, const struct config_steering *b)
{
	bool route = a->mode == CONFIG_MODE_ROUTE;

	if (!prefix_overlap(&a->prefix, &b->prefix) ||
	    route != (b->mode == CONFIG_MODE_ROUTE))
		return false;
	if (route)
		return true;
	if (strcmp(a->from, b->from) || a->vlan != b->vlan)
		return false;
	return ports_overlap(a, b);
}

bool rules_equal(const struct config_steering *a, const struct config_steering *b)
{
	return a->mode == b->mode && a->down == b->down && a->protocol == b->protocol &&
	       a->first == b->first && a->last == b->last && a->vlan == b->vlan &&
	       !strcmp(a->from, b->from) && a->prefix.len == b->prefix.len &&
	       prefix_same_address(&a->prefix, &b->prefix);
}

static void check_pair(const struct place *a, const struct place *b, struct report *report)
{
	char x[PREFIX_TEXT], y[PREFIX_TEXT], where[32] = "steered already";

	if (!rules_overlap(a->rule, b->rule))
		return;
	if (b->rule->prefix.line)	/* else it is none of this file's */
		snprintf(where, sizeof(where), "line %d", b->rule->prefix.line);
	report_error(report, a->rule->prefix.line, "prefix %s overlaps %s (%s)%s: keep "
		     "the wider one, or make them disjoint", prefix_text(&a->rule->prefix, x),
		     prefix_text(&b->rule->prefix, y), where,
		     a->rule->mode == CONFIG_MODE_ROUTE ? "" : " and its ports");
}

static unsigned int list_rules(const struct config *config, struct place *places)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < config->ninterfaces; i++)
		for (unsigned int j = 0; j < config->interfaces[i].nsteering; j++)
			places[n++] = (struct place){ &config->interfaces[i],
						      &config->interfaces[i].steering[j] };
	return n;
}

void rules_check_steering(const struct config *config, struct report *report)
{
	struct place places[MOST];
	unsigned int n = list_rules(config, places);

	for (unsigned int i = 0; i < n; i++) {
		check_io(&places[i], report);
		check_match(config, places[i].rule, report);
		for (unsigned int j = 0; j < i; j++)
			check_pair(&places[i], &places[j], report);
	}
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		check_down(&config->interfaces[i], report);
}
