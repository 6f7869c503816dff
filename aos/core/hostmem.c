// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of the host process that components see, in ranges that the loader
 * declares: a page is mapped when a component first touches it.  Which pages
 * there are is the host's affair (hal_host_page()); outside the ranges it is
 * never asked.
 */
#include "aos/kernel.h"
#include "x86_64/pte.h"

static const struct aos_host_range *range_at(const struct aos_comp *comp, uint64_t vaddr)
{
	for (uint32_t i = 0; i < AOS_MAX_HOST_RANGES; i++) {
		const struct aos_host_range *r = &comp->host[i];

		if (vaddr >= r->vaddr && (vaddr - r->vaddr) / AOS_PAGE_SIZE < r->pages)
			return r;
	}
	return NULL;
}

bool hostmem_fault(struct aos *aos, struct aos_regs *regs, uint64_t addr)
{
	struct aos_comp *comp = aos->current_thread->comp;
	const struct aos_host_range *r = range_at(comp, addr);
	uint64_t page = addr & ~(uint64_t)(AOS_PAGE_SIZE - 1), pa;
	uint32_t level;
	int err;

	if (!r || regs->orig_ax & PF_PRESENT)
		return false;
	err = hal_host_page(aos, page, r->rights == AOS_MAP_WRITE, &pa);
	if (err == -AOS_EAGAIN) {
		hal_host_pin(aos, page, r->rights == AOS_MAP_WRITE);
		return true;
	}
	return !err && !pgtbl_map_foreign(aos, comp, pa, page, r->rights, &level);
}
