/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AOS kernel's objects and the functions its files offer each other.
 *
 * CONTEXT.  Everything here runs on the AOS CPU with interrupts off, on one
 * stack; one instance's state is touched by nobody else.  So there are no
 * locks.  A system call, a fault or a batch of events comes in with the
 * ring-3 registers in a frame, changes state, and ends in aos_dispatch(),
 * which puts the registers of whichever thread is to run into that frame.
 */
#ifndef AOS_KERNEL_H
#define AOS_KERNEL_H

#include "abi/bootinfo.h"
#include "abi/errno.h"
#include "abi/image.h"
#include "abi/syscall.h"
#include "aos/hal.h"

#define AOS_FAULT_RING	16u	/* faults kept until the supervisor fetches them */
#define AOS_PAGE_SIZE	ABI_PAGE_SIZE
#define VECTOR_PF	14u	/* page fault (Intel SDM vol. 3, table 6-1) */
/* Ring 3 ends where Linux ends it: the last canonical page stays unused. */
#define AOS_USER_END	0x7ffffffff000ull

enum aos_cap_type {
	CAP_NONE = 0,
	CAP_INVOKE,	/* comp, entry */
	CAP_CONSOLE,
	CAP_FACTORY,
	CAP_FRAMES,	/* id = first frame, entry = how many */
	CAP_COMP,	/* comp */
	CAP_THREAD,	/* id, entry = generation */
	CAP_ENDPOINT,	/* id */
	CAP_TIMER,	/* id */
	CAP_CHANNEL,	/* id */
	CAP_TYPES
};

/* A capability.  32 bytes: the fast path indexes tables of them by shift. */
struct aos_cap {
	uint32_t type;			/* enum aos_cap_type */
	uint32_t id;			/* object number, by type */
	struct aos_comp *comp;
	uint64_t entry;
	uint64_t pad;
};
ABI_SIZE(struct aos_cap, 32);

/* Part of a component's addresses where the host process's memory shows. */
struct aos_host_range {
	uint64_t vaddr;
	uint64_t pages;			/* 0: none */
	uint32_t rights;		/* AOS_MAP_READ or AOS_MAP_WRITE */
};

struct aos_comp {
	uint64_t cr3;			/* ring 0 */
	uint64_t user_cr3;		/* ring 3: the same without KPTI */
	struct aos_cap *caps;		/* AOS_CAP_SLOTS of them, one frame */
	uint64_t stack_base;
	/* One word for the fast path: only where both are 0 does it lead. */
	uint16_t state;			/* enum aos_comp_state */
	uint16_t fp;			/* not 0: AOS_COMP_FP */
	uint32_t flags;			/* AOS_COMP_* */
	uint32_t id;
	uint32_t root;			/* frame of the page-table root */
	struct aos_scheduler *sched;	/* of its threads */
	struct aos_scheduler *serves;	/* whose code it is, with AOS_COMP_SCHED; else the root */
	struct aos_cap pager;		/* CAP_INVOKE, or CAP_NONE: page faults are faults */
	struct aos_host_range host[AOS_MAX_HOST_RANGES];
	/* What its page table holds, without the root's two frames. */
	uint32_t frames;		/* leaf entries that lead to frames of the AOS */
	uint32_t foreign;		/* to channels' or the host process's pages */
	uint32_t tables;		/* tables below the root */
};

/*
 * Where an invocation came from: pushed by OP_INVOKE, popped by OP_RETURN.
 * When that component is stopped its frames become dead: comp is aos->dead
 * then, which never runs, so that the fast path leaves them to invoke.c.  Below
 * the first frame lies such a one, so that it need not look for the stack's end.
 */
struct aos_invocation {
	uint64_t ip;
	uint64_t sp;
	struct aos_comp *comp;
};

/* Execution of a thread with a budget: when it began (hal_clock()), how long it was. */
struct aos_chunk {
	uint64_t start;
	uint64_t used;			/* cycles */
};

struct aos_budget {
	uint64_t total;			/* cycles the thread has ever had, budget or not */
	int64_t left;			/* cycles; negative: overdrawn.  If limited */
	bool limited;
	bool depleted;			/* limited, left <= 0, and the scheduler hears of it */
	uint8_t overruns;		/* budgets used up in `visit` */
	struct aos_invocation *visit;	/* where in stack[] the first one ended, or NULL */
	uint64_t began;			/* hal_clock() when it, or whom it pays for, got the CPU */
	uint32_t nchunks;
	struct aos_chunk chunk[AOS_USAGE_CHUNKS];	/* oldest first */
};

