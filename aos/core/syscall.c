// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: a table of operations, each a function that first decodes
 * (checks everything, changes nothing) and then acts on checked values.
 * What a component passes is never used as an index or pointer undecoded.
 */
#include "aos/kernel.h"
#include "aos/string.h"
#include "x86_64/nospec.h"

/* One call: who, with which capability, with which arguments. */
struct call {
	struct aos *aos;
	struct aos_regs *regs;
	struct aos_comp *comp;		/* the caller's */
	struct aos_cap *cap;		/* of the type the operation wants, or NULL */
	uint64_t arg[6];
	uint64_t result2;
};

static bool vaddr_in_user(uint64_t vaddr)
{
	return vaddr >= AOS_PAGE_SIZE && vaddr < AOS_USER_END;
}

/* Frame number behind index @i of the frames capability in @slot. */
static int decode_frame(struct call *c, uint64_t slot, uint64_t i, uint32_t *frame)
{
	struct aos_cap *cap = cap_lookup(c->comp, slot, CAP_FRAMES);

	if (!cap)
		return -AOS_ENOENT;
	if (i >= cap->entry)
		return -AOS_EINVAL;
	*frame = cap->id + (uint32_t)nospec_index(i, cap->entry);
	return 0;
}

static struct aos_thread *cap_thread(struct aos *aos, const struct aos_cap *cap)
{
	struct aos_thread *t = &aos->threads[cap->id];

	return t->state == THREAD_FREE || t->state == THREAD_EXITED ? NULL : t;
}

static void cap_fill(struct aos_cap *cap, uint32_t type, uint32_t id, struct aos_comp *comp,
		     uint64_t entry)
{
	*cap = (struct aos_cap){ .type = type, .id = id, .comp = comp, .entry = entry };
}

/* ---- invocation ---- */

static int64_t op_invoke(struct call *c)
{
	return invoke_call(c->aos, c->cap, c->regs);
}

/* The client was stopped meanwhile: its own client sees that, and goes on. */
static int64_t return_past_stopped(struct call *c)
{
	if (invoke_unwind(c->aos, c->regs, -AOS_EHOSTDOWN))
		thread_section_end(c->aos);
	else
		thread_exit(c->aos, c->aos->current_thread);
	return -AOS_EHOSTDOWN;
}

static int64_t op_return(struct call *c)
{
	if (!invoke_return(c->aos, c->regs, c->arg[0], c->arg[1]))
		return -AOS_EINVAL;
	if (c->aos->current_thread->comp->state != AOS_COMP_RUNNING)
		return return_past_stopped(c);
	c->result2 = c->arg[1];
	thread_section_end(c->aos);
	return (int64_t)c->arg[0];
}

/* ---- events ---- */

static int64_t op_event_wait(struct call *c)
{
	struct aos_thread *meanwhile = NULL;
	struct aos_cap *cap;

	if (c->arg[0] & ~(uint64_t)AOS_WAIT_POLL)
		return -AOS_EINVAL;
	if (c->arg[1]) {
		cap = cap_lookup(c->comp, c->arg[1], CAP_THREAD);
		if (!cap)
			return -AOS_ENOENT;
		meanwhile = cap_thread(c->aos, cap);
		if (!meanwhile)
			return -AOS_EAGAIN;
	}
	return event_wait(c->aos, &c->aos->endpoints[c->cap->id], c->arg[0], meanwhile);
}

static int64_t op_event_signal(struct call *c)
{
	event_raise(c->aos, &c->aos->endpoints[c->cap->id]);
	return 0;
}

static int64_t op_timer_set(struct call *c)
{
	/* Hosts count in signed 64 bits: what goes beyond is as late as can be. */
	uint64_t latest = (~0ull >> 1) - c->aos->time_base;
	uint64_t deadline = c->arg[0] < latest ? c->arg[0] : latest;

	if (deadline)
		deadline += c->aos->time_base;
	timer_set(c->aos, &c->aos->timers[c->cap->id], deadline);
	return 0;
}

static int64_t op_time(struct call *c)
{
	return (int64_t)(hal_time(c->aos) - c->aos->time_base);
}

/* ---- threads ---- */

