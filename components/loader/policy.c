// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an image says about growth, restarts, times and schedulers: the rest
 * of the loader, the scheduler and the memory manager act on it unseen.
 */
#include "image.h"

#include "abi/syscall.h"

#define STACK_PAGES_MAX ((uint32_t)(AOS_STACK_STRIDE / ABI_PAGE_SIZE) - 1)
#define QUOTA_PAGES_MAX ((uint32_t)(IMAGE_COMPONENT_STRIDE / ABI_PAGE_SIZE))

bool image_grows(const struct image_component *c)
{
	return c->heap_max_pages > c->heap_pages || c->stack_max_pages > c->stack_pages;
}

uint32_t image_manager(const struct image *img)
{
	uint32_t i = 0;

	while (i < img->header->components.count && !(img->components[i].flags & AOS_COMP_MEM))
		i++;
	return i;
}

uint32_t image_scheduler(const struct image *img)
{
	uint32_t i = 0;

	while (img->components[i].scheduler != i)
		i++;
	return i;
}

/* ---- components ---- */

static const char *check_memory(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];
	uint32_t manager = image_manager(img);

	if (c->stack_pages < 1 || c->stack_max_pages < c->stack_pages ||
	    c->stack_max_pages > STACK_PAGES_MAX)
		return "stack size";
	if (c->heap_max_pages < c->heap_pages)
		return "its heap is larger than it may become";
	if (c->quota_pages > QUOTA_PAGES_MAX)
		return "its quota is more than there can be";
	if (c->flags & AOS_COMP_MEM && i != manager)
		return "it is a second memory manager";
	if ((image_grows(c) || c->quota_pages) &&
	    (manager == i || manager == img->header->components.count))
		return "nobody can give it the memory it may ask for";
	return NULL;
}

static const char *check_restart(const struct image_component *c)
{
	bool restarts = c->flags & AOS_COMP_RESTART;

	if (restarts && !(c->flags & AOS_COMP_STOP_ON_FAULT))
		return "it restarts and does not stop";
	if (restarts != (c->restart_max > 0) || restarts != (c->restart_within_ms > 0))
		return "how often it restarts, and whether, do not agree";
	return NULL;
}

static const char *check_watchdog(const struct image_component *c)
{
	if (c->watchdog > IMAGE_WATCHDOG_MAX)
		return "its watchdog is for more budgets than are counted";
	if (c->watchdog && !(c->flags & AOS_COMP_STOP_ON_FAULT))
		return "it has a watchdog and does not stop";
	return NULL;
}

const char *policy_check_component(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];
	const char *why;

	if (c->flags & ~(AOS_COMP_KERNEL_FLAGS | AOS_COMP_LOADER_FLAGS | AOS_COMP_FP))
		return "unknown flags";
	if (c->scheduler >= img->header->components.count ||
	    !(img->components[c->scheduler].flags & AOS_COMP_SCHED))
		return "what schedules it is no scheduler";
	why = check_memory(img, i);
	if (!why)
		why = check_watchdog(c);
	return why ? why : check_restart(c);
}

/* ---- threads ---- */

const char *policy_check_thread(const struct image_thread *t)
{
	if (t->priority > AOS_URGENCY_MAX)
		return "priority";
	if (t->server > IMAGE_SERVER_SPORADIC)
		return "unknown kind of server";
	if (t->critical_ns > IMAGE_MAX_CRITICAL_NS)
		return "its critical section is longer than any period";
	if (!t->period_us)
		return t->server || t->budget_us || t->deadline_us ?
			"a budget without a period" : NULL;
	if (!t->budget_us || t->budget_us > t->deadline_us || t->deadline_us > t->period_us ||
	    t->period_us > IMAGE_MAX_PERIOD_US)
		return "budget, deadline and period do not agree";
	return NULL;
}

/* ---- schedulers ---- */

/* The one thread of a scheduler that another one schedules, or NULL: it has not one. */
static const struct image_thread *only_thread(const struct image *img, uint32_t component)
{
	const struct image_thread *only = NULL;

	for (uint32_t i = 0; i < img->header->threads.count; i++) {
		if (img->threads[i].component != component)
			continue;
		if (only)
			return NULL;
		only = &img->threads[i];
	}
	return only;
}

/* Upwards from any component one comes to `root`, in no more steps than there are schedulers. */
static bool leads_to(const struct image *img, uint32_t from, uint32_t root)
{
	for (uint32_t steps = 0; steps < AOS_MAX_SCHEDULERS && from != root; steps++)
		from = img->components[from].scheduler;
	return from == root;
}

static const char *check_child(const struct image *img, uint32_t i, uint32_t root)
{
	const struct image_thread *thread = only_thread(img, i);

	if (!leads_to(img, i, root))
		return "a scheduler is scheduled by itself, and is not the root";
	if (!thread || !thread->server)
		return "a scheduler under another has not one thread with a budget";
	return NULL;
}

const char *policy_check_schedulers(const struct image *img)
{
	uint32_t roots = 0, schedulers = 0, root;
	const char *why = NULL;

	for (uint32_t i = 0; i < img->header->components.count; i++) {
		roots += img->components[i].scheduler == i;
		schedulers += (img->components[i].flags & AOS_COMP_SCHED) != 0;
	}
	if (roots != 1 || schedulers > AOS_MAX_SCHEDULERS)
		return "it needs one root scheduler, and few others";
	root = image_scheduler(img);
	if (img->components[0].scheduler != root)
		return "the loader is not the root scheduler's";
	for (uint32_t i = 0; i < img->header->components.count && !why; i++)
		if (img->components[i].flags & AOS_COMP_SCHED && i != root)
			why = check_child(img, i, root);
	return why;
}
