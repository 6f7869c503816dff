// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every operation with arguments of all kinds, at random, thousands of times:
 * no crash, and all invariants after each call.  tests/fuzz/fuzz_aos.c plays
 * the same game with an opponent that learns.
 */
#include "aos_player.h"
#include "aos_test.h"

#define GAMES	150u
#define BYTES	1500u

static void play(uint8_t start)
{
	static struct player player;
	static uint8_t bytes[BYTES];
	struct dice d = { 1000 + start };

	for (uint32_t game = 0; game < GAMES; game++) {
		for (uint32_t i = 0; i < BYTES; i++)
			bytes[i] = (uint8_t)dice(&d, 256);
		bytes[0] = start;
		player_run(&player, bytes, sizeof(bytes));
	}
}

static void from_the_loader(void **state)
{
	(void)state;
	play(0);
	play(1);
}

static void from_a_system_of_three(void **state)
{
	(void)state;
	play(2);
	play(3);
}

static void without_the_loader(void **state)
{
	(void)state;
	play(6);
	play(7);
}

static void with_schedulers_on_schedulers(void **state)
{
	(void)state;
	play(10);
	play(11);
	play(14);
	play(15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_loader),
		cmocka_unit_test(from_a_system_of_three),
		cmocka_unit_test(without_the_loader),
		cmocka_unit_test(with_schedulers_on_schedulers),
	};

	return cmocka_run_group_tests_name("aos random", tests, NULL, NULL);
}
