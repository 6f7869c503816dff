// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Binding: capability slots, exports, and which export satisfies which
 * undefined symbol.
 */
#include <stdlib.h>
#include <string.h>

#include <abi/syscall.h>

#include "system.h"

/* --- exports ----------------------------------------------------------- */

static struct place export_place(const struct system *system, const struct part *part)
{
	return (struct place){ pool_printf(system->pool, "%s: .cosexport",
					   part->object->file), 0 };
}

static void bind_export(const struct system *system, struct part *part, const char *name)
{
	struct object *object = part->object;
	int index = object_find(object, name);

	for (unsigned int i = 0; i < part->nexports; i++)
		if (!strcmp(part->exports[i].name, name)) {
			diag_error(system->diag, export_place(system, part),
				   "'%s' is exported twice; remove one AOS_EXPORT(%s)",
				   name, name);
			return;
		}
	if (index < 0) {
		diag_error(system->diag, export_place(system, part),
			   "'%s' is exported but is no global function here; define it, without 'static'",
			   name);
		return;
	}
	if (object->symbols[index].home != SYMBOL_SECTION ||
	    object->sections[object->symbols[index].section].kind != SECTION_TEXT) {
		diag_error(system->diag, export_place(system, part),
			   "'%s' is exported but is data; only functions can be exported, share data through a region",
			   name);
		return;
	}
	part->exports[part->nexports++] =
		(struct export){ .name = name, .symbol = (unsigned int)index };
}

static void bind_exports(struct system *system, struct part *part)
{
	struct object *object = part->object;

	part->exports = POOL_ARRAY(system->pool, struct export, object->nexports);
	for (unsigned int i = 0; i < object->nexports; i++)
		bind_export(system, part, object->exports[i]);
}

static int find_export(const struct part *part, const char *name)
{
	for (unsigned int i = 0; i < part->nexports; i++)
		if (!strcmp(part->exports[i].name, name))
			return (int)i;
	return -1;
}

/* --- why a symbol has no home ------------------------------------------ */

/* Where the component first uses the symbol, for the end of a message. */
static const char *used_at(const struct system *system, const struct part *part,
			   const struct object_symbol *symbol)
{
	return object_where(part->object, system->pool, symbol->used_section,
			    symbol->used_offset);
}

static const char *nearest_export(const struct system *system, const char *name)
{
	unsigned int n = 0, all = 0;
	const char **words;

	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		all += system->parts[i].nexports;
	words = POOL_ARRAY(system->pool, const char *, all + 1);
	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		for (unsigned int j = 0; j < system->parts[i].nexports; j++)
			words[n++] = system->parts[i].exports[j].name;
	return diag_nearest(name, words);
}

static void say_reserved(const struct system *system, const struct part *part,
			 const struct object_symbol *symbol)
{
	const char *nearest = builtin_nearest(system, part, symbol->name);

	diag_error(system->diag, part->component->at,
		   "component '%s' declares nothing for '%s', used at %s; %s%s%s",
		   part->component->name, symbol->name, used_at(system, part, symbol),
		   nearest ? "the nearest declared is '" :
			     "declare it in the composition",
		   nearest ? nearest : "", nearest ? "'" : "");
}

static bool say_hidden(const struct system *system, const struct part *part,
		       const struct object_symbol *symbol)
{
	const struct component *c = part->component;

	for (unsigned int i = 0; i < c->nimports; i++) {
		const struct part *server = &system->parts[c->imports[i].index];

		if (object_find(server->object, symbol->name) < 0)
			continue;
		diag_error(system->diag, c->imports[i].at,
			   "'%s' uses '%s', which '%s' defines but does not export, at %s; add AOS_EXPORT(%s) to %s",
			   c->name, symbol->name, server->component->name,
			   used_at(system, part, symbol), symbol->name,
			   server->component->name);
		return true;
	}
	return false;
}

static bool say_not_imported(const struct system *system, const struct part *part,
			     const struct object_symbol *symbol)
{
	for (unsigned int i = 0; i < system->composition.ncomponents; i++) {
		const struct part *server = &system->parts[i];

		if (server == part || find_export(server, symbol->name) < 0)
			continue;
		diag_error(system->diag, part->component->at,
			   "'%s' uses '%s' at %s, which '%s' exports; add \"%s\" to its imports",
			   part->component->name, symbol->name,
			   used_at(system, part, symbol), server->component->name,
			   server->component->name);
		return true;
	}
	return false;
}

static void say_unresolved(const struct system *system, const struct part *part,
			   const struct object_symbol *symbol)
{
	const char *nearest;

	if (builtin_reserved(symbol->name)) {
		say_reserved(system, part, symbol);
		return;
	}
	if (say_hidden(system, part, symbol) || say_not_imported(system, part, symbol))
		return;
	nearest = nearest_export(system, symbol->name);
	diag_error(system->diag, part->component->at,
		   "'%s' uses '%s' at %s, which no component exports%s%s%s; define it in '%s' or export it from a component it imports",
		   part->component->name, symbol->name, used_at(system, part, symbol),
		   nearest ? " (the nearest export is '" : "", nearest ? nearest : "",
		   nearest ? "')" : "", part->component->name);
}

/* --- imports ----------------------------------------------------------- */

static void add_import(struct part *part, unsigned int symbol, unsigned int server,
		       int export)
{
	part->imports[part->nimports++] = (struct import){
		.name = part->object->symbols[symbol].name,
		.symbol = symbol,
		.server = server,
		.export = (unsigned int)export,
	};
}

