// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Settings of a composition that runs: read from words, found between two
 * compositions, refused where there is no time for them; and which differences of boot
 * images are settings.
 */
#include "test_config.h"
#include "admit.h"
#include "image.h"
#include "settings.h"

enum { LOADER, SCHED, VNIC, CHILD, APP, COMPONENTS };
enum { LOADER_MAIN, SCHED_MAIN, RX, CHILD_MAIN, WORK, THREADS };

static struct composition now;
static struct wishes wishes;

static struct control_thread thread(const char *name, uint32_t component, uint32_t priority,
				    uint32_t budget_us, uint32_t period_us)
{
	struct control_thread t = {
		.component = component, .priority = priority, .budget_us = budget_us,
		.period_us = period_us, .deadline_us = period_us,
		.server = period_us ? IMAGE_SERVER_SPORADIC : IMAGE_SERVER_NONE,
	};

	strcpy(t.name, name);
	return t;
}

/* vnic has 3 ms in 10, a child scheduler 4 in 20, and app half of that. */
static int setup(void **state)
{
	static const char *const names[] = { "loader", "sched", "vnic", "child", "app" };

	(void)state;
	memset(&now, 0, sizeof(now));
	now.ncomponents = COMPONENTS;
	now.nthreads = THREADS;
	for (uint32_t i = 0; i < COMPONENTS; i++) {
		strcpy(now.component[i].name, names[i]);
		now.component[i].scheduler = i == APP ? CHILD : SCHED;
	}
	now.component[VNIC].restart_max = 5;
	now.component[VNIC].restart_within_ms = 1000;
	now.thread[LOADER_MAIN] = thread("main", LOADER, 1, 0, 0);
	now.thread[SCHED_MAIN] = thread("main", SCHED, 0, 0, 0);
	now.thread[RX] = thread("rx", VNIC, 16, 3000, 10000);
	now.thread[CHILD_MAIN] = thread("main", CHILD, 20, 4000, 20000);
	now.thread[WORK] = thread("work", APP, 30, 1000, 100000);
	return 0;
}

#define PARSE(...) settings_parse(&now, (char *[]){ __VA_ARGS__ }, \
				  sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *), &wishes)

static void assert_wish(unsigned int i, enum control_setting setting, uint32_t index,
			uint32_t value)
{
	assert_true(i < wishes.n);
	assert_int_equal(wishes.wish[i].setting, setting);
	assert_int_equal(wishes.wish[i].index, index);
	assert_int_equal(wishes.wish[i].value, value);
}

static void words(void **state)
{
	(void)state;
	assert_int_equal(PARSE("vnic.rx", "budget=2ms", "priority=7", "vnic", "restart.within=2s"), 0);
	assert_int_equal(wishes.n, 3);
	assert_wish(0, CONTROL_BUDGET_US, RX, 2000);
	assert_wish(1, CONTROL_PRIORITY, RX, 7);
	assert_wish(2, CONTROL_RESTART_WITHIN_MS, VNIC, 2000);
	/* The deadline goes with the period, unless it is another. */
	assert_int_equal(PARSE("vnic.rx", "period=500us"), 0);
	assert_int_equal(wishes.n, 2);
	assert_wish(0, CONTROL_DEADLINE_US, RX, 500);
	assert_int_equal(PARSE("vnic.rx", "period=5ms", "deadline=4ms"), 0);
	assert_int_equal(wishes.n, 2);
	assert_wish(0, CONTROL_DEADLINE_US, RX, 4000);
	now.thread[RX].deadline_us = 9000;
	assert_int_equal(PARSE("vnic.rx", "period=12ms"), 0);
	assert_int_equal(wishes.n, 1);
	assert_int_equal(PARSE("vnic.rx", "budget=1ms", "budget=2ms"), 0);
	assert_int_equal(wishes.n, 1);
	assert_wish(0, CONTROL_BUDGET_US, RX, 2000);
	assert_int_equal(PARSE("vnic", "watchdog=0"), 0);
}

