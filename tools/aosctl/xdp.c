// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xdp - steering mode "xdp": one program of ours on the interface where packets
 * come in (cosnet/xdp/steer.bpf.c), its rules in maps.  Nothing is pinned: the
 * interface holds the program, the program its maps, and the state file says
 * which program is ours.  A program of others is never replaced.
 *
 * What the program leaves to Linux because it cannot tell, or because XDP does
 * not carry it (a frame longer than the device's MTU and a VLAN tag, its header
 * counted in), a filter of mode "redirect" for the same flow picks up behind it.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnet/xdp/steer.h"
#include "file.h"
#include "mode.h"
#include "prefix.h"

#define ETHER_ADDRESS	6
#define VLAN_TAG	4	/* what XDP allows a frame beyond the interface's MTU */
#define MOST_MAPS	16
#define CPUS_MOST	8192

/* Embedded by xdp_object.S. */
extern const char xdp_object[], xdp_object_end[];

_Static_assert(FLOW_MOST < STEER_SLOTS, "a flow's number is its slot");

/* ---- our program, and its maps by name ---------------------------------------------- */

static int find_map(int program, const char *name)
{
	struct bpf_map_info map;
	struct bpf_prog_info info = { 0 };
	__u32 ids[MOST_MAPS], size = sizeof(info);

	info.nr_map_ids = MOST_MAPS;
	info.map_ids = (uintptr_t)ids;
	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return -1;
	for (__u32 i = 0; i < info.nr_map_ids && i < MOST_MAPS; i++) {
		int fd = bpf_map_get_fd_by_id(ids[i]);

		size = sizeof(map);
		memset(&map, 0, sizeof(map));
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &map, &size) &&
		    !strcmp(map.name, name))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static uint32_t recorded_program(const struct state *state, const char *link)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "xdp", &from)))
		if (!strcmp(step->word[1], link))
			return (uint32_t)strtoul(step->word[2], NULL, 10);
	return 0;
}

static uint32_t attached_program(const char *link)
{
	int index = (int)if_nametoindex(link);
	__u32 id = 0;

	return index && !bpf_xdp_query_id(index, 0, &id) ? id : 0;
}

/* The recorded one, if it still is where we put it; else -1. */
static int open_program(const struct state *state, const char *link)
{
	uint32_t id = recorded_program(state, link);

	return id && id == attached_program(link) ? bpf_prog_get_fd_by_id(id) : -1;
}

/* ---- loading and attaching ------------------------------------------------------------ */

/* What libbpf says is kept for our own message. */
static char reason[512];

static int keep_reason(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && !reason[0]) {
		vsnprintf(reason, sizeof(reason), format, args);
		reason[strcspn(reason, "\n")] = '\0';
	}
	return 0;
}

static int read_address(const char *link, uint8_t *address)
{
	unsigned int byte[ETHER_ADDRESS];
	char path[64], text[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", link);
	if (file_read_line(path, text, sizeof(text)) ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &byte[0], &byte[1], &byte[2], &byte[3],
		   &byte[4], &byte[5]) != ETHER_ADDRESS || strlen(text) != 17)
		return say_error("%s is no Ethernet interface: choose mode \"route\"", link);
	for (int i = 0; i < ETHER_ADDRESS; i++)
		address[i] = (uint8_t)byte[i];
	return 0;
}

static int set_address(struct bpf_object *object, const uint8_t *address)
{
	struct bpf_map *constants = bpf_object__find_map_by_name(object, ".rodata");

	if (!constants)
		return -EINVAL;
	return bpf_map__set_initial_value(constants, address, ETHER_ADDRESS);
}

static struct bpf_object *load(const char *link)
{
	struct bpf_object *object;
	uint8_t address[ETHER_ADDRESS];
	int err;

	if (read_address(link, address))
		return NULL;
	reason[0] = '\0';
	libbpf_set_print(keep_reason);
	object = bpf_object__open_mem(xdp_object, (size_t)(xdp_object_end - xdp_object), NULL);
	err = object ? set_address(object, address) : -errno;
	if (!err)
		err = bpf_object__load(object);
	if (!err)
		return object;
	bpf_object__close(object);
	say_error("the XDP program cannot be loaded: %s%s%s", strerror(-err),
		  reason[0] ? ": " : "", reason);
	return NULL;
}

