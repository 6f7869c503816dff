// SPDX-License-Identifier: GPL-2.0-or-later
/* Event endpoints and timers: nothing is lost, nothing comes twice. */
#include "aos_test.h"

#define COMP	20u
#define WORKER	21u	/* thread, more urgent than the loader */
#define EP	22u	/* in loader and COMP alike */
#define EP2	23u
#define SCHED	24u	/* scheduler endpoint */
#define TIMER	40u	/* + i */

#define URGENT	10u

/* A worker, more urgent than the loader, waits at EP; the loader runs. */
static uint32_t build(struct rig *rig)
{
	uint32_t worker;

	rig_comp(rig, COMP, 0);
	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	rig_endpoint(rig, EP2, AOS_SOURCE_SOFT);
	rig_give(rig, COMP, EP, EP);
	rig_give(rig, COMP, EP2, EP2);
	worker = rig_thread(rig, WORKER, COMP, URGENT);
	return worker;
}

/* The loader waits, so the kernel runs the worker; it waits in turn. */
static void worker_waits(struct rig *rig, uint32_t worker)
{
	CALL(OP_EVENT_WAIT, EP2);
	assert_int_equal(rig_current(rig), worker);
	CALL(OP_EVENT_SIGNAL, EP2);
	CALL(OP_EVENT_WAIT, EP);
	assert_int_equal(rig_current(rig), 0);
}

static void events_are_counted(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
	for (int i = 0; i < 5; i++)
		assert_int_equal(CALL(OP_EVENT_SIGNAL, EP), 0);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP), 5);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
}

static void a_waiter_wakes_with_the_count(void **state)
{
	struct rig *rig = *state;
	uint32_t worker = build(rig);

	worker_waits(rig, worker);
	CALL(OP_EVENT_SIGNAL, EP);
	assert_int_equal(rig_current(rig), worker);
	assert_int_equal(rig->regs.ax, 1);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
}

static void bad_arguments(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, 2), -AOS_EINVAL);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, 1ull << 32), -AOS_EINVAL);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, 0, EP), -AOS_ENOENT);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, 0, UINT64_MAX), -AOS_ENOENT);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, 0, AOS_SLOT_SELF_THREAD), -AOS_EINVAL);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, EP2, 4), -AOS_EINVAL);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, EP2, UINT64_MAX), -AOS_EINVAL);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, EP2, AOS_SOURCE_CHANNEL,
			      BOOTINFO_CHANNELS), -AOS_EINVAL);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, EP2, AOS_SOURCE_CHANNEL,
			      1ull << 32), -AOS_EINVAL);
}

static void one_waiter(void **state)
{
	struct rig *rig = *state;
	uint32_t worker = build(rig);

	worker_waits(rig, worker);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP), -AOS_EBUSY);
	assert_int_equal(rig_current(rig), 0);
}

static void objects_run_out(void **state)
{
	struct rig *rig = *state;
	uint32_t n;

	for (n = 0; n < AOS_MAX_ENDPOINTS; n++)
		rig_endpoint(rig, 16 + n, AOS_SOURCE_SOFT);
	assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 100, AOS_SOURCE_SOFT),
			 -AOS_ENOMEM);
	for (n = 0; n < AOS_MAX_TIMERS; n++)
		assert_int_equal(CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, 64 + n, 16), 0);
	assert_int_equal(CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, 100, 16), -AOS_ENOMEM);
}

static void channels_reach_their_endpoints(void **state)
{
	struct rig *rig = *state;

	for (uint32_t i = 0; i < BOOTINFO_CHANNELS; i++)
		assert_int_equal(CALL(OP_ENDPOINT_CREATE, AOS_SLOT_FACTORY, 30 + i,
				      AOS_SOURCE_CHANNEL, i), 0);
	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	for (uint32_t mask = 0; mask < 1u << BOOTINFO_CHANNELS; mask++) {
		rig_events(rig, mask);
		for (uint32_t i = 0; i < BOOTINFO_CHANNELS; i++)
			assert_int_equal(CALL(OP_EVENT_WAIT, 30 + i, AOS_WAIT_POLL),
					 mask >> i & 1 ? 1 : -AOS_EAGAIN);
	}
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
}

/* The scheduler's thread, alone and with nothing to do, is told so at once. */
static void the_scheduler_alone_wakes(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, SCHED, AOS_SOURCE_SCHED);
	assert_true(CALL(OP_EVENT_WAIT, SCHED) >= 1);
	assert_int_equal(rig_current(rig), 0);
}

/*
 * Random signals, waits and polls at two endpoints by two threads, against
 * counts: what waits take is what was signalled.
 */
struct model {
	uint64_t raised[2], taken[2];
	bool waits[2];			/* thread */
	uint32_t at[2];			/* endpoint it waits at */
};

static void model_wake(struct model *m, struct rig *rig, uint32_t threads[2])
{
	for (uint32_t i = 0; i < 2; i++) {
		const struct aos_thread *t = &rig->aos.threads[threads[i]];

		if (!m->waits[i] || t->state != THREAD_RUNNABLE)
			continue;
		m->waits[i] = false;
		m->taken[m->at[i]] += rig_thread_regs(rig, t->id)->ax;
	}
}

static void model_wait(struct model *m, struct rig *rig, uint32_t self, uint32_t at, uint64_t flags)
{
	uint32_t before = rig_current(rig);
	uint64_t there = m->raised[at] - m->taken[at];
	int64_t result = CALL(OP_EVENT_WAIT, EP + at, flags);

	if (there) {
		assert_int_equal(result, there);
		m->taken[at] += there;
	} else if (flags) {
		assert_int_equal(result, -AOS_EAGAIN);
	} else if (rig_current(rig) != before) {
		m->waits[self] = true;
		m->at[self] = at;
	} else {
		assert_int_equal(result, -AOS_EBUSY);
	}
}

