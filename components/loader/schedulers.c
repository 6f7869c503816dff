// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which scheduler a thread is told to.  The root's functions go by name, as
 * anybody's; the same of the others the linker gave us as capabilities of the same
 * name, which the image tells.
 *
 * A scheduler is trusted to return: it runs on the loader's own thread.
 */
#include "loader.h"

/* The root is there by its own endpoint; of the others the kernel learns here. */
void schedulers_build(const struct image *img)
{
	uint32_t root = image_scheduler(img);

	for (uint32_t i = 0; i < img->header->components.count; i++) {
		const struct image_component *c = &img->components[i];

		if (c->scheduler != root && c->scheduler != i)
			must(aos_comp_scheduler(component_slot(i), component_slot(c->scheduler)),
			     c->name, "giving its threads to their scheduler");
	}
}

/* -> slot of the loader's invocation of that function of a scheduler */
static uint32_t find_call(const struct image *img, uint32_t scheduler, const char *function)
{
	const struct image_component *loader = &img->components[0];

	for (uint32_t i = 0; i < loader->ncaps; i++) {
		const struct image_cap *cap = &img->caps[loader->first_cap + i];

		if (cap->kind == IMAGE_CAP_INVOKE && cap->target == scheduler &&
		    !strcmp(img->strings + cap->name, function))
			return cap->slot;
	}
	fail_text(img->components[scheduler].name, function,
		  "the image gives the loader no way to call it");
}

/* What is called of each, and how of the root. */
struct call {
	const char *name;
	int64_t (*root)(const uint64_t a[6]);
};

static int64_t root_admit(const uint64_t a[6])
{
	return sched_admit(a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int64_t root_change(const uint64_t a[6])
{
	return sched_change(a[0], a[1], a[2], a[3], a[4]);
}

static int64_t root_watch(const uint64_t a[6])
{
	return sched_watch(a[0], a[1]);
}

static int64_t root_component_gone(const uint64_t a[6])
{
	return sched_component_gone(a[0], a[1]);
}

static const struct call admit = { "sched_admit", root_admit };
static const struct call change = { "sched_change", root_change };
static const struct call watch = { "sched_watch", root_watch };
static const struct call gone = { "sched_component_gone", root_component_gone };

/*
 * Without the root nothing goes on.  A child may be stopped, or refuse: that is
 * its threads' bad luck, and nobody else's.
 */
static void tell(const struct image *img, uint32_t scheduler, const struct call *call,
		 const uint64_t a[6])
{
	const char *name = img->components[scheduler].name;
	int64_t err;

	if (scheduler == image_scheduler(img)) {
		must(call->root(a), name, call->name);
		return;
	}
	err = aos_invoke(find_call(img, scheduler, call->name), a);
	if (err < 0)
		aos_log("%s: %s: %s", name, call->name, aos_error(err));
}

static void tell_all(const struct image *img, const struct call *call, const uint64_t a[6])
{
	for (uint32_t i = 0; i < img->header->components.count; i++)
		if (img->components[i].flags & AOS_COMP_SCHED)
			tell(img, i, call, a);
}

void admit_thread(const struct image *img, uint32_t thread, uint32_t priority)
{
	const struct image_thread *t = &img->threads[thread];
	const uint64_t a[6] = { thread, priority, t->server, t->period_us * NS_PER_US,
				t->budget_us * NS_PER_US, t->deadline_us * NS_PER_US };

	tell(img, img->components[t->component].scheduler, &admit, a);
}

int64_t change_thread(const struct image *img, uint32_t thread)
{
	const struct image_thread *t = &img->threads[thread];
	const uint64_t a[6] = { thread, t->priority, t->period_us * NS_PER_US,
				t->budget_us * NS_PER_US, t->deadline_us * NS_PER_US };
	uint32_t scheduler = img->components[t->component].scheduler;

	if (scheduler == image_scheduler(img))
		return change.root(a);
	return aos_invoke(find_call(img, scheduler, change.name), a);
}

void watch_component(const struct image *img, uint32_t component)
{
	const uint64_t a[6] = { component, img->components[component].watchdog };

	tell_all(img, &watch, a);
}

void component_gone(const struct image *img, uint32_t component, uint32_t threads)
{
	const uint64_t a[6] = { component, threads };

	tell_all(img, &gone, a);
}
