// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is made anew, how often, and who stays down: components/loader/restart.c
 * with the kernel and the loader's other files played by this one, which notes
 * in order what is asked of them.
 */
#include "restart.c"	/* first: the loader's fail() is none of cmocka's */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS NS_PER_MS

/* Components; net calls app. */
enum { LOADER, SCHED, NET, APP, CTL, OFTEN, COMPONENTS };

#define COUNTERS 32

static struct {
	uint64_t now;
	uint32_t state[COMPONENTS];
	bool busy[COMPONENTS];		/* somebody is still inside */
	uint32_t caller, signals;
	struct counter counter[COUNTERS];
	char did[1024];			/* what was asked for, in order */
} world;

static struct image_header header;
static struct image_component components[COMPONENTS];
static struct image_thread threads[] = {
	{ .component = LOADER, .priority = 40 }, { .component = SCHED, .priority = 0 },
	{ .component = NET, .priority = 10 }, { .component = APP, .priority = 20 },
	{ .component = APP, .priority = 30 }, { .component = CTL, .priority = 100 },
	{ .component = OFTEN, .priority = 1 },
};
static struct image_cap caps[] = { { .kind = IMAGE_CAP_INVOKE, .target = APP } };
static struct image image = { .header = &header, .components = components, .caps = caps,
			      .threads = threads };

static void __attribute__((format(printf, 1, 2))) did(const char *fmt, ...)
{
	size_t used = strlen(world.did);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(world.did + used, sizeof(world.did) - used, fmt, ap);
	va_end(ap);
}

static void assert_did(const char *wanted)
{
	assert_string_equal(world.did, wanted);
	world.did[0] = '\0';
}

/* ---- the kernel, and the loader's other files ---- */

static uint32_t component_of(uint32_t slot)
{
	assert_in_range(slot - SLOT_COMPONENTS, SCHED, COMPONENTS - 1);
	return slot - SLOT_COMPONENTS;
}

int64_t aos_thread_urgency(uint32_t thread, uint32_t urgency)
{
	assert_int_equal(thread, AOS_SLOT_SELF_THREAD);
	did("urgency %u; ", urgency);
	return 0;
}

int64_t aos_comp_state(uint32_t comp, uint32_t state)
{
	world.state[component_of(comp)] = state;
	did("%s %s; ", state == AOS_COMP_RUNNING ? "run" : "stop",
	    components[component_of(comp)].name);
	return 0;
}

int64_t aos_comp_reset(uint32_t comp)
{
	uint32_t i = component_of(comp);

	if (world.state[i] == AOS_COMP_RUNNING)
		return -AOS_EINVAL;
	return world.busy[i] ? -AOS_EBUSY : 0;
}

int64_t aos_event_signal(uint32_t endpoint)
{
	assert_int_equal(endpoint, AOS_CAP(faults));
	world.signals++;
	return 0;
}

uint64_t aos_time_ns(void)
{
	return world.now;
}

uint32_t aos_caller(void)
{
	return world.caller;
}

void aos_log(const char *fmt, ...)
{
	(void)fmt;
}

struct counter *aos_counter(const char *name)
{
	uint32_t i = 0;

	while (world.counter[i].name[0] && strcmp(world.counter[i].name, name))
		assert_true(++i < COUNTERS);
	snprintf(world.counter[i].name, COUNTER_NAME_LEN, "%s", name);
	return &world.counter[i];
}

int64_t must(int64_t result, const char *whom, const char *what)
{
	if (result < 0)
		fail_msg("%s: %s", whom, what);
	return result;
}

uint32_t extents_reload(uint32_t component)
{
	did("reload %s; ", components[component].name);
	return 1;
}

void build_thread_again(uint32_t thread)
{
	did("thread %u; ", thread);
}

void admit_thread(const struct image *img, uint32_t thread, uint32_t priority)
{
	assert_ptr_equal(img, &image);
	did("admit %u at %u; ", thread, priority);
}

