/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A booted AOS kernel on a fake host.  The test plays ring 3: it makes the
 * current thread's system calls and faults, and says when events arrive.
 * After each step all invariants are checked.
 */
#ifndef TEST_AOS_RIG_H
#define TEST_AOS_RIG_H

#include "aos_image.h"
#include "aos_invariants.h"
#include "fake_hal.h"

#define RIG_FRAMES 512u

/* A thread's stay in a component, as seen from outside: what it left in vectors. */
struct rig_visit {
	const struct aos_comp *comp;
	const struct aos_invocation *top;
	bool lives;
	uint64_t vectors;
};

struct rig {
	struct fake_host host;
	struct aos_frame frames[RIG_FRAMES];
	struct aos aos;
	struct aos_regs regs;		/* ring 3's */
	struct rig_visit visit[AOS_MAX_THREADS];
	uint64_t vectors_given;		/* values put into vector registers so far */
	uint32_t next_frame;		/* first that nobody uses */
	bool quick;			/* walk page tables only in every 16th check */
	uint32_t checks;
};

/* Ends the program, or the test: whoever links the rig says how. */
void rig_broken(const char *why);

/** rig_open() - boot; the loader's thread runs.  @kpti: separate roots. */
void rig_open(struct rig *rig, bool kpti);
void rig_close(struct rig *rig);

/** rig_check() - the invariants, all of them, now. */
void rig_check(struct rig *rig);

/** rig_call() - a system call of the current thread -> rax when the kernel is left. */
int64_t rig_call(struct rig *rig, uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1,
		 uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5);

#define RIG_CALL_PICK(r, op, slot, a, b, c, d, e, f, ...) rig_call(r, op, slot, a, b, c, d, e, f)
/** CALL() - rig_call() on `rig` with as many arguments as the operation has. */
#define CALL(...) RIG_CALL_PICK(rig, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

void rig_fault(struct rig *rig, uint32_t vector, uint64_t addr);

/** rig_page_fault() - of the current thread, with the CPU's error code. */
void rig_page_fault(struct rig *rig, uint64_t addr, uint64_t error);

/** rig_host_answers() - the thread comes back from the host, which it asked for a page. */
void rig_host_answers(struct rig *rig);

/** rig_events() - deliver events as an interrupt of ring 3, or at the end of the idle call. */
void rig_events(struct rig *rig, uint32_t events);

/** rig_advance() - move time, and deliver the timer's event if it is due. */
void rig_advance(struct rig *rig, uint64_t ns);

/** rig_current() - id of the thread that runs. */
static inline uint32_t rig_current(const struct rig *rig)
{
	return rig->aos.current_thread->id;
}

/** rig_thread_regs() - registers of a thread, whether it runs or not. */
struct aos_regs *rig_thread_regs(struct rig *rig, uint32_t thread);

/*
 * Making objects, as the loader (the current thread must be in it).  Each
 * puts the capability into the loader's slot @dst.
 */
uint32_t rig_comp(struct rig *rig, uint32_t dst, uint32_t flags);
uint32_t rig_thread(struct rig *rig, uint32_t dst, uint32_t comp_slot, uint32_t urgency);
void rig_endpoint(struct rig *rig, uint32_t dst, uint32_t source);
void rig_give(struct rig *rig, uint32_t comp_slot, uint32_t own, uint32_t its);

/** rig_map() - map a frame, adding the tables that are missing. */
int64_t rig_map(struct rig *rig, uint32_t comp_slot, uint32_t from, uint64_t page,
		uint64_t vaddr, uint32_t rights, uint32_t part);

#endif
