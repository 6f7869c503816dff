// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * redirect - steering mode "redirect": one tc filter on the ingress of the interface,
 * a program of ours (cosnet/xdp/steer.bpf.c) that hands packets to the cosnet
 * interface by the rules in its maps.
 *
 * It lies behind all that others have there (FIRST_PREF on, after what tc chooses
 * itself) and is told from theirs by the program's number, which is its handle as well.
 * A clsact or ingress qdisc that is there is used and left.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "links.h"
#include "mode.h"
#include "others.h"
#include "program.h"

#define FIRST_PREF	50000u	/* tc's own choices lie at 49152 and below */
#define LAST_PREF	50015u	/* others' filters there may be of a kind that bars ours */
#define OUTPUT		65536

/* What tc says is looked at and forgotten; one at a time. */
static char output[OUTPUT];

/* ---- the place ---------------------------------------------------------------------- */

static bool has_place(const char *link)
{
	if (host_run(output, sizeof(output), "tc", "qdisc", "show", "dev", link, NULL))
		return false;
	return strstr(output, "qdisc clsact ") || strstr(output, "qdisc ingress ");
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

/* ---- the filter ----------------------------------------------------------------------- */

static struct bpf_tc_hook ingress_of(const char *link)
{
	return (struct bpf_tc_hook){
		.sz = sizeof(struct bpf_tc_hook), .ifindex = (int)if_nametoindex(link),
		.attach_point = BPF_TC_INGRESS,
	};
}

/* The preference at which this program is a filter of the interface, or 0. */
static unsigned int find_filter(const char *link, uint32_t id)
{
	struct bpf_tc_hook hook = ingress_of(link);

	program_hush();
	for (unsigned int pref = FIRST_PREF; hook.ifindex && pref <= LAST_PREF; pref++) {
		LIBBPF_OPTS(bpf_tc_opts, there, .handle = id, .priority = pref);

		if (!bpf_tc_query(&hook, &there) && there.prog_id == id)
			return pref;
	}
	return 0;
}

int redirect_open(const struct state *state, const char *link)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "filter", &from))) {
		uint32_t id = (uint32_t)strtoul(step->word[2], NULL, 10);

		if (!strcmp(step->word[1], link) && id && find_filter(link, id))
			return bpf_prog_get_fd_by_id(id);
	}
	return -1;
}

static int attach(const char *link, int program, uint32_t id)
{
	struct bpf_tc_hook hook = ingress_of(link);
	int err = -EINVAL;

	program_hush();
	for (unsigned int pref = FIRST_PREF; err == -EINVAL && pref <= LAST_PREF; pref++) {
		LIBBPF_OPTS(bpf_tc_opts, filter, .prog_fd = program, .handle = id,
			    .priority = pref);

		err = bpf_tc_attach(&hook, &filter);
	}
	if (err)
		return say_error("%s: the filter cannot be attached: %s (does the kernel have "
				 "cls_bpf? See 'aosctl doctor')", link, strerror(-err));
	return 0;
}

/* Attached before a rule is in it: until then it lets everything pass. */
static int start(struct state *state, const char *link)
{
	int program = program_load("filter", link, -1), err = -1;
	uint32_t id;

	if (program < 0)
		return -1;
	id = program_id(program);
	if (id && !state_add(state, "filter %s %u", link, id))
		err = attach(link, program, id);
	close(program);
	return err;
}

static bool is_recorded(const struct state *state, const char *link)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "filter", &from)))
		if (!strcmp(step->word[1], link))
			return true;
	return false;
}

static int missed(const char *link)
{
	return say_error("%s: the filter is gone: 'aosctl down', then 'aosctl up'", link);
}

static int start_if_needed(struct state *state, const char *link)
{
	int program = redirect_open(state, link);

	if (program < 0)
		return is_recorded(state, link) ? missed(link) : start(state, link);
	close(program);
	return 0;
}

int redirect_undo_filter(const char *link, uint32_t id)
{
	struct bpf_tc_hook hook = ingress_of(link);
	unsigned int pref = id ? find_filter(link, id) : 0;
	LIBBPF_OPTS(bpf_tc_opts, ours, .handle = id, .priority = pref);
	int err = pref ? bpf_tc_detach(&hook, &ours) : 0;

	if (err)
		return say_error("%s: the filter cannot be detached: %s", link, strerror(-err));
	return 0;
}

/* ---- the mode --------------------------------------------------------------------------- */

static int prepare(struct state *state, struct flow *flow)
{
	const char *link = flow->rule.from;

	if (!links_exist(link))
		return say_error("interface %s, from which flows shall be redirected, does "
				 "not exist: see 'ip link'", link);
	if (make_place(state, link))
		return -1;
	return start_if_needed(state, link);
}

int redirect_apply(const struct state *state, const struct flow *flow, uint16_t longest)
{
	int program = redirect_open(state, flow->rule.from), err;

	if (program < 0)
		return missed(flow->rule.from);
	err = program_put_rule(program, flow, longest);
	close(program);
	return err || links_keep_carrier(flow->to, true) ? -1 : 0;
}

static int apply(const struct state *state, const struct flow *flow)
{
	return redirect_apply(state, flow, 0);
}

static int take_away(const struct state *state, const struct flow *flow)
{
	int program = redirect_open(state, flow->rule.from), err = 0;

	if (program >= 0) {
		err = program_drop_rule(program, flow);
		close(program);
	}
	if (!err && links_exist(flow->to) && flow_keeps_carrier_alone(state, flow))
		err = links_keep_carrier(flow->to, false);
	return err;
}

static bool count(const struct state *state, const struct flow *flow, struct hits *hits)
{
	int program = redirect_open(state, flow->rule.from);
	bool good = program >= 0 && program_count(program, flow, hits);

	if (program >= 0)
		close(program);
	return good;
}

const struct mode mode_redirect = { prepare, apply, take_away, count };
