/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers that do not climb through Linux's IP layer, `answers = "direct"` of a cosnet
 * interface: a program of ours there (cosnet/xdp/answer.bpf.c), recorded as the step
 * "answers LINK ID".  They leave by interfaces on which the appliance steers by native
 * XDP and that take frames, as one that was sent has shown.
 */
#ifndef AOSCTL_ANSWERS_H
#define AOSCTL_ANSWERS_H

#include "config.h"
#include "state.h"

/* Attaches what the configuration wants and is not there; recorded first.  0 or -1. */
int answers_start(struct state *state, const struct config *config);

/* Takes away what is recorded and no longer wanted, and writes the state.  0 or -1. */
int answers_tidy(struct state *state, const struct config *config);

/* Flows have changed: finds anew by which interfaces answers can leave. */
void answers_refresh(const struct state *state);

/* How an answer that Linux's routing sends from LINK to DEV leaves; only root is told. */
enum answers_way { ANSWERS_UNKNOWN, ANSWERS_LINUX, ANSWERS_DIRECT };
enum answers_way answers_way(const struct state *state, const char *link, const char *dev);

/* This interface is about to lose its program: no answer leaves by it from now on. */
void answers_leave(const struct state *state, const char *link);

#endif
