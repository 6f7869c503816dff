// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * program_rules - the rules in the maps of the steering programs (steer.h).  The
 * kernel's own copy is the truth: each change reads the slots, and makes the lists
 * anew of those prefixes that it concerns.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnet/xdp/steer.h"
#include "prefix.h"
#include "program.h"

#define CPUS_MOST	8192

_Static_assert(FLOW_MOST < STEER_SLOTS, "a flow's number is its slot");

struct rules {
	int slots, ipv4, ipv6;			/* maps */
	struct steer_rule rule[STEER_SLOTS];	/* as they shall be */
};

/* ---- reading them --------------------------------------------------------------------- */

static void close_map(int map)
{
	if (map >= 0)
		close(map);
}

static void close_rules(struct rules *rules)
{
	close_map(rules->slots);
	close_map(rules->ipv4);
	close_map(rules->ipv6);
}

static int read_slots(struct rules *rules)
{
	int err = 0;

	for (uint32_t slot = 0; slot < STEER_SLOTS && !err; slot++)
		err = bpf_map_lookup_elem(rules->slots, &slot, &rules->rule[slot]);
	return err;
}

static int open_rules(struct rules *rules, int filter)
{
	int err = -ENOENT;

	rules->slots = program_map(filter, "steer_rules");
	rules->ipv4 = program_map(filter, "steer_ipv4");
	rules->ipv6 = program_map(filter, "steer_ipv6");
	if (rules->slots >= 0 && rules->ipv4 >= 0 && rules->ipv6 >= 0)
		err = read_slots(rules);
	if (err)
		close_rules(rules);
	return err;
}

/* ---- lists of a prefix ------------------------------------------------------------------ */

/* Both kinds of key begin with the length. */
union key {
	struct steer_key4 v4;
	struct steer_key6 v6;
};

static int make_key(const struct rules *rules, const struct steer_rule *rule, union key *key)
{
	memset(key, 0, sizeof(*key));
	key->v6.length = rule->length;
	if (rule->family == 6) {
		memcpy(key->v6.address, rule->address, sizeof(key->v6.address));
		return rules->ipv6;
	}
	memcpy(key->v4.address, rule->address, sizeof(key->v4.address));
	return rules->ipv4;
}

static struct config_prefix prefix_of(const struct steer_rule *rule)
{
	struct config_prefix prefix = { .family = rule->family, .len = rule->length };

	memcpy(prefix.addr, rule->address, sizeof(prefix.addr));
	return prefix;
}

static bool covers(const struct steer_rule *outer, const struct steer_rule *inner)
{
	struct config_prefix a = prefix_of(outer), b = prefix_of(inner);

	return outer->to && prefix_covers(&a, &b);
}

static int write_list(const struct rules *rules, const struct steer_rule *of)
{
	struct steer_list list = { .n = 0 };
	union key key;
	int map = make_key(rules, of, &key);

	for (unsigned int slot = 1; slot < STEER_SLOTS; slot++)
		if (covers(&rules->rule[slot], of))
			list.slot[list.n++] = (uint8_t)slot;
	return bpf_map_update_elem(map, &key, &list, BPF_ANY);
}

/* Of all prefixes within this one: a rule of it has come or gone. */
static int write_lists(const struct rules *rules, const struct steer_rule *within)
{
	int err = 0;

	for (unsigned int slot = 1; slot < STEER_SLOTS && !err; slot++)
		if (rules->rule[slot].to && covers(within, &rules->rule[slot]))
			err = write_list(rules, &rules->rule[slot]);
	return err;
}

static bool has_prefix(const struct rules *rules, const struct steer_rule *of)
{
	for (unsigned int slot = 1; slot < STEER_SLOTS; slot++)
		if (covers(&rules->rule[slot], of) && rules->rule[slot].length == of->length)
			return true;
	return false;
}

/* ---- putting one in ---------------------------------------------------------------------- */

