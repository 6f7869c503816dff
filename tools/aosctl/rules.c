// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules - what must hold between the values of a configuration.
 */
#include <string.h>

#include "prefix.h"
#include "rules.h"

static void check_policy(const struct config_aos *aos, struct report *report)
{
	if (aos->policy == SCHED_OTHER && aos->priority)
		report_error(report, aos->line, "policy \"other\" has no priority: "
			     "remove 'priority', or choose \"fifo\" or \"rr\"");
	if (aos->policy != SCHED_OTHER && !aos->priority)
		report_error(report, aos->line, "a real-time policy needs a "
			     "'priority', 1 to 99: e.g. priority = 50");
}

static void check_interfaces_used(const struct config *config, struct report *report)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		if (!interface->naddresses)
			report_error(report, interface->line, "interface %s has no "
				     "addresses: nothing would answer there",
				     interface->name);
		if (!interface->nsteering)
			report_warning(report, interface->line, "nothing is steered "
				       "to %s", interface->name);
	}
}

static void check_interface_names(const struct config *config, struct report *report)
{
	const struct config_interface *a = config->interfaces, *b;

	for (unsigned int i = 0; i < config->ninterfaces; i++)
		for (unsigned int j = 0; j < i; j++) {
			b = &config->interfaces[j];
			if (!strcmp(a[i].name, b->name))
				report_error(report, a[i].line, "interface %s is here "
					     "a second time (first: line %d): give it "
					     "another name", b->name, b->line);
		}
}

static void check_services(const struct config *config, struct report *report)
{
	for (unsigned int i = 0; i < config->nservices; i++)
		for (unsigned int j = 0; j < i; j++) {
			const struct config_service *a = &config->services[i];
			const struct config_service *b = &config->services[j];

			if (!strcmp(a->name, b->name))
				report_error(report, a->line, "service %s is here a "
					     "second time (first: line %d): keep one",
					     a->name, b->line);
			if (a->port == b->port)
				report_error(report, a->line, "port %d belongs to "
					     "service %s (line %d) already: choose "
					     "another", a->port, b->name, b->line);
		}
}

/* ---- pairs of prefixes ----------------------------------------------------- */

/* A prefix of some interface, as one list over all of them. */
struct place {
	const struct config_interface *interface;
	const struct config_prefix *prefix;
};

#define MOST_PLACES (CONFIG_INTERFACES * \
	(BOOTINFO_ADDRESSES + CONFIG_HOST_ADDRESSES))

static unsigned int add_addresses(const struct config *config, struct place *places)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		for (unsigned int j = 0; j < interface->naddresses; j++)
			places[n++] = (struct place){ interface, &interface->addresses[j] };
	}
	return n;
}

static unsigned int add_hosts(const struct config *config, struct place *places)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		for (unsigned int j = 0; j < interface->nhost; j++)
			places[n++] = (struct place){ interface, &interface->host[j] };
	}
	return n;
}

static void check_same_address(const struct config *config, struct report *report)
{
	struct place places[MOST_PLACES];
	unsigned int n = add_addresses(config, places);
	char text[PREFIX_TEXT];

	if (n > BOOTINFO_ADDRESSES)
		report_error(report, places[BOOTINFO_ADDRESSES].prefix->line,
			     "%u addresses over all interfaces: at most %u are possible",
			     n, BOOTINFO_ADDRESSES);
	n += add_hosts(config, places + n);
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++)
			if (prefix_same_address(places[i].prefix, places[j].prefix))
				report_error(report, places[i].prefix->line,
					     "address %s belongs to %s (line %d) "
					     "already: choose another",
					     prefix_address_text(places[i].prefix, text),
					     places[j].interface->name,
					     places[j].prefix->line);
}

static void check_same_network(const struct config *config, struct report *report)
{
	struct place places[MOST_PLACES];
	unsigned int n = add_addresses(config, places);
	char a[PREFIX_TEXT], b[PREFIX_TEXT];

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++) {
			struct config_prefix x = prefix_network(places[i].prefix);
			struct config_prefix y = prefix_network(places[j].prefix);

			if (places[i].interface == places[j].interface ||
			    !prefix_overlap(&x, &y))
				continue;
			report_error(report, x.line, "network %s of %s overlaps %s of "
				     "%s (line %d): give each interface networks of "
				     "its own", prefix_text(&x, a),
				     places[i].interface->name, prefix_text(&y, b),
				     places[j].interface->name, y.line);
		}
}

