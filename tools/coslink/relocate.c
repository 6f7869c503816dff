// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Relocation: the value of every symbol, then of every place that uses one,
 * and so the contents of the segments.
 */
#include <string.h>

#include "relocate.h"
#include "stubs.h"
#include "system.h"

#define INT3 0xcc	/* between functions: never reached */

enum reloc_class relocate_class(const char *type)
{
	static const struct {
		const char *type;
		enum reloc_class class;
	} known[] = {
		{ "R_X86_64_NONE", RELOC_NOTHING },
		{ "R_X86_64_64", RELOC_DIRECT },
		{ "R_X86_64_32", RELOC_DIRECT },
		{ "R_X86_64_32S", RELOC_DIRECT },
		{ "R_X86_64_PC32", RELOC_DIRECT },
		{ "R_X86_64_PLT32", RELOC_DIRECT },
		{ "R_X86_64_PC64", RELOC_DIRECT },
		{ "R_X86_64_GOTPCREL", RELOC_GOT },
		{ "R_X86_64_GOTPCRELX", RELOC_GOT },
		{ "R_X86_64_REX_GOTPCRELX", RELOC_GOT },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].type, type))
			return known[i].class;
	return RELOC_UNKNOWN;
}

/* --- values ------------------------------------------------------------ */

static void value_symbols(const struct system *system, struct part *part)
{
	struct object *object = part->object;

	for (unsigned int i = 0; i < object->nsymbols; i++) {
		struct object_symbol *symbol = &object->symbols[i];

		switch (symbol->home) {
		case SYMBOL_SECTION:
			symbol->vaddr = object->sections[symbol->section].vaddr +
					symbol->value;
			break;
		case SYMBOL_ABSOLUTE:
			symbol->vaddr = symbol->value;
			break;
		case SYMBOL_UNDEFINED:	/* a weak one without export stays 0 */
			builtin_value(system, part, symbol->name, &symbol->vaddr);
			break;
		case SYMBOL_COMMON:	/* has its address from the layout */
			break;
		}
	}
	for (unsigned int i = 0; i < part->nimports; i++)
		if (!part->imports[i].further)
			object->symbols[part->imports[i].symbol].vaddr = part->imports[i].stub;
}

/* --- places ------------------------------------------------------------ */

struct patch {
	const struct system *system;
	const struct part *part;
	unsigned int section;
	const struct object_reloc *reloc;
	const struct object_symbol *symbol;
};

static struct place patch_place(const struct patch *patch)
{
	return (struct place){ object_where(patch->part->object, patch->system->pool,
					    patch->section, patch->reloc->offset), 0 };
}

/* Is the symbol something that has an address here? */
static bool check_target(const struct patch *patch)
{
	const struct object_symbol *symbol = patch->symbol;
	const struct object *object = patch->part->object;
	struct diag *diag = patch->system->diag;

	if (symbol->unusable)
		diag_error(diag, patch_place(patch),
			   "'%s' is thread-local or an indirect function; use an ordinary one",
			   symbol->name);
	else if (symbol->home == SYMBOL_SECTION &&
		 object->sections[symbol->section].kind == SECTION_DROPPED)
		diag_error(diag, patch_place(patch),
			   "'%s' lies in section %s, which is not loaded; move it to another section",
			   symbol->name, object->sections[symbol->section].name);
	else
		return true;
	return false;
}

static const char *overflow_remedy(const struct patch *patch)
{
	const struct object_symbol *symbol = patch->symbol;
	uint64_t value;

	if (symbol->home == SYMBOL_UNDEFINED &&
	    (symbol->weak ||
	     builtin_value(patch->system, patch->part, symbol->name, &value)))
		return "take its value as 64 bits: movabs, or .quad";
	return "compile with -fpie -mcmodel=small, and assemble with (%rip) or movabs";
}

static void say_result(const struct patch *patch, enum patch_result result)
{
	struct diag *diag = patch->system->diag;
	const char *type = patch->reloc->type, *name = patch->symbol->name;

	if (result == PATCH_OVERFLOW)
		diag_error(diag, patch_place(patch),
			   "%s against '%s' overflows, its value is 0x%llx; %s", type, name,
			   (unsigned long long)patch->symbol->vaddr, overflow_remedy(patch));
	else if (result == PATCH_OUTSIDE)
		diag_error(diag, patch_place(patch),
			   "%s against '%s' lies outside its section; the object is damaged, build it again",
			   type, name);
	else if (result == PATCH_UNSUPPORTED)
		diag_error(diag, patch_place(patch),
			   "relocation %s against '%s' is not supported; compile with -fpie -mcmodel=small -fvisibility=hidden",
			   type, name);
}

