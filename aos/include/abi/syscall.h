/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls of the AOS: numbers, registers, and what they do.
 *
 * CALL.   rax = AOS_CALL(op, slot): operation and capability slot.
 *         rdi, rsi, rdx, r10, r8, r9 = arguments 0..5.
 * RESULT. rax = 0 or positive, or a negated AOS_E*; rdx = second result.
 *         rcx, r11 are destroyed (SYSCALL).  After OP_INVOKE *every*
 *         register but rsp is destroyed: the client stub saves what the C
 *         ABI wants saved, so a server cannot harm or read it.
 *
 * INVOKE. The callee starts at the entry the capability names, on this
 *         thread's own stack in the callee's component, with arguments
 *         0..5 in rdi, rsi, rdx, r10, r8, r9, the id of the component that
 *         calls in rax, and all else zero.  It ends with
 *         OP_RETURN, rdi = result, rdx = second result, which the client
 *         sees in rax and rdx.  If the callee faults the client sees
 *         -AOS_EFAULT; if it is stopped, before or meanwhile, -AOS_EHOSTDOWN.
 *
 * PAGER.  A fault on a page that is not there invokes the component's pager
 *         (OP_COMP_PAGER), if it has one, on the thread that faulted: argument
 *         0 is the address, 1 the CPU's error code, the caller is the
 *         component.  With result 0 all registers are restored and the
 *         instruction runs again; any other result, or a fault of the pager,
 *         makes it a fault of the component.  A thread is in one pager at
 *         most, and where an invocation would not fit neither does a pager.
 *
 * VECTORS. In a component with AOS_COMP_FP a thread finds vector and x87
 *         registers, MXCSR and x87 control word in their initial state when it
 *         comes in, by a call or at its start, and after each OP_INVOKE; all
 *         other calls leave them alone.  Other components have none: what
 *         such an instruction finds there is nobody's.
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

#include "types.h"

#define AOS_CALL(op, slot)	(((uint32_t)(op) << 16) | (uint32_t)(slot))
#define AOS_CALL_OP(rax)	(((uint32_t)(rax) >> 16) & 0xffu)
#define AOS_CALL_SLOT(rax)	((uint32_t)(rax) & 0xffffu)

#define AOS_CAP_SLOTS		128u	/* slots of a component's capability table */
#define AOS_MAX_COMPONENTS	24u
#define AOS_MAX_THREADS		32u
#define AOS_MAX_ENDPOINTS	32u
#define AOS_MAX_TIMERS		16u
#define AOS_MAX_SCHEDULERS	4u	/* the root and those stacked on it */
#define AOS_MAX_NESTING		12u	/* invocations one thread can be inside */
#define AOS_MAX_HOST_RANGES	8u	/* OP_HOST_RANGE of a component */

/* Slots every component has. */
#define AOS_SLOT_NONE		0u
#define AOS_SLOT_CONSOLE	1u	/* OP_LOG */
/* Slots the loader finds filled when it starts. */
#define AOS_SLOT_FACTORY	2u	/* makes every kind of object */
#define AOS_SLOT_FRAMES		3u	/* all free frames */
#define AOS_SLOT_SELF		4u	/* the loader's own component */
#define AOS_SLOT_SELF_THREAD	5u	/* the loader's own thread */
#define AOS_SLOT_CHANNEL0	6u	/* + i: channel i (doorbell and its pages) */
/* First slot that the linker hands out in a component. */
#define AOS_SLOT_FIRST		16u
/* First slot free for a component's own use at run time. */
#define AOS_SLOT_DYNAMIC	64u

/* A thread's stack in a component: see image_component.stack_base. */
#define AOS_STACK_STRIDE	0x10000ull	/* 64 KiB per thread, lowest page never mapped */

/* Urgency: 0 is the most urgent.  The kernel compares, and nothing more. */
#define AOS_URGENCY_MAX		255u

enum aos_op {
	/* invocation; handled in the entry's fast path */
	OP_INVOKE = 0,		/* slot: invocation */
	OP_RETURN = 1,		/* no slot */

