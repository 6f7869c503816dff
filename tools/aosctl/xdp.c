// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xdp - steering mode "xdp": a program of ours on the interface where packets come in
 * (cosnet/xdp/steer.bpf.c), before the filter of mode "redirect", whose rules it has.
 * A program of others is never replaced.
 *
 * What the program leaves to Linux because it cannot tell, or because XDP does
 * not carry it (a frame longer than the device's MTU and a VLAN tag, its header
 * counted in), the filter behind it picks up.
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

#include "file.h"
#include "mode.h"
#include "program.h"

#define VLAN_TAG	4	/* what XDP allows a frame beyond the interface's MTU */

/* ---- our program ---------------------------------------------------------------------- */

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

/* With the filter's rules, whatever they are by now. */
static int start(struct state *state, const char *link)
{
	int filter = redirect_open(state, link), program, err = -1;
	uint32_t id;

	if (filter < 0)
		return say_error("%s: the filter is gone: 'aosctl down', then 'aosctl up'",
				 link);
	program = program_load("frame", link, filter);
	close(filter);
	if (program < 0)
		return -1;
	id = program_id(program);
	if (!id || state_add(state, "xdp %s %u", link, id))
		goto close;
	err = attach(link, program);
	if (err)
		say_error("%s: the XDP program cannot be attached: %s", link, strerror(-err));
close:
	close(program);
	return err ? -1 : 0;
}

static int start_if_needed(struct state *state, const char *link)
{
	uint32_t attached = attached_program(link);

	if (attached && attached == recorded_program(state, link))
		return 0;
	if (attached)
		return say_error("%s has an XDP program of others (id %u): remove it ('ip "
				 "link set dev %s xdp off'), or choose mode \"redirect\"",
				 link, attached, link);
	return start(state, link);
}

/* ---- the mode --------------------------------------------------------------------------- */

static uint16_t longest_frame(const char *to)
{
	char path[64];
	uint64_t mtu = 0;

	snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", to);
	file_read_number(path, &mtu);
	return (uint16_t)(mtu + VLAN_TAG);
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

/* Where the program sends frames of a flow; 0: nowhere, to the filter. */
static int set_target(int program, const struct flow *flow, uint32_t to)
{
	int map = program_map(program, "steer_to"), err;

	if (map < 0)
		return -ENOENT;
	if (to)
		err = bpf_map_update_elem(map, &flow->id, &to, BPF_ANY);
	else
		err = bpf_map_delete_elem(map, &flow->id);
	close(map);
	return err;
}

static int prepare(struct state *state, struct flow *flow)
{
	if (mode_redirect.prepare(state, flow))
		return -1;
	return start_if_needed(state, flow->rule.from);
}

static int apply(const struct state *state, const struct flow *flow)
{
	const char *link = flow->rule.from;
	int program, err;

	if (leave_to_filter(flow))
		return redirect_apply(state, flow, 0);
	program = open_program(state, link);
	if (program < 0)
		return say_error("%s: the XDP program is gone", link);
	err = set_target(program, flow, if_nametoindex(flow->to));
	close(program);
	if (err)
		return say_error("%s: the XDP program does not take %s: %s", link, flow->to,
				 strerror(-err));
	return redirect_apply(state, flow, longest_frame(flow->to));
}

static int take_away(const struct state *state, const struct flow *flow)
{
	int program, err = mode_redirect.remove(state, flow);

	program = open_program(state, flow->rule.from);
	if (program >= 0) {
		set_target(program, flow, 0);	/* it may never have been there */
		close(program);
	}
	return err;
}

static bool count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	return mode_redirect.count(state, flow, hits);
}

const struct mode mode_xdp = { prepare, apply, take_away, count };

/* ---- taking the program away ------------------------------------------------------------ */

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