static void apply(const struct patch *patch)
{
	const struct part *part = patch->part;
	enum reloc_class class = relocate_class(patch->reloc->type);
	uint64_t target = patch->symbol->vaddr;

	if (class == RELOC_NOTHING || !check_target(patch))
		return;
	if (class == RELOC_GOT)
		target = part->got + (patch->symbol->got - 1) * sizeof(uint64_t);
	say_result(patch, object_patch(part->object, &part->object->sections[patch->section],
				       patch->reloc, target));
}

/* Do something with every relocation of every loaded section. */
static void each_reloc(const struct system *system, const struct part *part,
		       void (*act)(const struct patch *patch))
{
	for (unsigned int i = 0; i < part->object->nsections; i++) {
		const struct object_section *section = &part->object->sections[i];
		struct patch patch = { .system = system, .part = part, .section = i };

		for (unsigned int j = 0; j < section->nrelocs; j++) {
			patch.reloc = &section->relocs[j];
			patch.symbol = &part->object->symbols[patch.reloc->symbol];
			act(&patch);
		}
	}
}

static void check_type(const struct patch *patch)
{
	if (relocate_class(patch->reloc->type) == RELOC_UNKNOWN)
		say_result(patch, PATCH_UNSUPPORTED);
	else if (!patch->part->object->sections[patch->section].data)
		say_result(patch, PATCH_OUTSIDE);
}

bool relocate_check(const struct system *system)
{
	unsigned int before = system->diag->errors;

	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		each_reloc(system, &system->parts[i], check_type);
	return system->diag->errors == before;
}

/* --- contents ---------------------------------------------------------- */

static void copy_sections(struct segment *segment, const struct object *object,
			  enum section_kind kind)
{
	for (unsigned int i = 0; i < object->nsections; i++) {
		const struct object_section *section = &object->sections[i];

		if (section->kind == kind)
			memcpy(segment->data + (section->vaddr - segment->vaddr),
			       section->data, section->size);
	}
}

static void write_stubs(struct part *part)
{
	struct segment *text = &part->segments[SEGMENT_TEXT];
	const struct object *object = part->object;

	for (unsigned int i = 0; i < part->nimports; i++)
		stub_client(text->data + (part->imports[i].stub - text->vaddr),
			    part->imports[i].slot);
	for (unsigned int i = 0; i < part->nexports; i++)
		stub_server(text->data + (part->exports[i].stub - text->vaddr),
			    part->exports[i].stub,
			    object->symbols[part->exports[i].symbol].vaddr);
	for (unsigned int i = 0; i < part->component->nthreads; i++) {
		int entry = object_find(object, part->component->threads[i].entry);

		stub_thread(text->data + (part->thread_stubs[i] - text->vaddr),
			    part->thread_stubs[i], object->symbols[entry].vaddr);
	}
}

static void write_got(struct part *part)
{
	struct segment *rodata = &part->segments[SEGMENT_RODATA];
	uint8_t *got = rodata->data + (part->got - rodata->vaddr);

	for (unsigned int i = 0; i < part->object->nsymbols; i++) {
		const struct object_symbol *symbol = &part->object->symbols[i];

		if (symbol->got)
			for (unsigned int byte = 0; byte < sizeof(uint64_t); byte++)
				got[(symbol->got - 1) * sizeof(uint64_t) + byte] =
					(uint8_t)(symbol->vaddr >> 8 * byte);
	}
}

static void write_strings(struct part *part)
{
	struct segment *rodata = &part->segments[SEGMENT_RODATA];
	const struct component *c = part->component;

	strcpy((char *)rodata->data + (part->name - rodata->vaddr), c->name);
	if (c->args)
		strcpy((char *)rodata->data + (part->args - rodata->vaddr), c->args);
}

static void write_segments(const struct system *system, struct part *part)
{
	for (unsigned int i = 0; i < SEGMENTS; i++)
		part->segments[i].data = pool_alloc(system->pool, 1,
						    part->segments[i].file_size);
	memset(part->segments[SEGMENT_TEXT].data, INT3,
	       part->segments[SEGMENT_TEXT].file_size);
	copy_sections(&part->segments[SEGMENT_TEXT], part->object, SECTION_TEXT);
	copy_sections(&part->segments[SEGMENT_RODATA], part->object, SECTION_RODATA);
	copy_sections(&part->segments[SEGMENT_DATA], part->object, SECTION_DATA);
	write_stubs(part);
	write_got(part);
	write_strings(part);
}

bool relocate_build(struct system *system)
{
	unsigned int before = system->diag->errors;

	for (unsigned int i = 0; i < system->composition.ncomponents; i++) {
		struct part *part = &system->parts[i];

		value_symbols(system, part);
		each_reloc(system, part, apply);
		write_segments(system, part);
	}
	return system->diag->errors == before;
}
