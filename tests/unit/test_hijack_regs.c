// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What may be loaded into ring 3's registers: every flag, and addresses
 * around each border that there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hijack/regs.h"

#define FLAGS_ALWAYS	0x202ul		/* interrupts on, and bit 1 */
#define FLAGS_RING3	0xcd5ul		/* CF PF AF ZF SF DF OF */
#define USER_END	0x7ffffffff000ul
#define HOLE		0x800000000000ul	/* first address that is not canonical */
#define KERNEL_HALF	0xffff800000000000ul

static const unsigned long user_addresses[] = { 0, 1, 0x400000, USER_END - 1 };
static const unsigned long other_addresses[] = {
	USER_END, USER_END + 1, HOLE - 1, HOLE, HOLE + 1, 1ul << 56, 1ul << 63,
	KERNEL_HALF - 1, KERNEL_HALF, 0xffffffff81000000, ~0ul
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct pt_regs regs_safe(unsigned long flags, unsigned long ip)
{
	struct pt_regs regs;

	memset(&regs, 0xa5, sizeof(regs));
	regs.flags = flags;
	regs.ip = ip;
	regs_make_safe(&regs);
	return regs;
}

static void flags_of_ring3_only(void **state)
{
	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		unsigned long flag = 1ul << bit;
		struct pt_regs regs = regs_safe(flag, 0x1000);

		assert_int_equal(regs.flags, FLAGS_ALWAYS | (flag & FLAGS_RING3));
	}
	assert_int_equal(regs_safe(~0ul, 0).flags, FLAGS_ALWAYS | FLAGS_RING3);
	assert_int_equal(regs_safe(0, 0).flags, FLAGS_ALWAYS);
}

static void segments_of_ring3(void **state)
{
	struct pt_regs regs = regs_safe(0, 0);

	(void)state;
	assert_int_equal(regs.cs, 0x33);
	assert_int_equal(regs.ss, 0x2b);
}

static void address_of_ring3(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(user_addresses); i++)
		assert_int_equal(regs_safe(0, user_addresses[i]).ip, user_addresses[i]);
	for (size_t i = 0; i < COUNT(other_addresses); i++)
		assert_int_equal(regs_safe(0, other_addresses[i]).ip, 0);
}

/* All but these four is the thread's own. */
static void others_are_kept(void **state)
{
	struct pt_regs regs = regs_safe(~0ul, ~0ul), before;

	(void)state;
	memset(&before, 0xa5, sizeof(before));
	regs.cs = regs.ss = regs.flags = regs.ip = 0;
	before.cs = before.ss = before.flags = before.ip = 0;
	assert_memory_equal(&regs, &before, sizeof(regs));
}

static bool may_sysret(unsigned long orig_ax, unsigned long ip)
{
	struct pt_regs regs = { .orig_ax = orig_ax, .ip = ip };

	return regs_may_sysret(&regs);
}

static void sysret_to_user_space_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(user_addresses); i++)
		assert_true(may_sysret(HIJACK_ORIG_SYSCALL, user_addresses[i]));
	for (size_t i = 0; i < COUNT(other_addresses); i++)
		assert_false(may_sysret(HIJACK_ORIG_SYSCALL, other_addresses[i]));
}

/* Interrupt numbers and error codes; rcx and r11 are the thread's there. */
static void sysret_from_a_call_only(void **state)
{
	(void)state;
	for (unsigned long n = 0; n < 0x10000; n++) {
		assert_false(may_sysret(n, 0x1000));
		assert_false(may_sysret(~n, 0x1000));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_of_ring3_only),
		cmocka_unit_test(segments_of_ring3),
		cmocka_unit_test(address_of_ring3),
		cmocka_unit_test(others_are_kept),
		cmocka_unit_test(sysret_to_user_space_only),
		cmocka_unit_test(sysret_from_a_call_only),
	};

	return cmocka_run_group_tests_name("hijack regs", tests, NULL, NULL);
}