/* ---- an interface in itself ----------------------------------------------- */

static bool is_steered(const struct config_interface *interface,
		       const struct config_prefix *address)
{
	struct config_prefix whole = *address;

	whole.len = address->family == 4 ? 32 : 128;
	for (unsigned int i = 0; i < interface->nsteering; i++)
		if (prefix_covers(&interface->steering[i].prefix, &whole))
			return true;
	return false;
}

/* Replies come from there: does Linux's reverse-path check know the way? */
static void check_way_back(const struct config_interface *interface,
			   const struct config_prefix *address, struct report *report)
{
	char text[PREFIX_TEXT];

	for (unsigned int i = 0; i < interface->nsteering; i++)
		if (interface->steering[i].mode == CONFIG_MODE_ROUTE &&
		    prefix_covers(&interface->steering[i].prefix, address))
			return;
	prefix_address_text(address, text);
	report_warning(report, address->line, "address %s has no rule of mode \"route\": "
		       "Linux itself does not reach it there, and cannot check the source "
		       "of what comes from %s", text, interface->name);
}

static bool has_mode(const struct config_interface *interface, int mode)
{
	for (unsigned int i = 0; i < interface->nsteering; i++)
		if (interface->steering[i].mode == mode)
			return true;
	return false;
}

static void check_answers(const struct config_interface *interface, struct report *report)
{
	if (interface->answers != CONFIG_ANSWERS_DIRECT)
		return;
	if (interface->io == CONFIG_IO_PROXY) {
		report_error(report, interface->line, "interface %s has io = \"proxy\", whose "
			     "process gives Linux what the AOS sends: remove 'answers'",
			     interface->name);
		return;
	}
	report_warning(report, interface->line, "answers = \"direct\": netfilter, NAT, IPsec, "
		       "tc and packet sockets do not see what %s sends so",
		       interface->name);
	if (!has_mode(interface, CONFIG_MODE_XDP))
		report_warning(report, interface->line, "answers of %s leave directly only by "
			       "interfaces with rules of mode \"xdp\": it has none",
			       interface->name);
}

static void check_interface(const struct config_interface *interface,
			    struct report *report)
{
	char text[PREFIX_TEXT];
	bool ipv6 = false;

	for (unsigned int i = 0; i < interface->naddresses; i++) {
		const struct config_prefix *address = &interface->addresses[i];

		ipv6 |= address->family == 6;
		if (!interface->nsteering)
			continue;
		if (is_steered(interface, address)) {
			check_way_back(interface, address, report);
			continue;
		}
		prefix_address_text(address, text);
		report_error(report, address->line, "address %s lies in no steering "
			     "prefix of %s, so no packet would reach it: add "
			     "{ mode = \"route\"; prefix = \"%s/%d\"; }", text,
			     interface->name, text, address->family == 4 ? 32 : 128);
	}
	if (interface->io == CONFIG_IO_PROXY && interface->full == CONFIG_FULL_STOP)
		report_error(report, interface->line, "interface %s has io = \"proxy\": its TUN "
			     "device holds back what finds no room, as many packets as its "
			     "txqueuelen says, and drops the rest: remove 'full'",
			     interface->name);
	if (ipv6 && interface->mtu < CONFIG_MTU_MIN_IPV6)
		report_error(report, interface->line, "interface %s has an IPv6 address "
			     "and mtu %d: IPv6 needs at least %d", interface->name,
			     interface->mtu, CONFIG_MTU_MIN_IPV6);
	check_answers(interface, report);
}

void rules_check(const struct config *config, struct report *report)
{
	check_policy(&config->aos, report);
	check_interfaces_used(config, report);
	check_interface_names(config, report);
	check_services(config, report);
	check_same_address(config, report);
	check_same_network(config, report);
	rules_check_steering(config, report);
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		check_interface(&config->interfaces[i], report);
}
