// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of the host process, in regions that the host has made in every way
 * it can be made (tests/vm/guest/memory): what must work, and what must fault.
 */
#include "memtest.h"
#include "sched/sched.h"
#include "victim/victim.h"

#define PAGE ABI_PAGE_SIZE
#define BOARD_PAGES 8u		/* that its file has; the region has twice as many */
#define GREETING 0x6f6c6c65u	/* "ello", bytes 1 to 4 of what the host wrote */
#define MAX_PINS 4096u		/* HIJACK_MAX_PINS */

static uint64_t board(uint32_t page)
{
	return (uint64_t)AOS_REGION(board) + page * (uint64_t)PAGE;
}

static void wait_for_host(volatile uint32_t *word, uint32_t value)
{
	while (__atomic_load_n(word, __ATOMIC_RELAXED) != value)
		sched_sleep_until(aos_time_ns() + 5000000);
}

static void seen_from_both_sides(void)
{
	volatile uint32_t *reply = (void *)board(1), *answer = (void *)board(2);

	expect("what the host wrote", GREETING, *(const volatile uint32_t *)(board(0) + 1));
	expect("a hole in the file is zero", 0, *answer);
	*reply = 0x21696821;		/* "!hi!" */
	expect("seen by another component", 0x21696821, victim_read(board(1)));
	expect("which is for reading there", -AOS_EFAULT, victim_write(board(1), 5));
	wait_for_host(answer, 0x216b6f21);	/* "!ok!", written by the host now */
	expect("written by the host meanwhile", 0x216b6f21, victim_read(board(2)));
}

static void what_must_fault(void)
{
	expect("beyond the file's end", -AOS_EFAULT, victim_read(board(BOARD_PAGES)));
	expect("again", -AOS_EFAULT, victim_read(board(BOARD_PAGES)));
	expect("beyond the region", -AOS_EFAULT, victim_read(board(2 * BOARD_PAGES)));
	expect("before the region", -AOS_EFAULT, victim_read(board(0) - PAGE));
	expect("a file mapped for reading, by who may write", -AOS_EFAULT,
	       victim_write((uint64_t)AOS_REGION(sealed), 1));
	expect("the same, reading", -AOS_EFAULT, victim_read((uint64_t)AOS_REGION(sealed)));
	expect("where the host has nothing", -AOS_EFAULT, victim_read((uint64_t)AOS_REGION(absent)));
	expect("what is the process's own", -AOS_EFAULT, victim_read((uint64_t)AOS_REGION(own)));
}

/* Whole huge pages if the host has them, up to the number that may be pinned. */
static void as_many_as_there_may_be(void)
{
	uint64_t pages = AOS_REGION_SIZE(vast) / PAGE, i = 0;

	while (i < pages && victim_write((uint64_t)AOS_REGION(vast) + i * PAGE, (uint32_t)i) == 0)
		i++;
	counter_set(aos_counter("pinned"), i);
	expect("there is an end", true, i < pages && i > MAX_PINS - 64);
	expect("what is there stays", 7, victim_read((uint64_t)AOS_REGION(vast) + 7 * PAGE));
}

void test_host(void)
{
	seen_from_both_sides();
	what_must_fault();
	as_many_as_there_may_be();
}
