// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames: taking them, mapping them, giving them back. */
#include "pages.h"

/* Where the search for a free frame goes on; only a hint. */
static uint32_t cursor;

/*
 * Make page @i busy if it is in state @from and, but for free ones, @owner's.
 * The owner is looked at twice: the page may have changed hands in between.
 */
bool page_take(uint32_t i, enum page_state from, uint32_t owner)
{
	struct mem_page *page = &mem_table()[i];
	uint32_t state = from;

	if (from != PAGE_FREE && __atomic_load_n(&page->owner, __ATOMIC_RELAXED) != owner)
		return false;
	if (!__atomic_compare_exchange_n(&page->state, &state, PAGE_BUSY, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	if (from == PAGE_FREE || page->owner == owner)
		return true;
	page_put(i, from);
	return false;
}

/* The holder of a busy page is done with it. */
void page_put(uint32_t i, enum page_state state)
{
	__atomic_store_n(&mem_table()[i].state, state, __ATOMIC_RELEASE);
}

/* -> a busy page, or -AOS_ENOMEM.  Looks at each frame once. */
int64_t page_take_free(void)
{
	uint32_t n = mem_granted()->frames, start = __atomic_load_n(&cursor, __ATOMIC_RELAXED);

	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = (start + k) % n;

		if (mem_table()[i].state != PAGE_FREE || !page_take(i, PAGE_FREE, 0))
			continue;
		__atomic_store_n(&cursor, i + 1, __ATOMIC_RELAXED);
		count_frames(1);
		return i;
	}
	return -AOS_ENOMEM;
}

/* -> the first of so many busy pages in a row, or -AOS_ENOMEM. */
int64_t page_take_free_run(uint32_t pages)
{
	uint32_t n = mem_granted()->frames, have = 0;

	for (uint32_t i = 0; i < n && have < pages; i++) {
		if (page_take(i, PAGE_FREE, 0)) {
			have++;
			if (have == pages) {
				count_frames(pages);
				return i + 1 - pages;
			}
			continue;
		}
		for (; have; have--)
			page_put(i - have, PAGE_FREE);
	}
	for (; have; have--)
		page_put(n - have, PAGE_FREE);
	return -AOS_ENOMEM;
}

static int64_t add_table(uint32_t component, uint64_t vaddr, uint32_t level)
{
	int64_t table = page_take_free(), err;

	if (table < 0)
		return table;
	err = aos_pgtbl_add(client_slot(component), (uint32_t)table, vaddr, level);
	if (err) {
		page_release((uint32_t)table);
		return err == -AOS_EEXIST ? 0 : err;	/* another thread was faster */
	}
	page_put((uint32_t)table, PAGE_TABLE);
	count_table();
	return 0;
}

/* A busy page into a component's page table; every missing table costs a frame. */
int64_t page_map(uint32_t component, uint32_t i, uint64_t vaddr, uint32_t rights)
{
	for (;;) {
		uint64_t level;
		int64_t err = aos_map(client_slot(component), AOS_SLOT_FRAMES, i, vaddr, rights,
				      0, &level);

		if (err != -AOS_ENOENT || !level)
			return err;
		err = add_table(component, vaddr, (uint32_t)level);
		if (err)
			return err;
	}
}

/* A busy page that nobody maps any more. */
void page_release(uint32_t i)
{
	struct mem_page *page = &mem_table()[i];

	page->owner = page->pages = page->sharers = 0;
	page->vaddr = 0;
	page_put(i, PAGE_FREE);
	count_frames(-1);
}
