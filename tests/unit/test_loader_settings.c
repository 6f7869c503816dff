// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a composition the loader lets be changed, and that all of it changes or nothing. */
/* Before cmocka, which has a macro fail(). */
#include "components/loader/loader.h"
#include "components/include/loader/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { LOADER, SCHED, VNIC, CTL, COMPONENTS };
enum { LOADER_MAIN, SCHED_MAIN, RX, CTL_MAIN, THREADS };

static struct image_header header;
static struct image_component components[COMPONENTS];
static struct image_thread threads[THREADS];
static struct image_cap caps[1];
static struct image img;

static uint32_t caller, signals;
static char told[256];			/* "thread 2; " */
static uint32_t refuses;		/* a thread; 0: nobody */
static struct counter counters[2];

/* ---- the rest of the loader, and the AOS ---- */

uint32_t aos_caller(void)
{
	return caller;
}

int64_t aos_event_signal(uint32_t endpoint)
{
	assert_int_equal(endpoint, CAP_faults);
	signals++;
	return 0;
}

struct counter *aos_counter(const char *name)
{
	return &counters[!strcmp(name, "settings_refused")];
}

void aos_log(const char *fmt, ...)
{
	(void)fmt;
}

static void tell(const char *what, uint32_t index)
{
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s %u; ", what, index);
}

int64_t change_thread(const struct image *image, uint32_t thread)
{
	(void)image;
	tell("thread", thread);
	return thread == refuses ? -AOS_EINVAL : 0;
}

void watch_component(const struct image *image, uint32_t component)
{
	(void)image;
	tell("watch", component);
}

void restart_reconsider(const struct image_component *before)
{
	for (uint32_t i = 0; i < COMPONENTS; i++)
		if (before[i].restart_max != img.components[i].restart_max)
			tell("restart", i);
}

static int setup(void **state)
{
	(void)state;
	header = (struct image_header){ .components.count = COMPONENTS, .threads.count = THREADS };
	for (uint32_t i = 0; i < COMPONENTS; i++)
		components[i] = (struct image_component){ .stack_pages = 1, .stack_max_pages = 1,
							  .scheduler = SCHED };
	components[SCHED].flags = AOS_COMP_SCHED;
	components[VNIC].flags = AOS_COMP_STOP_ON_FAULT | AOS_COMP_RESTART;
	components[VNIC].restart_max = 5;
	components[VNIC].restart_within_ms = 1000;
	components[VNIC].ncaps = 1;
	caps[0] = (struct image_cap){ .kind = IMAGE_CAP_INVOKE, .target = SCHED };
	for (uint32_t i = 0; i < THREADS; i++)
		threads[i] = (struct image_thread){ .name = "main", .component = i, .priority = 10 };
	threads[RX] = (struct image_thread){
		.name = "rx_of_many_bytes", .component = VNIC, .priority = 16, .period_us = 20000,
		.budget_us = 5000, .deadline_us = 20000, .server = IMAGE_SERVER_SPORADIC,
	};
	img = (struct image){ .header = &header, .components = components, .threads = threads,
			      .caps = caps };
	settings_init(&img);
	caller = CTL;
	told[0] = '\0';
	signals = refuses = 0;
	memset(counters, 0, sizeof(counters));
	assert_int_equal(loader_forget(), 0);
	return 0;
}

/* ---- tests ---- */

static void several_at_once(void **state)
{
	(void)state;
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 7000), 0);
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, 3), 0);
	assert_int_equal(loader_set(CONTROL_WATCHDOG, VNIC, 4), 0);
	assert_int_equal(loader_set(CONTROL_RESTART_MAX, VNIC, 9), 0);
	settings_change();			/* a fault: nothing was committed */
	assert_int_equal(img.threads[RX].budget_us, 5000);
	assert_int_equal(loader_look(CONTROL_BUDGET_US, RX), 5000);
	assert_int_equal(loader_commit(), 0);
	assert_int_equal(signals, 1);
	assert_string_equal(told, "");
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, 4), -AOS_EAGAIN);
	assert_int_equal(loader_forget(), -AOS_EAGAIN);
	assert_int_equal(loader_commit(), -AOS_EAGAIN);
	settings_change();
	assert_string_equal(told, "thread 2; watch 2; restart 2; ");
	assert_int_equal(loader_look(CONTROL_BUDGET_US, RX), 7000);
	assert_int_equal(img.threads[RX].priority, 3);
	assert_int_equal(img.components[VNIC].watchdog, 4);
	assert_int_equal(counters[0].value, 1);
	settings_change();			/* once */
	assert_int_equal(counters[0].value, 1);
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, 4), 0);
}

