// SPDX-License-Identifier: GPL-2.0-or-later
/* See verdict.h. */
#include "verdict.h"

struct verdict {
	const struct composition *composition;
	const struct comp_thread *thread[AOS_MAX_THREADS];
	unsigned int nthreads;
	struct diag *diag;
};

static void say(void *context, unsigned int component, unsigned int thread, const char *text)
{
	const struct verdict *v = context;

	diag_error(v->diag, thread < v->nthreads ? v->thread[thread]->at :
						   v->composition->components[component].at,
		   "%s", text);
}

static void add_thread(struct verdict *v, unsigned int component, const struct comp_thread *t,
		       struct admission *admission)
{
	admission->thread[admission->nthreads++] = (struct admission_thread){
		.name = t->name, .component = component, .server = t->server,
		.priority = t->priority, .period = t->period, .budget = t->budget,
		.deadline = t->deadline, .critical = t->critical,
	};
	v->thread[v->nthreads++] = t;
}

bool verdict_check(const struct composition *composition, struct admission *admission,
		   struct pool *pool, struct diag *diag)
{
	struct verdict v = { .composition = composition, .diag = diag };
	const struct admission_listener listener = { say, &v };

	*admission = (struct admission){ .overhead = composition->overhead,
					 .ncomponents = composition->ncomponents };
	for (unsigned int i = 0; i < composition->ncomponents; i++) {
		const struct component *c = &composition->components[i];

		admission->component[i] = (struct admission_component){
			c->name, c->scheduler_index, c->scheduler
		};
		for (unsigned int j = 0; j < c->nthreads; j++)
			add_thread(&v, i, &c->threads[j], admission);
	}
	return !admission_check(admission, pool, &listener);
}
