// SPDX-License-Identifier: GPL-2.0-or-later
/* What the admission test found, for people. */
#include <inttypes.h>

#include <abi/image.h>

#include "admission.h"
#include "duration.h"

const char *const server_words[] = {
	[IMAGE_SERVER_NONE] = "none", [IMAGE_SERVER_DEFERRABLE] = "deferrable",
	[IMAGE_SERVER_SPORADIC] = "sporadic", NULL
};

static const char *owner_name(const struct admission *all, const struct admission_thread *thread)
{
	return all->component[thread->component].name;
}

static void print_thread(const struct admission *all, const struct admission_thread *thread,
			 struct pool *pool, FILE *out)
{
	fprintf(out, "  %-15s %-15s %8" PRId64, owner_name(all, thread), thread->name,
		thread->priority);
	if (!thread->period) {
		fputs("  no times: nothing is promised to it, nor to those it delays\n", out);
		return;
	}
	fprintf(out, "  %8s of %-8s", duration_text(pool, thread->budget),
		duration_text(pool, thread->period));
	fprintf(out, "  within %-8s", duration_text(pool, thread->response));
	fprintf(out, "  deadline %-8s  %s\n", duration_text(pool, thread->deadline),
		thread->server ? server_words[thread->server] : "not enforced");
}

static void print_scheduler(const struct admission *all, unsigned int scheduler,
			    struct pool *pool, FILE *out)
{
	double sum = 0;

	fprintf(out, "scheduler %s\n", all->component[scheduler].name);
	for (unsigned int i = 0; i < all->nthreads; i++) {
		const struct admission_thread *thread = &all->thread[i];

		if (all->component[thread->component].scheduler != scheduler)
			continue;
		print_thread(all, thread, pool, out);
		if (thread->period)
			sum += (double)(thread->budget + 2 * all->overhead) /
			       (double)thread->period;
	}
	fprintf(out, "  utilisation %.1f %%\n", 100 * sum);
}

void admission_print(const struct admission *all, struct pool *pool, FILE *out)
{
	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (all->component[i].schedules)
			print_scheduler(all, i, pool, out);
}
