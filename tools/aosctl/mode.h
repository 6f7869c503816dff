/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A steering mode: how a flow is installed and taken away.  One file each:
 * route.c, redirect.c, xdp.c.
 */
#ifndef AOSCTL_MODE_H
#define AOSCTL_MODE_H

#include <stdint.h>

#include "flow.h"

struct hits {
	uint64_t packets, bytes;	/* with their Ethernet headers */
	uint64_t frames;		/* of the packets: by XDP */
};

struct mode {
	/*
	 * Makes ready what the flow stands on, each step recorded before it is
	 * taken; then the flow is to be recorded.  0, or -1 and says why; the
	 * recorded steps are then undone by the caller.
	 */
	int (*prepare)(struct state *state, struct flow *flow);
	/* Puts a recorded flow where Linux looks; not twice.  0 or -1. */
	int (*apply)(const struct state *state, const struct flow *flow);
	/* Takes it away, whether it is there, half there, or not.  0 or -1. */
	int (*remove)(const struct state *state, const struct flow *flow);
	/* What it has taken so far; false: Linux does not count that. */
	bool (*count)(const struct state *state, const struct flow *flow,
		      struct hits *hits);
};

extern const struct mode mode_route, mode_redirect, mode_xdp;

/* Is it a setting that routes of ours need, and does this flow? */
bool route_is_setting(const char *key);
bool route_needs_setting(const struct flow *flow, const char *key);

/* Our filter program on the interface, or -1. */
int redirect_open(const struct state *state, const char *link);

/* mode_redirect's apply, and frames up to that length (0: none) are XDP's. */
int redirect_apply(const struct state *state, const struct flow *flow, uint16_t longest);

/*
 * Undo the steps "clsact LINK", "filter LINK ID" and "xdp LINK ID", unless others use it
 * or it is not ours.  0 or -1.
 */
int redirect_undo_clsact(const char *link);
int redirect_undo_filter(const char *link, uint32_t id);
int xdp_undo_program(const char *link, uint32_t id);

#endif
