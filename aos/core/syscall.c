// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls: a table of operations, and those that fit in no other file. */
#include "aos/string.h"
#include "aos/call.h"
#include "x86_64/nospec.h"

/* ---- invocation ---- */

static int64_t op_invoke(struct call *c)
{
	return invoke_call(c->aos, c->cap, c->regs);
}

/* The client was stopped meanwhile: its own client sees that, and goes on. */
static int64_t return_past_stopped(struct call *c)
{
	uint64_t faults = c->aos->stats.faults;

	thread_evict(c->aos, c->regs, c->aos->current_thread, -AOS_EHOSTDOWN);
	if (c->aos->next)
		thread_section_end(c->aos);
	fault_announce_since(c->aos, faults);
	c->resumed = true;
	return -AOS_EHOSTDOWN;
}

/* The instruction that faulted runs again, or its fault is one. */
static int64_t return_from_pager(struct call *c)
{
	uint64_t addr = pager_leave(c->aos, c->regs);

	c->resumed = true;
	if (c->arg[0])
		fault_raise(c->aos, c->regs, c->aos->current_thread, VECTOR_PF, addr);
	else
		thread_section_end(c->aos);
	return 0;
}

static int64_t op_return(struct call *c)
{
	const struct aos_thread *t = c->aos->current_thread;

	if (pager_runs(c->aos, t))
		return return_from_pager(c);
	if (t->top == t->stack)
		return -AOS_EINVAL;
	if (!invoke_return(c->aos, c->regs, c->arg[0], c->arg[2]))
		return return_past_stopped(c);
	c->result2 = c->arg[2];
	thread_section_end(c->aos);
	return (int64_t)c->arg[0];
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

static int64_t op_fault_report(struct call *c)
{
	if (c->cap->comp->state != AOS_COMP_RUNNING)
		return -AOS_EHOSTDOWN;
	return fault_report(c->aos, c->regs, c->cap->comp, c->arg[0]);
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
	[OP_THREAD_BUDGET]	= { op_thread_budget, CAP_THREAD },
	[OP_THREAD_USAGE]	= { op_thread_usage, CAP_THREAD },
	[OP_THREAD_FAULT]	= { op_thread_fault, CAP_THREAD },
	[OP_COMP_RESET]		= { op_comp_reset, CAP_COMP },
	[OP_FAULT_REPORT]	= { op_fault_report, CAP_INVOKE },
	[OP_COMP_PAGER]		= { op_comp_pager, CAP_COMP },
	[OP_FRAMES_PART]	= { op_frames_part, CAP_FRAMES },
	[OP_HOST_RANGE]		= { op_host_range, CAP_FACTORY },
	[OP_COMP_SCHEDULER]	= { op_comp_scheduler, CAP_FACTORY },
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
	struct call c = {
		.aos = aos, .regs = regs, .comp = aos->current_thread->comp,
		.arg = { regs->di, regs->si, regs->dx, regs->r10, regs->r8, regs->r9 },
	};
	bool invoke = AOS_CALL_OP(regs->ax) == OP_INVOKE;
	int64_t result;

	aos->stats.syscalls++;
	result = call(&c);
	/* After a successful invocation the registers are the callee's. */
	if (!(invoke && !result) && !c.resumed) {
		regs->ax = (uint64_t)result;
		regs->dx = c.result2;
	}
	aos_dispatch(aos, regs);
}

void aos_event(struct aos *aos, struct aos_regs *regs, uint32_t events)
{
	event_raise_host(aos, events);
	aos_dispatch(aos, regs);
}

void aos_event_at_idle(struct aos *aos, struct aos_regs *regs, uint32_t events)
{
	aos->at_idle = true;
	aos_event(aos, regs, events);
}
