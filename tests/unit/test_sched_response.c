// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler on the AOS kernel's own sources under simulated time, with
 * random sets of periodic threads, servers under greedy load, and locks:
 * whatever the response-time analysis promises, happens.  The analysis
 * (Joseph and Pandya 1986; Audsley et al. 1993) is written here anew and
 * shares nothing with the scheduler.
 *
 * System calls and interrupts take no time; what takes time are the threads.
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

enum { LOADER, MAIN, IDLE, TASK0, TASKS_MAX = 7, THREADS_MAX = TASK0 + TASKS_MAX };
enum { SLOT_OWN_ENDPOINT = 16, SLOT_SCHED = 40 };
enum { SERVERS_MAX = 2, LOCKS = 2, NO_LOCK = LOCKS };

#define US		1000ull
#define MS		1000000ull
#define SETS		10000u
#define HORIZON		(130 * MS)
#define STACK_BYTES	(64 * 1024)
#define SLACK		100u	/* ns: timers are rounded up, a few at a time */

struct task {
	uint32_t server;	/* enum image_server; NONE: periodic */
	uint32_t priority;
	uint64_t period, deadline, run;		/* run: of a server its budget */
	uint32_t lock;				/* NO_LOCK, or taken at the end of the run */
	uint64_t section;			/* for so long */
	uint64_t bound;				/* response time promised, 0: none */
	uint64_t next_event;			/* of a server */
	uint64_t worst;				/* response time seen */
	uint32_t jobs;
};

static struct task task[TASKS_MAX];
static uint32_t ntasks;
static struct aos aos;
static struct aos_frame frames[16];
static struct fake_host host;
static struct aos_regs cpu;
static ucontext_t context[THREADS_MAX], controller;
static char stack[THREADS_MAX][STACK_BYTES];
static uint32_t on_cpu;
static const char *stuck;
static uint64_t promised, tight, depletions;

/* What the loader changes of the first task while it runs, and what that had used then. */
static struct change {
	uint64_t at, budget, period, used;
} change[2];
static uint32_t nchanges;

/* ---- the machine ---- */

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
	static struct counter counters[2];

	return &counters[!strncmp(name, "depletions", 10)];
}

static uint64_t now(void)
{
	return host.now - aos.time_base;
}

static void give_up(const char *why)
{
	stuck = why;
	swapcontext(&context[on_cpu], &controller);
}

static void follow(void)
{
	uint32_t from = on_cpu, to = aos.current_thread->id;

	if (from == to)
		return;
	on_cpu = to;
	swapcontext(&context[from], &context[to]);
}

static void events_arrive(void)
{
	uint32_t channel = 0;

	for (uint32_t i = 0; i < ntasks; i++) {
		if (!task[i].server)
			continue;
		if (task[i].next_event <= now()) {
			host.pending |= HAL_EVENT_CHANNEL(channel);
			task[i].next_event = now() + 1 + (uint64_t)rand() % (4 * MS);
		}
		channel++;
	}
}