	/* events */
	OP_EVENT_WAIT = 2,	/* slot: endpoint; arg0 flags, arg1 thread slot to
				 * run meanwhile (0: the kernel resumes whom this
				 * thread preempted, or the scheduler).
				 * -> events since the last wait (>= 1) */
	OP_EVENT_SIGNAL = 3,	/* slot: endpoint */
	OP_TIMER_SET = 4,	/* slot: timer; arg0 absolute ns of OP_TIME, 0 = off */
	OP_TIME = 5,		/* -> ns since the AOS started */

	/* threads; for their scheduler: -AOS_EPERM from any other, see SCHEDULERS */
	OP_THREAD_SWITCH = 6,	/* slot: thread.  -AOS_EAGAIN: it waits, or notices
				 * are pending: look at OP_SCHED_NOTICE first;
				 * -AOS_EDQUOT: its budget is used up */
	OP_THREAD_URGENCY = 7,	/* slot: thread; arg0 urgency */
	OP_SCHED_NOTICE = 8,	/* slot: scheduler endpoint.
				 * -> thread id, rdx = AOS_NOTICE_KIND() and
				 * AOS_NOTICE_COUNT(); -AOS_EAGAIN: none left */
	OP_IDLE = 9,		/* slot: scheduler endpoint; block in Linux until an event,
				 * or sooner: look again for what to do.
				 * Of a child's: the parent gets the CPU until there is
				 * something to do */

	/* factory (slot: factory unless said) */
	OP_COMP_CREATE = 10,	/* arg0 dst slot, arg1 frames slot, arg2 index of an
				 * even pair for the page-table root, arg3 index of the
				 * frame for the capability table, arg4 stack_base,
				 * arg5 AOS_COMP_* flags -> component id */
	OP_THREAD_CREATE = 11,	/* arg0 dst slot, arg1 component slot, arg2 entry,
				 * arg3 argument, arg4 urgency, arg5 0 or
				 * AOS_THREAD_NUMBER() of the id it must get
				 * (-AOS_EBUSY: taken) -> thread id */
	OP_ENDPOINT_CREATE = 12,/* arg0 dst slot, arg1 enum aos_source, arg2 channel; with
				 * AOS_SOURCE_SCHED the slot of the component that becomes
				 * a child scheduler, or AOS_SLOT_NONE: the root's */
	OP_TIMER_CREATE = 13,	/* arg0 dst slot, arg1 endpoint slot */
	OP_INVOKE_CREATE = 14,	/* arg0 dst slot, arg1 component slot, arg2 entry */

	/* components (slot: component) */
	OP_PGTBL_ADD = 15,	/* arg0 frames slot, arg1 index, arg2 vaddr, arg3 level
				 * 3, 2 or 1 of the table to add */
	OP_MAP = 16,		/* arg0 frames or channel slot, arg1 index (page), arg2
				 * vaddr, arg3 AOS_MAP_*, arg4 enum ring_part
				 * (channels only).  -AOS_ENOENT: table missing,
				 * rdx = level wanted */
	OP_UNMAP = 17,		/* arg0 vaddr.  When it returns nobody reaches the page
				 * there; a frame that nobody maps any more is free, and
				 * keeps its contents until somebody maps it again */
	OP_CAP_COPY = 18,	/* arg0 own slot, arg1 slot in that component */
	OP_CAP_DROP = 19,	/* arg0 slot in that component */
	OP_COMP_STATE = 20,	/* arg0 enum aos_comp_state.  Stopping: threads inside go
				 * back with -AOS_EHOSTDOWN, its own end */

	/* the rest */
	OP_LOG = 21,		/* slot: console; args 0..5: 48 characters, NUL ends early */
	OP_DOORBELL = 22,	/* slot: channel */
	OP_FAULT_NEXT = 23,	/* slot: fault endpoint; oldest fault not yet fetched:
				 * -> AOS_FAULT_WORD(), rdx = address, or -AOS_EAGAIN */
	OP_HALT = 24,		/* slot: factory; arg0 exit status for the host */
	OP_THREAD_EXIT = 25,	/* no slot; the thread never runs again.  -AOS_EPERM
				 * inside an invocation: it is the client's */
	OP_NULL = 26,		/* no slot; does nothing: measures a system call */

