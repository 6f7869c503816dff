// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole systems at random: some threads of random urgency that wait, signal,
 * invoke and fault; interrupts at any time; and a scheduler as small as one
 * can be, which knows only what the kernel tells it.  Then:
 *
 *   whoever runs outside the scheduler is as urgent as any thread that could;
 *   nobody is preempted inside the scheduler;
 *   the machine sleeps only when nobody can run;
 *   when the world falls silent, every event has reached its thread.
 */
#include "aos_test.h"

#define SYSTEMS	250u
#define STEPS	500u
#define SILENCE	3000u	/* steps in which a silent system must come to rest */
#define APPS	8u

/* Slots, the same in each component. */
#define C_SCHED	20u
#define C_APP	21u
#define C_SERVICE 22u
#define E_SCHED	23u
#define I_SCHED	24u
#define I_SERVICE 25u
#define E_APP	30u	/* + i */
#define T_ANY	50u	/* + i: application, then scheduler and idle thread */
#define SLOT_END 64u

enum phase { LOOK, DECIDE };

struct app {
	uint32_t id;			/* thread */
	uint64_t raised, handled;
	bool waits, decides;		/* in the scheduler, and has taken notices */
};

struct system {
	struct rig rig;
	struct dice dice;
	uint32_t apps;
	bool silent, own_idle_thread;
	struct app app[APPS];
	uint32_t sched, idle;		/* threads */
	/* The scheduler's knowledge. */
	enum phase phase;
	bool ready[AOS_MAX_THREADS];
	uint32_t refused, news;		/* slot that was refused, 0; notices since */
};

/* ---- making one ---- */

static void make_threads(struct system *s)
{
	struct rig *rig = &s->rig;

	for (uint32_t i = 0; i < s->apps; i++) {
		s->app[i].id = rig_thread(rig, T_ANY + i, C_APP, 1 + dice(&s->dice, 12));
		s->ready[s->app[i].id] = true;
	}
	s->sched = rig_thread(rig, T_ANY + s->apps, C_SCHED, 0);
	if (!s->own_idle_thread)
		return;
	s->idle = rig_thread(rig, T_ANY + s->apps + 1, C_SCHED, AOS_URGENCY_MAX);
	s->ready[s->idle] = true;
}

static void make_objects(struct system *s)
{
	struct rig *rig = &s->rig;

	rig_comp(rig, C_SCHED, AOS_COMP_SCHED);
	rig_comp(rig, C_APP, 0);
	rig_comp(rig, C_SERVICE, 0);
	rig_endpoint(rig, E_SCHED, AOS_SOURCE_SCHED);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, I_SCHED, C_SCHED, IMAGE_COMPONENT_BASE);
	CALL(OP_INVOKE_CREATE, AOS_SLOT_FACTORY, I_SERVICE, C_SERVICE, IMAGE_COMPONENT_BASE);
	for (uint32_t i = 0; i < s->apps; i++)
		rig_endpoint(rig, E_APP + i, AOS_SOURCE_SOFT);
	make_threads(s);
	for (uint32_t slot = E_SCHED; slot < SLOT_END; slot++)
		for (uint32_t c = C_SCHED; c <= C_SERVICE; c++)
			if (rig->aos.comps[0].caps[slot].type != CAP_NONE)
				rig_give(rig, c, slot, slot);
}

static void begin(struct system *s, uint32_t seed)
{
	memset(s, 0, sizeof(*s));
	s->dice.state = 88172645463325252ull + seed * 7919ull;
	for (uint32_t i = 0; i < 8; i++)
		dice(&s->dice, 2);
	s->apps = 2 + dice(&s->dice, APPS - 1);
	s->own_idle_thread = dice(&s->dice, 2);
	rig_open(&s->rig, dice(&s->dice, 2));
	s->rig.quick = true;
	make_objects(s);
	rig_call(&s->rig, OP_THREAD_EXIT, 0, 0, 0, 0, 0, 0, 0);
}

/* ---- looking at it ---- */

static struct aos_thread *current(struct system *s)
{
	return s->rig.aos.current_thread;
}

static struct app *current_app(struct system *s)
{
	for (uint32_t i = 0; i < s->apps; i++)
		if (s->app[i].id == current(s)->id)
			return &s->app[i];
	return NULL;
}

