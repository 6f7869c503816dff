/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One inline function per system call of the AOS (abi/syscall.h), and what a
 * component reads off its own stack.  Part of aos.h.
 */
#ifndef AOS_CALLS_H
#define AOS_CALLS_H

#include "abi/image.h"
#include "abi/syscall.h"
#include "abi/types.h"

/*
 * A call with two results.  All registers but rax, rdx, rcx and r11 survive.
 * OP_INVOKE and OP_RETURN follow other rules: only the linker's stubs and aos_invoke()
 * use them.
 */
static inline int64_t aos_call2(uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1,
				uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
				uint64_t *second)
{
	register uint64_t r10 __asm__("r10") = a3;
	register uint64_t r8 __asm__("r8") = a4;
	register uint64_t r9 __asm__("r9") = a5;
	uint64_t rdx = a2;
	int64_t rax = AOS_CALL(op, slot);

	__asm__ volatile("syscall"
			 : "+a"(rax), "+d"(rdx)
			 : "D"(a0), "S"(a1), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "cc", "memory");
	*second = rdx;
	return rax;
}

static inline int64_t aos_call(uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1,
			       uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5)
{
	uint64_t second;

	return aos_call2(op, slot, a0, a1, a2, a3, a4, a5, &second);
}

static inline int64_t aos_call0(uint32_t op, uint32_t slot)
{
	return aos_call(op, slot, 0, 0, 0, 0, 0, 0);
}

static inline int64_t aos_call1(uint32_t op, uint32_t slot, uint64_t a0)
{
	return aos_call(op, slot, a0, 0, 0, 0, 0, 0);
}

/**
 * aos_event_wait() - take the events counted at an endpoint, or sleep for one.
 * @flags: AOS_WAIT_POLL: do not sleep, -AOS_EAGAIN instead
 * @meanwhile: for the scheduler: slot of the thread to run; others pass 0
 * Return: events since the last wait (>= 1), or a negated error.
 */
static inline int64_t aos_event_wait(uint32_t endpoint, uint32_t flags, uint32_t meanwhile)
{
	return aos_call(OP_EVENT_WAIT, endpoint, flags, meanwhile, 0, 0, 0, 0);
}

static inline int64_t aos_event_signal(uint32_t endpoint)
{
	return aos_call0(OP_EVENT_SIGNAL, endpoint);
}

/** aos_timer_set() - signal the timer's endpoint at aos_time_ns() @at; 0 = never. */
static inline int64_t aos_timer_set(uint32_t timer, uint64_t at)
{
	return aos_call1(OP_TIMER_SET, timer, at);
}

/** aos_time_ns() - nanoseconds since the AOS started. */
static inline uint64_t aos_time_ns(void)
{
	return (uint64_t)aos_call0(OP_TIME, AOS_SLOT_NONE);
}

static inline int64_t aos_thread_switch(uint32_t thread)
{
	return aos_call0(OP_THREAD_SWITCH, thread);
}

static inline int64_t aos_thread_urgency(uint32_t thread, uint32_t urgency)
{
	return aos_call1(OP_THREAD_URGENCY, thread, urgency);
}

/**
 * aos_thread_budget() - add to what a thread may use of the CPU, or lift the limit.
 * @add: ns, at most AOS_BUDGET_MAX; 0: only look; AOS_BUDGET_UNLIMITED
 * @left: out: ns left before; negative: overdrawn; AOS_BUDGET_UNLIMITED
 * Return: 0 or a negated error.
 */
static inline int64_t aos_thread_budget(uint32_t thread, uint64_t add, int64_t *left)
{
	uint64_t before;
	int64_t err = aos_call2(OP_THREAD_BUDGET, thread, add, 0, 0, 0, 0, 0, &before);

	*left = (int64_t)before;
	return err;
}

/**
 * aos_thread_usage() - take the oldest recorded chunk of a thread's execution.
 * @start: out: when it began, ns of aos_time_ns()
 * Return: ns used, or -AOS_EAGAIN: no more.
 */
static inline int64_t aos_thread_usage(uint32_t thread, uint64_t *start)
{
	return aos_call2(OP_THREAD_USAGE, thread, 0, 0, 0, 0, 0, 0, start);
}

/** aos_thread_fault() - whom it visits faults: OP_THREAD_FAULT; @vector: AOS_FAULT_OVERRUN.. */
static inline int64_t aos_thread_fault(uint32_t thread, uint32_t vector)
{
	return aos_call1(OP_THREAD_FAULT, thread, vector);
}

/**
 * aos_sched_notice() - next notice: a thread id; *notice: AOS_NOTICE_KIND() of it is an
 * enum aos_notice.
 */
