// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler component on the AOS kernel's own sources: threads are
 * coroutines, system calls go to aos_syscall(), and interrupts come at random
 * whenever a thread is in ring 3.  Checked for many seeds:
 *   - whoever executes outside the scheduler is the most urgent that could;
 *   - nobody wakes early from a sleep;
 *   - when the interrupts end everything that was to happen has happened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <cmocka.h>

#include "aos/kernel.h"
#include "fake_hal.h"
#include "components/sched/scheduler.h"
#include "sched/sched.h"

void sched_main(uint64_t arg);
void sched_idle(uint64_t arg);

enum { LOADER, MAIN, IDLE, PACKET0, PACKETS = 3, WORKER0 = PACKET0 + PACKETS, WORKERS = 4,
       THREADS = WORKER0 + WORKERS };
enum { SLOT_OWN_ENDPOINT = 16, SLOT_SCHED = 40 };

static const uint32_t urgency[THREADS] = {
	[LOADER] = 1, [MAIN] = 0, [IDLE] = 255,
	[PACKET0] = 10, [PACKET0 + 1] = 20, [PACKET0 + 2] = 30,
	[WORKER0] = 20, [WORKER0 + 1] = 40, [WORKER0 + 2] = 40, [WORKER0 + 3] = 50,
};

#define STACK_BYTES	(256 * 1024)
#define CALLS		20000u	/* system calls before the interrupts end */
#define CALLS_MAX	(CALLS * 4)

static struct aos aos;
static struct aos_frame frames[16];
static struct fake_host host;
static struct aos_regs cpu;		/* registers of ring 3 */
static ucontext_t context[THREADS], controller;
static char stack[THREADS][STACK_BYTES];
static uint32_t on_cpu;
static uint32_t calls;
static const char *stuck;		/* why the controller got control back too early */
static uint64_t raised[PACKETS], handled[PACKETS];

/* ---- the machine ---- */

static bool quiet(void)
{
	return calls > CALLS;
}

static bool chance(int one_in)
{
	return rand() % one_in == 0;
}

uint32_t aos_thread_id(void)
{
	return on_cpu;
}

uint32_t aos_caller(void)
{
	const struct aos_thread *t = &aos.threads[on_cpu];

	return t->top == t->stack ? t->comp->id : t->top[-1].comp->id;
}

struct counter *aos_counter(const char *name)
{
	static struct counter counter;

	(void)name;
	return &counter;
}

static void give_up(const char *why)
{
	stuck = why;
	swapcontext(&context[on_cpu], &controller);
}

/* The kernel has been left: go on as whoever it chose. */
static void follow(void)
{
	uint32_t from = on_cpu, to = aos.current_thread->id;

	if (from == to)
		return;
	on_cpu = to;
	swapcontext(&context[from], &context[to]);
}

static void packets_arrive(void)
{
	for (uint32_t i = 0; i < PACKETS; i++)
		if (chance(3)) {
			host.pending |= HAL_EVENT_CHANNEL(i);
			raised[i]++;
		}
}

/* @event: aos_event, or aos_event_at_idle where that ends the sleep. */
static void interrupt(void (*event)(struct aos *, struct aos_regs *, uint32_t))
{
	uint32_t events = host.pending;

	host.pending = 0;
	if (events)
		event(&aos, &cpu, events);
	follow();
}

static void maybe_interrupt(void)
{
	fake_host_advance(&host, (uint64_t)(rand() % 100));
	/* What is pending already was raised before: one bit is one event. */
	if (!host.pending && !quiet() && chance(8))
		packets_arrive();
	if (host.pending && chance(2))
		interrupt(aos_event);
}

/* Blocked in the host until something happens. */
static void sleep_in_host(void)
{
	host.idle = false;
	if (host.pending) {
		give_up("it sleeps over a pending event");
	} else if (!quiet() && chance(2)) {
		while (!host.pending)
			packets_arrive();
	} else if (host.timer) {
		fake_host_advance(&host, host.timer - host.now);
	} else if (!quiet()) {
		while (!host.pending)
			packets_arrive();
	} else {
		give_up(NULL);
	}
	if (chance(2))
		interrupt(aos_event_at_idle);
}

