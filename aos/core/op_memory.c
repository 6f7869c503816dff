// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls for those that manage memory: pagers, parts of frames, host memory. */
#include "aos/call.h"

int64_t op_comp_pager(struct call *c)
{
	struct aos_comp *comp = c->cap->comp;
	const struct aos_cap *pager;

	if (c->arg[0] == AOS_SLOT_NONE) {
		comp->pager = (struct aos_cap){ .type = CAP_NONE };
		return 0;
	}
	pager = cap_lookup(c->comp, c->arg[0], CAP_INVOKE);
	if (!pager)
		return -AOS_ENOENT;
	if (pager->comp == comp || comp->flags & (AOS_COMP_SCHED | AOS_COMP_FP))
		return -AOS_EINVAL;
	comp->pager = *pager;
	return 0;
}

int64_t op_frames_part(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);

	if (!dst)
		return -AOS_EEXIST;
	if (c->arg[1] > c->cap->entry || c->arg[2] > c->cap->entry - c->arg[1])
		return -AOS_EINVAL;
	*dst = (struct aos_cap){ .type = CAP_FRAMES, .id = c->cap->id + (uint32_t)c->arg[1],
				 .entry = c->arg[2] };
	return 0;
}

static struct aos_host_range *range_free_slot(struct aos_comp *comp)
{
	for (uint32_t i = 0; i < AOS_MAX_HOST_RANGES; i++)
		if (!comp->host[i].pages)
			return &comp->host[i];
	return NULL;
}

static bool range_valid(uint64_t vaddr, uint64_t pages)
{
	return vaddr >= AOS_PAGE_SIZE && vaddr < AOS_USER_END && vaddr % AOS_PAGE_SIZE == 0 &&
	       pages && pages <= (AOS_USER_END - vaddr) / AOS_PAGE_SIZE;
}

int64_t op_host_range(struct call *c)
{
	struct aos_cap *comp = cap_lookup(c->comp, c->arg[0], CAP_COMP);
	struct aos_host_range *range;

	if (!comp)
		return -AOS_ENOENT;
	if (!range_valid(c->arg[1], c->arg[2]) ||
	    (c->arg[3] != AOS_MAP_READ && c->arg[3] != AOS_MAP_WRITE))
		return -AOS_EINVAL;
	range = range_free_slot(comp->comp);
	if (!range)
		return -AOS_ENOSPC;
	*range = (struct aos_host_range){ c->arg[1], c->arg[2], (uint32_t)c->arg[3] };
	return 0;
}
