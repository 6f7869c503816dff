// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading relocatable objects and applying relocations with libbfd.  The
 * only file that includes bfd.h; what is linked with libbfd as a whole is
 * GPL-3.0-or-later.
 */
#define PACKAGE "coslink"	/* bfd.h wants its includer's config.h */
#define PACKAGE_VERSION "1"
#include <bfd.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "elffile.h"
#include "object.h"

#define REMEDY "give a relocatable ELF x86-64 object, made with gcc -c or ld -r"

struct open {
	struct object *object;
	struct pool *pool;
	struct diag *diag;
	struct elffile elf;
	bfd *bfd;
	asymbol **symbols;
};

/* --- libbfd's own messages --------------------------------------------- */

static char complaint[256];

/* Keep the last message; its first argument is always the bfd ("%pB: "). */
static void keep_complaint(const char *fmt, va_list ap)
{
	complaint[0] = '\0';
	if (!strncmp(fmt, "%pB: ", 5)) {
		va_arg(ap, void *);
		fmt += 5;
	}
	if (!strstr(fmt, "%p") && !strchr(fmt, '$'))
		vsnprintf(complaint, sizeof(complaint), fmt, ap);
}

static const char *bfd_said(void)
{
	return *complaint ? complaint : bfd_errmsg(bfd_get_error());
}

static bfd *open_bfd(const char *path)
{
	bfd_init();
	bfd_set_error_program_name("coslink");
	bfd_set_error_handler(keep_complaint);
	complaint[0] = '\0';
	return bfd_openr(path, "elf64-x86-64");
}

static bool fail(const struct open *o, const char *text)
{
	diag_error(o->diag, (struct place){ o->object->file, 0 }, "%s; " REMEDY, text);
	return false;
}

/* --- sections ---------------------------------------------------------- */

static bool has_prefix(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(name, prefix, len) && (!name[len] || name[len] == '.');
}

static bool has_any_prefix(const char *name, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (has_prefix(name, *prefixes))
			return true;
	return false;
}

/* Sections that would have to be run: an AOS component has no start-up code. */
static bool is_constructor(const char *name)
{
	static const char *const prefixes[] = { ".init_array", ".fini_array",
						".preinit_array", ".ctors", ".dtors",
						".init", ".fini", NULL };

	return has_any_prefix(name, prefixes);
}

static enum section_kind section_kind(const asection *section)
{
	static const char *const dropped[] = { ".eh_frame", ".note", ".cosexport", NULL };
	flagword flags = bfd_section_flags(section);
	const char *name = bfd_section_name(section);

	if (!(flags & SEC_ALLOC) || has_any_prefix(name, dropped))
		return SECTION_DROPPED;
	if (flags & SEC_CODE)
		return SECTION_TEXT;
	if (!(flags & SEC_HAS_CONTENTS))
		return SECTION_BSS;
	/* written by a loader's relocation only, and we have done that */
	if (flags & SEC_READONLY || has_prefix(name, ".data.rel.ro"))
		return SECTION_RODATA;
	return SECTION_DATA;
}

static void check_section(const struct open *o, const asection *section)
{
	flagword flags = bfd_section_flags(section);
	struct place at = { pool_printf(o->pool, "%s: %s+0x0", o->object->file,
					bfd_section_name(section)), 0 };

	if (!(flags & SEC_ALLOC) || !bfd_section_size(section))
		return;
	if (is_constructor(bfd_section_name(section)))
		diag_error(o->diag, at,
			   "constructors and destructors are never run; call the function from the thread's entry");
	if (flags & SEC_THREAD_LOCAL)
		diag_error(o->diag, at,
			   "there is no thread-local storage; use an array indexed by thread, or a parameter");
	if (flags & SEC_CODE && !(flags & SEC_READONLY))
		diag_error(o->diag, at,
			   "section is writable and executable; put code and data into different sections");
	if (bfd_section_alignment(section) > 20)
		diag_error(o->diag, at,
			   "alignment 2^%u is too large; use at most 1 MiB (2^20)",
			   bfd_section_alignment(section));
}