static inline int64_t aos_sched_notice(uint32_t endpoint, uint64_t *notice)
{
	return aos_call2(OP_SCHED_NOTICE, endpoint, 0, 0, 0, 0, 0, 0, notice);
}

/** aos_idle() - nothing to do: for the host, or for the parent of a child scheduler. */
static inline int64_t aos_idle(uint32_t endpoint)
{
	return aos_call0(OP_IDLE, endpoint);
}

/* Factory: only the loader's slot AOS_SLOT_FACTORY holds that capability. */
static inline int64_t aos_comp_create(uint32_t dst, uint32_t root_frame, uint32_t table_frame,
				      uint64_t stack_base, uint32_t flags)
{
	return aos_call(OP_COMP_CREATE, AOS_SLOT_FACTORY, dst, AOS_SLOT_FRAMES, root_frame,
			table_frame, stack_base, flags);
}

/** aos_thread_create() - @number: AOS_THREAD_NUMBER() of the id it must get, or 0. -> its id */
static inline int64_t aos_thread_create(uint32_t dst, uint32_t comp, uint64_t entry,
					uint64_t arg, uint32_t urgency, uint64_t number)
{
	return aos_call(OP_THREAD_CREATE, AOS_SLOT_FACTORY, dst, comp, entry, arg, urgency,
			number);
}

/** aos_endpoint_create() - @of: channel, or the child scheduler's component slot, or 0. */
static inline int64_t aos_endpoint_create(uint32_t dst, uint32_t source, uint32_t of)
{
	return aos_call(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, dst, source, of, 0, 0, 0);
}

/** aos_comp_scheduler() - @scheduler's component schedules the threads of @comp.  Factory. */
static inline int64_t aos_comp_scheduler(uint32_t comp, uint32_t scheduler)
{
	return aos_call(OP_COMP_SCHEDULER, AOS_SLOT_FACTORY, comp, scheduler, 0, 0, 0, 0);
}

static inline int64_t aos_timer_create(uint32_t dst, uint32_t endpoint)
{
	return aos_call(OP_TIMER_CREATE, AOS_SLOT_FACTORY, dst, endpoint, 0, 0, 0, 0);
}

static inline int64_t aos_invoke_create(uint32_t dst, uint32_t comp, uint64_t entry)
{
	return aos_call(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, dst, comp, entry, 0, 0, 0);
}

static inline int64_t aos_pgtbl_add(uint32_t comp, uint32_t frame, uint64_t vaddr,
				    uint32_t level)
{
	return aos_call(OP_PGTBL_ADD, comp, AOS_SLOT_FRAMES, frame, vaddr, level, 0, 0);
}

/** aos_map() - one page; -AOS_ENOENT with *level: a table of that level is missing. */
static inline int64_t aos_map(uint32_t comp, uint32_t from, uint32_t page, uint64_t vaddr,
			      uint32_t rights, uint32_t part, uint64_t *level)
{
	return aos_call2(OP_MAP, comp, from, page, vaddr, rights, part, 0, level);
}

static inline int64_t aos_unmap(uint32_t comp, uint64_t vaddr)
{
	return aos_call1(OP_UNMAP, comp, vaddr);
}

/** aos_comp_pager() - page faults of @comp become this invocation; AOS_SLOT_NONE: no more. */
static inline int64_t aos_comp_pager(uint32_t comp, uint32_t invocation)
{
	return aos_call1(OP_COMP_PAGER, comp, invocation);
}

/** aos_frames_part() - a capability in slot @dst for @count frames from index @first. */
static inline int64_t aos_frames_part(uint32_t frames, uint32_t dst, uint32_t first,
				      uint32_t count)
{
	return aos_call(OP_FRAMES_PART, frames, dst, first, count, 0, 0, 0);
}

/** aos_host_range() - @comp sees the host process's memory there.  Factory. */
static inline int64_t aos_host_range(uint32_t comp, uint64_t vaddr, uint64_t pages,
				     uint32_t rights)
{
	return aos_call(OP_HOST_RANGE, AOS_SLOT_FACTORY, comp, vaddr, pages, rights, 0, 0);
}

static inline int64_t aos_cap_copy(uint32_t comp, uint32_t own_slot, uint32_t its_slot)
{
	return aos_call(OP_CAP_COPY, comp, own_slot, its_slot, 0, 0, 0, 0);
}

static inline int64_t aos_cap_drop(uint32_t comp, uint32_t slot)
{
	return aos_call1(OP_CAP_DROP, comp, slot);
}

