// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The caller of the hostile component, and its intended victim.  Tries every
 * attack of the plan, and checks after each that it ended as it must, that
 * no register of ours was harmed and nothing came across in one.  The host
 * reads the verdict from the counters: done = 1 and escaped = 0.
 *
 * With args = "stop" it checks one thing: a component that is to be stopped
 * by its first fault is.
 */
#include "aos.h"
#include "sched/sched.h"
#include "vectors/vectors.h"

#include "guard.h"
#include "plan.h"

#define FLAGS_FORBIDDEN 0x47500u	/* AC, NT, IOPL, DF, TF */

static struct {
	struct counter *attacks, *contained, *escaped, *notes, *done;
} count;

/* Why this try was an escape, or NULL. */
static const char *wrong_end(enum hostile_attack attack, int64_t result)
{
	enum hostile_end end = plan_end(attack);

	if (result != 0 && result != -AOS_EFAULT)
		return "it gained something";
	if (result == 0 && end == MUST_FAULT)
		return "it returned";
	if (result != 0 && end == MUST_RETURN)
		return "it faulted";
	return NULL;
}

static bool kept(const struct guard_seen *s)
{
	return s->rbx == GUARD_RBX && s->rbp == GUARD_RBP && s->r12 == GUARD_R12 &&
	       s->r13 == GUARD_R13 && s->r14 == GUARD_R14 && s->r15 == GUARD_R15;
}

static bool leaked(const struct guard_seen *s)
{
	return s->r8 == HOSTILE_MAGIC || s->r9 == HOSTILE_MAGIC || s->r10 == HOSTILE_MAGIC ||
	       s->rdx == HOSTILE_MAGIC || s->rsi == HOSTILE_MAGIC || s->rdi == HOSTILE_MAGIC;
}

static uint64_t read_fs_base(void)
{
	uint64_t base;

	__asm__ volatile("rdfsbase %0" : "=r"(base));
	return base;
}

static uint64_t read_gs_base(void)
{
	uint64_t base;

	__asm__ volatile("rdgsbase %0" : "=r"(base));
	return base;
}

static bool vector_leaked(void)
{
	uint64_t low;

	__asm__ volatile("movq %%xmm15, %0" : "=r"(low));
	return low == HOSTILE_MAGIC;
}

/* Only after attacks that did not fault: then the CPU has the instructions. */
static const char *wrong_state(enum hostile_attack attack, int64_t result)
{
	if (attack == HOSTILE_segment_bases && !result && (read_fs_base() || read_gs_base()))
		return "its segment bases are ours now";
	return NULL;
}

static const char *judge(enum hostile_attack attack, const struct guard_seen *s)
{
	int64_t result = (int64_t)s->rax;
	const char *why = wrong_end(attack, result);

	if (!why && !kept(s))
		why = "a register of the caller changed";
	if (!why && leaked(s))
		why = "a register's value came across";
	if (!why && s->flags & FLAGS_FORBIDDEN)
		why = "flags came across";
	if (!why && plan_secret != PLAN_SECRET)
		why = "the caller's memory changed";
	return why ? why : wrong_state(attack, result);
}

/*
 * Vector registers are shared on purpose among components that may not use
 * any: worth knowing, no escape.
 */
static void note_vectors(enum hostile_attack attack, const struct guard_seen *s)
{
	if (attack != HOSTILE_vector_state || s->rax || !vector_leaked())
		return;
	counter_inc(count.notes);
	aos_log("note: vector registers are not cleared between components that may not use them");
}

static const char *try_once(enum hostile_attack attack, uint64_t x)
{
	struct guard_seen seen;
	const char *why;

	counter_inc(count.attacks);
	guard_attack(attack, x, &seen);
	why = judge(attack, &seen);
	counter_inc(why ? count.escaped : count.contained);
	if (why)
		aos_log("attack %u %s: ESCAPED with 0x%lx: %s (result %ld)", attack,
			plan_name(attack), x, why, (int64_t)seen.rax);
	plan_secret = PLAN_SECRET;
	note_vectors(attack, &seen);
	return why;
}

static void try_step(const struct plan_step *step)
{
	uint32_t escapes = 0;

	for (uint32_t i = 0; i < step->tries; i++)
		escapes += try_once(step->attack, step->first + i * step->step) != NULL;
	if (!escapes)
		aos_log("attack %u %s: contained (%u tried, from 0x%lx)", step->attack,
			plan_name(step->attack), step->tries, step->first);
}

static void verdict(const char *what, bool good)
{
	counter_inc(count.attacks);
	counter_inc(good ? count.contained : count.escaped);
	aos_log("%s: %s", what, good ? "contained" : "ESCAPED");
}

/* A thread in no invocation has nowhere to return to. */
static void try_own_return(void)
{
	verdict("return from the outermost component",
		aos_call0(OP_RETURN, AOS_SLOT_NONE) == -AOS_EINVAL);
}

/* One that may use vector registers finds nothing in them, and leaves nothing. */
static void try_vectors(void)
{
	static const enum hostile_attack fills[] = {
		HOSTILE_vector_state, HOSTILE_vector_error, HOSTILE_x87_error
	};

	for (uint64_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
		hostile_attack(fills[i], 0);
		verdict("vector registers of others, seen from where they are allowed",
			!vectors_serve(i));
		verdict("vector registers of where they are allowed, seen from others",
			!hostile_attack(HOSTILE_peek_vectors, i));
	}
}

static void try_all(void)
{
	for (uint32_t i = 0; i < plan_steps; i++)
		try_step(&plan[i]);
	try_own_return();
	try_vectors();
}

static void try_stop(void)
{
	verdict("the fault reaches the caller",
		hostile_attack(HOSTILE_ud2, 0) == -AOS_EFAULT);
	verdict("the component is stopped",
		hostile_attack(HOSTILE_peek_registers, 0) == -AOS_EHOSTDOWN);
}

void probe_main(uint64_t arg)
{
	(void)arg;
	count.attacks = aos_counter("attacks");
	count.contained = aos_counter("contained");
	count.escaped = aos_counter("escaped");
	count.notes = aos_counter("notes");
	count.done = aos_counter("done");
	if (!strcmp(aos_args(), "stop"))
		try_stop();
	else
		try_all();
	aos_log("%lu attacks, %lu contained, %lu escaped", count.attacks->value,
		count.contained->value, count.escaped->value);
	counter_set(count.done, 1);
	for (;;)
		sched_block();
}