static int64_t op_thread_switch(struct call *c)
{
	struct aos_thread *t = cap_thread(c->aos, c->cap);

	if (!t)
		return -AOS_ENOENT;
	if (t == c->aos->current_thread)
		return 0;
	return thread_switch(c->aos, t);
}

static int64_t op_thread_urgency(struct call *c)
{
	struct aos_thread *t = cap_thread(c->aos, c->cap);

	if (!t)
		return -AOS_ENOENT;
	if (c->arg[0] > AOS_URGENCY_MAX)
		return -AOS_EINVAL;
	t->urgency = (uint32_t)c->arg[0];
	return 0;
}

static bool is_sched_endpoint(const struct call *c)
{
	return &c->aos->endpoints[c->cap->id] == c->aos->sched_endpoint;
}

static int64_t op_sched_notice(struct call *c)
{
	struct aos_thread *t;
	uint32_t notice;

	if (!is_sched_endpoint(c))
		return -AOS_EPERM;
	t = thread_take_notice(c->aos, &notice);
	if (!t)
		return -AOS_EAGAIN;
	c->result2 = notice;
	return t->id;
}

/*
 * Look for news, and for events that came while the host had the CPU; only if
 * there are none does the host get it again.
 */
static int64_t op_idle(struct call *c)
{
	struct aos *aos = c->aos;
	uint32_t events;

	if (!is_sched_endpoint(c))
		return -AOS_EPERM;
	if (!thread_may_rest(aos))
		return 0;
	events = hal_take_events(aos);
	if (events) {
		aos->at_idle = true;
		aos_event(aos, c->regs, events);
		aos->at_idle = false;
		return 0;
	}
	aos->stats.idles++;
	hal_idle(aos);
	return 0;
}

/* Whom a thread calls does not own it. */
static int64_t op_thread_exit(struct call *c)
{
	struct aos_thread *t = c->aos->current_thread;

	if (t->top != t->stack)
		return -AOS_EPERM;
	thread_exit(c->aos, t);
	return 0;
}

/* ---- factory ---- */

static int64_t op_comp_create(struct call *c)
{
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_comp *comp;
	uint32_t root, captable;
	int err;

	if (!dst)
		return -AOS_EEXIST;
	err = decode_frame(c, c->arg[1], c->arg[2], &root);
	if (!err)
		err = decode_frame(c, c->arg[1], c->arg[2] + 1, &captable);
	if (!err)
		err = decode_frame(c, c->arg[1], c->arg[3], &captable);
	if (err)
		return err;
	if (!vaddr_in_user(c->arg[4]) || c->arg[4] % AOS_STACK_STRIDE ||
	    c->arg[4] + AOS_MAX_THREADS * AOS_STACK_STRIDE >= AOS_USER_END ||
	    c->arg[5] & ~(uint64_t)(AOS_COMP_SCHED | AOS_COMP_STOP_ON_FAULT))
		return -AOS_EINVAL;
	err = comp_create(c->aos, root, captable, c->arg[4], (uint32_t)c->arg[5], &comp);
	if (err)
		return err;
	cap_fill(dst, CAP_COMP, comp->id, comp, 0);
	return comp->id;
}

static int64_t op_thread_create(struct call *c)
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
	t = thread_create(c->aos, comp->comp, c->arg[2], c->arg[3], (uint32_t)c->arg[4]);
	if (!t)
		return -AOS_ENOMEM;
	cap_fill(dst, CAP_THREAD, t->id, NULL, 0);
	return t->id;
}

/* At most one endpoint each for the scheduler's notices and for faults. */
static int decode_source(struct aos *aos, uint64_t source, uint64_t channel)
{
	switch (source) {
	case AOS_SOURCE_SOFT:
		return 0;
	case AOS_SOURCE_CHANNEL:
		return channel < BOOTINFO_CHANNELS ? 0 : -AOS_EINVAL;
	case AOS_SOURCE_SCHED:
		return aos->sched_endpoint ? -AOS_EBUSY : 0;
	case AOS_SOURCE_FAULT:
		return aos->fault_endpoint ? -AOS_EBUSY : 0;
	default:
		return -AOS_EINVAL;
	}
}