enum aos_thread_state { THREAD_FREE, THREAD_RUNNABLE, THREAD_WAITING, THREAD_EXITED };

struct aos_thread {
	/* Fast path: entry.S knows these by generated offsets. */
	struct aos_invocation *top;	/* first free in stack[] */
	struct aos_invocation *end;	/* one past stack[]; == top under AOS_COMP_FP */
	struct aos_comp *comp;		/* where it executes */
	uint64_t stack_off;		/* of its stack top from a component's stack_base */

	struct aos_invocation below;	/* the first frame: dead, for OP_RETURN outside a call */
	struct aos_invocation stack[AOS_MAX_NESTING];
	struct aos_regs regs;		/* while it is not the current thread */
	struct aos_comp *home;		/* whose thread it is: it ends with it */
	uint64_t generation;		/* of the slot: capabilities of earlier threads name none */
	struct {
		struct aos_comp *comp;	/* whose page a pager looks for; NULL: none does */
		uint64_t addr;
		struct aos_regs regs;	/* of the instruction that shall run again */
	} paged;
	struct aos_scheduler *sched;	/* who decides when it runs */
	struct aos_thread *preempted;	/* whom an event took the CPU from for it */
	struct aos_thread *next_notice;	/* in the queue of its scheduler */
	uint32_t id;
	uint32_t state;			/* enum aos_thread_state */
	uint32_t urgency;
	uint32_t notice;		/* enum aos_notice queued, or 0 */
	bool sched_blocked;		/* the scheduler believes it is blocked */
	bool budget_notice;		/* AOS_NOTICE_BUDGET is queued, beside `notice` */
	struct aos_budget budget;
	bool vectors_fresh;		/* its vector state, if it has any, is the initial one */
};

struct aos_endpoint {
	struct aos_thread *waiter;
	uint64_t count;			/* events since the last wait */
	uint32_t source;		/* enum aos_source */
	uint32_t channel;
	struct aos_thread *taker;	/* of a channel: who waited here last */
	bool used;
};

/*
 * Who decides about a set of threads.  The first one is the root; a component
 * makes each other a child: `main`, scheduled by the component's own scheduler
 * (the parent), pays for all that the child's threads do.  Upwards from any
 * scheduler, by comp->sched, the root is at most AOS_MAX_SCHEDULERS away.
 */
struct aos_scheduler {
	struct aos_endpoint *endpoint;	/* where `main` waits; NULL: there is none yet */
	struct aos_comp *comp;		/* a child's; the root's is NULL */
	struct aos_thread *main;	/* waits at the endpoint, or did last; NULL: it is gone */
	struct aos_thread *notice_head, *notice_tail;
	bool deferred;			/* it decides when its component is left */
	/* Of a child that has not been asked: who lost the CPU, until the child decides, */
	struct aos_thread *taken;
	/* and who did so in its component, own or not: until it has left, nobody else comes in. */
	struct aos_thread *inside;
};

struct aos_timer {
	struct aos_endpoint *endpoint;
	uint64_t deadline;		/* absolute hal_time(), 0 = off */
	bool used;
};

enum aos_frame_type { FRAME_FREE, FRAME_USER, FRAME_PGTBL, FRAME_CAPTABLE };

struct aos_frame {
	uint16_t maps;			/* FRAME_USER: mappings of it */
	uint8_t type;			/* enum aos_frame_type */
	uint8_t pad;
};

struct aos_fault {
	uint64_t word;			/* AOS_FAULT_WORD() */
	uint64_t addr;
};

struct aos_stats {
	uint64_t syscalls, faults, faults_lost, events, idles, doorbells;
};

/* Why returns from invocations take the slow path (bits of aos.defer). */
enum aos_defer {
	DEFER_SECTION = 1,	/* the current thread is in a scheduler that has deferred */
	DEFER_WATCH = 2,	/* it has no budget left, or had none in this visit */
	DEFER_VECTORS = 4	/* aos.vectors is not NULL */
};

struct aos {
	/* Fast path: entry.S knows these by generated offsets. */
	struct aos_thread *current_thread;
	uint32_t defer;			/* enum aos_defer */

