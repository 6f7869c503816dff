// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies at fixed addresses in the manager, and a window to clear frames
 * through: one page per thread, so nobody sees another's.
 */
#include "pages.h"

const struct mem_grant *mem_granted(void)
{
	return (const struct mem_grant *)MEM_GRANT_VADDR;
}

struct mem_page *mem_table(void)
{
	return (struct mem_page *)MEM_TABLE_VADDR;
}

/* The loader has made the window's table. */
void mem_zero(uint32_t frame)
{
	uint64_t at = MEM_WINDOW_VADDR + (uint64_t)aos_thread_id() * ABI_PAGE_SIZE, level;
	uint32_t self = client_slot(aos_component_id());

	if (aos_map(self, AOS_SLOT_FRAMES, frame, at, AOS_MAP_WRITE, 0, &level))
		aos_abort();
	memset((void *)at, 0, ABI_PAGE_SIZE);
	aos_unmap(self, at);
}