static void random_against_counts(void **state)
{
	struct rig *rig = *state;
	uint32_t threads[2] = { 0, build(rig) };
	struct model m = {};
	struct dice d = { 4711 };

	for (uint32_t round = 0; round < 5000; round++) {
		uint32_t self = rig_current(rig) != 0, ep = dice(&d, 2);

		switch (dice(&d, 3)) {
		case 0:
			m.raised[ep]++;
			CALL(OP_EVENT_SIGNAL, EP + ep);
			break;
		case 1:
			model_wait(&m, rig, self, ep, AOS_WAIT_POLL);
			break;
		case 2:
			/* The last one awake must not sleep: nobody would wake it. */
			if (!m.waits[!self])
				model_wait(&m, rig, self, ep, 0);
			break;
		}
		model_wake(&m, rig, threads);
		for (uint32_t i = 0; i < 2; i++)
			assert_true(m.taken[i] <= m.raised[i]);
	}
	assert_true(m.taken[0] > 100);
}

/* ---- timers ---- */

static void time_starts_at_boot(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(CALL(OP_TIME, 0), 0);
	rig_advance(rig, 12345);
	assert_int_equal(CALL(OP_TIME, 0), 12345);
}

static void timer(struct rig *rig, uint32_t i)
{
	assert_int_equal(CALL(OP_TIMER_CREATE, AOS_SLOT_FACTORY, TIMER + i, EP + i), 0);
}

static void a_timer_fires_once(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	timer(rig, 0);
	CALL(OP_TIMER_SET, TIMER, 1000);
	rig_advance(rig, 999);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
	rig_advance(rig, 1);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), 1);
	rig_advance(rig, 10000);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
	assert_int_equal(rig->host.timer, 0);
}

static void a_timer_can_be_stopped(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	timer(rig, 0);
	CALL(OP_TIMER_SET, TIMER, 1000);
	CALL(OP_TIMER_SET, TIMER, 0);
	rig_advance(rig, 5000);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
}

static void a_deadline_in_the_past_fires(void **state)
{
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	timer(rig, 0);
	rig_advance(rig, 5000);
	CALL(OP_TIMER_SET, TIMER, 1);
	rig_advance(rig, 0);
	assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), 1);
}

/* "As late as possible" is not "long ago", nor "off" by accident. */
static void far_deadlines_do_not_fire(void **state)
{
	static const uint64_t far[] = { UINT64_MAX, UINT64_MAX - 999, UINT64_MAX - 1000,
					UINT64_MAX - 1001, 1ull << 63, INT64_MAX };
	struct rig *rig = *state;

	rig_endpoint(rig, EP, AOS_SOURCE_SOFT);
	timer(rig, 0);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		CALL(OP_TIMER_SET, TIMER, far[i]);
		rig_advance(rig, 1000000);
		assert_int_equal(CALL(OP_EVENT_WAIT, EP, AOS_WAIT_POLL), -AOS_EAGAIN);
		/* Hosts count nanoseconds in signed 64 bits. */
		assert_in_range(rig->host.timer, rig->host.now, INT64_MAX);
	}
}

/* Random deadlines of several timers, against an array of them. */
#define TIMERS 5u

static void random_timers(void **state)
{
	struct rig *rig = *state;
	struct dice d = { 99 };
	uint64_t deadline[TIMERS] = { 0 }, now = 0;
	uint64_t due[TIMERS] = { 0 };

	for (uint32_t i = 0; i < TIMERS; i++) {
		rig_endpoint(rig, EP + i, AOS_SOURCE_SOFT);
		timer(rig, i);
	}
	for (uint32_t round = 0; round < 4000; round++) {
		uint32_t i = dice(&d, TIMERS), step = dice(&d, 300);

		if (dice(&d, 2)) {
			deadline[i] = dice(&d, 5) ? now + 1 + dice(&d, 1000) : 0;
			CALL(OP_TIMER_SET, TIMER + i, deadline[i]);
			continue;
		}
		rig_advance(rig, step);
		now += step;
		for (uint32_t t = 0; t < TIMERS; t++) {
			bool fires = deadline[t] && deadline[t] <= now;

			due[t] += fires;
			deadline[t] = fires ? 0 : deadline[t];
			assert_int_equal(CALL(OP_EVENT_WAIT, EP + t, AOS_WAIT_POLL),
					 fires ? 1 : -AOS_EAGAIN);
		}
	}
	for (uint32_t t = 0; t < TIMERS; t++)
		assert_true(due[t] > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(events_are_counted), RIG_TEST(a_waiter_wakes_with_the_count),
		RIG_TEST(bad_arguments), RIG_TEST(one_waiter), RIG_TEST(objects_run_out),
		RIG_TEST(channels_reach_their_endpoints), RIG_TEST(the_scheduler_alone_wakes),
		RIG_TEST(random_against_counts), RIG_TEST(time_starts_at_boot),
		RIG_TEST(a_timer_fires_once), RIG_TEST(a_timer_can_be_stopped),
		RIG_TEST(a_deadline_in_the_past_fires), RIG_TEST(far_deadlines_do_not_fire),
		RIG_TEST(random_timers),
	};

	return cmocka_run_group_tests_name("aos events", tests, NULL, NULL);
}