static bool in_scheduler(struct system *s)
{
	return current(s)->comp->flags & AOS_COMP_SCHED;
}

/* What woken threads find in rax are events handled. */
static void count_wakes(struct system *s)
{
	for (uint32_t i = 0; i < s->apps; i++) {
		struct app *a = &s->app[i];

		if (!a->waits || s->rig.aos.threads[a->id].state != THREAD_RUNNABLE)
			continue;
		a->waits = false;
		a->handled += rig_thread_regs(&s->rig, a->id)->ax;
	}
}

static void check_most_urgent_runs(struct system *s)
{
	if (in_scheduler(s) && !s->rig.host.idle)
		return;
	for (uint32_t i = 0; i < s->apps; i++) {
		const struct aos_thread *t = &s->rig.aos.threads[s->app[i].id];

		if (t->state != THREAD_RUNNABLE)
			continue;
		if (s->rig.host.idle)
			fail_msg("asleep while thread %u can run", t->id);
		if (t->urgency < current(s)->urgency)
			fail_msg("thread %u runs, and %u is more urgent", current(s)->id, t->id);
	}
}

/* ---- the world ---- */

static void set_due(struct system *s, uint32_t i)
{
	struct rig *rig = &s->rig;
	struct aos_cap *cap = &rig->aos.comps[0].caps[i < s->apps ? E_APP + i : E_SCHED];

	if (rig->aos.timers[i].deadline)
		return;
	rig->aos.timers[i] = (struct aos_timer){ .used = true, .deadline = rig->host.now,
						 .endpoint = &rig->aos.endpoints[cap->id] };
	if (i < s->apps)
		s->app[i].raised++;
}

/* One interrupt, for one endpoint or several. */
static void interrupt(struct system *s)
{
	uint32_t before = current(s)->id;
	bool section = in_scheduler(s);

	do {
		set_due(s, dice(&s->dice, s->apps + 1));
	} while (!dice(&s->dice, 3));
	if (s->rig.host.idle) {
		s->rig.host.pending |= HAL_EVENT_TIMER;
		return;
	}
	rig_events(&s->rig, HAL_EVENT_TIMER);
	if (section)
		assert_int_equal(current(s)->id, before);
}

/* ---- the scheduler ---- */

static void learn(struct system *s, int64_t id)
{
	if (id >= 0) {
		s->ready[id] = s->rig.regs.dx == AOS_NOTICE_READY;
		s->news++;
		return;
	}
	assert_int_equal(id, -AOS_EAGAIN);
	if (s->refused && !s->news)
		s->ready[s->rig.aos.comps[0].caps[s->refused].id] = false;
	s->refused = 0;
	s->phase = DECIDE;
}

/* Slot of the most urgent thread believed ready, or 0. */
static uint32_t pick(struct system *s)
{
	uint32_t best = 0, urgency = UINT32_MAX;

	for (uint32_t i = 0; i < s->apps + 2; i++) {
		const struct aos_cap *cap = &s->rig.aos.comps[0].caps[T_ANY + i];
		const struct aos_thread *t = &s->rig.aos.threads[cap->id];

		if (cap->type == CAP_THREAD && t->id != s->sched && s->ready[t->id] &&
		    t->urgency < urgency) {
			best = T_ANY + i;
			urgency = t->urgency;
		}
	}
	return best;
}

static void look_again(struct system *s, uint32_t refused)
{
	s->phase = LOOK;
	s->refused = refused;
	s->news = 0;
}

static void sched_decides(struct system *s)
{
	struct rig *rig = &s->rig;
	uint32_t best = pick(s);

	look_again(s, 0);
	if (!best)
		CALL(OP_IDLE, E_SCHED);
	else if (CALL(OP_EVENT_WAIT, E_SCHED, 0, best) == -AOS_EAGAIN && rig_current(rig) == s->sched)
		look_again(s, best);
}

static void sched_step(struct system *s)
{
	struct rig *rig = &s->rig;

	if (s->phase == LOOK)
		learn(s, CALL(OP_SCHED_NOTICE, E_SCHED));
	else if (!dice(&s->dice, 10))
		CALL(OP_THREAD_URGENCY, T_ANY + dice(&s->dice, s->apps), 1 + dice(&s->dice, 12));
	else
		sched_decides(s);
}

