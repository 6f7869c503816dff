// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls on components: page tables, capability tables, state. */
#include "aos/string.h"
#include "aos/call.h"
#include "x86_64/nospec.h"

int64_t op_pgtbl_add(struct call *c)
{
	uint32_t frame;
	int err = call_decode_frame(c, c->arg[0], c->arg[1], &frame);

	if (err)
		return err;
	if (c->arg[3] > UINT32_MAX)
		return -AOS_EINVAL;
	return pgtbl_add(c->aos, c->cap->comp, frame, c->arg[2], (uint32_t)c->arg[3]);
}

static int64_t map_channel(struct call *c, struct aos_cap *channel, uint32_t *level)
{
	uint64_t pa;
	int err;

	if (c->arg[4] >= RING_PARTS || c->arg[1] > UINT32_MAX)
		return -AOS_EINVAL;
	/* What Linux writes is for reading, and what the network sends is no code. */
	if (c->arg[3] != AOS_MAP_READ &&
	    (c->arg[3] != AOS_MAP_WRITE || c->arg[4] == RING_PART_HOST))
		return -AOS_EPERM;
	err = hal_channel_page(c->aos, channel->id, (enum ring_part)c->arg[4],
			       (uint32_t)c->arg[1], &pa);
	if (err)
		return err;
	return pgtbl_map_foreign(c->aos, c->cap->comp, pa, c->arg[2], (uint32_t)c->arg[3], level);
}

int64_t op_map(struct call *c)
{
	struct aos_cap *channel = cap_lookup(c->comp, c->arg[0], CAP_CHANNEL);
	uint32_t frame, level = 0;
	int64_t err;

	if (c->arg[3] > AOS_MAP_EXEC)
		return -AOS_EINVAL;
	if (channel) {
		err = map_channel(c, channel, &level);
	} else {
		err = call_decode_frame(c, c->arg[0], c->arg[1], &frame);
		if (!err)
			err = pgtbl_map_frame(c->aos, c->cap->comp, frame, c->arg[2],
					      (uint32_t)c->arg[3], &level);
	}
	c->result2 = level;
	return err;
}

int64_t op_unmap(struct call *c)
{
	return pgtbl_unmap(c->aos, c->cap->comp, c->arg[0]);
}

int64_t op_cap_copy(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->cap->comp, c->arg[1]);
	const struct aos_cap *src;

	if (c->arg[0] >= AOS_CAP_SLOTS)
		return -AOS_EINVAL;
	src = &c->comp->caps[nospec_index(c->arg[0], AOS_CAP_SLOTS)];
	if (src->type == CAP_NONE)
		return -AOS_ENOENT;
	if (!dst)
		return -AOS_EEXIST;
	*dst = *src;
	return 0;
}

int64_t op_cap_drop(struct call *c)
{
	struct aos_cap *cap;

	if (c->arg[0] >= AOS_CAP_SLOTS)
		return -AOS_EINVAL;
	cap = &c->cap->comp->caps[nospec_index(c->arg[0], AOS_CAP_SLOTS)];
	if (cap->type == CAP_NONE)
		return -AOS_ENOENT;
	memset(cap, 0, sizeof(*cap));
	return 0;
}

int64_t op_comp_state(struct call *c)
{
	struct aos_comp *comp = c->cap->comp;
	uint64_t faults = c->aos->stats.faults;
	bool inside;

	if (c->arg[0] > AOS_COMP_STOPPED)
		return -AOS_EINVAL;
	if (c->arg[0] == AOS_COMP_RUNNING) {
		comp->state = AOS_COMP_RUNNING;
		return 0;
	}
	inside = comp_stop(c->aos, c->regs, comp, -AOS_EHOSTDOWN);
	if (c->aos->next)
		thread_section_end(c->aos);
	fault_announce_since(c->aos, faults);
	return inside ? -AOS_EHOSTDOWN : 0;
}

int64_t op_comp_reset(struct call *c)
{
	if (c->cap->comp->state != AOS_COMP_STOPPED)
		return -AOS_EINVAL;
	if (comp_has_threads(c->aos, c->cap->comp))
		return -AOS_EBUSY;
	comp_reset(c->aos, c->cap->comp);
	return 0;
}