static inline int64_t aos_comp_state(uint32_t comp, uint32_t state)
{
	return aos_call1(OP_COMP_STATE, comp, state);
}

/**
 * aos_comp_reset() - a stopped component may be set running again.
 * Return: 0; -AOS_EINVAL: it runs; -AOS_EBUSY: not all of its threads have ended
 * (the fault endpoint is signalled when they have).
 */
static inline int64_t aos_comp_reset(uint32_t comp)
{
	return aos_call0(OP_COMP_RESET, comp);
}

/** aos_doorbell() - tell a channel's device that packets were published. */
static inline int64_t aos_doorbell(uint32_t channel)
{
	return aos_call0(OP_DOORBELL, channel);
}

/** aos_fault_next() - AOS_FAULT_WORD() of the oldest fault, *addr; -AOS_EAGAIN: none. */
static inline int64_t aos_fault_next(uint32_t endpoint, uint64_t *addr)
{
	return aos_call2(OP_FAULT_NEXT, endpoint, 0, 0, 0, 0, 0, 0, addr);
}

/**
 * aos_fault_report() - what an imported function gave back cannot be.
 * @import: AOS_CAP() of the function
 * @word: what it was, for the log
 * Return: 0; -AOS_EHOSTDOWN: its component is stopped already.
 */
static inline int64_t aos_fault_report(uint32_t import, uint64_t word)
{
	return aos_call1(OP_FAULT_REPORT, import, word);
}

/**
 * aos_invoke() - call another component's function by the slot of its invocation,
 * where none of the linker's stubs does.  No register but rsp survives the call.
 */
static inline int64_t aos_invoke(uint32_t slot, const uint64_t a[6])
{
	register uint64_t r10 __asm__("r10") = a[3];
	register uint64_t r8 __asm__("r8") = a[4];
	register uint64_t r9 __asm__("r9") = a[5];
	uint64_t rdi = a[0], rsi = a[1], rdx = a[2];
	int64_t rax = AOS_CALL(OP_INVOKE, slot);

	__asm__ volatile("pushq %%rbp\n\tpushq %%rbx\n\tsyscall\n\tpopq %%rbx\n\tpopq %%rbp"
			 : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8),
			   "+r"(r9)
			 : : "rcx", "r11", "r12", "r13", "r14", "r15", "cc", "memory");
	return rax;
}

/** aos_null() - nothing: a system call to measure. */
static inline int64_t aos_null(void)
{
	return aos_call0(OP_NULL, AOS_SLOT_NONE);
}

/** aos_abort() - fault here and now: what a component does on its own bug. */
__attribute__((noreturn)) static inline void aos_abort(void)
{
	__asm__ volatile("ud2");
	__builtin_unreachable();
}

/** aos_halt() - end the AOS; @status reaches the host.  Loader only. */
__attribute__((noreturn)) static inline void aos_halt(uint32_t status)
{
	aos_call1(OP_HALT, AOS_SLOT_FACTORY, status);
	aos_abort();
}

__attribute__((noreturn)) static inline void aos_thread_exit(void)
{
	aos_call0(OP_THREAD_EXIT, AOS_SLOT_NONE);
	aos_abort();
}

/**
 * aos_thread_id() - the calling thread, from its stack: the kernel chose the
 * stack pointer when the thread came into this component, so no caller can
 * pretend to be another.
 */
static inline uint32_t aos_thread_id(void)
{
	uint64_t sp;

	__asm__ volatile("movq %%rsp, %0" : "=r"(sp));
	return (uint32_t)(((sp - 1) % IMAGE_COMPONENT_STRIDE - IMAGE_STACKS_OFFSET) /
			  AOS_STACK_STRIDE);
}

/**
 * aos_caller() - id of the component that invoked this one, from the word that
 * the server stub put at the top of the stack: the kernel named it, so no caller
 * can pretend to be another.  A thread in its own component is its own caller.
 */
static inline uint32_t aos_caller(void)
{
	uint64_t sp;

	__asm__ volatile("movq %%rsp, %0" : "=r"(sp));
	return *(const uint32_t *)(((sp - 1) | (AOS_STACK_STRIDE - 1)) + 1 - sizeof(uint64_t));
}

/** aos_component_id() - this component's number: its place in the composition. */
static inline uint32_t aos_component_id(void)
{
	uint64_t id;

	__asm__("movabsq $__component_id, %0" : "=r"(id));
	return (uint32_t)id;
}

/** aos_tsc() - time-stamp counter; earlier loads are done when it is read. */
static inline uint64_t aos_tsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

/** aos_tsc_near() - the same without waiting for what is before it: a few cycles off. */
static inline uint64_t aos_tsc_near(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

#endif
