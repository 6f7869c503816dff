// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * redirect - steering mode "redirect": a tc flower filter on the ingress of the
 * interface whose action hands the packet to the cosnet interface.
 *
 * Ours are told from others' by their preference (FIRST_PREF on, after all that
 * tc chooses itself) and their action's cookie.  A clsact or ingress qdisc that
 * is there is used and left.
 */
#include <jansson.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "host.h"
#include "links.h"
#include "mode.h"
#include "others.h"
#include "prefix.h"

#define FIRST_PREF	50000u	/* tc's own choices lie at 49152 and below */
#define LAST_PREF	50999u
#define COOKIE		"616f7363746c"	/* "aosctl" */
#define OUTPUT		65536
#define ETHER_TEXT	17u	/* six bytes, with colons */

/* What tc says is looked at and forgotten; one at a time. */
static char output[OUTPUT];

/* ---- what is there --------------------------------------------------------------- */

static bool has_place(const char *link)
{
	if (host_run(output, sizeof(output), "tc", "qdisc", "show", "dev", link, NULL))
		return false;
	return strstr(output, "qdisc clsact ") || strstr(output, "qdisc ingress ");
}

static bool list_filters(const char *link, unsigned int pref)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", pref);
	return !host_run(output, sizeof(output), "tc", "filter", "show", "dev", link,
			 "ingress", pref ? "pref" : NULL, number, NULL);
}

static unsigned int free_pref(const char *link)
{
	char words[32];

	if (!list_filters(link, 0))
		output[0] = '\0';
	for (unsigned int pref = FIRST_PREF; pref <= LAST_PREF; pref++) {
		snprintf(words, sizeof(words), " pref %u ", pref);
		if (!strstr(output, words))
			return pref;
	}
	return 0;
}

/* ---- the filter --------------------------------------------------------------------- */

struct command {
	char *word[HOST_WORDS];
	size_t n;
	char prefix[PREFIX_TEXT], pref[16], ports[16], vlan[16], address[32], down[16];
};

static void say_word(struct command *c, const char *word)
{
	if (c->n < HOST_WORDS - 1)
		c->word[c->n++] = (char *)(uintptr_t)word;
}

static void say_words(struct command *c, const char *first, const char *second)
{
	say_word(c, first);
	say_word(c, second);
}

static void say_place(struct command *c, const struct flow *flow)
{
	const struct config_steering *rule = &flow->rule;
	const char *family = rule->prefix.family == 4 ? "ip" : "ipv6";

	snprintf(c->pref, sizeof(c->pref), "%u", flow->handle);
	say_words(c, "tc", "filter");
	say_words(c, "add", "dev");
	say_words(c, rule->from, "ingress");
	say_words(c, "protocol", rule->vlan ? "802.1q" : family);
	say_words(c, "pref", c->pref);
}

/* Ports are where a fragment has none: then fragments are Linux's. */
static void say_match(struct command *c, const struct flow *flow)
{
	const struct config_steering *rule = &flow->rule;

	say_word(c, "flower");
	say_words(c, "dst_mac", c->address);
	if (rule->vlan) {
		snprintf(c->vlan, sizeof(c->vlan), "%d", rule->vlan);
		say_words(c, "vlan_id", c->vlan);
		say_words(c, "vlan_ethtype", rule->prefix.family == 4 ? "ipv4" : "ipv6");
	}
	if (rule->protocol)
		say_words(c, "ip_proto", config_protocol_word(rule->protocol));
	say_words(c, "dst_ip", prefix_text(&rule->prefix, c->prefix));
	if (!rule->first)
		return;
	if (rule->first == rule->last)
		snprintf(c->ports, sizeof(c->ports), "%d", rule->first);
	else
		snprintf(c->ports, sizeof(c->ports), "%d-%d", rule->first, rule->last);
	say_words(c, "dst_port", c->ports);
	say_words(c, "ip_flags", "nofrag");
}

static void say_action(struct command *c, const struct flow *flow)
{
	say_word(c, "action");
	if (flow->rule.down != COSNET_DOWN_DROP) {
		snprintf(c->down, sizeof(c->down), "%x:%x", COSNET_PRIORITY >> 16,
			 (unsigned int)flow->rule.down);
		say_words(c, "skbedit", "priority");
		say_words(c, c->down, "pipe");
		say_word(c, "action");
	}
	say_words(c, "mirred", "egress");
	say_words(c, "redirect", "dev");
	say_word(c, flow->to);
	say_words(c, "cookie", COOKIE);
}