	void *host;			/* the host's own, for its HAL; not touched here */
	struct aos_thread *next;	/* to run when the kernel is left; == current: no switch */
	struct aos_thread *vectors;	/* whose values the vector registers hold: vector.c */
	struct aos_endpoint *fault_endpoint;
	struct aos_frame *frames;
	uint32_t nframes;
	uint32_t ncomps;
	uint32_t nendpoints;		/* endpoints[] is filled from the front */
	uint32_t nschedulers;		/* schedulers[] likewise; the root is always there */
	uint64_t time_base;		/* hal_time() at boot */
	uint32_t fault_head, fault_tail;
	bool halted;
	bool at_idle;			/* the current thread is in OP_IDLE, until the dispatch: it
					 * may be preempted */
	uint64_t charged;		/* hal_cycles() up to which is paid */
	uint64_t budget_at;		/* hal_time() the timer is set for; 0: for no budget */
	uint64_t budget_due;		/* hal_cycles() by which that has come, at the latest */
	struct aos_stats stats;
	struct aos_fault faults[AOS_FAULT_RING];
	/*
	 * In an invocation frame in place of the client: a pager was invoked, by
	 * the component in the thread's `paged`.  It never runs, so the fast
	 * path of the return leaves the frame to us.
	 */
	struct aos_comp paging;
	struct aos_comp comps[AOS_MAX_COMPONENTS];
	struct aos_comp dead;		/* stopped for ever: see struct aos_invocation */
	struct aos_thread threads[AOS_MAX_THREADS];
	struct aos_endpoint endpoints[AOS_MAX_ENDPOINTS];
	struct aos_timer timers[AOS_MAX_TIMERS];
	struct aos_scheduler schedulers[AOS_MAX_SCHEDULERS];	/* [0]: the root */
};

/* ---- what the host calls (hijack/component_os.c, tests) ---- */

/**
 * aos_boot() - build the loader and make it the current thread.
 * @aos:    zeroed
 * @frames: array of @nframes, zeroed; the frames themselves are zeroed too
 * @image, @size: the boot image in kernel memory
 * @info:   boot info with all fields filled in but image_vaddr
 * @regs:   out: registers to start ring 3 with
 * Return: 0, -AOS_EINVAL (image refused; the log says why), -AOS_ENOMEM.
 */
int aos_boot(struct aos *aos, struct aos_frame *frames, uint32_t nframes,
	     const void *image, uint32_t size, const struct bootinfo *info,
	     struct aos_regs *regs);

/** aos_syscall() - a system call the fast path did not finish. */
void aos_syscall(struct aos *aos, struct aos_regs *regs);

/**
 * aos_fault() - the current thread faulted in ring 3.
 * @regs: orig_ax is the CPU's error code
 * @vector: CPU exception, or AOS_FAULT_*; @addr: CR2, or 0
 */
void aos_fault(struct aos *aos, struct aos_regs *regs, uint32_t vector, uint64_t addr);

/** aos_event() - @events (HAL_EVENT_*) have happened; @regs is ring 3, interrupted. */
void aos_event(struct aos *aos, struct aos_regs *regs, uint32_t events);

/**
 * aos_event_at_idle() - the same after hal_idle(); @regs: behind the call of
 * OP_IDLE that led to it, with its result.
 */
void aos_event_at_idle(struct aos *aos, struct aos_regs *regs, uint32_t events);

/**
 * aos_resumed() - hal_cycles() counts again after the host has had the CPU.
 * Ring 3 is not touched.
 */
void aos_resumed(struct aos *aos);

/**
 * aos_vectors_settled() - do the vector registers hold what the current thread
 * may see in them?  If not, ring 3 must not go on.
 */
bool aos_vectors_settled(const struct aos *aos);

/**
 * aos_vectors_settle() - make it so.  The CPU's vector registers are ring 3's
 * at this moment, as when it has just entered by a call or a fault.
 */
void aos_vectors_settle(struct aos *aos);

/** aos_cr3() - ring-0 CR3 value of the component that executes. */
uint64_t aos_cr3(const struct aos *aos);

/* ---- between the kernel's files ---- */

/* cap.c */
struct aos_cap *cap_lookup(struct aos_comp *comp, uint64_t slot, uint32_t type);
struct aos_cap *cap_empty(struct aos_comp *comp, uint64_t slot);

/* comp.c */
int comp_create(struct aos *aos, uint32_t root, uint32_t captable, uint64_t stack_base,
		uint32_t flags, struct aos_comp **comp);
bool comp_stop(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp, int64_t error);
bool comp_has_threads(const struct aos *aos, const struct aos_comp *comp);
void comp_reset(struct aos *aos, struct aos_comp *comp);
void comp_thread_gone(struct aos *aos, const struct aos_comp *home);

/* frame.c: claim changes a free frame's type; 0 or -AOS_EBUSY */
int frame_claim(struct aos *aos, uint32_t frame, uint32_t type);
uint32_t frame_count_used(const struct aos *aos);

