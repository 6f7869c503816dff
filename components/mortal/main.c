// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The component that dies and is made anew: see mortal/mortal.h.  Its own
 * thread waits all its life in another component.
 */
#include "mortal/mortal.h"
#include "mem/mem.h"
#include "sched/sched.h"
#include "victim/victim.h"

static int64_t lock = -1;
static struct counter *lives;		/* outlives it */

void mortal_main(uint64_t arg)
{
	(void)arg;
	lives = aos_counter("lives");
	counter_inc(lives);
	for (;;)
		victim_block();
}

int64_t mortal_hold(void)
{
	if (lock < 0)
		lock = sched_lock_make();
	return lock < 0 ? lock : sched_lock_take((uint64_t)lock, 0);
}
AOS_EXPORT(mortal_hold);

int64_t mortal_heap(uint64_t page)
{
	uint64_t size;
	volatile uint32_t *at = (void *)((char *)aos_heap(&size) + page * ABI_PAGE_SIZE);
	int64_t held = *at;

	*at = 1;
	return held;
}
AOS_EXPORT(mortal_heap);

int64_t mortal_share(void)
{
	int64_t other = mem_find("victim"), page = mem_alloc(1), err;

	if (other < 0 || page < 0)
		return other < 0 ? other : page;
	err = mem_share((uint32_t)other, (uint64_t)page, 1, AOS_MAP_READ);
	return err ? err : page;
}
AOS_EXPORT(mortal_share);

int64_t mortal_lives(void)
{
	return lives ? (int64_t)lives->value : 0;
}
AOS_EXPORT(mortal_lives);

int64_t mortal_die(void)
{
	aos_abort();
}
AOS_EXPORT(mortal_die);
