/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A component's relocatable object, as the rest of coslink sees it.  Only
 * object.c knows libbfd.
 */
#ifndef COSLINK_OBJECT_H
#define COSLINK_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "diag.h"
#include "pool.h"

enum section_kind {
	SECTION_TEXT,		/* read, execute */
	SECTION_RODATA,		/* read */
	SECTION_DATA,		/* read, write */
	SECTION_BSS,		/* read, write, zero */
	SECTION_KINDS,
	SECTION_DROPPED = SECTION_KINDS
};

struct object_reloc {
	uint64_t offset;	/* in its section */
	unsigned int symbol;
	const char *type;	/* R_X86_64_... */
	const void *bfd;	/* libbfd's own record */
};

struct object_section {
	const char *name;
	enum section_kind kind;
	uint64_t size, align;
	uint8_t *data;		/* NULL for bss and dropped sections */
	struct object_reloc *relocs;
	unsigned int nrelocs;
	uint64_t vaddr;		/* by layout_build() */
	void *bfd;
};

enum symbol_home { SYMBOL_SECTION, SYMBOL_ABSOLUTE, SYMBOL_COMMON, SYMBOL_UNDEFINED };

struct object_symbol {
	const char *name;
	enum symbol_home home;
	unsigned int section;	/* SYMBOL_SECTION: index */
	uint64_t value;		/* offset in the section, value, or size (common) */
	uint64_t align;		/* common */
	bool global, weak;
	bool unusable;		/* thread-local or indirect function */
	bool used;		/* a loaded section refers to it, first here: */
	unsigned int used_section;
	uint64_t used_offset;
	uint64_t vaddr;		/* final value; by bind, layout and relocate */
	uint64_t got;		/* 0, or 1 + its index in the GOT */
};

struct object {
	const char *file;	/* name without the directory, for messages */
	const char *path;
	struct object_section *sections;
	struct object_symbol *symbols;	/* the last one is absolute zero */
	const char **exports;	/* what .cosexport names */
	unsigned int nsections, nsymbols, nexports;
	void *bfd;
};

/*
 * Open and check an object; NULL after errors.  object_close() also after
 * errors of later steps: libbfd keeps the file open.
 */
struct object *object_open(const char *path, const char *file, struct pool *pool,
			   struct diag *diag);
void object_close(struct object *object);

/* "vnic.o: .text+0x35 / vnic_rx (rx.c:33)", the last with debug information. */
const char *object_where(const struct object *object, struct pool *pool,
			 unsigned int section, uint64_t offset);

/* Index of a global definition, or -1. */
int object_find(const struct object *object, const char *name);

enum patch_result { PATCH_DONE, PATCH_OVERFLOW, PATCH_OUTSIDE, PATCH_UNSUPPORTED };

/* Apply one relocation to the section's data; the target's value is given. */
enum patch_result object_patch(const struct object *object, struct object_section *section,
			       const struct object_reloc *reloc, uint64_t target);

#endif