static int64_t op_endpoint_create(struct call *c)
{
	struct aos *aos = c->aos;
	struct aos_cap *dst = cap_empty(c->comp, c->arg[0]);
	struct aos_endpoint *ep = &aos->endpoints[aos->nendpoints];
	int err = decode_source(aos, c->arg[1], c->arg[2]);

	if (!dst)
		return -AOS_EEXIST;
	if (err)
		return err;
	if (aos->nendpoints == AOS_MAX_ENDPOINTS)
		return -AOS_ENOMEM;
	*ep = (struct aos_endpoint){ .source = (uint32_t)c->arg[1],
				     .channel = (uint32_t)c->arg[2], .used = true };
	aos->nendpoints++;
	if (ep->source == AOS_SOURCE_SCHED)
		aos->sched_endpoint = ep;
	if (ep->source == AOS_SOURCE_FAULT)
		aos->fault_endpoint = ep;
	cap_fill(dst, CAP_ENDPOINT, (uint32_t)(ep - aos->endpoints), NULL, 0);
	return 0;
}

static struct aos_timer *timer_free_slot(struct aos *aos)
{
	for (uint32_t i = 0; i < AOS_MAX_TIMERS; i++)
		if (!aos->timers[i].used)
			return &aos->timers[i];
	return NULL;
}

static int64_t op_timer_create(struct call *c)
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

static int64_t op_invoke_create(struct call *c)
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

/* ---- components ---- */

static int64_t op_pgtbl_add(struct call *c)
{
	uint32_t frame;
	int err = decode_frame(c, c->arg[0], c->arg[1], &frame);

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
	return pgtbl_map_channel(c->aos, c->cap->comp, pa, c->arg[2], (uint32_t)c->arg[3], level);
}

static int64_t op_map(struct call *c)
{
	struct aos_cap *channel = cap_lookup(c->comp, c->arg[0], CAP_CHANNEL);
	uint32_t frame, level = 0;
	int64_t err;

	if (c->arg[3] > AOS_MAP_EXEC)
		return -AOS_EINVAL;
	if (channel) {
		err = map_channel(c, channel, &level);
	} else {
		err = decode_frame(c, c->arg[0], c->arg[1], &frame);
		if (!err)
			err = pgtbl_map_frame(c->aos, c->cap->comp, frame, c->arg[2],
					      (uint32_t)c->arg[3], &level);
	}
	c->result2 = level;
	return err;
}

static int64_t op_unmap(struct call *c)
{
	return pgtbl_unmap(c->aos, c->cap->comp, c->arg[0]);
}

static int64_t op_cap_copy(struct call *c)
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

static int64_t op_cap_drop(struct call *c)
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

static int64_t op_comp_state(struct call *c)
{
	if (c->arg[0] > AOS_COMP_STOPPED)
		return -AOS_EINVAL;
	c->cap->comp->state = (uint32_t)c->arg[0];
	return 0;
}

/* ---- the rest ---- */

static int64_t op_log(struct call *c)
{
	char text[48];
	uint32_t len = 0;

	memcpy(text, c->arg, sizeof(text));
	while (len < sizeof(text) && text[len])
		len++;
	hal_log(c->aos, text, len);
	return 0;
}

static int64_t op_doorbell(struct call *c)
{
	c->aos->stats.doorbells++;
	hal_doorbell(c->aos, c->cap->id);
	return 0;
}

static int64_t op_fault_next(struct call *c)
{
	if (&c->aos->endpoints[c->cap->id] != c->aos->fault_endpoint)
		return -AOS_EPERM;
	return fault_next(c->aos, &c->result2);
}

static int64_t op_halt(struct call *c)
{
	c->aos->halted = true;
	hal_halt(c->aos, (int32_t)(c->arg[0] & 0xff));
	return 0;
}

static int64_t op_null(struct call *c)
{
	(void)c;
	return 0;
}

