// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls of the factory: they make objects. */
#include "aos/call.h"
#include "aos/scheduler.h"

static bool vaddr_in_user(uint64_t vaddr)
{
	return vaddr >= AOS_PAGE_SIZE && vaddr < AOS_USER_END;
}

static void cap_fill(struct aos_cap *cap, uint32_t type, uint32_t id, struct aos_comp *comp,
		     uint64_t entry)
{
	*cap = (struct aos_cap){ .type = type, .id = id, .comp = comp, .entry = entry };
}

int64_t op_comp_create(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_comp *comp;
	uint32_t root, captable;
	int err;

	if (!dst)
		return -AOS_EEXIST;
	err = call_decode_frame(c, c->arg[1], c->arg[2], &root);
	if (!err)
		err = call_decode_frame(c, c->arg[1], c->arg[2] + 1, &captable);
	if (!err)
		err = call_decode_frame(c, c->arg[1], c->arg[3], &captable);
	if (err)
		return err;
	if (!vaddr_in_user(c->arg[4]) || c->arg[4] % AOS_STACK_STRIDE ||
	    c->arg[4] + AOS_MAX_THREADS * AOS_STACK_STRIDE >= AOS_USER_END ||
	    c->arg[5] & ~(uint64_t)AOS_COMP_KERNEL_FLAGS)
		return -AOS_EINVAL;
	err = comp_create(c->aos, root, captable, c->arg[4], (uint32_t)c->arg[5], &comp);
	if (err)
		return err;
	cap_fill(dst, CAP_COMP, comp->id, comp, 0);
	return comp->id;
}

int64_t op_thread_create(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_cap *comp = cap_lookup(c->comp, c->arg[1], CAP_COMP);
	struct aos_thread *t;

	if (!dst)
		return -AOS_EEXIST;
	if (!comp)
		return -AOS_ENOENT;
	if (!vaddr_in_user(c->arg[2]) || c->arg[4] > AOS_URGENCY_MAX)
		return -AOS_EINVAL;
	if (comp->comp->state != AOS_COMP_RUNNING)
		return -AOS_EHOSTDOWN;
	t = thread_create(c->aos, c->arg[5], comp->comp, c->arg[2], c->arg[3],
			  (uint32_t)c->arg[4]);
	if (!t)
		return c->arg[5] ? -AOS_EBUSY : -AOS_ENOMEM;
	cap_fill(dst, CAP_THREAD, t->id, NULL, t->generation);
	return t->id;
}

/* At most one endpoint for faults; one for each scheduler's notices. */
static int decode_source(struct aos *aos, uint64_t source, uint64_t channel)
{
	switch (source) {
	case AOS_SOURCE_SOFT:
	case AOS_SOURCE_SCHED:
		return 0;
	case AOS_SOURCE_CHANNEL:
		return channel < BOOTINFO_CHANNELS ? 0 : -AOS_EINVAL;
	case AOS_SOURCE_FAULT:
		return aos->fault_endpoint ? -AOS_EBUSY : 0;
	default:
		return -AOS_EINVAL;
	}
}

/* The root's, or the child's whose component the third argument names. */
static int make_scheduler(struct call *c, struct aos_endpoint *ep)
{
	struct aos_cap *comp = NULL;

	if (c->arg[2]) {
		comp = cap_lookup(c->comp, c->arg[2], CAP_COMP);
		if (!comp)
			return -AOS_ENOENT;
	}
	return scheduler_make(c->aos, ep, comp ? comp->comp : NULL);
}

int64_t op_endpoint_create(struct call *c)
{
	struct aos *aos = c->aos;
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_endpoint *ep = &aos->endpoints[aos->nendpoints];
	int err = decode_source(aos, c->arg[1], c->arg[2]);

	if (!dst)
		return -AOS_EEXIST;
	if (!err && aos->nendpoints == AOS_MAX_ENDPOINTS)
		err = -AOS_ENOMEM;
	if (!err && c->arg[1] == AOS_SOURCE_SCHED)
		err = make_scheduler(c, ep);
	if (err)
		return err;
	*ep = (struct aos_endpoint){ .source = (uint32_t)c->arg[1], .used = true };
	if (ep->source == AOS_SOURCE_CHANNEL)
		ep->channel = (uint32_t)c->arg[2];
	aos->nendpoints++;
	if (ep->source == AOS_SOURCE_FAULT)
		aos->fault_endpoint = ep;
	cap_fill(dst, CAP_ENDPOINT, (uint32_t)(ep - aos->endpoints), NULL, 0);
	return 0;
}

int64_t op_comp_scheduler(struct call *c)
{
	struct aos_cap *comp = cap_lookup(c->comp, c->arg[0], CAP_COMP);
	struct aos_cap *scheduler = cap_lookup(c->comp, c->arg[1], CAP_COMP);

	if (!comp || !scheduler)
		return -AOS_ENOENT;
	if (!(scheduler->comp->flags & AOS_COMP_SCHED))
		return -AOS_EINVAL;
	return scheduler_assign(c->aos, comp->comp, scheduler->comp->serves);
}

static struct aos_timer *timer_free_slot(struct aos *aos)
{
	for (uint32_t i = 0; i < AOS_MAX_TIMERS; i++)
		if (!aos->timers[i].used)
			return &aos->timers[i];
	return NULL;
}

int64_t op_timer_create(struct call *c)
{
	struct aos *aos = c->aos;
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_cap *ep = cap_lookup(c->comp, c->arg[1], CAP_ENDPOINT);
	struct aos_timer *timer = timer_free_slot(aos);

	if (!dst)
		return -AOS_EEXIST;
	if (!ep)
		return -AOS_ENOENT;
	if (!timer)
		return -AOS_ENOMEM;
	*timer = (struct aos_timer){ .endpoint = &aos->endpoints[ep->id], .used = true };
	cap_fill(dst, CAP_TIMER, (uint32_t)(timer - aos->timers), NULL, 0);
	return 0;
}

int64_t op_invoke_create(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_cap *comp = cap_lookup(c->comp, c->arg[1], CAP_COMP);

	if (!dst)
		return -AOS_EEXIST;
	if (!comp)
		return -AOS_ENOENT;
	if (!vaddr_in_user(c->arg[2]))
		return -AOS_EINVAL;
	cap_fill(dst, CAP_INVOKE, comp->comp->id, comp->comp, c->arg[2]);
	return 0;
}