static bool read_data(const struct open *o, struct object_section *s, asection *section)
{
	/* a size beyond the file is a lie; do not allocate for it */
	if (s->size <= bfd_get_file_size(o->bfd)) {
		s->data = pool_alloc(o->pool, 1, s->size);
		if (bfd_get_section_contents(o->bfd, section, s->data, 0, s->size))
			return true;
	} else {
		bfd_set_error(bfd_error_file_truncated);
	}
	return fail(o, pool_printf(o->pool, "cannot read section %s (%s)", s->name,
				   bfd_said()));
}

static bool read_section(const struct open *o, asection *section)
{
	struct object_section *s = &o->object->sections[section->index];

	check_section(o, section);
	s->name = pool_strdup(o->pool, bfd_section_name(section));
	s->kind = section_kind(section);
	s->size = bfd_section_size(section);
	s->align = (uint64_t)1 << (bfd_section_alignment(section) & 31);
	s->bfd = section;
	if (s->kind == SECTION_DROPPED || s->kind == SECTION_BSS)
		return true;
	return read_data(o, s, section);
}

static bool read_sections(const struct open *o)
{
	unsigned int before = o->diag->errors;

	o->object->nsections = o->bfd->section_count;
	o->object->sections = POOL_ARRAY(o->pool, struct object_section,
					 o->object->nsections);
	for (asection *section = o->bfd->sections; section; section = section->next)
		if (!read_section(o, section))
			return false;
	return o->diag->errors == before;
}

/* --- symbols ----------------------------------------------------------- */

static void read_symbol(const struct open *o, asymbol *from, struct object_symbol *to)
{
	asection *section = bfd_asymbol_section(from);

	to->name = pool_strdup(o->pool, bfd_asymbol_name(from));
	to->value = from->value;
	to->global = from->flags & (BSF_GLOBAL | BSF_WEAK | BSF_GNU_UNIQUE);
	to->weak = from->flags & BSF_WEAK;
	to->unusable = from->flags & (BSF_THREAD_LOCAL | BSF_GNU_INDIRECT_FUNCTION);
	if (bfd_is_und_section(section)) {
		to->home = SYMBOL_UNDEFINED;
	} else if (bfd_is_com_section(section)) {
		to->home = SYMBOL_COMMON;
		to->global = true;
	} else if (bfd_is_abs_section(section)) {
		to->home = SYMBOL_ABSOLUTE;
	} else {
		to->home = SYMBOL_SECTION;
		to->section = section->index;
	}
}

static bool read_symbols(struct open *o)
{
	long bytes = bfd_get_symtab_upper_bound(o->bfd), n = -1;

	if (bytes >= 0) {
		o->symbols = pool_alloc(o->pool, 1, (size_t)bytes + sizeof(asymbol *));
		n = bfd_canonicalize_symtab(o->bfd, o->symbols);
	}
	if (n < 0)
		return fail(o, pool_printf(o->pool, "cannot read the symbols (%s)",
					   bfd_said()));
	o->object->nsymbols = (unsigned int)n + 1;
	o->object->symbols = POOL_ARRAY(o->pool, struct object_symbol, n + 1);
	for (long i = 0; i < n; i++)
		read_symbol(o, o->symbols[i], &o->object->symbols[i]);
	o->object->symbols[n] = (struct object_symbol){ .name = "0", .home = SYMBOL_ABSOLUTE };
	return true;
}

/* The one thing libbfd does not tell: the alignment of common symbols. */
static bool align_commons(const struct open *o)
{
	for (unsigned int i = 0; i < o->object->nsymbols; i++) {
		struct object_symbol *symbol = &o->object->symbols[i];

		if (symbol->home != SYMBOL_COMMON)
			continue;
		symbol->align = elffile_common_align(&o->elf, symbol->name);
		if (!symbol->align)
			return fail(o, pool_printf(o->pool, "common symbol '%s' has no sensible alignment",
						   symbol->name));
	}
	return true;
}

/* --- relocations ------------------------------------------------------- */

