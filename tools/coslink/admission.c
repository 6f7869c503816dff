// SPDX-License-Identifier: GPL-2.0-or-later
/* The admission test. */
#include <inttypes.h>

#include <abi/image.h>

#include "admission.h"
#include "duration.h"
#include "response.h"

/* A late thread's response time is looked for up to so many periods. */
#define PERIODS_SEARCHED 100

/* Longer sections and dearer switches than a composition can have would overflow sums. */
#define TIME_MAX ((int64_t)IMAGE_MAX_CRITICAL_NS)
#define OVERHEAD_MAX MS

/* The test under way. */
struct test {
	struct admission *all;
	struct pool *pool;
	const struct admission_listener *listener;
	unsigned int errors;
};

/* The threads of one scheduler, and the same as tasks. */
struct share {
	struct test *test;
	unsigned int scheduler;
	struct response_supply supply;
	unsigned int n;
	unsigned int thread[AOS_MAX_THREADS];	/* index of each */
	struct response_task tasks[AOS_MAX_THREADS];
};

static struct admission_thread *thread_of(const struct share *share, unsigned int index)
{
	return &share->test->all->thread[share->thread[index]];
}

static const char *owner_name(const struct admission *all, const struct admission_thread *thread)
{
	return all->component[thread->component].name;
}

static void complain(struct test *test, unsigned int component, unsigned int thread,
		     const char *text)
{
	test->errors++;
	test->listener->say(test->listener->context, component, thread, text);
}

/* --- do the numbers agree? --------------------------------------------- */

static bool thread_agrees(const struct admission_thread *t)
{
	if (t->critical < 0 || t->critical > TIME_MAX)
		return false;
	if (!t->period)
		return !t->budget && !t->deadline;
	return t->budget > 0 && t->budget <= t->deadline && t->deadline <= t->period &&
	       t->period <= TIME_MAX;
}

static void check_thread(struct test *test, unsigned int index)
{
	const struct admission_thread *t = &test->all->thread[index];

	if (thread_agrees(t))
		return;
	complain(test, t->component, index, pool_printf(test->pool,
		 "thread '%s' of '%s': a budget of %s, a deadline of %s and a period of %s do not agree: each must be as long as the one before at least, and no critical section longer than %s",
		 t->name, owner_name(test->all, t), duration_text(test->pool, t->budget),
		 duration_text(test->pool, t->deadline), duration_text(test->pool, t->period),
		 duration_text(test->pool, TIME_MAX)));
}

static bool check_numbers(struct test *test)
{
	if (test->all->overhead < 0 || test->all->overhead > OVERHEAD_MAX)
		complain(test, 0, test->all->nthreads, pool_printf(test->pool,
			 "a switch of threads is said to take %s: use %s at most",
			 duration_text(test->pool, test->all->overhead),
			 duration_text(test->pool, OVERHEAD_MAX)));
	for (unsigned int i = 0; i < test->all->nthreads; i++)
		check_thread(test, i);
	return !test->errors;
}

/* --- collecting -------------------------------------------------------- */

/* A scheduler's own, or that of a thread which runs on its budget. */
static int64_t longest_critical(const struct admission *all, unsigned int scheduler,
				int64_t longest)
{
	for (unsigned int i = 0; i < all->nthreads; i++) {
		const struct admission_thread *t = &all->thread[i];
		const struct admission_component *owner = &all->component[t->component];

		if (owner->scheduler != scheduler || t->component == scheduler)
			continue;
		if (t->critical > longest)
			longest = t->critical;
		if (owner->schedules)
			longest = longest_critical(all, t->component, longest);
	}
	return longest;
}

static struct response_task task_of(const struct share *share,
				    const struct admission_thread *thread)
{
	const struct admission *all = share->test->all;
	struct response_task task = {
		.priority = thread->priority,
		.period = thread->period,
		.budget = thread->budget,
		.critical = thread->critical,
	};

	if (all->component[thread->component].schedules && thread->component != share->scheduler)
		task.critical = longest_critical(all, thread->component, thread->critical);
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
	const struct admission *all = share->test->all;

	for (unsigned int i = 0; i < all->nthreads; i++) {
		if (all->component[all->thread[i].component].scheduler != share->scheduler)
			continue;
		share->thread[share->n] = i;
		share->tasks[share->n++] = task_of(share, &all->thread[i]);
	}
}

/*
 * What a child's threads can count on.  A sporadic budget comes back one
 * period after it was used, and how late it is used depends on others: up to
 * response - budget later each time.
 */
static struct response_supply supply_of(const struct admission_thread *payer)
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

