// SPDX-License-Identifier: GPL-2.0-or-later
/* mem_alloc(), mem_free(), mem_share(), mem_revoke(). */
#include "pages.h"

/* ---- a row of pages ---- */

/* Are these addresses of the pool?  *first is the number of the first page. */
static bool decode_row(uint64_t address, uint64_t pages, uint32_t *first)
{
	uint32_t n = mem_granted()->frames;
	uint64_t i = (address - MEM_POOL_VADDR) / ABI_PAGE_SIZE;

	*first = (uint32_t)i;
	return address % ABI_PAGE_SIZE == 0 && address >= MEM_POOL_VADDR && i < n &&
	       pages && pages <= n - i;
}

static void put_row(uint32_t first, uint32_t pages)
{
	while (pages--)
		page_put(first + pages, PAGE_ALLOCATED);
}

/* Make all of the caller's pages busy, or none: 0, or the reason. */
static int64_t take_row(uint32_t first, uint32_t pages, uint32_t owner)
{
	for (uint32_t k = 0; k < pages; k++) {
		const struct mem_page *page = &mem_table()[first + k];
		bool busy;

		if (page_take(first + k, PAGE_ALLOCATED, owner))
			continue;
		busy = page->state == PAGE_BUSY && page->owner == owner;
		put_row(first, k);
		return busy ? -AOS_EBUSY : -AOS_ENOENT;
	}
	return 0;
}

/* ---- alloc and free ---- */

static void unmap_from_sharers(uint32_t i)
{
	struct mem_page *page = &mem_table()[i];

	for (uint32_t left = page->sharers; left; left &= left - 1)
		aos_unmap(client_slot((uint32_t)__builtin_ctz(left)), page->vaddr);
	page->sharers = 0;
}

static void release_row(uint32_t first, uint32_t pages, uint32_t owner)
{
	for (uint32_t k = 0; k < pages; k++) {
		unmap_from_sharers(first + k);
		aos_unmap(client_slot(owner), page_address(first + k));
		page_release(first + k);
	}
}

static int64_t map_row(uint32_t first, uint32_t pages, uint32_t owner)
{
	for (uint32_t k = 0; k < pages; k++) {
		struct mem_page *page = &mem_table()[first + k];
		int64_t err;

		page->owner = owner;
		page->pages = k ? 0 : pages;
		page->vaddr = page_address(first + k);
		mem_zero(first + k);
		err = page_map(owner, first + k, page->vaddr, AOS_MAP_WRITE);
		if (!err)
			continue;
		release_row(first, pages, owner);
		return err;
	}
	return 0;
}

int64_t mem_alloc(uint64_t pages)
{
	uint32_t owner = aos_caller();
	int64_t first, err;

	if (!pages)
		return -AOS_EINVAL;
	if (!quota_take(owner, pages))
		return -AOS_ENOMEM;
	first = pages <= mem_granted()->frames ? page_take_free_run((uint32_t)pages) :
						 -AOS_ENOMEM;
	err = first < 0 ? first : map_row((uint32_t)first, (uint32_t)pages, owner);
	if (err) {
		quota_put(owner, pages);
		return err;
	}
	put_row((uint32_t)first, (uint32_t)pages);
	return (int64_t)page_address((uint32_t)first);
}
AOS_EXPORT(mem_alloc);

int64_t mem_free(uint64_t address)
{
	uint32_t owner = aos_caller(), first, pages;
	int64_t err;

	if (!decode_row(address, 1, &first))
		return -AOS_ENOENT;
	err = take_row(first, 1, owner);
	if (err)
		return err;
	pages = mem_table()[first].pages;
	err = pages ? take_row(first + 1, pages - 1, owner) : -AOS_ENOENT;
	if (err) {
		put_row(first, 1);
		return err;
	}
	release_row(first, pages, owner);
	quota_put(owner, pages);
	return 0;
}
AOS_EXPORT(mem_free);

/* ---- share and revoke ---- */

static bool decode_sharer(uint32_t component, uint32_t owner)
{
	return component < mem_granted()->clients && component != owner &&
	       component != aos_component_id();
}

/* Of a busy row; what was shared before stays. */
static void unshare(uint32_t component, uint32_t first, uint32_t pages)
{
	for (uint32_t k = 0; k < pages; k++) {
		struct mem_page *page = &mem_table()[first + k];

		if (!(page->sharers & 1u << component))
			continue;
		aos_unmap(client_slot(component), page->vaddr);
		page->sharers &= ~(1u << component);
	}
}

static int64_t share(uint32_t component, uint32_t first, uint32_t pages, uint32_t rights)
{
	for (uint32_t k = 0; k < pages; k++) {
		struct mem_page *page = &mem_table()[first + k];
		int64_t err = page_map(component, first + k, page->vaddr, rights);

		if (err) {
			unshare(component, first, k);
			return err;
		}
		page->sharers |= 1u << component;
	}
	return 0;
}

int64_t mem_share(uint32_t component, uint64_t address, uint64_t pages, uint32_t rights)
{
	uint32_t owner = aos_caller(), first;
	int64_t err;

	if (!decode_sharer(component, owner) || !decode_row(address, pages, &first))
		return -AOS_ENOENT;
	if (rights != AOS_MAP_READ && rights != AOS_MAP_WRITE)
		return -AOS_EINVAL;
	err = take_row(first, (uint32_t)pages, owner);
	if (err)
		return err;
	err = share(component, first, (uint32_t)pages, rights);
	put_row(first, (uint32_t)pages);
	return err;
}
AOS_EXPORT(mem_share);

int64_t mem_revoke(uint32_t component, uint64_t address, uint64_t pages)
{
	uint32_t owner = aos_caller(), first;
	int64_t err;

	if (!decode_sharer(component, owner) || !decode_row(address, pages, &first))
		return -AOS_ENOENT;
	err = take_row(first, (uint32_t)pages, owner);
	if (err)
		return err;
	unshare(component, first, (uint32_t)pages);
	put_row(first, (uint32_t)pages);
	return 0;
}
AOS_EXPORT(mem_revoke);

int64_t mem_find_words(uint64_t first, uint64_t second)
{
	const struct mem_grant *grant = mem_granted();
	char name[ABI_NAME_LEN];

	memcpy(name, &first, sizeof(first));
	memcpy(name + sizeof(first), &second, sizeof(second));
	for (uint32_t i = 0; i < grant->clients; i++)
		if (!strncmp(grant->client[i].name, name, ABI_NAME_LEN))
			return i;
	return -AOS_ENOENT;
}
AOS_EXPORT(mem_find_words);
