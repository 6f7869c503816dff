// SPDX-License-Identifier: GPL-2.0-or-later
/* Components: a page table, a capability table, a place for stacks. */
#include "aos/kernel.h"
#include "aos/string.h"

static bool root_claimable(struct aos *aos, uint32_t root)
{
	return root % 2 == 0 && aos->frames[root].type == FRAME_FREE &&
	       aos->frames[root + 1].type == FRAME_FREE;
}

/* @root and @captable have been checked against nframes. */
int comp_create(struct aos *aos, uint32_t root, uint32_t captable, uint64_t stack_base,
		uint32_t flags, struct aos_comp **out)
{
	struct aos_comp *comp;

	if (aos->ncomps == AOS_MAX_COMPONENTS)
		return -AOS_ENOMEM;
	if (!root_claimable(aos, root) || captable == root || captable == root + 1)
		return -AOS_EBUSY;
	if (frame_claim(aos, captable, FRAME_CAPTABLE))
		return -AOS_EBUSY;
	frame_claim(aos, root, FRAME_PGTBL);
	frame_claim(aos, root + 1, FRAME_PGTBL);
	memset(hal_frame_va(aos, root), 0, AOS_PAGE_SIZE);
	memset(hal_frame_va(aos, root + 1), 0, AOS_PAGE_SIZE);
	memset(hal_frame_va(aos, captable), 0, AOS_PAGE_SIZE);
	hal_root_init(aos, root);

	comp = &aos->comps[aos->ncomps];
	comp->id = aos->ncomps++;
	comp->root = root;
	comp->caps = hal_frame_va(aos, captable);
	comp->cr3 = hal_root_cr3(aos, root, &comp->user_cr3);
	comp->stack_base = stack_base;
	comp->flags = flags;
	comp->state = AOS_COMP_RUNNING;
	*out = comp;
	return 0;
}

uint64_t aos_cr3(const struct aos *aos)
{
	return aos->current_thread->comp->cr3;
}
