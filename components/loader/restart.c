// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A component that a fault stopped is made anew from the image, unless that
 * has happened too often: restart intensity, as Erlang/OTP's supervisors have
 * it.  Its page tables, capabilities and counters stay; shared regions keep
 * their contents, they are others' as well.
 *
 * CONTEXT.  The loader's thread.  It works just above the most urgent thread
 * that needs the component: those are served again soon however busy they
 * are, and whoever is more urgent is not held up.
 */
#include "loader.h"
#include "loader/control.h"

#define NS_PER_MS	1000000u
#define URGENCY_BEST	1u	/* the scheduler's own thread alone is above */

struct life {
	struct counter *restarts, *down;
	uint64_t at[IMAGE_RESTARTS_KEPT];	/* when it was restarted: a ring of restart_max */
	uint32_t n;
	uint32_t urgency;			/* the loader's, while it works for it */
	bool halted;				/* somebody wants it to stay down */
};

static struct {
	const struct image *img;
	uint32_t wanted;		/* bit per component somebody asks to restart; atomic */
	uint32_t unwanted;		/* and to stop; of both the later counts; atomic */
	uint32_t components;		/* bit per component that is to be restarted */
	uint32_t urgency;		/* the loader's now */
	uint32_t urgency_waiting;	/* and while it waits for faults */
	struct life life[AOS_MAX_COMPONENTS];
} restart;

/* ---- how urgent it is ---- */

static uint32_t urgency_for(uint32_t component)
{
	const struct image *img = restart.img;
	uint32_t best = AOS_URGENCY_MAX;

	for (uint32_t t = 1; t < img->header->threads.count; t++)
		if (image_reach(img, img->threads[t].component) >> component & 1 &&
		    img->threads[t].component != image_scheduler(img) &&
		    img->threads[t].priority < best)
			best = img->threads[t].priority;
	return best > URGENCY_BEST ? best - 1 : URGENCY_BEST;
}

static void urgency_set(uint32_t urgency)
{
	if (urgency == restart.urgency)
		return;
	restart.urgency = urgency;
	must(aos_thread_urgency(AOS_SLOT_SELF_THREAD, urgency), "loader", "changing its urgency");
	admit_thread(restart.img, 0, urgency);
}

/* ---- a new life ---- */

static uint32_t kept(const struct image_component *c)
{
	return c->restart_max < IMAGE_RESTARTS_KEPT ? c->restart_max : IMAGE_RESTARTS_KEPT;
}

/* Not restart_max times within restart_within_ms already? */
static bool life_allowed(struct life *life, const struct image_component *c, uint64_t now)
{
	uint64_t *oldest = &life->at[life->n % kept(c)];

	if (life->n >= kept(c) && now - *oldest < (uint64_t)c->restart_within_ms * NS_PER_MS)
		return false;
	*oldest = now;
	life->n++;
	return true;
}

/* -> bit per thread */
static uint32_t threads_of(uint32_t component)
{
	const struct image *img = restart.img;
	uint32_t threads = 0;

	for (uint32_t t = 1; t < img->header->threads.count; t++)
		if (img->threads[t].component == component)
			threads |= 1u << t;
	return threads;
}

static void threads_anew(uint32_t component)
{
	for (uint32_t left = threads_of(component); left; left &= left - 1) {
		uint32_t t = (uint32_t)__builtin_ctz(left);

		build_thread_again(t);
		admit_thread(restart.img, t, restart.img->threads[t].priority);
	}
}

static void revive(uint32_t i, uint64_t since)
{
	const struct image_component *c = &restart.img->components[i];
	uint32_t pages = extents_reload(i);

	must(aos_comp_state(component_slot(i), AOS_COMP_RUNNING), c->name, "starting it anew");
	threads_anew(i);
	counter_inc(restart.life[i].restarts);
	aos_log("%s: restart %lu: %u pages, %lu us", c->name, restart.life[i].restarts->value,
		pages, (aos_time_ns() - since) / NS_PER_US);
}

static void stay_down(uint32_t i)
{
	const struct image_component *c = &restart.img->components[i];

	restart.components &= ~(1u << i);
	counter_set(restart.life[i].down, LOADER_DOWN_TOO_OFTEN);
	aos_log("%s: more than %u restarts within %u ms: it stays down; 'aosctl restart %s' starts it again",
		c->name, kept(c), c->restart_within_ms, c->name);
}

static void stay_halted(uint32_t i)
{
	const char *name = restart.img->components[i].name;

	restart.components &= ~(1u << i);
	counter_set(restart.life[i].down, LOADER_DOWN_STOPPED);
	aos_log("%s: stopped; 'aosctl restart %s' starts it again", name, name);
}

/* A thread of its own that is elsewhere ends when it comes back: the fault endpoint tells. */
static void restart_if_stopped(uint32_t i)
{
	const char *name = restart.img->components[i].name;
	uint64_t now;
	int64_t err = aos_comp_reset(component_slot(i));

	if (err == -AOS_EINVAL)		/* it runs */
		return;
	component_gone(restart.img, i, threads_of(i));
	if (err == -AOS_EBUSY)
		return;
	must(err, name, "resetting it");
	manager_reclaim(restart.img, i);
	now = aos_time_ns();
	urgency_set(restart.life[i].urgency);
	if (restart.life[i].halted)
		stay_halted(i);
	else if (life_allowed(&restart.life[i], &restart.img->components[i], now))
		revive(i, now);
	else
		stay_down(i);
}

