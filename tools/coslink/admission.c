// SPDX-License-Identifier: GPL-2.0-or-later
/* The admission test. */
#include <inttypes.h>

#include <abi/image.h>
#include <abi/syscall.h>

#include "admission.h"
#include "duration.h"
#include "response.h"

/* A late thread's response time is looked for up to so many periods. */
#define PERIODS_SEARCHED 100

/* The threads of one scheduler, and the same as tasks. */
struct share {
	struct composition *all;
	struct pool *pool;
	unsigned int scheduler;
	struct response_supply supply;
	struct comp_thread *threads[AOS_MAX_THREADS];
	const struct component *owners[AOS_MAX_THREADS];
	struct response_task tasks[AOS_MAX_THREADS];
	unsigned int n;
};

/* --- collecting -------------------------------------------------------- */

/* A scheduler's own, or that of a thread which runs on its budget. */
static int64_t longest_critical(const struct composition *all, unsigned int scheduler,
				int64_t longest)
{
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (c->scheduler_index != scheduler || i == scheduler)
			continue;
		for (unsigned int j = 0; j < c->nthreads; j++)
			if (c->threads[j].critical > longest)
				longest = c->threads[j].critical;
		if (c->scheduler)
			longest = longest_critical(all, i, longest);
	}
	return longest;
}

static struct response_task task_of(const struct share *share, unsigned int component,
				    const struct comp_thread *thread)
{
	const struct composition *all = share->all;
	struct response_task task = {
		.priority = thread->priority,
		.period = thread->period,
		.budget = thread->budget,
		.critical = thread->critical,
	};

	if (all->components[component].scheduler && component != share->scheduler)
		task.critical = longest_critical(all, component, thread->critical);
	if (!thread->period)
		return task;
	task.budget += 2 * all->overhead;	/* to it, and away from it */
	if (thread->server == IMAGE_SERVER_DEFERRABLE)
		task.jitter = thread->period - thread->budget;
	if (thread->server)
		task.overdraw = task.critical;
	return task;
}

static void collect(struct share *share)
{
	for (unsigned int i = 0; i < share->all->ncomponents; i++) {
		struct component *c = &share->all->components[i];

		if (c->scheduler_index != share->scheduler)
			continue;
		for (unsigned int j = 0; j < c->nthreads; j++) {
			share->threads[share->n] = &c->threads[j];
			share->owners[share->n] = c;
			share->tasks[share->n++] = task_of(share, i, &c->threads[j]);
		}
	}
}

/*
 * What a child's threads can count on.  A sporadic budget comes back one
 * period after it was used, and how late it is used depends on others: up to
 * response - budget later each time.
 */
static struct response_supply supply_of(const struct comp_thread *payer)
{
	int64_t late = payer->server == IMAGE_SERVER_SPORADIC ?
		payer->response - payer->budget : 0;

	return (struct response_supply){ payer->period + late, payer->budget };
}

/* --- utilisation ------------------------------------------------------- */

static double utilisation(const struct share *share)
{
	double sum = 0;

	for (unsigned int i = 0; i < share->n; i++)
		if (share->tasks[i].period)
			sum += (double)share->tasks[i].budget / (double)share->tasks[i].period;
	return sum;
}

static double supplied(const struct share *share)
{
	return share->supply.period ?
		(double)share->supply.budget / (double)share->supply.period : 1;
}

static bool check_utilisation(const struct share *share, struct diag *diag)
{
	const struct component *scheduler = &share->all->components[share->scheduler];

	/* Room for what adding fractions of 2^-53 gets wrong. */
	if (utilisation(share) <= supplied(share) + 1e-9)
		return true;
	diag_error(diag, scheduler->at,
		   "the threads that '%s' schedules need %.1f %% of the CPU, and it has %.1f %%; lower their budgets%s",
		   scheduler->name, 100 * utilisation(share), 100 * supplied(share),
		   share->supply.period ? " or raise that of its 'main'" : "");
	return false;
}

/* --- response times ---------------------------------------------------- */

static int64_t response(const struct share *share, unsigned int index)
{
	return response_time(share->tasks, share->n, index, share->supply,
			     PERIODS_SEARCHED * share->tasks[index].period);
}

/* The largest budget that would be served in time, in whole us; 0: none. */
static int64_t budget_in_time(struct share *share, unsigned int index)
{
	struct response_task *task = &share->tasks[index];
	int64_t kept = task->budget, other = kept - share->threads[index]->budget;
	int64_t fits = 0, too_long = share->threads[index]->budget / US;

	while (too_long - fits > 1) {
		int64_t middle = fits + (too_long - fits) / 2;

		task->budget = middle * US + other;
		if (response(share, index) <= share->threads[index]->deadline)
			fits = middle;
		else
			too_long = middle;
	}
	task->budget = kept;
	return fits * US;
}