/* Each operation with the type its capability must have. */
static const struct {
	int64_t (*fn)(struct call *c);
	uint32_t cap;
} ops[OP_COUNT] = {
	[OP_INVOKE]		= { op_invoke, CAP_INVOKE },
	[OP_RETURN]		= { op_return, CAP_NONE },
	[OP_EVENT_WAIT]		= { op_event_wait, CAP_ENDPOINT },
	[OP_EVENT_SIGNAL]	= { op_event_signal, CAP_ENDPOINT },
	[OP_TIMER_SET]		= { op_timer_set, CAP_TIMER },
	[OP_TIME]		= { op_time, CAP_NONE },
	[OP_THREAD_SWITCH]	= { op_thread_switch, CAP_THREAD },
	[OP_THREAD_URGENCY]	= { op_thread_urgency, CAP_THREAD },
	[OP_SCHED_NOTICE]	= { op_sched_notice, CAP_ENDPOINT },
	[OP_IDLE]		= { op_idle, CAP_ENDPOINT },
	[OP_COMP_CREATE]	= { op_comp_create, CAP_FACTORY },
	[OP_THREAD_CREATE]	= { op_thread_create, CAP_FACTORY },
	[OP_ENDPOINT_CREATE]	= { op_endpoint_create, CAP_FACTORY },
	[OP_TIMER_CREATE]	= { op_timer_create, CAP_FACTORY },
	[OP_INVOKE_CREATE]	= { op_invoke_create, CAP_FACTORY },
	[OP_PGTBL_ADD]		= { op_pgtbl_add, CAP_COMP },
	[OP_MAP]		= { op_map, CAP_COMP },
	[OP_UNMAP]		= { op_unmap, CAP_COMP },
	[OP_CAP_COPY]		= { op_cap_copy, CAP_COMP },
	[OP_CAP_DROP]		= { op_cap_drop, CAP_COMP },
	[OP_COMP_STATE]		= { op_comp_state, CAP_COMP },
	[OP_LOG]		= { op_log, CAP_CONSOLE },
	[OP_DOORBELL]		= { op_doorbell, CAP_CHANNEL },
	[OP_FAULT_NEXT]		= { op_fault_next, CAP_ENDPOINT },
	[OP_HALT]		= { op_halt, CAP_FACTORY },
	[OP_THREAD_EXIT]	= { op_thread_exit, CAP_NONE },
	[OP_NULL]		= { op_null, CAP_NONE },
};

static int64_t call(struct call *c)
{
	uint64_t op = AOS_CALL_OP(c->regs->ax);
	uint64_t slot = AOS_CALL_SLOT(c->regs->ax);

	if (op >= OP_COUNT)
		return -AOS_ENOSYS;
	op = nospec_index(op, OP_COUNT);
	if (ops[op].cap != CAP_NONE) {
		c->cap = cap_lookup(c->comp, slot, ops[op].cap);
		if (!c->cap)
			return slot < AOS_CAP_SLOTS && c->comp->caps[slot].type != CAP_NONE ?
				-AOS_ENOSYS : -AOS_ENOENT;
	}
	return ops[op].fn(c);
}

void aos_syscall(struct aos *aos, struct aos_regs *regs)
{
	struct aos_thread *caller = aos->current_thread;
	struct call c = {
		.aos = aos, .regs = regs, .comp = caller->comp,
		.arg = { regs->di, regs->si, regs->dx, regs->r10, regs->r8, regs->r9 },
	};
	bool invoke = AOS_CALL_OP(regs->ax) == OP_INVOKE;
	int64_t result;

	aos->stats.syscalls++;
	result = call(&c);
	/*
	 * After a successful invocation the registers are the callee's, and
	 * where the idle loop found events they are another thread's already.
	 */
	if (aos->current_thread == caller && !(invoke && !result)) {
		regs->ax = (uint64_t)result;
		regs->dx = c.result2;
	}
	aos_dispatch(aos, regs);
}

void aos_event(struct aos *aos, struct aos_regs *regs, uint32_t events)
{
	for (uint32_t i = 0; i < aos->nendpoints; i++) {
		struct aos_endpoint *ep = &aos->endpoints[i];

		if (ep->source == AOS_SOURCE_CHANNEL &&
		    events & HAL_EVENT_CHANNEL(ep->channel))
			event_raise(aos, ep);
	}
	if (events & HAL_EVENT_TIMER)
		timer_expire(aos);
	aos_dispatch(aos, regs);
}