int64_t sim_call(uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1, uint64_t *second)
{
	if (++calls > CALLS_MAX)
		give_up("it never comes to rest");
	cpu.ax = AOS_CALL(op, slot);
	cpu.di = a0;
	cpu.si = a1;
	aos_syscall(&aos, &cpu);
	if (host.idle)
		sleep_in_host();
	else
		follow();
	maybe_interrupt();
	*second = cpu.dx;
	return (int64_t)cpu.ax;
}

/* ---- what must hold ---- */

static bool could_run(uint32_t tid)
{
	return tid != MAIN && aos.threads[tid].state == THREAD_RUNNABLE &&
	       !(sched.queue.thread[tid].held & (HELD_BLOCK | HELD_SLEEP));
}

static void check_urgency(void)
{
	for (uint32_t t = 0; t < THREADS; t++)
		if (could_run(t) && urgency[t] < urgency[on_cpu]) {
			fprintf(stderr, "thread %u runs, thread %u is more urgent\n", on_cpu, t);
			give_up("a less urgent thread runs");
		}
}

/* ---- threads ---- */

enum service { ADMIT, BLOCK, WAKE, SLEEP, YIELD };

static int64_t serve(enum service what, uint64_t a, uint64_t b)
{
	switch (what) {
	case ADMIT: return sched_admit(a, b, IMAGE_SERVER_NONE, 0, 0, 0);
	case BLOCK: return sched_block();
	case WAKE: return sched_wake(a);
	case SLEEP: return sched_sleep_until(a);
	default: return sched_yield();
	}
}

static int64_t call_sched(enum service what, uint64_t a, uint64_t b)
{
	uint64_t second;
	int64_t result;

	sim_call(OP_INVOKE, SLOT_SCHED, a, b, &second);
	result = serve(what, a, b);
	result = sim_call(OP_RETURN, 0, (uint64_t)result, 0, &second);
	check_urgency();
	return result;
}

static void nap(void)
{
	uint64_t until = host.now - aos.time_base + (uint64_t)(rand() % 3000);

	call_sched(SLEEP, until, 0);
	if (host.now - aos.time_base < until)
		give_up("a sleeper woke early");
}

static void do_something(void)
{
	switch (rand() % 5) {
	case 0:
		call_sched(YIELD, 0, 0);
		break;
	case 1:
		call_sched(WAKE, (uint64_t)(PACKET0 + rand() % (THREADS - PACKET0)), 0);
		break;
	case 2:
		nap();
		break;
	default:
		break;
	}
}

static void packet_thread(uint32_t i)
{
	uint64_t second;

	for (;;) {
		int64_t n = sim_call(OP_EVENT_WAIT, SLOT_OWN_ENDPOINT + i, 0, 0, &second);

		if (n <= 0)
			give_up("a wait failed");
		handled[i] += (uint64_t)n;
		check_urgency();
		do_something();
	}
}

static void worker_thread(void)
{
	for (;;) {
		if (quiet() || chance(4))
			call_sched(BLOCK, 0, 0);
		else
			do_something();
	}
}

static void loader_thread(void)
{
	uint64_t second;

	for (uint32_t t = 0; t < THREADS; t++)
		if (call_sched(ADMIT, t, urgency[t]))
			give_up("a thread was not admitted");
	sim_call(OP_EVENT_WAIT, SLOT_OWN_ENDPOINT + PACKETS, 0, 0, &second);
	give_up("the loader woke");
}

static void thread_body(int tid)
{
	if (tid == LOADER)
		loader_thread();
	else if (tid == MAIN)
		sched_main(0);
	else if (tid == IDLE)
		sched_idle(0);
	else if (tid < WORKER0)
		packet_thread((uint32_t)(tid - PACKET0));
	else
		worker_thread();
}

/* ---- building it, as the loader would ---- */

static void cap_set(struct aos_comp *comp, uint32_t slot, uint32_t type, uint32_t id)
{
	/* Threads are the first of their slots. */
	comp->caps[slot] = (struct aos_cap){ .type = type, .id = id,
					     .entry = type == CAP_THREAD };
}

static void endpoint_make(uint32_t id, uint32_t source, uint32_t channel)
{
	aos.endpoints[id] = (struct aos_endpoint){ .source = source, .channel = channel,
						   .used = true };
}

