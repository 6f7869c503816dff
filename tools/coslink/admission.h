/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The admission test: is there time for all threads that say what they need?
 * Every scheduler's threads are analysed on what it has: the root's on the
 * CPU, a child's on what the budget of its `main` supplies.
 *
 * It is one for all who ask: coslink of a composition (verdict.c), aosctl of a boot
 * image and of an AOS that runs (tools/aosctl/admit.c).  Pure; numbers may be hostile.
 */
#ifndef COSLINK_ADMISSION_H
#define COSLINK_ADMISSION_H

#include <abi/syscall.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pool.h"

/* Times in ns. */
struct admission_thread {
	const char *name;
	unsigned int component;		/* index of its owner */
	int server;			/* enum image_server */
	int64_t priority;		/* 0 most urgent */
	int64_t period;			/* 0: it has no times, and nothing is promised to it */
	int64_t budget, deadline;	/* 0 without a period */
	int64_t critical;		/* its longest critical section */
	int64_t response;		/* longest until a budget is served; by the test */
};

struct admission_component {
	const char *name;
	unsigned int scheduler;		/* index of who schedules its threads; the root's: itself */
	bool schedules;			/* it is a scheduler */
};

struct admission {
	int64_t overhead;		/* of one switch of threads */
	unsigned int ncomponents, nthreads;
	struct admission_component component[AOS_MAX_COMPONENTS];
	struct admission_thread thread[AOS_MAX_THREADS];
};

/* Who hears what is wrong, with its remedy; `text` lives as long as the pool. */
struct admission_listener {
	/* thread: index, or nthreads: it is the component's set of threads. */
	void (*say)(void *context, unsigned int component, unsigned int thread,
		    const char *text);
	void *context;
};

/* The word for an enum image_server. */
extern const char *const server_words[];

/**
 * admission_check() - the test
 * @all: owners and schedulers are indices below ncomponents; response is filled in
 * Return: how many things are wrong, each said to @listener.
 */
unsigned int admission_check(struct admission *all, struct pool *pool,
			     const struct admission_listener *listener);

/* The verdict on what was admitted, for people. */
void admission_print(const struct admission *all, struct pool *pool, FILE *out);

#endif
