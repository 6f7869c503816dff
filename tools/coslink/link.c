// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of a run, in order; each runs only if the ones before found no error. */
#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "image.h"
#include "link.h"
#include "report.h"
#include "system.h"
#include "verdict.h"

static bool open_objects(struct system *system, const char *dir)
{
	struct composition *all = &system->composition;
	unsigned int before = system->diag->errors;

	system->parts = POOL_ARRAY(system->pool, struct part, all->ncomponents);
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		struct component *c = &all->components[i];
		struct part *part = &system->parts[i];

		part->index = i;
		part->component = c;
		part->object = object_open(pool_printf(system->pool, "%s/%s", dir, c->object),
					   c->object, system->pool, system->diag);
	}
	return system->diag->errors == before;
}

static void close_objects(struct system *system)
{
	if (!system->parts)
		return;
	for (unsigned int i = 0; i < system->composition.ncomponents; i++)
		if (system->parts[i].object)
			object_close(system->parts[i].object);
}

static bool write_report(const struct system *system, uint32_t image_size,
			 const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	bool done;

	if (!path)
		return true;
	if (!strcmp(path, "-")) {
		report_print(system, image_size, stdout);
		return !fflush(stdout);
	}
	out = open_memstream(&text, &size);
	if (!out)
		return false;
	report_print(system, image_size, out);
	fclose(out);
	done = image_write(text, size, path, system->pool, system->diag);
	free(text);
	return done;
}

bool link_run(const struct link_options *options, FILE *errors)
{
	struct pool pool = { 0 };
	struct diag diag = { .out = errors };
	struct system system = { .pool = &pool, .diag = &diag };
	struct image image;
	bool done;

	done = composition_read(&system.composition, options->composition, &pool, &diag) &&
	       composition_check(&system.composition, &pool, &diag) &&
	       verdict_check(&system.composition, &system.admission, &pool, &diag) &&
	       open_objects(&system, options->objects) && relocate_check(&system) &&
	       bind_build(&system) && layout_build(&system) && relocate_build(&system) &&
	       image_build(&system, &image) &&
	       (options->dry_run || image_write(image.bytes, image.size, options->output,
						&pool, &diag)) &&
	       write_report(&system, image.size, options->report);
	if (done && options->verbose)
		admission_print(&system.admission, &pool, stdout);
	close_objects(&system);
	pool_free(&pool);
	return done;
}