	/* budgets; for the scheduler */
	OP_THREAD_BUDGET = 27,	/* slot: thread; arg0 ns to add (0: only look;
				 * at most AOS_BUDGET_MAX), or AOS_BUDGET_UNLIMITED.
				 * -> 0, rdx = ns left before: negative: overdrawn;
				 * AOS_BUDGET_UNLIMITED.  What is added to "unlimited"
				 * counts from 0.  -AOS_EPERM: it is the thread that
				 * waits at the scheduler's endpoint */
	OP_THREAD_USAGE = 28,	/* slot: thread; take its oldest recorded chunk of
				 * execution -> ns used, rdx = when it began, in ns of
				 * OP_TIME; -AOS_EAGAIN: none */

	/* what faulted */
	OP_COMP_RESET = 29,	/* slot: component, stopped; events and timers of its last
				 * life are forgotten, and it may be set running again.
				 * -AOS_EBUSY: a thread of its own has not ended, or its
				 * scheduler has not noticed yet: the fault endpoint tells
				 * when there are none */
	OP_FAULT_REPORT = 30,	/* slot: invocation; arg0 what came out of it that cannot
				 * be.  A fault of that component, AOS_FAULT_GARBAGE, with
				 * arg0 for its address.  -AOS_EHOSTDOWN: it is stopped */

	OP_THREAD_FAULT = 31,	/* slot: thread; arg0 AOS_FAULT_OVERRUN..255: the component
				 * it visits (AOS_NOTICE_COMP()) faults with that vector; if
				 * no fault stops that, the one where it executes.
				 * -AOS_EPERM: that is the caller itself, or the thread is
				 * the one that waits at the scheduler's endpoint */

	/* memory */
	OP_COMP_PAGER = 32,	/* slot: component; arg0 slot of an invocation that its page
				 * faults become, or AOS_SLOT_NONE.  -AOS_EINVAL: of its own;
				 * or of a scheduler (its data rely on that nobody comes in
				 * between); or of one with AOS_COMP_FP (its registers would
				 * be cleared on the way) */
	OP_FRAMES_PART = 33,	/* slot: frames; arg0 dst slot, arg1 index of the first frame,
				 * arg2 how many: a capability for these alone */
	OP_HOST_RANGE = 34,	/* slot: factory; arg0 component slot, arg1 vaddr, arg2 pages,
				 * arg3 AOS_MAP_READ or AOS_MAP_WRITE: there the component
				 * sees the host process's memory, page by page as it touches
				 * it.  The tables must be there (OP_PGTBL_ADD) */
	OP_COMP_SCHEDULER = 35,	/* slot: factory; arg0 component slot, arg1 slot of the
				 * scheduler's component: that schedules the threads made
				 * in the component from now on.  -AOS_EBUSY: it has threads;
				 * -AOS_EINVAL: no scheduler, or one that is under it */
	OP_COUNT
};

/*
 * BUDGETS.  What a thread may still use of the CPU, in the time that the AOS
 * has had it: what Linux takes for its own threads costs nobody, its interrupts
 * do.  A thread pays for what it does in other components.  At zero it is
 * taken from the CPU (inside the scheduler: when it leaves that), the
 * scheduler gets AOS_NOTICE_BUDGET, and neither an event nor
 * OP_THREAD_SWITCH runs it until its budget is positive again.  Events are
 * counted meanwhile.  The kernel records what a thread with a budget used, in
 * at most AOS_USAGE_CHUNKS chunks: when they are full two neighbours become one
 * that began when the later did, so nothing seems to have been used too early.
 */
#define AOS_BUDGET_UNLIMITED	0x7fffffffffffffffull
#define AOS_BUDGET_MAX		(1ull << 50)	/* ns: 13 days; sums stay below as well */
#define AOS_USAGE_CHUNKS	8u

/*
 * SCHEDULERS.  Each thread has one: the root, unless OP_COMP_SCHEDULER says
 * another.  A child is a component with an endpoint of AOS_SOURCE_SCHED of its
 * own; the thread of its component that waits there is its main, which the
 * component's own scheduler, the parent, schedules.  The main pays for what the
 * child's threads do, and so on upwards: while one of these budgets is used up, or
 * the main is gone, none of them runs.  To others they are as urgent as the main
 * is, among each other as the child says.  To the parent the main is blocked when it
 * waits without a thread to run meanwhile (or in OP_IDLE) and the child has no
 * news; to switch to it is to go on with the child's thread that ran last, or to
 * wake it.  A scheduler names threads of its own only, and a child gives the CPU
 * away only where it runs at its own expense.
 */

