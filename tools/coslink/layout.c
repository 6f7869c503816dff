// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layout: where everything lies in the one address space.
 *
 *   base     .text*, client stubs, server stubs, thread stubs	    r-x
 *   guard    .rodata*, .data.rel.ro*, GOT, name, arguments	    r--
 *   guard    .data* | .bss*, common symbols (zero, not in the file)  rw-
 *   guard    heap						    rw-
 *   base + IMAGE_STACKS_OFFSET  stacks
 */
#include <inttypes.h>
#include <string.h>

#include <abi/image.h>
#include <abi/syscall.h>

#include "relocate.h"
#include "stubs.h"
#include "system.h"

struct cursor {
	uint64_t at, limit;
	bool full;
};

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* Take room; addresses are far below 2^63, so only `size` can be absurd. */
static uint64_t take(struct cursor *cursor, uint64_t size, uint64_t align)
{
	uint64_t at = align_up(cursor->at, align);

	if (at > cursor->limit || size > cursor->limit - at) {
		cursor->full = true;
		return cursor->limit;
	}
	cursor->at = at + size;
	return at;
}

/* Go on after a page that stays unmapped. */
static void take_guard(struct cursor *cursor)
{
	cursor->at = align_up(cursor->at, ABI_PAGE_SIZE) + ABI_PAGE_SIZE;
}

static void take_sections(struct cursor *cursor, struct object *object,
			  enum section_kind kind)
{
	for (unsigned int i = 0; i < object->nsections; i++) {
		struct object_section *section = &object->sections[i];

		if (section->kind == kind)
			section->vaddr = take(cursor, section->size, section->align);
	}
}

static void take_stubs(struct cursor *cursor, struct part *part, struct pool *pool)
{
	unsigned int nthreads = part->component->nthreads;

	for (unsigned int i = 0; i < part->nimports; i++)
		part->imports[i].stub = take(cursor, STUB_SIZE, STUB_SIZE);
	for (unsigned int i = 0; i < part->nexports; i++)
		part->exports[i].stub = take(cursor, STUB_SIZE, STUB_SIZE);
	part->thread_stubs = POOL_ARRAY(pool, uint64_t, nthreads);
	for (unsigned int i = 0; i < nthreads; i++)
		part->thread_stubs[i] = take(cursor, STUB_SIZE, STUB_SIZE);
}

/* One GOT entry per symbol that some relocation wants one for. */
static void take_got(struct cursor *cursor, struct part *part)
{
	struct object *object = part->object;

	for (unsigned int i = 0; i < object->nsections; i++) {
		const struct object_section *section = &object->sections[i];

		for (unsigned int j = 0; j < section->nrelocs; j++) {
			struct object_symbol *symbol =
				&object->symbols[section->relocs[j].symbol];

			if (relocate_class(section->relocs[j].type) == RELOC_GOT &&
			    !symbol->got)
				symbol->got = ++part->ngot;
		}
	}
	part->got = take(cursor, part->ngot * sizeof(uint64_t), sizeof(uint64_t));
}

static void take_commons(struct cursor *cursor, struct object *object)
{
	for (unsigned int i = 0; i < object->nsymbols; i++) {
		struct object_symbol *symbol = &object->symbols[i];

		if (symbol->home == SYMBOL_COMMON)
			symbol->vaddr = take(cursor, symbol->value, symbol->align);
	}
}

static void segment_begin(struct cursor *cursor, struct segment *segment, uint32_t rights)
{
	segment->vaddr = cursor->at;
	segment->rights = rights;
}

static void segment_end(struct cursor *cursor, struct segment *segment)
{
	segment->mem_size = cursor->at - segment->vaddr;
	take_guard(cursor);
}

static void layout_text(struct cursor *cursor, struct part *part, struct pool *pool)
{
	struct segment *text = &part->segments[SEGMENT_TEXT];

	segment_begin(cursor, text, AOS_MAP_EXEC);
	take_sections(cursor, part->object, SECTION_TEXT);
	take_stubs(cursor, part, pool);
	text->file_size = cursor->at - text->vaddr;
	segment_end(cursor, text);
}

static void layout_rodata(struct cursor *cursor, struct part *part)
{
	struct segment *rodata = &part->segments[SEGMENT_RODATA];
	const struct component *c = part->component;

	segment_begin(cursor, rodata, AOS_MAP_READ);
	take_sections(cursor, part->object, SECTION_RODATA);
	take_got(cursor, part);
	part->name = take(cursor, strlen(c->name) + 1, 1);
	if (c->args)
		part->args = take(cursor, strlen(c->args) + 1, 1);
	rodata->file_size = cursor->at - rodata->vaddr;
	segment_end(cursor, rodata);
}

static void layout_data(struct cursor *cursor, struct part *part)
{
	struct segment *data = &part->segments[SEGMENT_DATA];

	segment_begin(cursor, data, AOS_MAP_WRITE);
	take_sections(cursor, part->object, SECTION_DATA);
	data->file_size = cursor->at - data->vaddr;
	take_sections(cursor, part->object, SECTION_BSS);
	take_commons(cursor, part->object);
	segment_end(cursor, data);
}

static uint32_t pages(uint64_t bytes)
{
	return (uint32_t)(align_up(bytes, ABI_PAGE_SIZE) / ABI_PAGE_SIZE);
}

static void layout_part(struct system *system, struct part *part)
{
	const struct component *c = part->component;
	uint64_t base = (uint64_t)c->base;
	struct cursor cursor = { base, base + IMAGE_STACKS_OFFSET - ABI_PAGE_SIZE, false };

	part->stack_base = base + IMAGE_STACKS_OFFSET;
	part->stack_pages = pages((uint64_t)c->stack);
	part->counters = IMAGE_COUNTERS_BASE + (uint64_t)part->index * ABI_PAGE_SIZE;
	part->heap_pages = pages((uint64_t)c->heap);
	layout_text(&cursor, part, system->pool);
	layout_rodata(&cursor, part);
	layout_data(&cursor, part);
	part->heap_vaddr = take(&cursor, (uint64_t)pages((uint64_t)c->heap_max) * ABI_PAGE_SIZE,
				ABI_PAGE_SIZE);
	if (cursor.full)
		diag_error(system->diag, c->at,
			   "component '%s' does not fit: code, data and heap (as far as it may grow) may have 0x%llx bytes together; make its heap or its arrays smaller",
			   c->name, IMAGE_STACKS_OFFSET);
}

static void layout_regions(struct system *system)
{
	struct composition *all = &system->composition;
	struct cursor cursor = { IMAGE_REGION_BASE, IMAGE_FILE_VADDR, false };

	for (unsigned int i = 0; i < all->nregions; i++) {
		struct region *region = &all->regions[i];

		region->vaddr = take(&cursor, (uint64_t)region->size, ABI_PAGE_SIZE);
		take_guard(&cursor);
		if (cursor.full) {
			diag_error(system->diag, region->at,
				   "no address space is left for region '%s'; make regions smaller",
				   region->name);
			return;
		}
	}
}

bool layout_build(struct system *system)
{
	unsigned int before = system->diag->errors;

	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		layout_part(system, &system->parts[i]);
	layout_regions(system);
	return system->diag->errors == before;
}
