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

/* Times are in nanoseconds; 0 of an optional value is its absence. */
struct comp_thread {
	struct place at;
	const char *name, *entry;
	int64_t priority, arg;
	int server;			/* enum image_server */
	int64_t period, budget;
	int64_t deadline;		/* the period where nothing else is said; by check */
	int64_t critical;		/* that of the components it comes to; by check */
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

enum on_fault { FAULT_CONTINUE, FAULT_STOP, FAULT_RESTART };

struct component {
	struct place at;
	const char *name, *object, *args;
	int64_t stack, heap;		/* bytes */
	int64_t stack_max, heap_max;	/* >= stack, heap; by check */
	int64_t quota;			/* bytes */
	int64_t base;			/* 0: the component's usual place */
	bool scheduler, memory_manager, fp;
	int on_fault;			/* enum on_fault */
	bool has_restart;		/* the file has a group `restart` */
	int64_t restart_max, restart_within;
	int64_t watchdog;		/* budgets of a visit, 0: no watchdog */
	int64_t critical;		/* longest critical section in it */
	const char *scheduled_by;	/* NULL: the root scheduler */
	unsigned int scheduler_index;	/* the root scheduler's own: itself; by check */
	struct comp_import *imports;
	struct comp_thread *threads;
	struct comp_endpoint *endpoints;
	struct comp_timer *timers;
	struct comp_doorbell *doorbells;
	struct comp_map *maps;
	unsigned int nimports, nthreads, nendpoints, ntimers, ndoorbells, nmaps;
};

/* Of packets, or a translator's: those have a component and sizes. */
struct channel {
	struct place at;
	const char *name;
	const char *component;		/* NULL: of packets */
	const char *as;			/* its name there; of translators */
	int64_t to_aos, from_aos;	/* bytes */
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
	int64_t overhead;		/* of one switch of threads */
	struct channel *channels;	/* of packets first */
	struct component *components;
	struct region *regions;		/* the channels' first */
	unsigned int nchannels, ncomponents, nregions;
	unsigned int nbrought;		/* regions of channels */
};

/* Both report every error they find and return whether there was none. */
bool composition_read(struct composition *composition, const char *file,
		      struct pool *pool, struct diag *diag);
bool composition_check(struct composition *composition, struct pool *pool,
		       struct diag *diag);

/*
 * Gives each translator's component an endpoint, a doorbell and maps for it, as if
 * they had been written there.  Before everything else that is checked.
 */
void composition_wire_translators(struct composition *composition, struct pool *pool,
				  struct diag *diag);

/*
 * Parts of the check, in this order: roles.c who schedules whom, who manages
 * memory; places.c addresses and rights; graph.c cycles, depth, reachability;
 * callers.c whose threads call which scheduler; timing.c periods, budgets and
 * what hangs on them.
 */
void composition_check_roles(struct composition *composition, struct pool *pool,
			     struct diag *diag);
void composition_check_places(struct composition *composition, struct pool *pool,
			      struct diag *diag);
void composition_check_imports(const struct composition *composition, struct pool *pool,
			       struct diag *diag);
void composition_check_callers(const struct composition *composition, struct diag *diag);
void composition_check_timing(struct composition *composition, struct pool *pool,
			      struct diag *diag);

/* Does it have more heap or stack than is mapped at the start? */
bool component_grows(const struct component *c);

/* Index of the memory manager, or ncomponents: there is none. */
unsigned int composition_memory_manager(const struct composition *composition);

/*
 * Components that a thread of `index` can get to, itself among them: a bit
 * mask.  Growing memory leads to the memory manager.
 */
uint32_t composition_reach(const struct composition *composition, unsigned int index);

#endif
