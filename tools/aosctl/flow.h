/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A steering rule that is installed, as a step of the state file:
 *
 *   flow ID TO MODE FROM PREFIX PROTOCOL FIRST LAST VLAN DOWN
 *
 * FROM is "-" with mode "route".  Pure.
 */
#ifndef AOSCTL_FLOW_H
#define AOSCTL_FLOW_H

#include "config.h"
#include "state.h"

#define FLOW_MOST 127u

struct flow {
	unsigned int id;		/* 1 to FLOW_MOST, of this instance */
	char to[ABI_NAME_LEN];		/* cosnet interface */
	struct config_steering rule;
};

/* Records the flow.  0, or -1 and it must not be installed. */
int flow_record(struct state *state, const struct flow *flow);

/* Reads a step back; false if it is no flow that this aosctl understands. */
bool flow_parse(struct flow *flow, const struct state_step *step);

/* The next recorded flow, see state_find(); false: there is none. */
bool flow_next(const struct state *state, unsigned int *from, struct flow *flow);

/* The lowest number that no recorded flow has, or 0. */
unsigned int flow_free_id(const struct state *state);

/*
 * Shall its interface keep the carrier when the AOS ends, so that packets still come
 * there, to be counted?  A route that leads elsewhere then wants it to go.
 */
bool flow_keeps_carrier(const struct flow *flow);

/* Is it the only recorded one of its interface that does? */
bool flow_keeps_carrier_alone(const struct state *state, const struct flow *flow);

/* "eth0 udp 10.9.0.1/32 port 7 vlan 5": what it takes.  FLOW_TEXT bytes. */
#define FLOW_TEXT 160
const char *flow_match_text(const struct flow *flow, char *text);

#endif