void component_gone(const struct image *img, uint32_t component, uint32_t gone)
{
	assert_ptr_equal(img, &image);
	did("gone %s 0x%x; ", components[component].name, gone);
}

void manager_reclaim(const struct image *img, uint32_t component)
{
	assert_ptr_equal(img, &image);
	did("reclaim %s; ", components[component].name);
}

/* ---- the system ---- */

static void describe(uint32_t i, const char *name, uint32_t flags, uint32_t max, uint32_t within)
{
	components[i] = (struct image_component){ .flags = flags, .restart_max = max,
						  .restart_within_ms = within,
						  .scheduler = SCHED };
	strcpy(components[i].name, name);
}

static int setup(void **state)
{
	(void)state;
	memset(&restart, 0, sizeof(restart));
	memset(&world, 0, sizeof(world));
	header.components.count = COMPONENTS;
	header.threads.count = sizeof(threads) / sizeof(*threads);
	describe(LOADER, "loader", 0, 0, 0);
	describe(SCHED, "sched", AOS_COMP_SCHED | AOS_COMP_RESTART, 5, 1000);
	describe(NET, "net", AOS_COMP_RESTART, 2, 100);
	describe(APP, "app", AOS_COMP_RESTART, 1, 50);
	describe(CTL, "ctl", 0, 0, 0);
	describe(OFTEN, "often", AOS_COMP_RESTART, 1000, 1000);
	components[NET].ncaps = 1;
	for (uint32_t i = 0; i < COMPONENTS; i++)
		world.state[i] = AOS_COMP_RUNNING;
	world.caller = CTL;
	world.now = 1000 * MS;
	return 0;
}

static void begin(void)
{
	restart_init(&image);
	world.did[0] = '\0';
}

static uint64_t value(const char *counter)
{
	return aos_counter(counter)->value;
}

/* As the kernel does after a fault. */
static void die(uint32_t i)
{
	world.state[i] = AOS_COMP_STOPPED;
	restart_stopped();
}

static bool dies_and_lives(uint32_t i)
{
	die(i);
	return world.state[i] == AOS_COMP_RUNNING;
}

static int64_t ask_restart(const char *name)
{
	char padded[ABI_NAME_LEN] = "";

	memcpy(padded, name, strlen(name));
	return loader_restart(padded);
}

static int64_t ask_stop(const char *name)
{
	char padded[ABI_NAME_LEN] = "";

	memcpy(padded, name, strlen(name));
	return loader_stop(padded);
}

/* ---- restarts ---- */

static void order_of_a_restart(void **state)
{
	(void)state;
	begin();
	die(APP);
	assert_did("gone app 0x18; reclaim app; urgency 9; admit 0 at 9; reload app; run app; "
		   "thread 3; admit 3 at 20; thread 4; admit 4 at 30; urgency 1; admit 0 at 1; ");
	assert_int_equal(value("restarts.app"), 1);
	assert_int_equal(value("down.app"), 0);
	restart_stopped();
	assert_did("");
}

/* Just above the most urgent that needs it, but never with the scheduler's own. */
static void urgencies(void **state)
{
	(void)state;
	restart_init(&image);
	assert_did("urgency 1; admit 0 at 1; ");
	assert_int_equal(restart.life[NET].urgency, 9);
	assert_int_equal(restart.life[APP].urgency, 9);
	assert_int_equal(restart.life[OFTEN].urgency, URGENCY_BEST);
	setup(state);
	components[NET].flags = components[APP].flags = components[OFTEN].flags = 0;
	restart_init(&image);
	assert_did("");		/* nobody: as the composition says */
	restart_stopped();
	assert_did("");
}

/* A thread of its own is elsewhere: others hear of it, and it is waited for. */
static void waits_for_who_is_inside(void **state)
{
	(void)state;
	begin();
	world.busy[NET] = true;
	die(NET);
	assert_did("gone net 0x4; ");
	assert_int_equal(value("restarts.net"), 0);
	world.busy[NET] = false;
	restart_stopped();
	assert_int_equal(world.state[NET], AOS_COMP_RUNNING);
	assert_int_equal(value("restarts.net"), 1);
}