/* An application's thread in the scheduler: let the best run, then go on. */
static void app_decides(struct system *s, struct app *a)
{
	struct rig *rig = &s->rig;
	uint32_t best;

	s->ready[a->id] = true;
	if (s->phase == LOOK) {
		learn(s, CALL(OP_SCHED_NOTICE, E_SCHED));
		return;
	}
	best = pick(s);
	look_again(s, 0);
	if (rig->aos.comps[0].caps[best].id == a->id) {
		a->decides = false;
		CALL(OP_RETURN, 0, 0);
	} else if (CALL(OP_THREAD_SWITCH, best) == -AOS_EAGAIN && rig_current(rig) == a->id) {
		look_again(s, best);
	}
}

/* ---- the applications ---- */

static void app_waits(struct system *s, struct app *a)
{
	struct rig *rig = &s->rig;
	uint64_t there = a->raised - a->handled;
	int64_t result = CALL(OP_EVENT_WAIT, E_APP + (uint32_t)(a - s->app));

	if (there) {
		assert_int_equal(result, there);
		a->handled += there;
	} else {
		a->waits = true;
	}
}

static void app_signals(struct system *s)
{
	struct rig *rig = &s->rig;
	uint32_t whom = dice(&s->dice, s->apps);

	s->app[whom].raised++;
	CALL(OP_EVENT_SIGNAL, E_APP + whom);
}

static void app_enters_scheduler(struct system *s, struct app *a)
{
	struct rig *rig = &s->rig;

	if (CALL(OP_INVOKE, I_SCHED) < 0)
		return;
	a->decides = dice(&s->dice, 2);
	if (a->decides)
		look_again(s, 0);
}

static void app_calm(struct system *s, struct app *a)
{
	struct rig *rig = &s->rig;

	if (current(s)->top > current(s)->stack)
		CALL(OP_RETURN, 0, 0);
	else
		app_waits(s, a);
}

static void app_step(struct system *s, struct app *a)
{
	struct rig *rig = &s->rig;
	bool nested = current(s)->top > current(s)->stack;

	if (in_scheduler(s) && a->decides) {
		app_decides(s, a);
		return;
	}
	if (s->silent || in_scheduler(s)) {
		app_calm(s, a);
		return;
	}
	switch (dice(&s->dice, 8)) {
	case 0:
		app_signals(s);
		break;
	case 1:
	case 2:
		app_enters_scheduler(s, a);
		break;
	case 3:
		CALL(OP_INVOKE, I_SERVICE);
		break;
	case 4:
		if (nested)
			rig_fault(rig, 14, 0);
		break;
	case 5:
		if (nested)
			CALL(OP_RETURN, 0, 0);
		break;
	default:
		app_waits(s, a);
	}
}

/* ---- playing it ---- */

static void step(struct system *s)
{
	struct app *a = current_app(s);

	if (!s->silent && (s->rig.host.idle || !dice(&s->dice, 4)))
		interrupt(s);
	else if (a)
		app_step(s, a);
	else if (rig_current(&s->rig) == s->sched)
		sched_step(s);
	else
		rig_call(&s->rig, OP_IDLE, E_SCHED, 0, 0, 0, 0, 0, 0);
	/* Asleep, with something pending: the host wakes it at once. */
	if (s->rig.host.pending)
		s->rig.host.idle = false;
	count_wakes(s);
	check_most_urgent_runs(s);
}

static void all_is_handled(struct system *s)
{
	for (uint32_t i = 0; i < s->apps; i++) {
		assert_int_equal(s->app[i].raised, s->app[i].handled);
		assert_int_equal(s->rig.aos.threads[s->app[i].id].state, THREAD_WAITING);
	}
}

static void play(uint32_t seed)
{
	static struct system s;
	uint32_t rest;

	begin(&s, seed);
	for (uint32_t i = 0; i < STEPS; i++)
		step(&s);
	s.silent = true;
	for (rest = 0; rest < SILENCE && !s.rig.host.idle; rest++)
		step(&s);
	if (rest == SILENCE)
		fail_msg("system %u never comes to rest", seed);
	all_is_handled(&s);
	rig_check(&s.rig);
	rig_close(&s.rig);
}

static void random_systems(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < SYSTEMS; seed++)
		play(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_systems),
	};

	return cmocka_run_group_tests_name("aos systems", tests, NULL, NULL);
}