static void bad_words(void **state)
{
	static char *const values[] = {
		"budget=", "budget=1", "budget=ms", "budget=-1ms", "budget=1 ms", "budget=1ns",
		"budget=4294968s", "budget=99999999999999999999s", "priority=1ms", "priority=x",
		"priority=4294967296", "watchdog=1", "budgets=1ms", "=1ms",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(PARSE("vnic.rx", values[i]), -1);
	assert_int_equal(PARSE("budget=1ms"), -1);
	assert_int_equal(PARSE("vni.rx", "budget=1ms"), -1);
	assert_int_equal(PARSE("vnic.r", "budget=1ms"), -1);
	assert_int_equal(PARSE("vnic.main", "budget=1ms"), -1);
	assert_int_equal(PARSE("vnic", "budget=1ms"), -1);
	assert_int_equal(PARSE("vnic", "restart.within=1us"), -1);
	assert_int_equal(PARSE("", "budget=1ms"), -1);
}

static void differences(void **state)
{
	struct composition wanted = now;

	(void)state;
	settings_differ(&now, &wanted, &wishes);
	assert_int_equal(wishes.n, 0);
	wanted.thread[RX].budget_us = 1;
	wanted.component[VNIC].watchdog = 3;
	wanted.thread[LOADER_MAIN].priority = 9;	/* it changes that itself */
	settings_differ(&now, &wanted, &wishes);
	assert_int_equal(wishes.n, 2);
	assert_wish(0, CONTROL_BUDGET_US, RX, 1);
	assert_wish(1, CONTROL_WATCHDOG, VNIC, 3);
	assert_int_equal(settings_value(&now, CONTROL_BUDGET_US, RX), 3000);
	/* Back again, as a journal would have it. */
	assert_true(settings_put(&wanted, CONTROL_BUDGET_US, RX, 3000));
	assert_true(settings_put(&wanted, CONTROL_WATCHDOG, VNIC, 0));
	settings_differ(&now, &wanted, &wishes);
	assert_int_equal(wishes.n, 0);
	assert_false(settings_put(&wanted, 0, RX, 1));
	assert_false(settings_put(&wanted, CONTROL_RESTART_WITHIN_MS + 1, VNIC, 1));
	assert_false(settings_put(&wanted, CONTROL_PRIORITY, THREADS, 1));
	assert_false(settings_put(&wanted, CONTROL_WATCHDOG, COMPONENTS, 1));
	settings_differ(&now, &wanted, &wishes);
	assert_int_equal(wishes.n, 0);
}

static int admit(char *const *line, int n)
{
	assert_int_equal(settings_parse(&now, line, n, &wishes), 0);
	return settings_admit(&now, &wishes);
}

#define ADMIT(...) admit((char *[]){ __VA_ARGS__ }, sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *))

static void time_for_all(void **state)
{
	(void)state;
	assert_int_equal(ADMIT("vnic.rx", "budget=8ms"), 0);	/* 80 % and 20 % */
	assert_int_equal(ADMIT("vnic.rx", "budget=8001us"), -1);	/* child.main is late */
	assert_int_equal(ADMIT("vnic.rx", "budget=8001us", "child.main", "budget=3998us"), 0);
	assert_int_equal(ADMIT("vnic.rx", "budget=8001us", "priority=21"), -1);	/* it is itself */
	/* A child's threads have what its main has. */
	assert_int_equal(ADMIT("app.work", "budget=15ms"), -1);
	assert_int_equal(ADMIT("app.work", "budget=8ms"), 0);
	assert_int_equal(ADMIT("child.main", "budget=200us"), -1);
	assert_int_equal(ADMIT("vnic.rx", "budget=11ms"), -1);
	assert_int_equal(ADMIT("vnic.rx", "deadline=2ms"), -1);
	now.component[SCHED].scheduler = VNIC;	/* no root */
	assert_int_equal(ADMIT("vnic.rx", "budget=1ms"), -1);
}

/* As coslink has it: critical sections of others, and two switches for each budget. */
static void what_else_counts(void **state)
{
	(void)state;
	now.thread[WORK].critical_ns = 2000000;
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms"), 0);	/* 7 + 2 */
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms", "deadline=8999us"), -1);
	now.thread[WORK].critical_ns = 0;
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms", "deadline=7ms"), 0);
	now.overhead_ns = 1000;
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms", "deadline=7ms"), -1);
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms", "deadline=7002us"), 0);
	assert_int_equal(ADMIT("vnic.rx", "budget=7ms", "deadline=7001us"), -1);
}

/* Whatever an AOS says: no division by zero, no sum that overflows, no ring without an end. */
static void hostile_numbers(void **state)
{
	(void)state;
	now.thread[WORK].critical_ns = UINT64_MAX;
	assert_int_equal(ADMIT("vnic", "watchdog=0"), -1);
	now.thread[WORK].critical_ns = 0;
	now.overhead_ns = UINT32_MAX;
	assert_int_equal(ADMIT("vnic", "watchdog=0"), -1);
	now.overhead_ns = 0;
	for (uint32_t i = 0; i < THREADS; i++)
		now.thread[i] = thread("all", i, UINT32_MAX, UINT32_MAX, UINT32_MAX);
	assert_int_equal(ADMIT("vnic", "watchdog=0"), -1);
	setup(state);
	now.thread[RX].budget_us = 0;
	assert_int_equal(ADMIT("vnic", "watchdog=0"), -1);
	setup(state);
	now.component[CHILD].scheduler = APP;	/* a ring of two, below nobody */
	assert_int_equal(ADMIT("vnic", "watchdog=0"), 0);
	now.component[APP].scheduler = UINT32_MAX;
	assert_int_equal(ADMIT("vnic", "watchdog=0"), 0);
	setup(state);
	now.thread[CHILD_MAIN].period_us = now.thread[CHILD_MAIN].budget_us = 0;
	now.thread[CHILD_MAIN].deadline_us = 0;	/* nobody pays for its threads */
	assert_int_equal(ADMIT("vnic", "watchdog=0"), 0);
}

/* ---- images ---- */

struct made {
	struct image_header header;
	struct image_component components[3];
	struct image_thread threads[3];
	struct image_place places[6];
};

static struct made made;

static uint32_t sum(void)
{
	struct image image = { .bytes = (uint8_t *)&made, .size = sizeof(made) };

	made.header.crc32 = 0;
	made.header.crc32 = image_crc32((const uint8_t *)&made, sizeof(made), 0);
	assert_null(image_check(&image));
	return image_fixed_sum(&image);
}

static int setup_image(void **state)
{
	(void)state;
	memset(&made, 0, sizeof(made));
	made.header = (struct image_header){
		.magic = IMAGE_MAGIC, .revision = IMAGE_REVISION, .size = sizeof(made),
		.components = { offsetof(struct made, components), 3 },
		.threads = { offsetof(struct made, threads), 3 },
		.places = { offsetof(struct made, places), 6 },
	};
	made.components[1].flags = AOS_COMP_SCHED;
	for (uint32_t i = 0; i < 3; i++) {
		made.components[i].scheduler = 1;
		made.threads[i] = (struct image_thread){ .component = i, .priority = 5 };
	}
	made.components[2].restart_max = made.components[2].restart_within_ms = 9;
	made.threads[2].period_us = made.threads[2].budget_us = made.threads[2].deadline_us = 9;
	return 0;
}

#define STAYS(field, value) do { made.field = value; assert_int_equal(sum(), was); } while (0)
#define CHANGES(field, value) do {			\
	__typeof__(made.field) old = made.field;	\
	made.field = value;				\
	assert_int_not_equal(sum(), was);		\
	made.field = old;				\
} while (0)