/* By the driver if it can, else by Linux before it looks at the packet. */
static int attach(const char *link, int program)
{
	int index = (int)if_nametoindex(link);
	int err = bpf_xdp_attach(index, program, XDP_FLAGS_UPDATE_IF_NOEXIST |
				 XDP_FLAGS_DRV_MODE, NULL);

	if (!err) {
		say("%s: XDP program attached, native", link);
		return 0;
	}
	if (err == -EBUSY || err == -EEXIST)
		return err;
	say("%s: XDP program attached, generic (its driver has no native XDP: %s); mode "
	    "\"redirect\" costs less there", link, strerror(-err));
	return bpf_xdp_attach(index, program, XDP_FLAGS_UPDATE_IF_NOEXIST |
			      XDP_FLAGS_SKB_MODE, NULL);
}

static int program_id(int program, uint32_t *id)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(program, &info, &size);

	*id = info.id;
	return err;
}

/* Attached before a rule is in it: until then it lets everything pass. */
static int start(struct state *state, const char *link)
{
	struct bpf_object *object = load(link);
	int program, err = -1;
	uint32_t id;

	if (!object)
		return -1;
	program = bpf_program__fd(bpf_object__find_program_by_name(object, "steer"));
	if (program_id(program, &id) || state_add(state, "xdp %s %u", link, id))
		goto close;
	err = attach(link, program);
	if (err)
		say_error("%s: the XDP program cannot be attached: %s", link, strerror(-err));
close:
	bpf_object__close(object);
	return err ? -1 : 0;
}

static int start_if_needed(struct state *state, const char *link)
{
	uint32_t attached = attached_program(link);

	if (!if_nametoindex(link))
		return say_error("interface %s, from which flows shall be redirected, does "
				 "not exist: see 'ip link'", link);
	if (attached && attached == recorded_program(state, link))
		return 0;
	if (attached)
		return say_error("%s has an XDP program of others (id %u): remove it ('ip "
				 "link set dev %s xdp off'), or choose mode \"redirect\"",
				 link, attached, link);
	return start(state, link);
}

/* ---- rules ------------------------------------------------------------------------------ */

/* Both kinds of key begin with the length. */
union key {
	struct steer_key4 v4;
	struct steer_key6 v6;
};

static const char *make_key(const struct config_prefix *prefix, union key *key)
{
	memset(key, 0, sizeof(*key));
	key->v6.length = prefix->len;
	if (prefix->family == 6) {
		memcpy(key->v6.address, prefix->addr, sizeof(key->v6.address));
		return "steer_ipv6";
	}
	memcpy(key->v4.address, prefix->addr, sizeof(key->v4.address));
	return "steer_ipv4";
}

static uint16_t longest_frame(const char *to)
{
	char path[64];
	uint64_t mtu = 0;

	snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", to);
	file_read_number(path, &mtu);
	return (uint16_t)(mtu + VLAN_TAG);
}

static int put(int program, const char *map, const void *key, const void *value)
{
	int fd = find_map(program, map), err;

	if (fd < 0)
		return -ENOENT;
	err = bpf_map_update_elem(fd, key, value, BPF_ANY);
	close(fd);
	return err;
}

static void drop(int program, const char *map, const void *key)
{
	int fd = find_map(program, map);

	if (fd < 0)
		return;
	bpf_map_delete_elem(fd, key);	/* it may never have been there */
	close(fd);
}

static int clear_hits(int program, uint32_t slot)
{
	int cpus = libbpf_num_possible_cpus(), err;
	struct steer_hits *none;

	if (cpus < 1 || cpus > CPUS_MOST)
		return -EINVAL;
	none = calloc((size_t)cpus, sizeof(*none));
	err = none ? put(program, "steer_hits", &slot, none) : -ENOMEM;
	free(none);
	return err;
}

static int put_rule(int program, const struct flow *flow)
{
	const struct config_steering *rule = &flow->rule;
	struct steer_rule value = {
		.slot = flow->id, .longest = longest_frame(flow->to),
		.first = (uint16_t)rule->first, .last = (uint16_t)rule->last,
		.protocol = (uint8_t)rule->protocol, .down = (uint8_t)rule->down,
	};
	uint32_t to = if_nametoindex(flow->to);
	union key key;
	const char *map = make_key(&rule->prefix, &key);
	int err = clear_hits(program, flow->id);

	if (!err)
		err = put(program, "steer_to", &flow->id, &to);
	if (!err)
		err = put(program, map, &key, &value);
	if (err)
		return say_error("%s: the XDP program does not take the rule: %s", rule->from,
				 strerror(-err));
	return 0;
}