/* Let time pass: at most @ns, and not beyond what happens next. -> how much */
static uint64_t pass(uint64_t ns)
{
	uint64_t end = host.now + ns;

	if (host.timer && host.timer < end)
		end = host.timer > host.now ? host.timer : host.now;
	for (uint32_t i = 0; i < ntasks; i++)
		if (task[i].server && task[i].next_event + aos.time_base < end)
			end = task[i].next_event + aos.time_base;
	if (now() > HORIZON)
		give_up(NULL);
	ns = end - host.now;
	fake_host_advance(&host, ns);
	events_arrive();
	return ns;
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

static void compute(uint64_t ns)
{
	while (ns) {
		ns -= pass(ns);
		interrupt(aos_event);
	}
}

int64_t sim_call(uint32_t op, uint32_t slot, uint64_t a0, uint64_t a1, uint64_t *second)
{
	cpu.ax = AOS_CALL(op, slot);
	cpu.di = a0;
	cpu.si = a1;
	aos_syscall(&aos, &cpu);
	if (host.idle) {
		while (!host.pending)
			pass(HORIZON);
		host.idle = false;
		interrupt(aos_event_at_idle);
	} else {
		follow();
	}
	*second = cpu.dx;
	return (int64_t)cpu.ax;
}

/* ---- threads ---- */

static void enter_scheduler(void)
{
	uint64_t second;

	sim_call(OP_INVOKE, SLOT_SCHED, 0, 0, &second);
}

static int64_t leave_scheduler(int64_t result)
{
	uint64_t second;

	return sim_call(OP_RETURN, 0, (uint64_t)result, 0, &second);
}

static void run(const struct task *t, uint64_t ns)
{
	if (t->lock == NO_LOCK || ns <= t->section) {
		compute(ns);
		return;
	}
	compute(ns - t->section);
	enter_scheduler();
	if (leave_scheduler(sched_lock_take(t->lock, 0)))
		give_up("a lock was refused");
	compute(t->section);
	enter_scheduler();
	if (leave_scheduler(sched_lock_release(t->lock)))
		give_up("a lock was not released");
}

static void periodic_thread(struct task *t)
{
	uint64_t release = now();

	for (;;) {
		uint64_t response;

		enter_scheduler();
		if (leave_scheduler(sched_wait_period()) < 0)
			give_up("no period");
		release = sched.periodic[on_cpu].release;
		run(t, t->run);
		response = now() - release;
		if (response > t->worst)
			t->worst = response;
		t->jobs++;
		if (t->bound && response > t->bound)
			give_up("a promise was broken");
	}
}

/* More work than its budget allows. */
static void server_thread(struct task *t, uint32_t channel)
{
	uint64_t second;

	for (;;) {
		if (sim_call(OP_EVENT_WAIT, SLOT_OWN_ENDPOINT + channel, 0, 0, &second) <= 0)
			give_up("a wait failed");
		run(t, 1 + (uint64_t)rand() % (t->run * 3 / 2));
	}
}

static void admit(uint32_t tid, uint64_t priority, const struct task *t)
{
	enter_scheduler();
	if (leave_scheduler(t ? sched_admit(tid, priority, t->server, t->period, t->run,
					    t->deadline)
			      : sched_admit(tid, priority, 0, 0, 0, 0)))
		give_up("a thread was not admitted");
}

static uint64_t used_by(uint32_t i)
{
	return aos.threads[TASK0 + i].budget.total / FAKE_CYCLES_PER_NS;
}

static void change_task(struct change *c)
{
	enter_scheduler();
	if (leave_scheduler(sched_sleep_until(c->at)))
		give_up("no sleep");
	c->used = used_by(0);
	enter_scheduler();
	if (leave_scheduler(sched_change(TASK0, task[0].priority, c->period, c->budget, 0)))
		give_up("no change");
}

static void loader_thread(void)
{
	uint64_t second;

	admit(LOADER, 1, NULL);
	admit(IDLE, 255, NULL);
	for (uint32_t i = 0; i < ntasks; i++)
		admit(TASK0 + i, task[i].priority, &task[i]);
	for (uint64_t i = 0; i < LOCKS; i++) {
		enter_scheduler();
		if (leave_scheduler(sched_lock_make()) != (int64_t)i)
			give_up("no lock");
	}
	for (uint32_t i = 0; i < nchanges; i++)
		change_task(&change[i]);
	sim_call(OP_EVENT_WAIT, SLOT_OWN_ENDPOINT + SERVERS_MAX, 0, 0, &second);
	give_up("the loader woke");
}

static uint32_t channel_of(uint32_t i)
{
	uint32_t channel = 0;

	while (i-- > 0)
		channel += task[i].server != IMAGE_SERVER_NONE;
	return channel;
}

static void thread_body(int tid)
{
	struct task *t = tid < TASK0 ? NULL : &task[tid - TASK0];

	if (tid == LOADER)
		loader_thread();
	else if (tid == MAIN)
		sched_main(0);
	else if (tid == IDLE)
		sched_idle(0);
	else if (t->server)
		server_thread(t, channel_of((uint32_t)(tid - TASK0)));
	else
		periodic_thread(t);
}

/* ---- building a system ---- */

static void cap_set(struct aos_comp *comp, uint32_t slot, uint32_t type, uint32_t id)
{
	/* Threads are the first of their slots. */
	comp->caps[slot] = (struct aos_cap){ .type = type, .id = id,
					     .entry = type == CAP_THREAD };
}

static void build_objects(struct aos_comp *user, struct aos_comp *server)
{
	const uint32_t last = SERVERS_MAX + 1;

	for (uint32_t i = 0; i < last; i++) {
		aos.endpoints[i] = (struct aos_endpoint){
			.source = i < SERVERS_MAX ? AOS_SOURCE_CHANNEL : AOS_SOURCE_SOFT,
			.channel = i, .used = true };
		cap_set(user, SLOT_OWN_ENDPOINT + i, CAP_ENDPOINT, i);
	}
	aos.endpoints[last] = (struct aos_endpoint){ .source = AOS_SOURCE_SCHED, .used = true };
	aos.nendpoints = last + 1;
	aos.schedulers[0].endpoint = &aos.endpoints[last];
	aos.timers[0] = (struct aos_timer){ .endpoint = aos.schedulers[0].endpoint, .used = true };
	cap_set(server, CAP_events, CAP_ENDPOINT, last);
	cap_set(server, CAP_timeout, CAP_TIMER, 0);
	for (uint32_t t = 0; t < TASK0 + ntasks; t++)
		cap_set(server, AOS_SLOT_DYNAMIC + t, CAP_THREAD, t);
	user->caps[SLOT_SCHED] = (struct aos_cap){ .type = CAP_INVOKE, .comp = server,
						   .entry = 0x10000 };
}

static uint32_t priority_of(uint32_t tid)
{
	static const uint32_t own[TASK0] = { [LOADER] = 1, [MAIN] = 0, [IDLE] = 255 };

	return tid < TASK0 ? own[tid] : task[tid - TASK0].priority;
}

static void build(void)
{
	struct aos_comp *user, *server;

	memset(&aos, 0, sizeof(aos));
	memset(frames, 0, sizeof(frames));
	memset(&sched, 0, sizeof(sched));
	fake_host_open(&host, 16, false, false);
	aos.host = &host;
	aos.frames = frames;
	aos.nframes = 16;
	aos.nschedulers = 1;		/* as aos_boot() does */
	aos.time_base = host.now;
	assert_int_equal(comp_create(&aos, 0, 2, 0x10000000, 0, &user), 0);
	assert_int_equal(comp_create(&aos, 4, 6, 0x20000000, AOS_COMP_SCHED, &server), 0);
	build_objects(user, server);
	for (uint32_t t = 0; t < TASK0 + ntasks; t++) {
		thread_create(&aos, 0, t == MAIN || t == IDLE ? server : user, 0x10000, 0,
			      priority_of(t));
		getcontext(&context[t]);
		context[t].uc_stack.ss_sp = stack[t];
		context[t].uc_stack.ss_size = STACK_BYTES;
		makecontext(&context[t], (void (*)(void))thread_body, 1, (int)t);
	}
	aos.current_thread = aos.next = &aos.threads[LOADER];
	aos.charged = hal_cycles(&aos);
	cpu = aos.current_thread->regs;
}

/* ---- random sets ---- */

static uint64_t between(uint64_t low, uint64_t high)
{
	return low + (uint64_t)rand() % (high - low + 1);
}

static void task_random(struct task *t, bool server, uint64_t share)
{
	static const uint64_t periods[] = { 2, 4, 5, 8, 10, 16, 20, 25, 40 };

	*t = (struct task){ .lock = NO_LOCK };
	t->period = periods[rand() % 9] * MS;
	t->run = t->period * between(share / 2, share * 3 / 2) / 1000;
	t->deadline = rand() % 2 ? t->period : between((t->run + t->period) / 2, t->period);
	if (server)
		t->server = rand() % 2 ? IMAGE_SERVER_DEFERRABLE : IMAGE_SERVER_SPORADIC;
	t->next_event = between(1, 3 * MS);
	if (rand() % 3 == 0) {
		t->lock = (uint32_t)rand() % LOCKS;
		t->section = t->run / between(3, 10);
	}
}

static int by_period(const void *a, const void *b)
{
	const struct task *x = a, *y = b;

	return x->period < y->period ? -1 : x->period > y->period;
}

/* In the order of priority: the shorter the period the more urgent, or anyhow. */
static void set_random(void)
{
	uint32_t servers = (uint32_t)rand() % (SERVERS_MAX + 1);
	uint64_t share;

	ntasks = servers + 2 + (uint32_t)rand() % (TASKS_MAX - SERVERS_MAX - 1);
	share = between(500, 950) / ntasks;
	for (uint32_t i = 0; i < ntasks; i++)
		task_random(&task[i], i < servers, share);
	if (rand() % 4)
		qsort(task, ntasks, sizeof(task[0]), by_period);
	for (uint32_t i = 0; i < ntasks; i++)
		task[i].priority = 10 + i;
}

/* ---- the analysis ---- */

/* Sections of a less urgent task that one of task i's urgency may have to wait for. */
static uint64_t section_blocks(uint32_t i, uint32_t lower, uint32_t lock)
{
	if (task[lower].lock != lock)
		return 0;
	for (uint32_t j = 0; j <= i; j++)
		if (task[j].lock == lock)
			return task[lower].section;
	return 0;
}

/* Inheritance: once for each lock, and once for each less urgent task, at most. */
static uint64_t blocking(uint32_t i)
{
	uint64_t by_lock = 0, by_task = 0;

	for (uint32_t lock = 0; lock < LOCKS; lock++) {
		uint64_t longest = 0;

		for (uint32_t l = i + 1; l < ntasks; l++)
			if (section_blocks(i, l, lock) > longest)
				longest = section_blocks(i, l, lock);
		by_lock += longest;
	}
	for (uint32_t l = i + 1; l < ntasks; l++)
		by_task += task[l].lock == NO_LOCK ? 0 : section_blocks(i, l, task[l].lock);
	return by_lock < by_task ? by_lock : by_task;
}

/* What the more urgent task j takes in any interval of that length, at most. */
static uint64_t interference(const struct task *j, uint64_t length)
{
	uint64_t jitter = j->server == IMAGE_SERVER_DEFERRABLE ? j->period - j->run : 0;
	uint64_t credit = j->server && j->lock != NO_LOCK ? j->section + OVERDRAFT_NS : 0;
	uint64_t jobs = (length + jitter + j->period - 1) / j->period;

	return jobs * (j->run + (j->server ? SLACK : 0)) + credit;
}

/* -> false: its response time may exceed its period, so nothing is known below it */
static bool analyse(uint32_t i)
{
	uint64_t own = task[i].run + blocking(i) + SLACK, response = own, next;

	for (;;) {
		next = own;
		for (uint32_t j = 0; j < i; j++)
			next += interference(&task[j], response);
		if (next == response || next > task[i].period)
			break;
		response = next;
	}
	task[i].bound = next <= task[i].deadline ? next : 0;
	return next <= task[i].period;
}

static void analyse_all(void)
{
	uint32_t i;

	for (i = 0; i < ntasks; i++)
		if (!task[i].server && !analyse(i))
			break;
}

/* ---- the test ---- */

static void set_print(void)
{
	for (uint32_t i = 0; i < ntasks; i++)
		fprintf(stderr, "%s period %8llu run %8llu lock %u for %7llu: "
			"promised %8llu, worst of %u jobs %8llu\n",
			task[i].server ? "server  " : "periodic",
			(unsigned long long)task[i].period, (unsigned long long)task[i].run,
			task[i].lock, (unsigned long long)task[i].section,
			(unsigned long long)task[i].bound, task[i].jobs,
			(unsigned long long)task[i].worst);
}

static void set_count(void)
{
	for (uint32_t i = 0; i < ntasks; i++) {
		if (!task[i].bound)
			continue;
		promised++;
		tight += task[i].worst >= task[i].bound - SLACK * 10;
		assert_true(task[i].jobs >= HORIZON / task[i].period - 1);
	}
	depletions = aos_counter("depletions")->value;
}

static void simulate(void)
{
	stuck = NULL;
	build();
	on_cpu = LOADER;
	swapcontext(&controller, &context[LOADER]);
}

/*
 * One of two equals computes without end when the other's event arrives: both
 * have their turns from then on, though the kernel preempts neither for it.
 */
static void equals_share(void **state)
{
	(void)state;
	ntasks = 2;
	task[0] = (struct task){ .priority = 10, .period = 500 * MS, .deadline = 500 * MS,
				 .run = 400 * MS, .lock = NO_LOCK };
	task[1] = (struct task){ .priority = 10, .period = 400 * MS, .run = 400 * MS,
				 .server = IMAGE_SERVER_DEFERRABLE, .lock = NO_LOCK,
				 .next_event = 1 * MS };
	srand(1);
	simulate();
	assert_null(stuck);
	for (uint32_t i = 0; i < ntasks; i++) {
		uint64_t used = used_by(i);

		assert_true(used >= HORIZON / 2 - SLICE_NS && used <= HORIZON / 2 + SLICE_NS);
	}
	fake_host_close(&host);
}

static void assert_between(uint64_t low, uint64_t used, uint64_t high)
{
	if (used < low || used > high)
		fail_msg("%llu us are not between %llu and %llu", (unsigned long long)(used / US),
			 (unsigned long long)(low / US), (unsigned long long)(high / US));
}

/*
 * A greedy server is given more, then less: each counts from then on, and what was used
 * before is not given again.
 */
static void budgets_change_while_they_are_used(void **state)
{
	(void)state;
	nchanges = 2;
	ntasks = 1;
	for (uint32_t kind = IMAGE_SERVER_DEFERRABLE; kind <= IMAGE_SERVER_SPORADIC; kind++) {
		task[0] = (struct task){ .priority = 10, .period = 10 * MS, .run = 2 * MS,
					 .server = kind, .lock = NO_LOCK, .next_event = 1 };
		change[0] = (struct change){ .at = 43 * MS, .budget = 40 * MS, .period = 50 * MS };
		change[1] = (struct change){ .at = 63 * MS, .budget = 1 * MS, .period = 20 * MS };
		srand(1);
		simulate();
		assert_null(stuck);
		assert_between(8 * MS, change[0].used, 10 * MS + SLACK);
		assert_between(8 * MS, change[1].used - change[0].used, 20 * MS);
		assert_between(1 * MS, used_by(0) - change[1].used, 5 * MS + SLACK);
		fake_host_close(&host);
	}
	nchanges = 0;
}

static void what_cannot_be_changed(void **state)
{
	(void)state;
	ntasks = 1;
	task[0] = (struct task){ .priority = 10, .period = 10 * MS, .deadline = 10 * MS,
				 .run = 2 * MS, .lock = NO_LOCK };
	srand(1);
	simulate();
	assert_null(stuck);
	on_cpu = LOADER;
	assert_int_equal(sched_change(TASK0 + 1, 10, 0, 0, 0), -AOS_ENOENT);
	assert_int_equal(sched_change(UINT64_MAX, 10, 0, 0, 0), -AOS_ENOENT);
	assert_int_equal(sched_change(TASK0, AOS_URGENCY_MAX + 1, 10 * MS, 1, 1), -AOS_EINVAL);
	assert_int_equal(sched_change(TASK0, 10, 10 * MS, 11 * MS, 10 * MS), -AOS_EINVAL);
	assert_int_equal(sched_change(TASK0, 10, 10 * MS, 1, 11 * MS), -AOS_EINVAL);
	assert_int_equal(sched_change(TASK0, 10, 0, 0, 0), -AOS_EINVAL);
	assert_int_equal(sched_change(LOADER, 10, 10 * MS, 1, 1), -AOS_EINVAL);
	assert_int_equal(sched.periodic[TASK0].period, 10 * MS);
	assert_int_equal(sched_change(TASK0, 7, 20 * MS, 2 * MS, 9 * MS), 0);
	assert_int_equal(sched.periodic[TASK0].deadline, 9 * MS);
	assert_int_equal(sched.queue.thread[TASK0].priority, 7);
	on_cpu = TASK0;
	assert_int_equal(sched_change(TASK0, 10, 10 * MS, 1, 1), -AOS_EPERM);
	fake_host_close(&host);
}

static void promises_are_kept(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= SETS; seed++) {
		srand(seed);
		set_random();
		analyse_all();
		simulate();
		if (stuck) {
			set_print();
			fail_msg("set %u, at %llu: %s (thread %u)", seed,
				 (unsigned long long)now(), stuck, on_cpu);
		}
		set_count();
		fake_host_close(&host);
	}
	printf("%u sets, %llu threads with a promise, %llu came up to it, %llu depletions\n",
	       SETS, (unsigned long long)promised, (unsigned long long)tight,
	       (unsigned long long)depletions);
	/* The sets are not so easy that nothing could go wrong. */
	assert_true(promised > 2 * SETS);
	assert_true(tight > SETS / 4);
	assert_true(depletions > SETS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_share),
		cmocka_unit_test(budgets_change_while_they_are_used),
		cmocka_unit_test(what_cannot_be_changed),
		cmocka_unit_test(promises_are_kept),
	};

	return cmocka_run_group_tests_name("sched_response", tests, NULL, NULL);
}