/* Two within 100 ms, not three; the window moves on with the oldest. */
static void intensity(void **state)
{
	(void)state;
	begin();
	assert_true(dies_and_lives(NET));
	world.now += 60 * MS;
	assert_true(dies_and_lives(NET));
	world.now += 40 * MS;
	assert_true(dies_and_lives(NET));
	world.now += 60 * MS - 1;
	assert_false(dies_and_lives(NET));
	assert_int_equal(value("restarts.net"), 3);
	assert_int_equal(value("down.net"), LOADER_DOWN_TOO_OFTEN);
	/* For good, however long it takes, and nobody else's matter. */
	world.now += 100000 * MS;
	world.did[0] = '\0';
	restart_stopped();
	assert_did("");
	assert_true(dies_and_lives(APP));
}

/* More than are remembered count as that many. */
static void intensity_bounded(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 0; i < IMAGE_RESTARTS_KEPT; i++)
		assert_true(dies_and_lives(OFTEN));
	assert_false(dies_and_lives(OFTEN));
	assert_int_equal(value("restarts.often"), IMAGE_RESTARTS_KEPT);
}

/* ---- other settings ---- */

/* What the loader is told after settings have changed: how they were. */
static void reconsider(void (*change)(void))
{
	struct image_component before[COMPONENTS];

	memcpy(before, components, sizeof(before));
	change();
	restart_reconsider(before);
}

static void nothing(void) { }
static void more_often(void) { components[NET].restart_max = 3; }
static void in_longer(void) { components[NET].restart_within_ms = 200; }
static void often_calmer(void) { threads[6].priority = 90; }
static void app_first(void) { threads[4].priority = 5; }
static void all_back(void) { threads[4].priority = 30; threads[6].priority = 1; }

/* Earlier restarts count no more where that was changed, and nowhere else. */
static void intensity_changed(void **state)
{
	(void)state;
	begin();
	assert_true(dies_and_lives(APP));
	assert_true(dies_and_lives(NET) && dies_and_lives(NET));
	reconsider(more_often);
	assert_true(dies_and_lives(NET) && dies_and_lives(NET) && dies_and_lives(NET));
	reconsider(in_longer);
	assert_true(dies_and_lives(NET));
	reconsider(nothing);
	assert_true(dies_and_lives(NET) && dies_and_lives(NET));
	assert_false(dies_and_lives(NET));
	assert_false(dies_and_lives(APP));
}

/* It is as urgent as the threads are now: more, and less again. */
static void urgencies_changed(void **state)
{
	(void)state;
	begin();
	reconsider(often_calmer);
	assert_did("urgency 9; admit 0 at 9; ");
	reconsider(app_first);
	assert_did("urgency 4; admit 0 at 4; ");
	assert_int_equal(restart.life[APP].urgency, 4);
	assert_int_equal(restart.life[NET].urgency, 9);
	die(NET);
	assert_did("gone net 0x4; reclaim net; urgency 9; admit 0 at 9; reload net; run net; "
		   "thread 2; admit 2 at 10; urgency 4; admit 0 at 4; ");
	reconsider(all_back);
	assert_did("urgency 1; admit 0 at 1; ");
	reconsider(nothing);
	assert_did("");
	components[NET].flags = components[APP].flags = components[OFTEN].flags = 0;
	reconsider(nothing);
	assert_did("urgency 40; admit 0 at 40; ");
}

/* ---- wishes ---- */