/* OP_EVENT_WAIT flags */
#define AOS_WAIT_POLL		1u	/* -AOS_EAGAIN instead of blocking */

/* OP_THREAD_CREATE: ask for one id */
#define AOS_THREAD_NUMBER(id)	((uint64_t)(id) + 1)

/* What a component is, and who acts on it. */
#define AOS_COMP_SCHED		1u	/* kernel: its own threads do not preempt inside it;
					 * their events become notices */
#define AOS_COMP_STOP_ON_FAULT	2u	/* kernel: a fault stops it: later invocations fail */
#define AOS_COMP_RESTART	4u	/* loader: once stopped it is made anew; with
					 * AOS_COMP_STOP_ON_FAULT only */
#define AOS_COMP_FP		8u	/* kernel: it may use x87, SSE and AVX registers */
#define AOS_COMP_MEM		16u	/* loader: the memory manager, which also is the pager */
/* OP_COMP_CREATE knows those of the kernel, and refuses those of the loader. */
#define AOS_COMP_KERNEL_FLAGS	(AOS_COMP_SCHED | AOS_COMP_STOP_ON_FAULT | AOS_COMP_FP)
#define AOS_COMP_LOADER_FLAGS	(AOS_COMP_RESTART | AOS_COMP_MEM)

/* OP_MAP rights; a page is never both writable and executable */
#define AOS_MAP_READ		0u
#define AOS_MAP_WRITE		1u
#define AOS_MAP_EXEC		2u

enum aos_source {		/* what an endpoint counts */
	AOS_SOURCE_SOFT = 0,	/* OP_EVENT_SIGNAL and timers only */
	AOS_SOURCE_CHANNEL = 1,	/* packets from cosnet on channel arg2 */
	AOS_SOURCE_SCHED = 2,	/* the kernel has notices for the scheduler */
	AOS_SOURCE_FAULT = 3	/* a thread faulted, or the last of a stopped component ended */
};

enum aos_notice {
	AOS_NOTICE_BLOCKED = 1,	/* waits for an event */
	AOS_NOTICE_READY = 2,	/* can run, and does not */
	AOS_NOTICE_EXITED = 3,	/* gone (exit, or a fault with nobody to return to) */
	AOS_NOTICE_BUDGET = 4	/* its budget is used up; beside one of the others */
};

/*
 * Second result of OP_SCHED_NOTICE: enum aos_notice, and with AOS_NOTICE_BUDGET
 * how many budgets in a row the thread has used up without coming back from
 * the invocation in which it used up the first (at most 255; 0: one for which it
 * pays did), and the component it has not come back from.  In its own component a
 * thread comes back when it waits, or returns from another.
 */
#define AOS_NOTICE(kind, count, comp) \
	((uint64_t)(kind) | (uint64_t)(count) << 8 | (uint64_t)(comp) << 16)
#define AOS_NOTICE_KIND(rdx)	((uint32_t)((rdx) & 0xff))
#define AOS_NOTICE_COUNT(rdx)	((uint32_t)((rdx) >> 8 & 0xff))
#define AOS_NOTICE_COMP(rdx)	((uint32_t)((rdx) >> 16 & 0xff))

enum aos_comp_state {
	AOS_COMP_RUNNING = 0,
	AOS_COMP_STOPPED = 1	/* invocations into it fail with -AOS_EHOSTDOWN */
};

/* OP_FAULT_NEXT: vector (CPU exception number), component and thread ids. */
#define AOS_FAULT_WORD(vector, comp, thread) \
	((uint64_t)(vector) | (uint64_t)(comp) << 8 | (uint64_t)(thread) << 16)
#define AOS_FAULT_VECTOR(w)	((uint32_t)((w) & 0xff))
#define AOS_FAULT_COMP(w)	((uint32_t)((w) >> 8 & 0xff))
#define AOS_FAULT_THREAD(w)	((uint32_t)((w) >> 16 & 0xff))
/* Vectors that are not the CPU's own: the shut doors into Linux. */
#define AOS_FAULT_INT80		128u
#define AOS_FAULT_COMPAT_SYSCALL 129u
/* Not raised by the CPU at all. */
#define AOS_FAULT_GARBAGE	130u	/* OP_FAULT_REPORT: its results make no sense */
#define AOS_FAULT_OVERRUN	131u	/* the scheduler: it does not give the CPU back */

#endif
