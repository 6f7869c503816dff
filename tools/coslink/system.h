/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system being linked: the composition, and for each of its components
 * the object, what is bound to what, and where everything lies.  The steps,
 * in order, each one a file:
 *
 *   bind      slots, exports, imports
 *   layout    addresses of sections, stubs, GOT, strings, heaps, regions
 *   relocate  values of symbols, contents of segments
 *   image     the file;   report  the map for people
 */
#ifndef COSLINK_SYSTEM_H
#define COSLINK_SYSTEM_H

#include "admission.h"
#include "composition.h"
#include "diag.h"
#include "object.h"
#include "pool.h"

enum { SEGMENT_TEXT, SEGMENT_RODATA, SEGMENT_DATA, SEGMENTS };

struct segment {
	uint64_t vaddr, mem_size, file_size;
	uint32_t rights;
	uint8_t *data;		/* file_size bytes */
};

struct export {
	const char *name;
	unsigned int symbol;
	uint64_t stub;		/* server stub: where invocations enter */
};

struct import {
	const char *name;
	unsigned int symbol;	/* the undefined one, in the client */
	unsigned int server, export;
	unsigned int slot;
	bool further;		/* no symbol's: by its slot alone, see bind.c */
	uint64_t stub;		/* client stub: the symbol's value */
};

struct part {
	struct component *component;
	struct object *object;
	struct export *exports;
	struct import *imports;
	unsigned int index, nexports, nimports, ngot;
	struct segment segments[SEGMENTS];
	uint64_t *thread_stubs;
	uint64_t got, name, args;	/* args: 0 without any */
	uint64_t heap_vaddr, stack_base, counters;
	uint32_t heap_pages, stack_pages;
};

struct system {
	struct pool *pool;
	struct diag *diag;
	struct composition composition;
	struct admission admission;	/* by verdict_check() */
	struct part *parts;		/* one per component, same order */
};

/* Each returns false after reporting every error it found. */
bool relocate_check(const struct system *system);	/* of known types only? */
bool bind_build(struct system *system);
bool layout_build(struct system *system);
bool relocate_build(struct system *system);

/*
 * Value of a symbol that coslink itself defines for a component; false: no
 * such symbol.  Addresses are final after layout_build().
 */
bool builtin_value(const struct system *system, const struct part *part,
		   const char *name, uint64_t *value);

/* Is the name reserved for us, defined or not? */
bool builtin_reserved(const char *name);

/* The symbol of that family which was probably meant, or NULL. */
const char *builtin_nearest(const struct system *system, const struct part *part,
			    const char *name);

#endif
