// SPDX-License-Identifier: GPL-2.0-or-later
/* Releases, overruns and deadline misses of a periodic thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "periodic.h"

static struct periodic p;

static int setup(void **state)
{
	(void)state;
	p = (struct periodic){ .period = 100, .deadline = 80 };
	periodic_start(&p, 1000);
	return 0;
}

static void in_time(void **state)
{
	(void)state;
	assert_int_equal(periodic_done(&p, 1080), 0);
	assert_int_equal(p.release, 1100);
	assert_int_equal(periodic_done(&p, 1101), 0);
	assert_int_equal(p.release, 1200);
	assert_int_equal(p.jobs, 2);
	assert_int_equal(p.misses, 0);
	assert_int_equal(p.overruns, 0);
	assert_int_equal(p.lateness_max, 0);
}

static void late_within_the_period(void **state)
{
	(void)state;
	assert_int_equal(periodic_done(&p, 1095), 0);
	assert_int_equal(p.release, 1100);
	assert_int_equal(p.misses, 1);
	assert_int_equal(p.lateness_max, 15);
	assert_int_equal(p.overruns, 0);
}

static void release_passed(void **state)
{
	(void)state;
	assert_int_equal(periodic_done(&p, 1100), 0);
	assert_int_equal(p.release, 1100);
	assert_int_equal(p.overruns, 1);
	assert_int_equal(p.misses, 1);
	assert_int_equal(periodic_done(&p, 1150), 0);
	assert_int_equal(p.release, 1200);
	assert_int_equal(p.misses, 1);
	assert_int_equal(p.lateness_max, 20);
}

/* Jobs of periods that passed whole are not run one after another. */
static void periods_left_out(void **state)
{
	(void)state;
	assert_int_equal(periodic_done(&p, 1399), 2);
	assert_int_equal(p.release, 1300);
	assert_int_equal(p.overruns, 3);
	assert_int_equal(p.misses, 3);
	assert_int_equal(p.jobs, 1);
	assert_int_equal(p.lateness_max, 319);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(in_time, setup),
		cmocka_unit_test_setup(late_within_the_period, setup),
		cmocka_unit_test_setup(release_passed, setup),
		cmocka_unit_test_setup(periods_left_out, setup),
	};

	return cmocka_run_group_tests_name("periodic", tests, NULL, NULL);
}
