// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pager: heaps and stacks grow by the page that was touched, up to what
 * the composition allows.  And the loader's part: start, and taking back what
 * a component had.
 */
#include "pages.h"

#define LOADER 0u

/* From..max pages of a heap are not there at the start. */
static bool in_heap(const struct mem_client *c, uint64_t address)
{
	uint64_t page = (address - c->heap_vaddr) / ABI_PAGE_SIZE;

	return address >= c->heap_vaddr && page >= c->heap_pages && page < c->heap_max_pages;
}

/* The same downwards from the top of a thread's stack, if it has one there. */
static bool in_stack(const struct mem_client *c, uint64_t address)
{
	uint64_t thread = (address - c->stack_base) / AOS_STACK_STRIDE, below;

	if (address < c->stack_base || thread >= AOS_MAX_THREADS || !(c->threads >> thread & 1))
		return false;
	below = (AOS_STACK_STRIDE - 1 - (address - c->stack_base) % AOS_STACK_STRIDE) /
		ABI_PAGE_SIZE;
	return below >= c->stack_pages && below < c->stack_max_pages;
}

static int64_t grow(uint32_t component, uint64_t vaddr)
{
	int64_t i = page_take_free(), err;
	struct mem_page *page;

	if (i < 0)
		return i;
	page = &mem_table()[i];
	page->owner = component;
	page->vaddr = vaddr;
	mem_zero((uint32_t)i);
	err = page_map(component, (uint32_t)i, vaddr, AOS_MAP_WRITE);
	if (err) {
		page_release((uint32_t)i);
		return err == -AOS_EEXIST ? 0 : err;	/* another thread of it was faster */
	}
	page_put((uint32_t)i, PAGE_GROWN);
	count_grown(component, 1);
	return 0;
}

int64_t mem_page_fault(uint64_t address, uint64_t error)
{
	uint32_t component = aos_caller();
	const struct mem_client *c = &mem_granted()->client[component];
	int64_t err = -AOS_EFAULT;

	(void)error;
	if (in_heap(c, address) || in_stack(c, address))
		err = grow(component, address & ~(uint64_t)(ABI_PAGE_SIZE - 1));
	count_fault(!err);
	return err;
}
AOS_EXPORT(mem_page_fault);

int64_t mem_start(void)
{
	if (aos_caller() != LOADER)
		return -AOS_EPERM;
	counts_start();
	return 0;
}
AOS_EXPORT(mem_start);

static void reclaim(uint32_t i, uint32_t component, enum page_state was)
{
	struct mem_page *page = &mem_table()[i];

	for (uint32_t left = page->sharers; left; left &= left - 1)
		aos_unmap(client_slot((uint32_t)__builtin_ctz(left)), page->vaddr);
	aos_unmap(client_slot(component), page->vaddr);
	page_release(i);
	if (was == PAGE_GROWN)
		count_grown(component, -1);
	else
		quota_put(component, 1);
}

int64_t mem_reclaim(uint32_t component)
{
	int64_t busy = 0;

	if (aos_caller() != LOADER)
		return -AOS_EPERM;
	if (component >= mem_granted()->clients)
		return -AOS_ENOENT;
	for (uint32_t i = 0; i < mem_granted()->frames; i++) {
		if (page_take(i, PAGE_GROWN, component))
			reclaim(i, component, PAGE_GROWN);
		else if (page_take(i, PAGE_ALLOCATED, component))
			reclaim(i, component, PAGE_ALLOCATED);
		else if (mem_table()[i].state == PAGE_BUSY && mem_table()[i].owner == component)
			busy++;
	}
	return busy;
}
AOS_EXPORT(mem_reclaim);

int64_t mem_check(void)
{
	uint64_t used[AOS_MAX_COMPONENTS] = { 0 }, grown[AOS_MAX_COMPONENTS] = { 0 };
	uint64_t tables = 0;
	int64_t wrong = 0;

	for (uint32_t i = 0; i < mem_granted()->frames; i++) {
		const struct mem_page *page = &mem_table()[i];

		switch (page->state) {
		case PAGE_FREE:
			wrong += page->owner || page->pages || page->sharers || page->vaddr;
			break;
		case PAGE_ALLOCATED:
			used[page->owner]++;
			wrong += page->vaddr != page_address(i);
			break;
		case PAGE_GROWN:
			grown[page->owner]++;
			wrong += page->sharers != 0;
			break;
		case PAGE_TABLE:
			tables++;
			break;
		default:
			wrong++;
		}
	}
	return wrong + counts_check(used, grown, tables);
}
AOS_EXPORT(mem_check);