static int clear_hits(int filter, uint32_t slot)
{
	int cpus = libbpf_num_possible_cpus(), map = program_map(filter, "steer_hits"), err;
	struct steer_hits *none = cpus > 0 && cpus <= CPUS_MOST ?
				  calloc((size_t)cpus, sizeof(*none)) : NULL;

	err = none ? bpf_map_update_elem(map, &slot, none, BPF_ANY) : -ENOMEM;
	free(none);
	close_map(map);
	return err;
}

static void make_rule(const struct flow *flow, uint16_t longest, struct steer_rule *to)
{
	const struct config_steering *rule = &flow->rule;
	struct config_prefix prefix = prefix_network(&rule->prefix);

	*to = (struct steer_rule){
		.to = if_nametoindex(flow->to), .longest = longest,
		.first = (uint16_t)rule->first, .last = (uint16_t)rule->last,
		.vlan = (uint16_t)rule->vlan, .protocol = (uint8_t)rule->protocol,
		.down = (uint8_t)rule->down, .family = prefix.family, .length = prefix.len,
	};
	memcpy(to->address, prefix.addr, sizeof(to->address));
}

int program_put_rule(int filter, const struct flow *flow, uint16_t longest)
{
	struct rules rules;
	struct steer_rule *rule = &rules.rule[flow->id];
	int err = open_rules(&rules, filter);

	if (!err) {
		make_rule(flow, longest, rule);
		err = rule->to ? clear_hits(filter, flow->id) : -ENODEV;
		if (!err)
			err = bpf_map_update_elem(rules.slots, &flow->id, rule, BPF_ANY);
		if (!err)
			err = write_lists(&rules, rule);
		close_rules(&rules);
	}
	if (err)
		return say_error("%s: the steering program does not take the rule: %s",
				 flow->rule.from, strerror(-err));
	return 0;
}

/* ---- taking one out ------------------------------------------------------------------------ */

/* Programs that still have the old list find the same rule, or an empty slot. */
static int drop(struct rules *rules, unsigned int slot)
{
	struct steer_rule gone = rules->rule[slot];
	union key key;
	int map = make_key(rules, &gone, &key), err;

	if (!gone.to)
		return 0;
	rules->rule[slot].to = 0;
	err = write_lists(rules, &gone);
	if (!err && !has_prefix(rules, &gone))
		bpf_map_delete_elem(map, &key);	/* it may never have been there */
	return err ? err : bpf_map_update_elem(rules->slots, &slot, &rules->rule[slot], BPF_ANY);
}

int program_drop_rule(int filter, const struct flow *flow)
{
	struct rules rules;
	int err = open_rules(&rules, filter);

	if (!err) {
		err = drop(&rules, flow->id);
		close_rules(&rules);
	}
	if (err)
		return say_error("%s: the steering program keeps the rule of flow %u: %s",
				 flow->rule.from, flow->id, strerror(-err));
	return 0;
}

/* ---- counters ------------------------------------------------------------------------------ */

static bool is_there(int filter, uint32_t slot)
{
	int map = program_map(filter, "steer_rules");
	struct steer_rule rule;
	bool there = !bpf_map_lookup_elem(map, &slot, &rule) && rule.to;

	close_map(map);
	return there;
}

bool program_count(int filter, const struct flow *flow, struct hits *hits)
{
	int cpus = libbpf_num_possible_cpus(), map = program_map(filter, "steer_hits");
	struct steer_hits *each = cpus > 0 && cpus <= CPUS_MOST ?
				  calloc((size_t)cpus, sizeof(*each)) : NULL;
	bool good = each && is_there(filter, flow->id) &&
		    !bpf_map_lookup_elem(map, &flow->id, each);

	memset(hits, 0, sizeof(*hits));
	for (int i = 0; good && i < cpus; i++) {
		hits->packets += each[i].packets;
		hits->bytes += each[i].bytes;
		hits->frames += each[i].frames;
	}
	free(each);
	close_map(map);
	return good;
}
