// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of a composition may change while it runs: the loader acts on copies of the
 * image's tables of components and threads.  Whoever may invoke us writes wishes
 * into a second copy; that is checked as an image is, and then becomes the first
 * as a whole, or not at all.
 *
 * CONTEXT.  Wishes come on the threads of others, one at a time: `busy`.  They become
 * true on the loader's own thread, which is what reads the tables.
 */
#include "loader.h"
#include "loader/control.h"

struct tables {
	struct image_component component[AOS_MAX_COMPONENTS];
	struct image_thread thread[AOS_MAX_THREADS];
};

static struct {
	struct tables now, wanted;
	struct image img;		/* its tables are `wanted` */
	const struct image *running;	/* and its `now` */
	bool busy;			/* somebody is at `wanted`; atomic */
	bool due;			/* the loader's thread has it; atomic */
	struct counter *changed, *refused;
} settings;

void settings_init(struct image *img)
{
	memcpy(settings.now.component, img->components,
	       img->header->components.count * sizeof(img->components[0]));
	memcpy(settings.now.thread, img->threads,
	       img->header->threads.count * sizeof(img->threads[0]));
	img->components = settings.now.component;
	img->threads = settings.now.thread;
	settings.running = img;
	settings.wanted = settings.now;
	settings.img = *img;
	settings.img.components = settings.wanted.component;
	settings.img.threads = settings.wanted.thread;
	settings.changed = aos_counter("settings");
	settings.refused = aos_counter("settings_refused");
}

/* ---- one wish ---- */

/* Where a setting is; NULL: there is no such one.  @index is checked. */
static uint32_t *place(struct tables *tables, uint64_t setting, uint64_t index)
{
	struct image_component *c = &tables->component[index];
	struct image_thread *t = &tables->thread[index];

	switch (setting) {
	case CONTROL_PRIORITY: return &t->priority;
	case CONTROL_PERIOD_US: return &t->period_us;
	case CONTROL_BUDGET_US: return &t->budget_us;
	case CONTROL_DEADLINE_US: return &t->deadline_us;
	case CONTROL_WATCHDOG: return &c->watchdog;
	case CONTROL_RESTART_MAX: return &c->restart_max;
	case CONTROL_RESTART_WITHIN_MS: return &c->restart_within_ms;
	}
	return NULL;
}

static bool is_there(uint64_t what, uint64_t index)
{
	const struct image_header *h = settings.running->header;
	bool thread = CONTROL_IS_OF_THREAD(what) || what >= LOADER_THREAD_COMPONENT;

	return index < (thread ? h->threads.count : h->components.count);
}

/* Nothing is given that it has not: the scheduler and the kernel were told so. */
static int64_t may_set(uint64_t setting, uint64_t index, uint64_t value)
{
	const struct image *img = settings.running;

	if (!CONTROL_IS_OF_THREAD(setting))
		return index ? 0 : -AOS_EPERM;
	if (!index || img->threads[index].component == image_scheduler(img))
		return -AOS_EPERM;
	if (img->threads[index].component == aos_caller())
		return -AOS_EBUSY;
	if (setting != CONTROL_PRIORITY && !img->threads[index].period_us)
		return -AOS_EPERM;
	return value ? 0 : -AOS_EINVAL;
}

static int64_t wish(uint64_t setting, uint64_t index, uint64_t value)
{
	uint32_t *wanted = place(&settings.wanted, setting, 0);
	int64_t err;

	if (!wanted || value > UINT32_MAX)
		return -AOS_EINVAL;
	if (!is_there(setting, index))
		return -AOS_ENOENT;
	err = may_set(setting, index, value);
	if (!err)
		*place(&settings.wanted, setting, index) = (uint32_t)value;
	return err;
}

/* ---- all of them ---- */

static const char *why_not(void)
{
	const struct image_header *h = settings.running->header;
	const char *why = NULL;

	for (uint32_t i = 0; i < h->components.count && !why; i++)
		why = policy_check_component(&settings.img, i);
	for (uint32_t i = 0; i < h->threads.count && !why; i++)
		why = policy_check_thread(&settings.wanted.thread[i]);
	return why;
}

static void take_over(struct tables *before)
{
	*before = settings.now;
	settings.now = settings.wanted;
}

