/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request of the control protocol (abi/control.h), and its reply.  Makes no
 * system call, so that tests and the fuzzer run it on any host.
 */
#ifndef CTL_ANSWER_H
#define CTL_ANSWER_H

#include "abi/control.h"
#include "abi/syscall.h"

/* What ctl knows of the system. */
struct ctl_system {
	const uint8_t *pages;	/* a struct counters each, the loader's first, then
				 * HISTOGRAMS_MAX struct histogram each; they change */
	uint32_t components;
	int64_t (*restart)(const char *name);	/* ABI_NAME_LEN bytes */
	int64_t (*stop)(const char *name);
	/* The loader's of these names (loader/control.h). */
	int64_t (*look)(uint64_t what, uint64_t index);
	int64_t (*set)(uint64_t setting, uint64_t index, uint64_t value);
	int64_t (*forget)(void);
	int64_t (*commit)(void);
};

union ctl_body {
	struct control_system system;
	struct control_component component;
	struct control_thread thread;
	struct counter counter[COUNTERS_MAX];
	struct histogram histogram;
	struct lines_piece line[LINES_PIECES];
};

struct ctl_answer {
	struct control_reply head;
	union ctl_body body;
};

/**
 * ctl_answer() - carry out a request
 * @request: @len bytes of whatever the process sent, which nobody changes meanwhile
 * @answer: the reply
 * Return: its length, bytes.
 */
uint32_t ctl_answer(const struct ctl_system *system, const void *request, uint32_t len,
			struct ctl_answer *answer);

#endif
