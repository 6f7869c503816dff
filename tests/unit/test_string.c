// SPDX-License-Identifier: GPL-2.0-or-later
/* The runtime's memory functions under other names, against the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define memcpy	our_memcpy
#define memmove	our_memmove
#define memset	our_memset
#define memcmp	our_memcmp
#define memchr	our_memchr
#define strlen	our_strlen
#define strnlen	our_strnlen
#define strcmp	our_strcmp
#define strncmp	our_strncmp
#define strchr	our_strchr
#include "components/lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr

#define SIZE 600

static void fill(unsigned char *p, unsigned int seed)
{
	for (unsigned int i = 0; i < SIZE; i++)
		p[i] = (unsigned char)(seed + i * 7 + (i >> 5));
}

static void copies(void **state)
{
	unsigned char from[SIZE], ours[SIZE], theirs[SIZE];

	(void)state;
	fill(from, 1);
	for (unsigned int n = 0; n < 300; n++)
		for (unsigned int shift = 0; shift < 9; shift++) {
			fill(ours, 99);
			fill(theirs, 99);
			assert_ptr_equal(our_memcpy(ours + shift, from + 3, n), ours + shift);
			memcpy(theirs + shift, from + 3, n);
			assert_memory_equal(ours, theirs, SIZE);
		}
}

static void moves(void **state)
{
	unsigned char ours[SIZE], theirs[SIZE];

	(void)state;
	for (unsigned int n = 0; n < 100; n++)
		for (unsigned int to = 0; to < 200; to += 9) {
			fill(ours, n);
			fill(theirs, n);
			our_memmove(ours + to, ours + 100, n);
			memmove(theirs + to, theirs + 100, n);
			assert_memory_equal(ours, theirs, SIZE);
		}
}

static void sets(void **state)
{
	unsigned char ours[SIZE], theirs[SIZE];

	(void)state;
	for (unsigned int n = 0; n < 300; n++) {
		fill(ours, n);
		fill(theirs, n);
		assert_ptr_equal(our_memset(ours + 5, 0x1fe, n), ours + 5);
		memset(theirs + 5, 0xfe, n);
		assert_memory_equal(ours, theirs, SIZE);
	}
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static void compares(void **state)
{
	unsigned char a[SIZE], b[SIZE];

	(void)state;
	fill(a, 3);
	for (unsigned int n = 0; n < 40; n++)
		for (unsigned int at = 0; at < 40; at++) {
			memcpy(b, a, SIZE);
			b[at] = (unsigned char)(a[at] + 0x80);
			assert_int_equal(sign(our_memcmp(a, b, n)), sign(memcmp(a, b, n)));
		}
}

static void strings(void **state)
{
	const char *text = "packet";

	(void)state;
	assert_int_equal(our_strlen(text), 6);
	assert_int_equal(our_strnlen(text, 3), 3);
	assert_int_equal(our_strcmp(text, "packet"), 0);
	assert_true(our_strcmp(text, "packets") < 0);
	assert_true(our_strcmp("\xff", "a") > 0);
	assert_int_equal(our_strncmp(text, "pack it", 4), 0);
	assert_true(our_strncmp(text, "pack it", 5) > 0);
	assert_ptr_equal(our_strchr(text, 'k'), text + 3);
	assert_ptr_equal(our_strchr(text, 0), text + 6);
	assert_null(our_strchr(text, 'z'));
	assert_null(our_memchr(text, 't', 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies),
		cmocka_unit_test(moves),
		cmocka_unit_test(sets),
		cmocka_unit_test(compares),
		cmocka_unit_test(strings),
	};

	return cmocka_run_group_tests_name("string", tests, NULL, NULL);
}
