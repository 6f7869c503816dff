/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control - asks the component `ctl` of a running AOS: abi/control.h, over the
 * translator channel of that name.
 */
#ifndef AOSCTL_CONTROL_H
#define AOSCTL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/control.h"

struct control;

struct control_answer {
	uint32_t n;
	union {
		struct control_system system;
		struct control_component component;
		struct control_thread thread;
		struct counter counter[COUNTERS_MAX];
		struct histogram histogram;
		struct lines_piece line[LINES_PIECES];	/* their text may be anything */
	};
};

/**
 * control_open() - connect with an AOS; waits a moment for whoever is connected already
 * @instance: "" for the only one
 * @control: out: the connection
 * Return: 0; SHOW_NOT_UP (show.h) or -1: it was said why.
 */
int control_open(const char *instance, struct control **control);

/**
 * control_request() - a request and its reply
 * @request: type and what it needs; the rest is filled in
 * Return: 0; a negated AOS_E* of the reply; 1: there was none that makes sense,
 * which was said.  CONTROL_RESTART: 0 also without a reply, since who was to give it
 * may have been made anew.
 */
int control_request(struct control *c, struct control_request *request,
		    struct control_answer *answer);

/**
 * control_ask() - the same, with what most requests need
 * @name: of a component, at most ABI_NAME_LEN - 1 characters, or NULL
 */
int control_ask(struct control *c, enum control_type type, uint32_t component, const char *name,
		struct control_answer *answer);

/** control_close() - NULL is allowed. */
void control_close(struct control *c);

/**
 * control_decode() - what came in reply to @request: believed nothing
 * @reply: @len bytes
 * Return: 0; the reply's status, negative; 1: that is no reply to it.
 */
int control_decode(const struct control_request *request, const void *reply, size_t len,
		   struct control_answer *answer);

#endif