/* pgtbl.c */
int pgtbl_add(struct aos *aos, struct aos_comp *comp, uint32_t frame, uint64_t vaddr,
	      uint32_t level);
int pgtbl_map_frame(struct aos *aos, struct aos_comp *comp, uint32_t frame, uint64_t vaddr,
		    uint32_t rights, uint32_t *level_wanted);
int pgtbl_map_foreign(struct aos *aos, struct aos_comp *comp, uint64_t pa, uint64_t vaddr,
		      uint32_t rights, uint32_t *level_wanted);
int pgtbl_unmap(struct aos *aos, struct aos_comp *comp, uint64_t vaddr);

/* thread.c */
struct aos_thread *thread_create(struct aos *aos, uint64_t number, struct aos_comp *comp,
				 uint64_t entry, uint64_t arg, uint32_t urgency);
void thread_ready(struct aos *aos, struct aos_thread *t);
void thread_exit(struct aos *aos, struct aos_thread *t);
void thread_evict(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, int64_t error);
int thread_switch(struct aos *aos, struct aos_thread *to);
bool thread_may_rest(struct aos *aos);
void thread_run_other(struct aos *aos);
void thread_section_end(struct aos *aos);
void thread_stop(struct aos *aos, const struct aos_thread *level);
void thread_preempted_drop(struct aos *aos, struct aos_thread *t);
void aos_dispatch(struct aos *aos, struct aos_regs *regs);

/* vector.c */
void vector_thread_enter(struct aos_thread *t, struct aos_comp *comp);

/* invoke.c */
int64_t invoke_call(struct aos *aos, struct aos_cap *cap, struct aos_regs *regs);
bool invoke_return(struct aos *aos, struct aos_regs *regs, uint64_t ax, uint64_t dx);
bool invoke_unwind(struct aos *aos, struct aos_thread *t, struct aos_regs *regs, int64_t error);

/* event.c */
void event_raise(struct aos *aos, struct aos_endpoint *ep);
void event_raise_host(struct aos *aos, uint32_t events);
void event_abandon(struct aos *aos, struct aos_thread *t);
int64_t event_wait(struct aos *aos, struct aos_endpoint *ep, uint64_t flags,
		   struct aos_thread *meanwhile);

/* budget.c */
int budget_add(struct aos *aos, struct aos_thread *t, uint64_t ns, int64_t *left);
void budget_taker(struct aos *aos, struct aos_endpoint *ep, struct aos_thread *t);
void budget_payer(struct aos *aos, struct aos_scheduler *s, struct aos_thread *payer);
void budget_lift(struct aos *aos, struct aos_thread *t);
void budget_end(struct aos *aos, struct aos_thread *t);
int64_t budget_usage(struct aos *aos, struct aos_thread *t, uint64_t *start);
void budget_charge(struct aos *aos);
void budget_run(struct aos *aos, const struct aos_thread *from, struct aos_thread *next);
void budget_expire(struct aos *aos);
void budget_visit_check(struct aos *aos, struct aos_thread *t);
void budget_visit_stop(struct aos *aos, struct aos_thread *t, const struct aos_comp *comp);
struct aos_comp *budget_visited(const struct aos *aos, const struct aos_thread *t);

/* timer.c */
void timer_update(struct aos *aos);
void timer_set(struct aos *aos, struct aos_timer *timer, uint64_t deadline);
void timer_expire(struct aos *aos);

/* pager.c */
bool pager_invoke(struct aos *aos, struct aos_regs *regs, uint64_t addr);
bool pager_runs(const struct aos *aos, const struct aos_thread *t);
uint64_t pager_leave(struct aos *aos, struct aos_regs *regs);
void pager_abandon(struct aos *aos, struct aos_regs *regs, struct aos_thread *t);

/* hostmem.c: true if the fault is dealt with */
bool hostmem_fault(struct aos *aos, struct aos_regs *regs, uint64_t addr);

/* fault.c */
void fault_raise(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, uint32_t vector,
		 uint64_t addr);
int fault_overrun(struct aos *aos, struct aos_regs *regs, struct aos_thread *t, uint32_t vector);
void fault_of_client(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp,
		     struct aos_thread *t, uint64_t addr);
void fault_announce_since(struct aos *aos, uint64_t faults);
int64_t fault_report(struct aos *aos, struct aos_regs *regs, struct aos_comp *comp,
		     uint64_t word);
int64_t fault_next(struct aos *aos, uint64_t *addr);

/* log.c */
void aos_log_line(struct aos *aos, const char *text);

#endif
