/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One system call, and what the files that implement the operations share.
 * Each operation first decodes (checks everything, changes nothing) and then
 * acts on checked values.  What a component passes is never used as an index
 * or pointer undecoded.
 */
#ifndef AOS_CALL_H
#define AOS_CALL_H

#include "aos/kernel.h"

/* Who calls, with which capability, with which arguments. */
struct call {
	struct aos *aos;
	struct aos_regs *regs;
	struct aos_comp *comp;		/* the caller's */
	struct aos_cap *cap;		/* of the type the operation wants, or NULL */
	uint64_t arg[6];
	uint64_t result2;
	bool resumed;			/* *regs are another context's already: no result */
};

/* Frame number behind index @i of the frames capability in @slot. */
int call_decode_frame(struct call *c, uint64_t slot, uint64_t i, uint32_t *frame);

/* The thread a capability names, or NULL: it has ended. */
struct aos_thread *call_thread(struct aos *aos, const struct aos_cap *cap);

/* May the calling component give the CPU to @to?  op_thread.c */
bool op_thread_gives_cpu(const struct call *c, const struct aos_thread *to);

/* op_event.c */
int64_t op_event_wait(struct call *c);
int64_t op_event_signal(struct call *c);
int64_t op_timer_set(struct call *c);
int64_t op_time(struct call *c);

/* op_thread.c */
int64_t op_thread_switch(struct call *c);
int64_t op_thread_urgency(struct call *c);
int64_t op_thread_budget(struct call *c);
int64_t op_thread_usage(struct call *c);
int64_t op_thread_fault(struct call *c);
int64_t op_sched_notice(struct call *c);
int64_t op_idle(struct call *c);
int64_t op_thread_exit(struct call *c);

/* op_factory.c */
int64_t op_comp_create(struct call *c);
int64_t op_thread_create(struct call *c);
int64_t op_endpoint_create(struct call *c);
int64_t op_timer_create(struct call *c);
int64_t op_invoke_create(struct call *c);
int64_t op_comp_scheduler(struct call *c);

/* op_comp.c */
int64_t op_pgtbl_add(struct call *c);
int64_t op_map(struct call *c);
int64_t op_unmap(struct call *c);
int64_t op_cap_copy(struct call *c);
int64_t op_cap_drop(struct call *c);
int64_t op_comp_state(struct call *c);
int64_t op_comp_reset(struct call *c);

/* op_memory.c */
int64_t op_comp_pager(struct call *c);
int64_t op_frames_part(struct call *c);
int64_t op_host_range(struct call *c);

#endif