/* What was asked for counts as its first restart. */
static void stop_one(uint32_t i, bool halted)
{
	const char *name = restart.img->components[i].name;

	restart.life[i].n = 0;
	restart.life[i].halted = halted;
	restart.components |= 1u << i;
	counter_set(restart.life[i].down, 0);
	aos_log(halted ? "%s: is to be stopped" : "%s: is to be made anew", name);
	must(aos_comp_state(component_slot(i), AOS_COMP_STOPPED), name, "stopping it");
}

static void stop_wanted(void)
{
	uint32_t unwanted = __atomic_exchange_n(&restart.unwanted, 0, __ATOMIC_ACQUIRE);
	uint32_t wanted = __atomic_exchange_n(&restart.wanted, 0, __ATOMIC_ACQUIRE);

	for (; unwanted; unwanted &= unwanted - 1)
		stop_one((uint32_t)__builtin_ctz(unwanted), true);
	for (; wanted; wanted &= wanted - 1)
		stop_one((uint32_t)__builtin_ctz(wanted), false);
}

void restart_stopped(void)
{
	stop_wanted();
	for (uint32_t left = restart.components; left; left &= left - 1)
		restart_if_stopped((uint32_t)__builtin_ctz(left));
	urgency_set(restart.urgency_waiting);
}

/* ---- who is to be restarted ---- */

static struct counter *life_counter(const char *what, const char *component)
{
	char name[COUNTER_NAME_LEN];

	aos_format(name, sizeof(name), "%s.%s", what, component);
	return aos_counter(name);
}

static bool restarts(const struct image_component *c)
{
	return c->flags & AOS_COMP_RESTART && !(c->flags & AOS_COMP_SCHED) && c->restart_max;
}

/* -> its index, or why nobody can have it restarted or stopped */
static int64_t find(uint64_t first, uint64_t second)
{
	const struct image *img = restart.img;
	uint64_t word[2] = { first, second };

	for (uint32_t i = 0; i < img->header->components.count; i++) {
		if (memcmp(img->components[i].name, word, ABI_NAME_LEN))
			continue;
		return i && restarts(&img->components[i]) ? (int64_t)i : -AOS_EPERM;
	}
	return -AOS_ENOENT;
}

/* On the thread of whoever asks: the loader's own is to do it. */
static int64_t ask(uint32_t *for_it, uint32_t *against, uint32_t component)
{
	__atomic_fetch_and(against, ~(1u << component), __ATOMIC_RELAXED);
	__atomic_fetch_or(for_it, 1u << component, __ATOMIC_RELEASE);
	return aos_event_signal(AOS_CAP(faults));
}

int64_t loader_restart_words(uint64_t first, uint64_t second)
{
	int64_t i = find(first, second);

	return i < 0 ? i : ask(&restart.wanted, &restart.unwanted, (uint32_t)i);
}
AOS_EXPORT(loader_restart_words);

/* Not the branch that whoever asks sits on. */
int64_t loader_stop_words(uint64_t first, uint64_t second)
{
	uint32_t needed = image_reach(restart.img, aos_caller());
	int64_t i = find(first, second);

	if (i < 0)
		return i;
	if (needed >> i & 1)
		return -AOS_EBUSY;
	return ask(&restart.unwanted, &restart.wanted, (uint32_t)i);
}
AOS_EXPORT(loader_stop_words);

static void life_begin(uint32_t i)
{
	const struct image_component *c = &restart.img->components[i];
	struct life *life = &restart.life[i];

	life->restarts = life_counter("restarts", c->name);
	life->down = life_counter("down", c->name);
	life->urgency = urgency_for(i);
	restart.components |= 1u << i;
}

/* Without anybody to restart the loader stays as urgent as its composition says. */
static void wait_urgently(void)
{
	const struct image *img = restart.img;
	uint32_t best = AOS_URGENCY_MAX;
	bool any = false;

	for (uint32_t i = 1; i < img->header->components.count; i++) {
		if (!restarts(&img->components[i]))
			continue;
		any = true;
		if (restart.life[i].urgency < best)
			best = restart.life[i].urgency;
	}
	restart.urgency_waiting = any ? best : img->threads[0].priority;
	urgency_set(restart.urgency_waiting);
}

void restart_reconsider(const struct image_component *before)
{
	const struct image *img = restart.img;

	for (uint32_t i = 1; i < img->header->components.count; i++) {
		struct life *life = &restart.life[i];

		if (!restarts(&img->components[i]))
			continue;
		life->urgency = urgency_for(i);
		if (before[i].restart_max != img->components[i].restart_max ||
		    before[i].restart_within_ms != img->components[i].restart_within_ms)
			life->n = 0;
	}
	wait_urgently();
}

void restart_init(const struct image *img)
{
	restart.img = img;
	restart.urgency = img->threads[0].priority;
	for (uint32_t i = 1; i < img->header->components.count; i++)
		if (restarts(&img->components[i]))
			life_begin(i);
	wait_urgently();
}