static unsigned int symbol_index(const struct open *o, asymbol *const *symbol)
{
	unsigned int absolute = o->object->nsymbols - 1;

	if (symbol >= o->symbols && symbol < o->symbols + absolute)
		return (unsigned int)(symbol - o->symbols);
	return absolute;
}

static void mark_used(struct object *object, const struct object_reloc *reloc,
		      unsigned int section)
{
	struct object_symbol *symbol = &object->symbols[reloc->symbol];

	if (symbol->used || !strcmp(reloc->type, "R_X86_64_NONE"))
		return;
	symbol->used = true;
	symbol->used_section = section;
	symbol->used_offset = reloc->offset;
}

static bool read_relocs(const struct open *o, unsigned int index)
{
	struct object_section *s = &o->object->sections[index];
	long bytes = bfd_get_reloc_upper_bound(o->bfd, s->bfd), n = -1;
	arelent **relocs = NULL;

	if (bytes >= 0) {
		relocs = pool_alloc(o->pool, 1, (size_t)bytes + sizeof(*relocs));
		n = bfd_canonicalize_reloc(o->bfd, s->bfd, relocs, o->symbols);
	}
	if (n < 0)
		return fail(o, pool_printf(o->pool, "cannot read the relocations of %s (%s)",
					   s->name, bfd_said()));
	s->relocs = POOL_ARRAY(o->pool, struct object_reloc, n);
	s->nrelocs = (unsigned int)n;
	for (long i = 0; i < n; i++) {
		s->relocs[i] = (struct object_reloc){
			.offset = relocs[i]->address,
			.symbol = symbol_index(o, relocs[i]->sym_ptr_ptr),
			.type = relocs[i]->howto && relocs[i]->howto->name ?
					relocs[i]->howto->name : "of unknown type",
			.bfd = relocs[i],
		};
		mark_used(o->object, &s->relocs[i], index);
	}
	return true;
}

static bool read_all_relocs(const struct open *o)
{
	for (unsigned int i = 0; i < o->object->nsections; i++)
		if (o->object->sections[i].kind != SECTION_DROPPED && !read_relocs(o, i))
			return false;
	return true;
}

/* --- exports ----------------------------------------------------------- */

static unsigned int split_names(const char *names, uint64_t size, const char **into)
{
	unsigned int n = 0;

	for (uint64_t i = 0; i < size; i++) {
		if (!names[i] || (i && names[i - 1]))
			continue;
		if (into)
			into[n] = names + i;
		n++;
	}
	return n;
}

static bool read_exports(const struct open *o)
{
	asection *section = bfd_get_section_by_name(o->bfd, ".cosexport");
	struct object *object = o->object;
	struct object_section s = { .name = ".cosexport" };

	if (!section || !bfd_section_size(section))
		return true;
	s.size = bfd_section_size(section);
	if (!read_data(o, &s, section))
		return false;
	if (s.data[s.size - 1])
		return fail(o, "section .cosexport does not end with a NUL; export with AOS_EXPORT()");
	object->nexports = split_names((const char *)s.data, s.size, NULL);
	object->exports = POOL_ARRAY(o->pool, const char *, object->nexports);
	split_names((const char *)s.data, s.size, object->exports);
	return true;
}

/* --- the object -------------------------------------------------------- */

static bool open_object(struct open *o)
{
	const char *path = o->object->path;
	const char *wrong = elffile_read(&o->elf, path, o->pool);

	if (wrong && !o->elf.bytes) {
		diag_error(o->diag, (struct place){ o->object->file, 0 },
			   "cannot open %s: %s; build it or correct 'object' or --objects",
			   path, wrong);
		return false;
	}
	if (wrong)
		return fail(o, pool_printf(o->pool, "the file is %s", wrong));
	o->bfd = open_bfd(path);
	if (o->bfd && bfd_check_format(o->bfd, bfd_object)) {
		o->object->bfd = o->bfd;
		return true;
	}
	fail(o, pool_printf(o->pool, "libbfd does not read it (%s)", bfd_said()));
	if (o->bfd)
		bfd_close(o->bfd);
	return false;
}