static void images(void **state)
{
	uint32_t was = sum();

	(void)state;
	STAYS(threads[2].priority, 77);
	STAYS(threads[2].period_us, 100);
	STAYS(threads[2].budget_us, 50);
	STAYS(threads[2].deadline_us, 60);
	STAYS(components[2].watchdog, 4);
	STAYS(components[2].restart_max, 4);
	STAYS(components[2].restart_within_ms, 4);
	STAYS(places[5].line, 12);		/* a line more in the file */
	CHANGES(threads[2].critical_ns, 1);
	CHANGES(header.overhead_ns, 1);
	CHANGES(threads[0].priority, 6);	/* the loader's */
	CHANGES(threads[1].priority, 6);	/* the root scheduler's */
	CHANGES(threads[2].server, IMAGE_SERVER_SPORADIC);
	CHANGES(threads[2].period_us, 0);
	CHANGES(threads[2].entry, 8);
	CHANGES(components[2].restart_max, 0);
	CHANGES(components[2].flags, AOS_COMP_RESTART);
	CHANGES(components[2].heap_pages, 1);
	assert_int_equal(sum(), was);
	made.threads[2].component = UINT32_MAX;	/* hostile: found by nobody */
	sum();
}

/* What is reported of the image as it is made, and how often. */
static char *reported(unsigned int errors)
{
	struct image image = { .bytes = (uint8_t *)&made, .size = sizeof(made) };
	struct report report = { .file = "a.conf" };
	char *text;
	size_t size;

	sum();
	assert_null(image_check(&image));
	report.out = open_memstream(&text, &size);
	admit_image(&image, "boot.img", 7, &report);
	fclose(report.out);
	assert_int_equal(report.errors, errors);
	return text;
}

static void assert_reported(const char *words)
{
	char *text = reported(1);

	if (!strstr(text, words))
		fail_msg("no '%s' in: %s", words, text);
	free(text);
}

/* Which line of which file is to be changed, if the image knows. */
static void late_in_an_image(void **state)
{
	(void)state;
	strcpy(made.components[0].name, "hog");
	strcpy(made.components[2].name, "app");
	strcpy(made.threads[2].name, "late");
	made.threads[0] = (struct image_thread){ .name = "slow", .priority = 1, .period_us = 10,
						 .budget_us = 5, .deadline_us = 10 };
	made.threads[2].period_us = made.threads[2].deadline_us = 20;
	made.header.overhead_ns = 100;
	made.places[5] = (struct image_place){ .file = "app\n.inc", .line = 31 };
	free(reported(0));
	made.threads[2].budget_us = 11;
	made.places[1] = (struct image_place){ .file = "sched.inc", .line = 3 };
	assert_reported("a.conf:7: image boot.img: its composition, sched.inc:3: the threads that");
	made.threads[2].budget_us = 9;
	made.threads[2].deadline_us = 19;	/* late by the switches alone */
	assert_reported("its composition, app?.inc:31: thread 'late' of 'app'");
	made.header.places.count = 5;		/* it does not know */
	assert_reported("image boot.img: thread 'late' of 'app'");
	made.threads[2].component = 3;
	assert_reported("do not agree");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(words, setup),
		cmocka_unit_test_setup(bad_words, setup),
		cmocka_unit_test_setup(differences, setup),
		cmocka_unit_test_setup(time_for_all, setup),
		cmocka_unit_test_setup(what_else_counts, setup),
		cmocka_unit_test_setup(hostile_numbers, setup),
		cmocka_unit_test_setup(images, setup_image),
		cmocka_unit_test_setup(late_in_an_image, setup_image),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