static bool thread_differs(const struct tables *before, uint32_t i)
{
	return memcmp(&before->thread[i], &settings.now.thread[i], sizeof(before->thread[i]));
}

/* A thread that is down is told anew when it is made anew. */
static int64_t tell_threads(const struct tables *before)
{
	int64_t err = 0;

	for (uint32_t i = 1; i < settings.running->header->threads.count && !err; i++) {
		if (thread_differs(before, i))
			err = change_thread(settings.running, i);
		if (err == -AOS_ENOENT)
			err = 0;
	}
	return err;
}

static void tell_watchdogs(const struct tables *before)
{
	for (uint32_t i = 1; i < settings.running->header->components.count; i++)
		if (before->component[i].watchdog != settings.now.component[i].watchdog)
			watch_component(settings.running, i);
}

static void become(void)
{
	static struct tables before;
	int64_t err;

	take_over(&before);
	err = tell_threads(&before);
	if (!err) {
		tell_watchdogs(&before);
		restart_reconsider(before.component);
		counter_inc(settings.changed);
		aos_log("settings changed");
		return;
	}
	settings.wanted = before;
	take_over(&before);
	tell_threads(&before);
	counter_inc(settings.refused);
	aos_log("settings refused by a scheduler, all are as before: %s", aos_error(err));
}

void settings_change(void)
{
	if (!__atomic_load_n(&settings.due, __ATOMIC_ACQUIRE))
		return;
	become();
	settings.due = false;
	__atomic_store_n(&settings.busy, false, __ATOMIC_RELEASE);
}

/* ---- for others ---- */

static bool enter(void)
{
	return !__atomic_exchange_n(&settings.busy, true, __ATOMIC_ACQUIRE);
}

static int64_t leave(int64_t result)
{
	__atomic_store_n(&settings.busy, false, __ATOMIC_RELEASE);
	return result;
}

int64_t loader_set(uint64_t setting, uint64_t index, uint64_t value)
{
	if (!enter())
		return -AOS_EAGAIN;
	return leave(wish(setting, index, value));
}
AOS_EXPORT(loader_set);

int64_t loader_forget(void)
{
	if (!enter())
		return -AOS_EAGAIN;
	settings.wanted = settings.now;
	return leave(0);
}
AOS_EXPORT(loader_forget);

int64_t loader_commit(void)
{
	const char *why;

	if (!enter())
		return -AOS_EAGAIN;
	why = why_not();
	if (why) {
		aos_log("settings refused: %s", why);
		settings.wanted = settings.now;
		return leave(-AOS_EINVAL);
	}
	__atomic_store_n(&settings.due, true, __ATOMIC_RELEASE);
	return aos_event_signal(AOS_CAP(faults));
}
AOS_EXPORT(loader_commit);

/* Bit per component that it invokes itself. */
static uint32_t calls_of(uint32_t component)
{
	const struct image *img = settings.running;
	const struct image_component *c = &img->components[component];
	uint32_t calls = 0;

	for (uint32_t i = 0; i < c->ncaps; i++)
		if (img->caps[c->first_cap + i].kind == IMAGE_CAP_INVOKE)
			calls |= 1u << img->caps[c->first_cap + i].target;
	return calls;
}

static int64_t fact(uint64_t what, uint32_t index)
{
	const struct image_thread *t = &settings.now.thread[index];
	int64_t word[2];

	memcpy(word, t->name, sizeof(word));
	switch (what) {
	case LOADER_CALLS: return calls_of(index);
	case LOADER_SCHEDULER: return settings.now.component[index].scheduler;
	case LOADER_OVERHEAD: return settings.running->header->overhead_ns;
	case LOADER_THREAD_COMPONENT: return t->component;
	case LOADER_THREAD_SERVER: return t->server;
	case LOADER_THREAD_CRITICAL: return (int64_t)t->critical_ns;
	case LOADER_THREAD_NAME: return word[0] & INT64_MAX;
	case LOADER_THREAD_NAME_END: return word[1] & INT64_MAX;
	}
	return -AOS_EINVAL;
}

int64_t loader_look(uint64_t what, uint64_t index)
{
	uint32_t *setting = place(&settings.now, what, 0);

	if (!is_there(what, index))
		return -AOS_ENOENT;
	return setting ? *place(&settings.now, what, index) : fact(what, (uint32_t)index);
}
AOS_EXPORT(loader_look);
