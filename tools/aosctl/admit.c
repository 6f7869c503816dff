// SPDX-License-Identifier: GPL-2.0-or-later
/* See admit.h. */
#include <string.h>

#include "admit.h"
#include "tools/coslink/admission.h"

#define NS_PER_US 1000

static struct admission_thread thread_of(const struct control_thread *t)
{
	return (struct admission_thread){
		.name = t->name, .component = t->component, .priority = t->priority,
		.server = t->server <= IMAGE_SERVER_SPORADIC ? (int)t->server : IMAGE_SERVER_NONE,
		.period = (int64_t)t->period_us * NS_PER_US,
		.budget = (int64_t)t->budget_us * NS_PER_US,
		.deadline = (int64_t)t->deadline_us * NS_PER_US,
		.critical = t->critical_ns > INT64_MAX ? INT64_MAX : (int64_t)t->critical_ns,
	};
}

/* Who schedules a component is a scheduler; what cannot be one schedules nobody. */
static void fill(struct admission *admission, const struct composition *all)
{
	*admission = (struct admission){ .overhead = all->overhead_ns,
					 .ncomponents = all->ncomponents };
	for (uint32_t i = 0; i < all->ncomponents; i++) {
		admission->component[i].name = all->component[i].name;
		admission->component[i].scheduler = all->component[i].scheduler;
	}
	for (uint32_t i = 0; i < all->ncomponents; i++)
		if (all->component[i].scheduler < all->ncomponents)
			admission->component[all->component[i].scheduler].schedules = true;
	for (uint32_t i = 0; i < all->nthreads; i++)
		admission->thread[admission->nthreads++] = thread_of(&all->thread[i]);
}

/* ---- what an AOS runs with --------------------------------------------------- */

static void say_it(void *context, unsigned int component, unsigned int thread, const char *text)
{
	(void)context;
	(void)component;
	(void)thread;
	say_error("%s", text);
}

int admit_composition(const struct composition *composition)
{
	static const struct admission_listener listener = { say_it, NULL };
	static struct admission admission;
	struct pool pool = { NULL };
	unsigned int errors;

	fill(&admission, composition);
	errors = admission_check(&admission, &pool, &listener);
	pool_free(&pool);
	return errors ? -1 : 0;
}

/* ---- an image ------------------------------------------------------------------ */

struct reader {
	const struct image *image;
	const char *path;
	int line;
	struct report *report;
};

static void report_it(void *context, unsigned int component, unsigned int thread,
		      const char *text)
{
	const struct reader *r = context;
	struct image_place place;

	if (thread < r->image->header.threads.count)
		image_place_of_thread(r->image, thread, &place);
	else
		image_place_of_component(r->image, component, &place);
	if (place.line)
		report_error(r->report, r->line, "image %s: its composition, %s:%u: %s; then link "
			     "it again", r->path, place.file, place.line, text);
	else
		report_error(r->report, r->line, "image %s: %s; then link it again", r->path, text);
}

void admit_image(const struct image *image, const char *path, int line, struct report *report)
{
	struct reader reader = { image, path, line, report };
	const struct admission_listener listener = { report_it, &reader };
	static struct composition composition;
	static struct admission admission;
	struct pool pool = { NULL };

	if (!composition_of_image(image, &composition)) {
		report_error(report, line, "image %s: its tables of components and threads do not "
			     "agree: link it again with coslink", path);
		return;
	}
	fill(&admission, &composition);
	admission_check(&admission, &pool, &listener);
	pool_free(&pool);
}

static void nobody(void *context, unsigned int component, unsigned int thread, const char *text)
{
	(void)context;
	(void)component;
	(void)thread;
	(void)text;
}

void admit_print(const struct image *image, FILE *out)
{
	static const struct admission_listener listener = { nobody, NULL };
	static struct composition composition;
	static struct admission admission;
	struct pool pool = { NULL };

	if (composition_of_image(image, &composition)) {
		fill(&admission, &composition);
		admission_check(&admission, &pool, &listener);
		admission_print(&admission, &pool, out);
	}
	pool_free(&pool);
}
