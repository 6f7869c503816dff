// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Execution budgets: who has the CPU is charged for it at every switch, and so
 * is who pays for it; it is stopped when one of these budgets ends.  Filling up
 * is the scheduler's; the kernel records what it needs for that.
 *
 * One timer for all: set, when a thread with a budget gets the CPU, if it is
 * not due before that budget's end; left alone when the thread stops earlier.
 */
#include "aos/scheduler.h"
#include "aos/string.h"

/* ---- what was used, in chunks ---- */

/* The two neighbours that began closest to each other become one. */
static void chunks_merge(struct aos_budget *b)
{
	uint32_t at = 0;
	uint64_t nearest = ~0ull;

	for (uint32_t i = 0; i + 1 < b->nchunks; i++) {
		uint64_t gap = b->chunk[i + 1].start - b->chunk[i].start;

		if (gap < nearest) {
			nearest = gap;
			at = i;
		}
	}
	b->chunk[at + 1].used += b->chunk[at].used;
	b->nchunks--;
	memmove(&b->chunk[at], &b->chunk[at + 1], (b->nchunks - at) * sizeof(b->chunk[0]));
}

/* A thread that is charged without having left the CPU goes on with its chunk. */
static void chunk_record(struct aos_budget *b, uint64_t start, uint64_t used)
{
	if (b->nchunks && b->chunk[b->nchunks - 1].start == start) {
		b->chunk[b->nchunks - 1].used += used;
		return;
	}
	if (b->nchunks == AOS_USAGE_CHUNKS)
		chunks_merge(b);
	b->chunk[b->nchunks++] = (struct aos_chunk){ start, used };
}

int64_t budget_usage(struct aos *aos, struct aos_thread *t, uint64_t *start)
{
	struct aos_budget *b = &t->budget;
	struct aos_chunk oldest;

	if (levels_pays(t, aos->current_thread))
		budget_charge(aos);
	if (!b->nchunks)
		return -AOS_EAGAIN;
	oldest = b->chunk[0];
	b->nchunks--;
	memmove(&b->chunk[0], &b->chunk[1], b->nchunks * sizeof(b->chunk[0]));
	*start = hal_time(aos) - aos->time_base -
		 hal_cycles_to_ns(aos, hal_clock(aos) - oldest.start);
	return (int64_t)hal_cycles_to_ns(aos, oldest.used);
}

/* ---- visits: who uses up budgets and does not come back ---- */

/* Returns of the current thread are seen only while somebody looks. */
static void watch(struct aos *aos, const struct aos_thread *t)
{
	aos->defer &= ~DEFER_WATCH;
	if (t->budget.visit || !levels_funded(t))
		aos->defer |= DEFER_WATCH;
}

static void visit_end(struct aos *aos, struct aos_thread *t)
{
	t->budget.visit = NULL;
	t->budget.overruns = 0;
	if (t == aos->current_thread)
		watch(aos, t);
}

/*
 * @t has returned from an invocation, or waits: is that visit over?  In its own
 * component a thread comes back by doing either.
 */
void budget_visit_check(struct aos *aos, struct aos_thread *t)
{
	if (t->budget.visit && (t->top < t->budget.visit || t->top == t->stack))
		visit_end(aos, t);
}

/* Whom it visits; it may be in others that were invoked from there. */
struct aos_comp *budget_visited(const struct aos *aos, const struct aos_thread *t)
{
	const struct aos_invocation *visit = t->budget.visit;

	if (!visit || visit == t->top)
		return t->comp;
	return visit->comp == &aos->paging ? t->paged.comp : visit->comp;
}

/* @comp is stopped, wherever @t is: that visit is over before it comes back. */
void budget_visit_stop(struct aos *aos, struct aos_thread *t, const struct aos_comp *comp)
{
	if (t->budget.visit && budget_visited(aos, t) == comp)
		visit_end(aos, t);
}

static void visit_overrun(struct aos_thread *t)
{
	struct aos_budget *b = &t->budget;

	if (!b->visit)
		b->visit = t->top;
	if (b->overruns < UINT8_MAX)
		b->overruns++;
}

/* ---- channels whose packets wait for a budget ---- */

static void throttle(struct aos *aos, const struct aos_endpoint *ep)
{
	hal_channel_throttled(aos, ep->channel, ep->taker && !levels_funded(ep->taker));
}

/* @t takes the packets that this endpoint of a channel's tells of; NULL: nobody does. */
void budget_taker(struct aos *aos, struct aos_endpoint *ep, struct aos_thread *t)
{
	if (ep->taker == t)
		return;
	ep->taker = t;
	throttle(aos, ep);
}

/* Somebody else pays for threads of @s, or nobody: those who take packets are funded, or not. */
void budget_payer(struct aos *aos, struct aos_scheduler *s, struct aos_thread *payer)
{
	s->main = payer;
	for (uint32_t i = 0; i < aos->nendpoints; i++)
		if (aos->endpoints[i].taker && levels_under(aos->endpoints[i].taker, s))
			throttle(aos, &aos->endpoints[i]);
}

static void set_depleted(struct aos *aos, struct aos_thread *t, bool on)
{
	if (t->budget.depleted == on)
		return;
	t->budget.depleted = on;
	for (uint32_t i = 0; i < aos->nendpoints; i++)
		if (aos->endpoints[i].taker && levels_pays(t, aos->endpoints[i].taker))
			throttle(aos, &aos->endpoints[i]);
}