static void build_objects(struct aos_comp *user, struct aos_comp *server)
{
	for (uint32_t i = 0; i <= PACKETS; i++) {
		endpoint_make(i, i < PACKETS ? AOS_SOURCE_CHANNEL : AOS_SOURCE_SOFT, i);
		cap_set(user, SLOT_OWN_ENDPOINT + i, CAP_ENDPOINT, i);
	}
	endpoint_make(PACKETS + 1, AOS_SOURCE_SCHED, 0);
	aos.nendpoints = PACKETS + 2;
	aos.schedulers[0].endpoint = &aos.endpoints[PACKETS + 1];
	aos.timers[0] = (struct aos_timer){ .endpoint = aos.schedulers[0].endpoint, .used = true };
	cap_set(server, CAP_events, CAP_ENDPOINT, PACKETS + 1);
	cap_set(server, CAP_timeout, CAP_TIMER, 0);
	for (uint32_t t = 0; t < THREADS; t++)
		cap_set(server, AOS_SLOT_DYNAMIC + t, CAP_THREAD, t);
	user->caps[SLOT_SCHED] = (struct aos_cap){ .type = CAP_INVOKE, .comp = server,
						   .entry = 0x10000 };
}

static void build(void)
{
	struct aos_comp *user, *server;

	memset(&aos, 0, sizeof(aos));
	memset(frames, 0, sizeof(frames));
	memset(&sched, 0, sizeof(sched));
	memset(raised, 0, sizeof(raised));
	memset(handled, 0, sizeof(handled));
	fake_host_open(&host, 16, false, false);
	aos.host = &host;
	aos.frames = frames;
	aos.nframes = 16;
	aos.nschedulers = 1;		/* as aos_boot() does */
	aos.time_base = host.now;
	assert_int_equal(comp_create(&aos, 0, 2, 0x10000000, 0, &user), 0);
	assert_int_equal(comp_create(&aos, 4, 6, 0x20000000, AOS_COMP_SCHED, &server), 0);
	build_objects(user, server);
	for (uint32_t t = 0; t < THREADS; t++) {
		bool inside = t == MAIN || t == IDLE;

		thread_create(&aos, 0, inside ? server : user, 0x10000, 0, urgency[t]);
		getcontext(&context[t]);
		context[t].uc_stack.ss_sp = stack[t];
		context[t].uc_stack.ss_size = STACK_BYTES;
		makecontext(&context[t], (void (*)(void))thread_body, 1, (int)t);
	}
	aos.current_thread = aos.next = &aos.threads[LOADER];
	cpu = aos.current_thread->regs;
}

static void check_rest(void)
{
	for (uint32_t i = 0; i < PACKETS; i++) {
		assert_int_equal(handled[i], raised[i]);
		assert_true(raised[i] > 0);
	}
	assert_int_equal(sched.queue.sleeping, 0);
	assert_int_equal(sched.timer_at, 0);
	assert_null(aos.schedulers[0].notice_head);
	for (uint32_t t = 0; t < THREADS; t++)
		if (t != IDLE)
			assert_false(could_run(t));
}

static void random_system(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 200; seed++) {
		srand(seed);
		calls = 0;
		stuck = NULL;
		build();
		on_cpu = LOADER;
		swapcontext(&controller, &context[LOADER]);
		if (stuck)
			fail_msg("seed %u, call %u: %s", seed, calls, stuck);
		check_rest();
		fake_host_close(&host);
	}
}

static void strangers_are_refused(void **state)
{
	(void)state;
	memset(&sched, 0, sizeof(sched));
	on_cpu = WORKER0;
	assert_int_equal(sched_admit(5, 5, 0, 0, 0, 0), -AOS_EPERM);
	assert_int_equal(sched_block(), -AOS_ENOENT);
	assert_int_equal(sched_wake(1), -AOS_ENOENT);
	assert_int_equal(sched_yield(), -AOS_ENOENT);
	assert_int_equal(sched_sleep_until(UINT64_MAX), -AOS_ENOENT);
	on_cpu = LOADER;
	assert_int_equal(sched_admit(AOS_MAX_THREADS, 5, 0, 0, 0, 0), -AOS_EINVAL);
	assert_int_equal(sched_admit(1, 256, 0, 0, 0, 0), -AOS_EINVAL);
	assert_int_equal(sched_admit(LOADER, 1, 0, 0, 0, 0), 0);
	assert_int_equal(sched_wake(UINT64_MAX), -AOS_ENOENT);
	assert_int_equal(sched_self(), LOADER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_are_refused),
		cmocka_unit_test(random_system),
	};

	return cmocka_run_group_tests_name("sched", tests, NULL, NULL);
}