static bool check_utilisation(const struct share *share)
{
	struct test *test = share->test;

	/* Room for what adding fractions of 2^-53 gets wrong. */
	if (utilisation(share) <= supplied(share) + 1e-9)
		return true;
	complain(test, share->scheduler, test->all->nthreads, pool_printf(test->pool,
		 "the threads that '%s' schedules need %.1f %% of the CPU, and it has %.1f %%; lower their budgets%s",
		 test->all->component[share->scheduler].name, 100 * utilisation(share),
		 100 * supplied(share), share->supply.period ? " or raise that of its 'main'" : ""));
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
	int64_t kept = task->budget, other = kept - thread_of(share, index)->budget;
	int64_t fits = 0, too_long = thread_of(share, index)->budget / US;

	while (too_long - fits > 1) {
		int64_t middle = fits + (too_long - fits) / 2;

		task->budget = middle * US + other;
		if (response(share, index) <= thread_of(share, index)->deadline)
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
	const struct admission_thread *thread = thread_of(share, index);
	int64_t budget = budget_in_time(share, index);
	unsigned int other = greatest_delay(share, index);
	const char *longer = thread->response > thread->period ? "" :
		pool_printf(share->test->pool, "set its deadline to %s, ",
			    duration_text(share->test->pool, thread->response));

	if (budget)
		return pool_printf(share->test->pool, "%slower its budget to %s, or make it more urgent",
				   longer, duration_text(share->test->pool, budget));
	if (other < share->n)
		return pool_printf(share->test->pool, "%smake it more urgent than '%s' of '%s', which delays it most, or lower the budget of that one",
				   longer, thread_of(share, other)->name,
				   owner_name(share->test->all, thread_of(share, other)));
	return pool_printf(share->test->pool, "%sshorten the critical sections of less urgent threads, or give its scheduler more",
			   longer);
}

static void say_late(struct share *share, unsigned int index)
{
	const struct admission_thread *thread = thread_of(share, index);
	struct pool *pool = share->test->pool;
	const char *when = thread->response == RESPONSE_NONE ? "later than can be told" :
		pool_printf(pool, "after %s", duration_text(pool, thread->response));

	complain(share->test, thread->component, share->thread[index], pool_printf(pool,
		 "thread '%s' of '%s' has had its budget of %s %s (%s of that critical sections of others), and its deadline is %s; %s",
		 thread->name, owner_name(share->test->all, thread),
		 duration_text(pool, thread->budget), when,
		 duration_text(pool, response_blocking(share->tasks, share->n, index)),
		 duration_text(pool, thread->deadline), remedy(share, index)));
}

static void check_responses(struct share *share)
{
	for (unsigned int i = 0; i < share->n; i++) {
		struct admission_thread *thread = thread_of(share, i);

		if (!share->tasks[i].period)
			continue;
		thread->response = response(share, i);
		if (thread->response > thread->deadline)
			say_late(share, i);
	}
}

/* --- the tree of schedulers -------------------------------------------- */

/* On whose budget its threads run, or NULL: nobody would run them. */
static const struct admission_thread *payer_of(const struct admission *all,
					       unsigned int scheduler)
{
	for (unsigned int i = 0; i < all->nthreads; i++)
		if (all->thread[i].component == scheduler && all->thread[i].period)
			return &all->thread[i];
	return NULL;
}

static void check_scheduler(struct test *test, unsigned int scheduler,
			    struct response_supply supply)
{
	struct share share = { .test = test, .scheduler = scheduler, .supply = supply };
	const struct admission *all = test->all;
	unsigned int before = test->errors;

	collect(&share);
	if (check_utilisation(&share))
		check_responses(&share);
	if (test->errors != before)
		return;		/* what its children have is not known */
	for (unsigned int i = 0; i < all->ncomponents; i++) {
		const struct admission_thread *payer = payer_of(all, i);

		if (all->component[i].schedules && all->component[i].scheduler == scheduler &&
		    i != scheduler && payer)
			check_scheduler(test, i, supply_of(payer));
	}
}

/* Rings of schedulers, which only a hostile set has, are below no root. */
unsigned int admission_check(struct admission *all, struct pool *pool,
			     const struct admission_listener *listener)
{
	struct test test = { all, pool, listener, 0 };
	unsigned int root = 0;

	while (root < all->ncomponents && all->component[root].scheduler != root)
		root++;
	if (root == all->ncomponents)
		complain(&test, 0, all->nthreads, "no component is the root scheduler");
	else if (check_numbers(&test))
		check_scheduler(&test, root, (struct response_supply){ 0 });
	return test.errors;
}