/* ---- the end of a budget ---- */

/*
 * The scheduler decides at once.  Who is without a budget and was to run on, or
 * somebody it pays for, is stopped; if another is already chosen the scheduler
 * comes as by an event.  Who only pays is in no visit.
 */
static void deplete(struct aos *aos, struct aos_thread *t)
{
	set_depleted(aos, t, true);
	if (t == aos->current_thread)
		visit_overrun(t);
	watch(aos, aos->current_thread);
	scheduler_notice_budget(aos, t);
	if (aos->next && levels_pays(t, aos->next))
		thread_stop(aos, t);
	else if (t->sched->endpoint)
		event_raise(aos, t->sched->endpoint);
}

static void charge(struct aos *aos, struct aos_thread *t, uint64_t used)
{
	struct aos_budget *b = &t->budget;

	b->total += used;
	if (!b->limited || !used)
		return;
	b->left -= (int64_t)used;
	chunk_record(b, b->began, used);
	if (b->left <= 0 && !b->depleted && t->state != THREAD_EXITED)
		deplete(aos, t);
}

/* The current thread, and who pays for it, pay for the time since that was done last. */
void budget_charge(struct aos *aos)
{
	uint64_t now = hal_cycles(aos), used = now - aos->charged;

	aos->charged = now;
	for (struct aos_thread *t = aos->current_thread; t; t = levels_payer(t))
		charge(aos, t, used);
}

/* ---- its timer ---- */

/* True: the host's timer must be programmed anew. */
static bool arm_for(struct aos *aos, const struct aos_budget *b)
{
	uint64_t end;

	if (!b->limited || b->left <= 0 || hal_away(aos))
		return false;
	end = aos->charged + (uint64_t)b->left;
	if (aos->budget_at && aos->budget_due <= end)
		return false;
	aos->budget_due = end;
	/* One more: the conversion rounds down, and early is once too often. */
	aos->budget_at = hal_time(aos) + hal_cycles_to_ns(aos, (uint64_t)b->left) + 1;
	return true;
}

/* The same for all that the current thread's time is charged to. */
static bool arm(struct aos *aos)
{
	bool anew = false;

	for (const struct aos_thread *t = aos->current_thread; t; t = levels_payer(t))
		anew |= arm_for(aos, &t->budget);
	return anew;
}

/* @next gets the CPU after @from.  budget_charge() has just been called. */
void budget_run(struct aos *aos, const struct aos_thread *from, struct aos_thread *next)
{
	watch(aos, next);
	for (struct aos_thread *t = next; t; t = levels_payer(t))
		if (t->budget.limited && !levels_pays(t, from))
			t->budget.began = hal_clock(aos);
	if (arm(aos))
		timer_update(aos);
}

/* The timer set for a budget is due; the caller programs it anew. */
void budget_expire(struct aos *aos)
{
	aos->budget_at = 0;
	budget_charge(aos);
	arm(aos);
}

void aos_resumed(struct aos *aos)
{
	if (!aos->halted && arm(aos))
		timer_update(aos);
}

/* ---- the scheduler's calls ---- */

static int64_t left_ns(struct aos *aos, const struct aos_budget *b)
{
	if (!b->limited)
		return (int64_t)AOS_BUDGET_UNLIMITED;
	if (b->left < 0)
		return -(int64_t)hal_cycles_to_ns(aos, (uint64_t)-b->left);
	return (int64_t)hal_cycles_to_ns(aos, (uint64_t)b->left);
}

void budget_lift(struct aos *aos, struct aos_thread *t)
{
	set_depleted(aos, t, false);
	t->budget.limited = false;
	t->budget.left = 0;
	t->budget.nchunks = 0;
	watch(aos, aos->current_thread);
}

/* The thread has ended, and its slot may be another's soon. */
void budget_end(struct aos *aos, struct aos_thread *t)
{
	budget_lift(aos, t);
	for (uint32_t i = 0; i < aos->nendpoints; i++)
		if (aos->endpoints[i].taker == t)
			budget_taker(aos, &aos->endpoints[i], NULL);
}

static void fill(struct aos *aos, struct aos_thread *t, uint64_t ns)
{
	const int64_t most = (int64_t)hal_ns_to_cycles(aos, AOS_BUDGET_MAX);
	struct aos_budget *b = &t->budget;

	if (!b->limited)
		b->began = hal_clock(aos);
	b->limited = true;
	b->left += (int64_t)hal_ns_to_cycles(aos, ns);
	if (b->left > most)
		b->left = most;
	if (b->left > 0)
		set_depleted(aos, t, false);
	if (!levels_pays(t, aos->current_thread))
		return;
	watch(aos, aos->current_thread);
	if (arm(aos))
		timer_update(aos);
}

/* @ns has been checked.  0, or -AOS_EPERM. */
int budget_add(struct aos *aos, struct aos_thread *t, uint64_t ns, int64_t *left)
{
	if (t == aos->schedulers[0].main)
		return -AOS_EPERM;
	if (levels_pays(t, aos->current_thread))
		budget_charge(aos);
	*left = left_ns(aos, &t->budget);
	if (ns == AOS_BUDGET_UNLIMITED)
		budget_lift(aos, t);
	else if (ns)
		fill(aos, t, ns);
	return 0;
}
