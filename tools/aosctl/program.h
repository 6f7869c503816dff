/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steering programs (cosnet/xdp/steer.bpf.c), and the rules in their maps.
 * Nothing is pinned: the interface holds the program, the program its maps, and the
 * state file says which program is ours.  A rule's slot is its flow's number.
 */
#ifndef AOSCTL_PROGRAM_H
#define AOSCTL_PROGRAM_H

#include <stdint.h>

#include "flow.h"
#include "mode.h"

/*
 * Loads the program of that name for the interface, with the maps that the program
 * `sharing` has (-1: with its own).  The program, or -1 and says why.
 */
int program_load(const char *name, const char *link, int sharing);

/* Its number; 0 if the kernel does not say. */
uint32_t program_id(int program);

/* A map of the program by its name, or -1. */
int program_map(int program, const char *name);

/*
 * Puts the flow's rule into the maps of the program `filter`, its hits at zero.  XDP
 * may take frames of it up to `longest` bytes, header counted in; 0: none.  0, or -1
 * and says why.
 */
int program_put_rule(int filter, const struct flow *flow, uint16_t longest);

/* Takes the flow's rule out, whether it is there, half there, or not.  0 or -1. */
int program_drop_rule(int filter, const struct flow *flow);

/* What the rule has taken so far; false: it is not there. */
bool program_count(int filter, const struct flow *flow, struct hits *hits);

/* libbpf says what it does not like to our own messages alone: for all who call it. */
void program_hush(void);

#endif