/* Generic XDP loses what the program says of the policy; the filter does not. */
static bool leave_to_filter(const struct flow *flow)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, there);

	if (flow->rule.down == COSNET_DOWN_DROP ||
	    bpf_xdp_query((int)if_nametoindex(flow->rule.from), 0, &there) ||
	    there.attach_mode != XDP_ATTACHED_SKB)
		return false;
	say("%s: generic XDP cannot do down = \"%s\": flow %u goes as by mode \"redirect\"",
	    flow->rule.from, config_down_word(flow->rule.down), flow->id);
	return true;
}

static int prepare(struct state *state, struct flow *flow)
{
	if (start_if_needed(state, flow->rule.from))
		return -1;
	return mode_redirect.prepare(state, flow);
}

static int apply(const struct state *state, const struct flow *flow)
{
	int program, err;

	if (mode_redirect.apply(state, flow))
		return -1;
	if (leave_to_filter(flow))
		return 0;
	program = open_program(state, flow->rule.from);
	if (program < 0)
		return say_error("%s: the XDP program is gone", flow->rule.from);
	err = put_rule(program, flow);
	close(program);
	return err;
}

static int take_away(const struct state *state, const struct flow *flow)
{
	int program = open_program(state, flow->rule.from);
	union key key;
	const char *map = make_key(&flow->rule.prefix, &key);

	if (program >= 0) {
		drop(program, map, &key);
		drop(program, "steer_to", &flow->id);
		close(program);
	}
	return mode_redirect.remove(state, flow);
}

/* ---- counters ------------------------------------------------------------------------------ */

static bool sum_hits(int map, uint32_t slot, struct hits *hits)
{
	int cpus = libbpf_num_possible_cpus();
	struct steer_hits *each = cpus > 0 && cpus <= CPUS_MOST ?
				  calloc((size_t)cpus, sizeof(*each)) : NULL;
	bool good = each && !bpf_map_lookup_elem(map, &slot, each);

	memset(hits, 0, sizeof(*hits));
	for (int i = 0; good && i < cpus; i++) {
		hits->packets += each[i].packets;
		hits->bytes += each[i].bytes;
	}
	free(each);
	return good;
}

static bool count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	int program = open_program(state, flow->rule.from), map;
	struct hits behind = { 0 };
	bool good;

	if (program < 0)
		return false;
	mode_redirect.count(state, flow, &behind);
	map = find_map(program, "steer_hits");
	close(program);
	good = map >= 0 && sum_hits(map, flow->id, hits);
	if (map >= 0)
		close(map);
	hits->packets += behind.packets;
	hits->bytes += behind.bytes;
	hits->lost = behind.lost;	/* of frames Linux says it to nobody who asks */
	return good;
}

const struct mode mode_xdp = { prepare, apply, take_away, count };

/* ---- taking the program away ---- */

/* Only ours: the kernel compares, should another be put there meanwhile. */
static int detach(int index, int program)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, ours, .old_prog_fd = program);
	LIBBPF_OPTS(bpf_xdp_query_opts, there);
	int err = bpf_xdp_query(index, 0, &there);
	__u32 flags = XDP_FLAGS_REPLACE;

	if (err)
		return err;
	if (there.attach_mode == XDP_ATTACHED_SKB)
		flags |= XDP_FLAGS_SKB_MODE;
	else
		flags |= XDP_FLAGS_DRV_MODE;
	return bpf_xdp_detach(index, flags, &ours);
}

int xdp_undo_program(const char *link, uint32_t id)
{
	int program, err;

	if (!id || attached_program(link) != id)
		return 0;
	program = bpf_prog_get_fd_by_id(id);
	if (program < 0)
		return 0;
	err = detach((int)if_nametoindex(link), program);
	close(program);
	if (err)
		return say_error("%s: the XDP program cannot be detached: %s", link,
				 strerror(-err));
	return 0;
}