/* Who takes the greatest part of the CPU from it, or nobody: n. */
static unsigned int greatest_delay(const struct share *share, unsigned int index)
{
	unsigned int greatest = share->n;
	double most = 0;

	for (unsigned int i = 0; i < share->n; i++) {
		const struct response_task *task = &share->tasks[i];
		double part = task->period ? (double)task->budget / (double)task->period : 0;

		if (response_delays(share->tasks, i, index) && part > most) {
			greatest = i;
			most = part;
		}
	}
	return greatest;
}

static const char *remedy(struct share *share, unsigned int index)
{
	const struct comp_thread *thread = share->threads[index];
	int64_t budget = budget_in_time(share, index);
	unsigned int other = greatest_delay(share, index);
	const char *longer = thread->response > thread->period ? "" :
		pool_printf(share->pool, "set its deadline to %s, ",
			    duration_text(share->pool, thread->response));

	if (budget)
		return pool_printf(share->pool, "%slower its budget to %s, or make it more urgent",
				   longer, duration_text(share->pool, budget));
	if (other < share->n)
		return pool_printf(share->pool, "%smake it more urgent than '%s' of '%s', which delays it most, or lower the budget of that one",
				   longer, share->threads[other]->name, share->owners[other]->name);
	return pool_printf(share->pool, "%sshorten the critical sections of less urgent threads, or give its scheduler more",
			   longer);
}

static void say_late(struct share *share, unsigned int index, struct diag *diag)
{
	const struct comp_thread *thread = share->threads[index];
	const char *when = thread->response == RESPONSE_NONE ? "later than can be told" :
		pool_printf(share->pool, "after %s", duration_text(share->pool, thread->response));

	diag_error(diag, thread->at,
		   "thread '%s' of '%s' has had its budget of %s %s (%s of that critical sections of others), and its deadline is %s; %s",
		   thread->name, share->owners[index]->name,
		   duration_text(share->pool, thread->budget), when,
		   duration_text(share->pool,
				 response_blocking(share->tasks, share->n, index)),
		   duration_text(share->pool, thread->deadline), remedy(share, index));
}

static void check_responses(struct share *share, struct diag *diag)
{
	for (unsigned int i = 0; i < share->n; i++) {
		if (!share->tasks[i].period)
			continue;
		share->threads[i]->response = response(share, i);
		if (share->threads[i]->response > share->threads[i]->deadline)
			say_late(share, i, diag);
	}
}

/* --- the tree of schedulers -------------------------------------------- */

static void check_scheduler(struct composition *all, unsigned int scheduler,
			    struct response_supply supply, struct pool *pool,
			    struct diag *diag)
{
	struct share share = { .all = all, .pool = pool, .scheduler = scheduler,
			       .supply = supply };
	unsigned int before = diag->errors;

	collect(&share);
	if (check_utilisation(&share, diag))
		check_responses(&share, diag);
	if (diag->errors != before)
		return;		/* what its children have is not known */
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (c->scheduler && c->scheduler_index == scheduler && i != scheduler)
			check_scheduler(all, i, supply_of(&c->threads[0]), pool, diag);
	}
}

bool admission_check(struct composition *all, struct pool *pool, struct diag *diag)
{
	unsigned int before = diag->errors, root = 0;

	while (all->components[root].scheduler_index != root)
		root++;
	check_scheduler(all, root, (struct response_supply){ 0 }, pool, diag);
	return diag->errors == before;
}

/* --- the verdict ------------------------------------------------------- */

static void print_thread(const struct component *c, const struct comp_thread *thread,
			 struct pool *pool, FILE *out)
{
	fprintf(out, "  %-15s %-15s %8" PRId64, c->name, thread->name, thread->priority);
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

static void print_scheduler(const struct composition *all, unsigned int scheduler,
			    struct pool *pool, FILE *out)
{
	double sum = 0;

	fprintf(out, "scheduler %s\n", all->components[scheduler].name);
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct component *c = &all->components[i];

		if (c->scheduler_index != scheduler)
			continue;
		for (unsigned int j = 0; j < c->nthreads; j++) {
			print_thread(c, &c->threads[j], pool, out);
			if (c->threads[j].period)
				sum += (double)(c->threads[j].budget + 2 * all->overhead) /
				       (double)c->threads[j].period;
		}
	}
	fprintf(out, "  utilisation %.1f %%\n", 100 * sum);
}

void admission_print(const struct composition *all, struct pool *pool, FILE *out)
{
	for (unsigned int i = 0; i < all->ncomponents; i++)
		if (all->components[i].scheduler)
			print_scheduler(all, i, pool, out);
}
