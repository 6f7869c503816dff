// SPDX-License-Identifier: GPL-2.0-or-later
/* The runtime's printf subset, compared with the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "aos.h"

/* The same arguments to both; lengths and texts must agree. */
#define SAME(...) do {								\
	char ours[64], theirs[64];						\
	size_t len = aos_format(ours, sizeof(ours), __VA_ARGS__);		\
										\
	assert_int_equal(snprintf(theirs, sizeof(theirs), __VA_ARGS__), len);	\
	assert_string_equal(ours, theirs);					\
} while (0)

static void like_printf(void **state)
{
	(void)state;
	SAME("plain");
	SAME("%s and %s", "one", "");
	SAME("%c%c", 'x', '%');
	SAME("100%%");
	SAME("%d %d %d", 0, -1, INT32_MIN);
	SAME("%i", 7);
	SAME("%u %x", UINT32_MAX, UINT32_MAX);
	SAME("%lu %lx", UINT64_MAX, UINT64_MAX);
	SAME("%ld %ld", INT64_MIN, INT64_MAX);
	SAME("%llu %zu", 12345678901ull, (size_t)99);
	SAME("[%5u] [%05u] [%2u]", 42u, 42u, 1234u);
	SAME("[%5d] [%05d]", -42, -42);
	SAME("[%016lx]", 0xdeadul);
	SAME("[%8s] [%2s]", "abc", "abc");
	SAME("%p", (void *)0x1234);
}

static void null_string(void **state)
{
	char buf[16];

	(void)state;
	aos_format(buf, sizeof(buf), "%s", *(const char *volatile *)&(const char *){ NULL });
	assert_string_equal(buf, "(null)");
}

static void cut_at_the_end(void **state)
{
	char buf[8];

	(void)state;
	memset(buf, '#', sizeof(buf));
	assert_int_equal(aos_format(buf, 4, "%s", "abcdef"), 3);
	assert_memory_equal(buf, "abc\0####", 8);
	assert_int_equal(aos_format(buf, 1, "%d", 5), 0);
	assert_int_equal(buf[0], '\0');
	buf[0] = '#';
	assert_int_equal(aos_format(buf, 0, "x"), 0);
	assert_int_equal(buf[0], '#');
}

/* The compiler would warn of these formats; a component may have no compiler. */
static size_t (*volatile unchecked)(char *buf, size_t size, const char *fmt, ...) = aos_format;

static void unknown_is_shown(void **state)
{
	char buf[16];

	(void)state;
	unchecked(buf, sizeof(buf), "a%q%5y%");
	assert_string_equal(buf, "a%q%5y%");
}

/* A width cannot be used to make the component loop for ever. */
static void width_is_bounded(void **state)
{
	char buf[16];

	(void)state;
	assert_int_equal(unchecked(buf, sizeof(buf), "%4000000000u", 1u), sizeof(buf) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_printf),
		cmocka_unit_test(null_string),
		cmocka_unit_test(cut_at_the_end),
		cmocka_unit_test(unknown_is_shown),
		cmocka_unit_test(width_is_bounded),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