static void what_does_not_agree(void **state)
{
	(void)state;
	assert_int_equal(loader_set(CONTROL_WATCHDOG, VNIC, 4), 0);
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 20001), 0);
	assert_int_equal(loader_commit(), -AOS_EINVAL);
	settings_change();
	assert_string_equal(told, "");
	assert_int_equal(loader_look(CONTROL_WATCHDOG, VNIC), 0);
	assert_int_equal(loader_commit(), 0);	/* they are forgotten */
	settings_change();
	assert_string_equal(told, "");
	assert_int_equal(loader_set(CONTROL_WATCHDOG, SCHED, 1), 0);	/* does not stop */
	assert_int_equal(loader_commit(), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_WATCHDOG, VNIC, IMAGE_WATCHDOG_MAX + 1), 0);
	assert_int_equal(loader_commit(), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_RESTART_MAX, VNIC, 0), 0);
	assert_int_equal(loader_commit(), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_RESTART_MAX, CTL, 3), 0);
	assert_int_equal(loader_commit(), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, AOS_URGENCY_MAX + 1), 0);
	assert_int_equal(loader_commit(), -AOS_EINVAL);
}

/* A scheduler knows better: all are told again, and nothing has changed. */
static void a_scheduler_refuses(void **state)
{
	(void)state;
	refuses = RX;
	assert_int_equal(loader_set(CONTROL_WATCHDOG, VNIC, 4), 0);
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 5), 0);
	assert_int_equal(loader_commit(), 0);
	settings_change();
	assert_string_equal(told, "thread 2; thread 2; ");
	assert_int_equal(counters[0].value, 0);
	assert_int_equal(counters[1].value, 1);
	assert_int_equal(loader_look(CONTROL_BUDGET_US, RX), 5000);
	assert_int_equal(loader_look(CONTROL_WATCHDOG, VNIC), 0);
	refuses = 0;
	assert_int_equal(loader_forget(), 0);
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 6000), 0);
	assert_int_equal(loader_commit(), 0);
	settings_change();
	assert_int_equal(loader_look(CONTROL_BUDGET_US, RX), 6000);
}

static void whose(void **state)
{
	(void)state;
	assert_int_equal(loader_set(CONTROL_PRIORITY, LOADER_MAIN, 5), -AOS_EPERM);
	assert_int_equal(loader_set(CONTROL_PRIORITY, SCHED_MAIN, 5), -AOS_EPERM);
	assert_int_equal(loader_set(CONTROL_PRIORITY, CTL_MAIN, 5), -AOS_EBUSY);
	caller = VNIC;
	assert_int_equal(loader_set(CONTROL_PRIORITY, CTL_MAIN, 5), 0);
	assert_int_equal(loader_set(CONTROL_PERIOD_US, CTL_MAIN, 5), -AOS_EPERM);
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, 5), -AOS_EBUSY);
	assert_int_equal(loader_set(CONTROL_WATCHDOG, LOADER, 5), -AOS_EPERM);
}

static void what_cannot_be(void **state)
{
	static const uint64_t odd[] = { 0, 8, 15, LOADER_CALLS, LOADER_THREAD_NAME, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_int_equal(loader_set(odd[i], RX, 5), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_PRIORITY, RX, 0), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 0), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_BUDGET_US, RX, 1ull << 32), -AOS_EINVAL);
	assert_int_equal(loader_set(CONTROL_PRIORITY, THREADS, 5), -AOS_ENOENT);
	assert_int_equal(loader_set(CONTROL_WATCHDOG, COMPONENTS, 5), -AOS_ENOENT);
	assert_int_equal(loader_set(CONTROL_WATCHDOG, UINT64_MAX, 5), -AOS_ENOENT);
	assert_int_equal(loader_look(CONTROL_PRIORITY, THREADS), -AOS_ENOENT);
	assert_int_equal(loader_look(LOADER_THREAD_NAME, UINT64_MAX), -AOS_ENOENT);
	assert_int_equal(loader_look(LOADER_CALLS, COMPONENTS), -AOS_ENOENT);
	assert_int_equal(loader_look(0, 0), -AOS_EINVAL);
	assert_int_equal(loader_look(UINT64_MAX, 0), -AOS_EINVAL);
}

static void facts(void **state)
{
	char name[ABI_NAME_LEN];
	int64_t word;

	(void)state;
	assert_int_equal(loader_look(LOADER_CALLS, VNIC), 1u << SCHED);
	assert_int_equal(loader_look(LOADER_CALLS, CTL), 0);
	assert_int_equal(loader_look(LOADER_SCHEDULER, VNIC), SCHED);
	assert_int_equal(loader_look(LOADER_THREAD_COMPONENT, RX), VNIC);
	assert_int_equal(loader_look(LOADER_THREAD_SERVER, RX), IMAGE_SERVER_SPORADIC);
	word = loader_look(LOADER_THREAD_NAME, RX);
	memcpy(name, &word, sizeof(word));
	word = loader_look(LOADER_THREAD_NAME_END, RX);
	memcpy(name + sizeof(word), &word, sizeof(word));
	assert_memory_equal(name, threads[RX].name, ABI_NAME_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(several_at_once, setup),
		cmocka_unit_test_setup(what_does_not_agree, setup),
		cmocka_unit_test_setup(a_scheduler_refuses, setup),
		cmocka_unit_test_setup(whose, setup),
		cmocka_unit_test_setup(what_cannot_be, setup),
		cmocka_unit_test_setup(facts, setup),
	};

	return cmocka_run_group_tests_name("loader settings", tests, NULL, NULL);
}