static void asked_to_restart(void **state)
{
	(void)state;
	begin();
	assert_int_equal(ask_restart("net"), 0);
	assert_int_equal(world.signals, 1);
	assert_did("");		/* not on the asker's thread */
	restart_stopped();
	assert_int_equal(strncmp(world.did, "stop net; gone net 0x4; ", 24), 0);
	assert_int_equal(world.state[NET], AOS_COMP_RUNNING);
	assert_int_equal(value("restarts.net"), 1);
	/* One wish, one restart; it counts as the first of two. */
	restart_stopped();
	assert_int_equal(value("restarts.net"), 1);
	assert_true(dies_and_lives(NET));
	assert_false(dies_and_lives(NET));
	/* Given up, it lives again when asked for, with all that it may. */
	assert_int_equal(ask_restart("net"), 0);
	restart_stopped();
	assert_int_equal(world.state[NET], AOS_COMP_RUNNING);
	assert_int_equal(value("down.net"), 0);
	assert_true(dies_and_lives(NET));
	assert_false(dies_and_lives(NET));
}

static void asked_to_stop(void **state)
{
	(void)state;
	begin();
	assert_int_equal(ask_stop("app"), 0);
	restart_stopped();
	assert_int_equal(world.state[APP], AOS_COMP_STOPPED);
	assert_int_equal(value("down.app"), LOADER_DOWN_STOPPED);
	assert_int_equal(value("restarts.app"), 0);
	world.now += 100000 * MS;
	restart_stopped();
	assert_int_equal(world.state[APP], AOS_COMP_STOPPED);
	assert_int_equal(ask_restart("app"), 0);
	restart_stopped();
	assert_int_equal(world.state[APP], AOS_COMP_RUNNING);
	assert_int_equal(value("down.app"), 0);
	/* And is watched over again. */
	world.now += 50 * MS;
	assert_true(dies_and_lives(APP));
}

/* Before the loader's thread has come to it: the later wish counts. */
static void later_wish_counts(void **state)
{
	(void)state;
	begin();
	ask_stop("net");
	ask_restart("net");
	restart_stopped();
	assert_int_equal(world.state[NET], AOS_COMP_RUNNING);
	ask_restart("net");
	ask_stop("net");
	restart_stopped();
	assert_int_equal(world.state[NET], AOS_COMP_STOPPED);
	assert_int_equal(value("down.net"), LOADER_DOWN_STOPPED);
}

static void wishes_refused(void **state)
{
	static const char *const not_restarted[] = { "loader", "sched", "ctl" };

	(void)state;
	begin();
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(ask_restart(not_restarted[i]), -AOS_EPERM);
		assert_int_equal(ask_stop(not_restarted[i]), -AOS_EPERM);
	}
	assert_int_equal(ask_restart("ne"), -AOS_ENOENT);
	assert_int_equal(ask_restart("nett"), -AOS_ENOENT);
	assert_int_equal(ask_stop(""), -AOS_ENOENT);
	/* The branch that whoever asks sits on. */
	world.caller = NET;
	assert_int_equal(ask_stop("app"), -AOS_EBUSY);
	assert_int_equal(ask_stop("net"), -AOS_EBUSY);
	world.caller = APP;
	assert_int_equal(ask_stop("net"), 0);
	assert_int_equal(world.signals, 1);
	restart_stopped();
	assert_int_equal(world.state[NET], AOS_COMP_STOPPED);
	assert_int_equal(world.state[APP], AOS_COMP_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(order_of_a_restart, setup),
		cmocka_unit_test_setup(urgencies, setup),
		cmocka_unit_test_setup(waits_for_who_is_inside, setup),
		cmocka_unit_test_setup(intensity, setup),
		cmocka_unit_test_setup(intensity_bounded, setup),
		cmocka_unit_test_setup(intensity_changed, setup),
		cmocka_unit_test_setup(urgencies_changed, setup),
		cmocka_unit_test_setup(asked_to_restart, setup),
		cmocka_unit_test_setup(asked_to_stop, setup),
		cmocka_unit_test_setup(later_wish_counts, setup),
		cmocka_unit_test_setup(wishes_refused, setup),
	};

	return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