static int read_address(const char *link, char *text, size_t room)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", link);
	if (file_read_line(path, text, room) || strlen(text) != ETHER_TEXT)
		return say_error("%s is no Ethernet interface: choose mode \"route\"", link);
	return 0;
}

static int make_place(struct state *state, const char *link)
{
	bool there = has_place(link);

	/* Not ours, unless another instance has made it: the last takes it away. */
	if (there && !others_have(state, "clsact", link, NULL))
		return 0;
	if (state_add(state, "clsact %s", link))
		return -1;
	if (there)
		return 0;
	return host_must("tc", "qdisc", "add", "dev", link, "clsact", NULL);
}

static int prepare(struct state *state, struct flow *flow)
{
	const char *link = flow->rule.from;

	if (!links_exist(link))
		return say_error("interface %s, from which flows shall be redirected, does "
				 "not exist: see 'ip link'", link);
	if (make_place(state, link))
		return -1;
	flow->handle = free_pref(link);
	if (!flow->handle)
		return say_error("%s has no free filter preference between %u and %u: see "
				 "'tc filter show dev %s ingress'", link, FIRST_PREF,
				 LAST_PREF, link);
	return 0;
}

static int apply(const struct state *state, const struct flow *flow)
{
	struct command c = { .n = 0 };

	(void)state;
	if (read_address(flow->rule.from, c.address, sizeof(c.address)) ||
	    links_keep_carrier(flow->to, true))
		return -1;
	say_place(&c, flow);
	say_match(&c, flow);
	say_action(&c, flow);
	return host_must_words(c.word);
}

static int take_away(const struct state *state, const struct flow *flow)
{
	const char *link = flow->rule.from;
	char pref[16];

	snprintf(pref, sizeof(pref), "%u", flow->handle);
	if (links_exist(link) && list_filters(link, flow->handle) &&
	    strstr(output, "cookie " COOKIE) &&
	    host_must("tc", "filter", "del", "dev", link, "ingress", "pref", pref, NULL))
		return -1;
	if (links_exist(flow->to) && flow_keeps_carrier_alone(state, flow))
		return links_keep_carrier(flow->to, false);
	return 0;
}

/* ---- counters ------------------------------------------------------------------------ */

/* The last action's: what came to the device. */
static bool read_hits(json_t *filter, struct hits *hits)
{
	json_t *actions = json_object_get(json_object_get(filter, "options"), "actions");
	json_t *last = json_array_get(actions, json_array_size(actions) - 1);
	json_t *stats = json_object_get(last, "stats");

	if (!stats)
		return false;
	hits->packets = (uint64_t)json_integer_value(json_object_get(stats, "packets"));
	hits->bytes = (uint64_t)json_integer_value(json_object_get(stats, "bytes"));
	hits->lost = (uint64_t)json_integer_value(json_object_get(stats, "overlimits"));
	return true;
}

static bool count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	json_t *filters, *filter;
	bool found = false;
	char pref[16];
	size_t i;

	(void)state;
	snprintf(pref, sizeof(pref), "%u", flow->handle);
	if (host_run(output, sizeof(output), "tc", "-s", "-j", "filter", "show", "dev",
		     flow->rule.from, "ingress", "pref", pref, NULL))
		return false;
	filters = json_loads(output, 0, NULL);
	json_array_foreach(filters, i, filter)
		if (read_hits(filter, hits))
			found = true;
	json_decref(filters);
	return found;
}

const struct mode mode_redirect = { prepare, apply, take_away, count };

/* ---- the place ------------------------------------------------------------------------ */

static bool is_empty(const char *link, const char *side)
{
	return !host_run(output, sizeof(output), "tc", "filter", "show", "dev", link, side,
			 NULL) && !output[0];
}

int redirect_undo_clsact(const char *link)
{
	if (!links_exist(link) || !has_place(link) || !strstr(output, "qdisc clsact "))
		return 0;
	if (is_empty(link, "ingress") && is_empty(link, "egress"))
		return host_must("tc", "qdisc", "del", "dev", link, "clsact", NULL);
	say("%s: clsact stays, since others have filters there", link);
	return 0;
}