struct object *object_open(const char *path, const char *file, struct pool *pool,
			   struct diag *diag)
{
	struct object *object = POOL_ARRAY(pool, struct object, 1);
	struct open o = { .object = object, .pool = pool, .diag = diag };

	object->file = file;
	object->path = path;
	if (!open_object(&o))
		return NULL;
	if (read_sections(&o) && read_symbols(&o) && align_commons(&o) &&
	    read_all_relocs(&o) && read_exports(&o))
		return object;
	object_close(object);
	return NULL;
}

void object_close(struct object *object)
{
	if (object->bfd)
		bfd_close(object->bfd);
	object->bfd = NULL;
}

int object_find(const struct object *object, const char *name)
{
	for (unsigned int i = 0; i < object->nsymbols; i++) {
		const struct object_symbol *symbol = &object->symbols[i];

		if (symbol->global && symbol->home != SYMBOL_UNDEFINED &&
		    !strcmp(symbol->name, name))
			return (int)i;
	}
	return -1;
}

enum patch_result object_patch(const struct object *object, struct object_section *section,
			       const struct object_reloc *reloc, uint64_t target)
{
	asymbol symbol = { .the_bfd = object->bfd, .name = "target", .value = target,
			   .section = bfd_abs_section_ptr };
	asymbol *pointer = &symbol;
	arelent copy = *(const arelent *)reloc->bfd;
	asection *in = section->bfd;
	char *message = NULL;

	copy.sym_ptr_ptr = &pointer;
	in->output_section = in;
	in->output_offset = 0;
	in->vma = section->vaddr;
	switch (bfd_perform_relocation(object->bfd, &copy, section->data, in, NULL, &message)) {
	case bfd_reloc_ok:
		return PATCH_DONE;
	case bfd_reloc_overflow:
		return PATCH_OVERFLOW;
	case bfd_reloc_outofrange:
		return PATCH_OUTSIDE;
	default:
		return PATCH_UNSUPPORTED;
	}
}

/* --- where something is ------------------------------------------------ */

/*
 * Source position, from a bfd of its own: the one we link with has had its
 * section addresses changed, which the DWARF reader would stumble over.
 */
static const char *source_line(const struct object *object, struct pool *pool,
			       unsigned int index, uint64_t offset)
{
	bfd *file = open_bfd(object->path);
	const char *source = NULL, *function, *text = "";
	unsigned int line = 0;
	asection *section;
	asymbol **symbols;

	if (!file || !bfd_check_format(file, bfd_object))
		goto out;
	symbols = pool_alloc(pool, 1, (size_t)bfd_get_symtab_upper_bound(file));
	bfd_canonicalize_symtab(file, symbols);
	section = file->sections;
	while (section && section->index != index)
		section = section->next;
	if (section && bfd_find_nearest_line(file, section, symbols, offset, &source,
					     &function, &line) && source && line)
		text = pool_printf(pool, " (%s:%u)", source, line);
out:
	if (file)
		bfd_close(file);
	return text;
}

/* The function or object that starts last at or before an offset. */
static const char *enclosing(const struct object *object, unsigned int section,
			     uint64_t offset)
{
	const struct object_symbol *best = NULL;

	for (unsigned int i = 0; i < object->nsymbols; i++) {
		const struct object_symbol *symbol = &object->symbols[i];

		if (symbol->home != SYMBOL_SECTION || symbol->section != section ||
		    symbol->value > offset || *symbol->name == '.' || !*symbol->name)
			continue;
		if (!best || symbol->value > best->value)
			best = symbol;
	}
	return best ? best->name : "";
}

const char *object_where(const struct object *object, struct pool *pool,
			 unsigned int section, uint64_t offset)
{
	const char *symbol = enclosing(object, section, offset);

	return pool_printf(pool, "%s: %s+0x%llx%s%s%s", object->file,
			   object->sections[section].name, (unsigned long long)offset,
			   *symbol ? " / " : "", symbol,
			   source_line(object, pool, section, offset));
}