/* Find the export among the component's imports; it must be the only one. */
static void bind_import(const struct system *system, struct part *part, unsigned int index)
{
	const struct object_symbol *symbol = &part->object->symbols[index];
	const struct component *c = part->component;
	const struct part *found = NULL;

	for (unsigned int i = 0; i < c->nimports; i++) {
		const struct part *server = &system->parts[c->imports[i].index];
		int export = find_export(server, symbol->name);

		if (export < 0)
			continue;
		if (!found) {
			found = server;
			add_import(part, index, server->index, export);
			continue;
		}
		diag_error(system->diag, c->imports[i].at,
			   "'%s' uses '%s' at %s, which both '%s' and '%s' export; import only one of them",
			   c->name, symbol->name, used_at(system, part, symbol),
			   found->component->name, server->component->name);
	}
	if (!found && !symbol->weak)
		say_unresolved(system, part, symbol);
}

/* What the symbol stands for comes before others of that name. */
static int by_name(const void *a, const void *b)
{
	const struct import *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = x->further - y->further;
	return order ? order : (x->server > y->server) - (x->server < y->server);
}

/* All undefined symbols that are, or are not, in a family of ours. */
static void bind_undefined(const struct system *system, struct part *part, bool reserved)
{
	struct object *object = part->object;
	uint64_t value;

	for (unsigned int i = 0; i < object->nsymbols; i++) {
		const struct object_symbol *symbol = &object->symbols[i];

		if (symbol->home == SYMBOL_UNDEFINED && symbol->used &&
		    builtin_reserved(symbol->name) == reserved &&
		    !builtin_value(system, part, symbol->name, &value))
			bind_import(system, part, i);
	}
}

/*
 * What the loader calls of the root scheduler it calls of the others as well:
 * threads are admitted to whoever schedules them.  It finds those by their
 * capabilities in the image, of the same name.
 */
static void bind_further(const struct system *system, struct part *loader, unsigned int server)
{
	const struct part *part = &system->parts[server];
	unsigned int n = loader->nimports;

	for (unsigned int i = 0; i < n; i++) {
		struct import further = loader->imports[i];
		int export = find_export(part, further.name);

		if (further.further || further.server != loader->component->scheduler_index)
			continue;
		if (export < 0) {
			diag_error(system->diag, part->component->at,
				   "scheduler '%s' does not export '%s', which '%s' calls of each scheduler; add AOS_EXPORT(%s) to it",
				   part->component->name, further.name,
				   loader->component->name, further.name);
			continue;
		}
		further.server = server;
		further.export = (unsigned int)export;
		further.further = true;
		loader->imports[loader->nimports++] = further;
	}
}

static void bind_loader(const struct system *system, struct part *loader)
{
	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		if (system->parts[i].component->scheduler &&
		    i != loader->component->scheduler_index)
			bind_further(system, loader, i);
}

/* Imports first: their slots have names of ours. */
static void bind_imports(const struct system *system, struct part *part)
{
	part->imports = POOL_ARRAY(system->pool, struct import,
				   (size_t)part->object->nsymbols * AOS_MAX_SCHEDULERS);
	bind_undefined(system, part, false);
	if (!part->index)
		bind_loader(system, part);
	bind_undefined(system, part, true);
	qsort(part->imports, part->nimports, sizeof(*part->imports), by_name);
}

/* --- slots ------------------------------------------------------------- */

/* Endpoints, timers, doorbells as written; imports by name. */
static void bind_slots(const struct system *system, struct part *part)
{
	struct component *c = part->component;
	unsigned int slot = AOS_SLOT_FIRST;

	for (unsigned int i = 0; i < c->nendpoints; i++)
		c->endpoints[i].slot = slot++;
	for (unsigned int i = 0; i < c->ntimers; i++)
		c->timers[i].slot = slot++;
	for (unsigned int i = 0; i < c->ndoorbells; i++)
		c->doorbells[i].slot = slot++;
	for (unsigned int i = 0; i < part->nimports; i++)
		part->imports[i].slot = slot++;
	if (slot > AOS_SLOT_DYNAMIC)
		diag_error(system->diag, c->at,
			   "component '%s' needs %u capabilities, there are slots for %u; import fewer functions or split it",
			   c->name, slot - AOS_SLOT_FIRST,
			   AOS_SLOT_DYNAMIC - AOS_SLOT_FIRST);
}

/* --- threads ----------------------------------------------------------- */

static void check_entries(const struct system *system, const struct part *part)
{
	const struct component *c = part->component;

	for (unsigned int i = 0; i < c->nthreads; i++) {
		const struct comp_thread *thread = &c->threads[i];
		int index = object_find(part->object, thread->entry);
		const struct object_symbol *symbol =
			index < 0 ? NULL : &part->object->symbols[index];

		if (!symbol)
			diag_error(system->diag, thread->at,
				   "thread '%s': %s has no global function '%s'; define it, without 'static', or correct 'entry'",
				   thread->name, part->object->file, thread->entry);
		else if (symbol->home != SYMBOL_SECTION ||
			 part->object->sections[symbol->section].kind != SECTION_TEXT)
			diag_error(system->diag, thread->at,
				   "thread '%s': '%s' in %s is not a function; name one as 'entry'",
				   thread->name, thread->entry, part->object->file);
	}
}

bool bind_build(struct system *system)
{
	unsigned int n = system->composition.ncomponents, before = system->diag->errors;

	for (unsigned int i = 0; i < n; i++)
		bind_exports(system, &system->parts[i]);
	for (unsigned int i = 0; i < n; i++) {
		bind_imports(system, &system->parts[i]);
		bind_slots(system, &system->parts[i]);
		check_entries(system, &system->parts[i]);
	}
	return system->diag->errors == before;
}
