/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A composition as the user wrote it: components, their wiring and limits.
 * composition_read() fills what the file says; composition_check() turns
 * names into indices and refuses what cannot be built.
 */
#ifndef COSLINK_COMPOSITION_H
#define COSLINK_COMPOSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "diag.h"
#include "pool.h"

struct comp_thread {
	struct place at;
	const char *name, *entry;
	int64_t priority, arg;
};

struct comp_endpoint {
	struct place at;
	const char *name;
	int source;			/* enum aos_source */
	const char *channel;
	unsigned int channel_index;	/* by composition_check() */
	unsigned int slot;		/* by bind_slots() */
};

struct comp_timer {
	struct place at;
	const char *name, *endpoint;
	unsigned int endpoint_index;	/* in the same component; by check */
	unsigned int slot;
};

struct comp_doorbell {
	struct place at;
	const char *name, *channel;
	unsigned int channel_index;
	unsigned int slot;
};

struct comp_map {
	struct place at;
	const char *region, *as;	/* as: never NULL after reading */
	int rights;			/* AOS_MAP_READ or AOS_MAP_WRITE */
	unsigned int region_index;
};

struct comp_import {
	struct place at;
	const char *name;
	unsigned int index;
};

struct component {
	struct place at;
	const char *name, *object, *args;
	int64_t stack, heap;		/* bytes */
	int64_t base;			/* 0: the component's usual place */
	bool scheduler, fp;
	int on_fault;			/* 0 continue, 1 stop */
	struct comp_import *imports;
	struct comp_thread *threads;
	struct comp_endpoint *endpoints;
	struct comp_timer *timers;
	struct comp_doorbell *doorbells;
	struct comp_map *maps;
	unsigned int nimports, nthreads, nendpoints, ntimers, ndoorbells, nmaps;
};

struct channel {
	struct place at;
	const char *name;
};

struct region {
	struct place at;
	const char *name;
	int64_t size;			/* bytes, whole pages */
	int kind;			/* enum image_region_kind */
	unsigned int channel, part;	/* of channel regions */
	uint64_t vaddr;			/* by layout_build() */
};

struct composition {
	const char *file;
	struct channel *channels;
	struct component *components;
	struct region *regions;		/* the channels' first */
	unsigned int nchannels, ncomponents, nregions;
};

/* Both report every error they find and return whether there was none. */
bool composition_read(struct composition *composition, const char *file,
		      struct pool *pool, struct diag *diag);
bool composition_check(struct composition *composition, struct pool *pool,
		       struct diag *diag);

/* graph.c's part of the check: cycles, depth, reachability. */
void composition_check_imports(const struct composition *composition, struct pool *pool,
			       struct diag *diag);

#endif
