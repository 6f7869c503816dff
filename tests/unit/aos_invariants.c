// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks of a kernel's whole state, written from the contracts in kernel.h
 * and abi/, not from the code: page tables are walked here a second time, with
 * bit numbers of the manual (Intel SDM vol. 3, tables 4-15 to 4-20).
 */
#include <string.h>

#include "aos_invariants.h"

#define BIT_PRESENT	(1ull << 0)
#define BIT_WRITE	(1ull << 1)
#define BIT_USER	(1ull << 2)
#define BIT_LARGE	(1ull << 7)
#define BIT_FRAME	(1ull << 9)
#define BIT_NX		(1ull << 63)
#define ADDR_BITS	0x000ffffffffff000ull

#define CHECK(condition, why) do { if (!(condition)) return (why); } while (0)
#define TRY(check) do { const char *why_ = (check); if (why_) return why_; } while (0)

static struct fake_host *host_of(const struct aos *aos)
{
	return aos->host;
}

static const uint64_t *frame_entries(const struct fake_host *host, uint32_t frame)
{
	return (const void *)(host->memory + (size_t)frame * AOS_PAGE_SIZE);
}

/* ---- the CPU's view ---- */

struct test_page test_walk(const struct fake_host *host, uint64_t cr3, uint64_t vaddr)
{
	struct test_page page = { .present = true, .user = true, .write = true, .exec = true,
				  .maps_frame = UINT32_MAX };
	uint64_t pa = cr3 & ADDR_BITS;

	for (int shift = 39; shift >= 12; shift -= 9) {
		uint32_t frame = fake_host_frame(host, pa);
		uint64_t entry;

		if (frame == UINT32_MAX)
			return (struct test_page){ .maps_frame = UINT32_MAX };
		entry = frame_entries(host, frame)[vaddr >> shift & 511];
		if (!(entry & BIT_PRESENT))
			return (struct test_page){ .maps_frame = UINT32_MAX };
		page.user &= !!(entry & BIT_USER);
		page.write &= !!(entry & BIT_WRITE);
		page.exec &= !(entry & BIT_NX);
		pa = entry & ADDR_BITS;
	}
	page.pa = pa;
	page.maps_frame = fake_host_frame(host, pa);
	return page;
}

/* ---- memory ---- */

#define MAX_FRAMES 4096u

struct tally {
	const struct aos *aos;
	uint32_t maps[MAX_FRAMES];	/* leaf entries found that lead to the frame */
	bool table[MAX_FRAMES];		/* found as a page table */
	uint32_t frames, foreign, tables;	/* of the component that is looked at */
};

static const char *tally_leaf(struct tally *tally, uint64_t entry)
{
	uint32_t frame = fake_host_frame(host_of(tally->aos), entry & ADDR_BITS);
	bool host_part;

	CHECK(entry & BIT_USER, "a mapped page is not for ring 3");
	CHECK(!(entry & BIT_WRITE) || entry & BIT_NX, "a page is writable and executable");
	CHECK(!(entry & BIT_LARGE), "a leaf entry has its PAT bit set");
	if (!(entry & BIT_FRAME) && fake_host_memory_pa(entry & ADDR_BITS)) {
		CHECK(entry & BIT_NX, "memory of the host process is executable");
		tally->foreign++;
		return NULL;
	}
	if (!(entry & BIT_FRAME)) {
		CHECK(fake_host_channel_pa(entry & ADDR_BITS, &host_part),
		      "a page is neither a frame's nor a channel's");
		CHECK(!host_part || !(entry & BIT_WRITE), "what the host writes is writable");
		CHECK(entry & BIT_NX, "packets are executable");
		tally->foreign++;
		return NULL;
	}
	CHECK(frame != UINT32_MAX, "a mapped frame does not exist");
	tally->maps[frame]++;
	tally->frames++;
	return NULL;
}

static const char *tally_table(struct tally *tally, uint32_t frame, uint32_t level);

static const char *tally_entry(struct tally *tally, uint64_t entry, uint32_t level)
{
	uint32_t frame;

	if (!entry)
		return NULL;
	CHECK(entry & BIT_PRESENT, "an entry is neither empty nor present");
	if (level == 1)
		return tally_leaf(tally, entry);
	CHECK((entry & (BIT_USER | BIT_WRITE)) == (BIT_USER | BIT_WRITE) && !(entry & BIT_NX),
	      "a table takes rights away that the leaf should decide on");
	CHECK(!(entry & BIT_LARGE), "a table entry maps a large page");
	frame = fake_host_frame(host_of(tally->aos), entry & ADDR_BITS);
	CHECK(frame != UINT32_MAX, "a page table lies in no frame");
	return tally_table(tally, frame, level - 1);
}

static const char *tally_table(struct tally *tally, uint32_t frame, uint32_t level)
{
	const uint64_t *entry = frame_entries(host_of(tally->aos), frame);
	uint32_t entries = level == 4 ? 256 : 512;

	CHECK(tally->aos->frames[frame].type == FRAME_PGTBL,
	      "a page table in a frame of another type");
	CHECK(!tally->table[frame], "a page table is used twice");
	tally->table[frame] = true;
	tally->tables++;
	for (uint32_t i = 0; i < entries; i++)
		TRY(tally_entry(tally, entry[i], level));
	return NULL;
}

/* The half that the kernel may not touch, and the root that it does not use. */
static const char *check_other_half(const struct aos *aos, uint32_t root)
{
	const uint64_t *kernel = frame_entries(host_of(aos), root);
	const uint64_t *unused = frame_entries(host_of(aos), host_of(aos)->kpti ? root : root + 1);

	for (uint32_t i = 256; i < 512; i++)
		CHECK(kernel[i] == FAKE_HOST_ENTRY(i) && kernel[512 + i] == FAKE_HOST_ENTRY(i),
		      "the host's half of a root has changed");
	for (uint32_t i = 0; i < 256; i++)
		CHECK(!unused[i], "an entry in the root that ring 3 does not use");
	return NULL;
}

static const char *check_comp_memory(struct tally *tally, const struct aos_comp *comp)
{
	const struct aos *aos = tally->aos;
	uint32_t used = comp->root + (host_of(aos)->kpti ? 1 : 0);
	uint32_t unused = comp->root + (host_of(aos)->kpti ? 0 : 1);

	CHECK(comp->root % 2 == 0 && comp->root + 1 < aos->nframes, "a root outside the frames");
	TRY(check_other_half(aos, comp->root));
	CHECK(aos->frames[unused].type == FRAME_PGTBL && !tally->table[unused],
	      "the unused root is used");
	tally->table[unused] = true;
	tally->frames = tally->foreign = tally->tables = 0;
	TRY(tally_table(tally, used, 4));
	CHECK(comp->frames == tally->frames && comp->foreign == tally->foreign,
	      "a component's count of its mappings is wrong");
	CHECK(comp->tables + 1 == tally->tables, "a component's count of its tables is wrong");
	return NULL;
}

static const char *check_frame(const struct tally *tally, uint32_t i)
{
	const struct aos_frame *f = &tally->aos->frames[i];

	CHECK(f->type <= FRAME_CAPTABLE, "a frame of unknown type");
	CHECK(tally->maps[i] == f->maps, "a frame's count of mappings is wrong");
	CHECK((f->type == FRAME_USER) == (f->maps > 0),
	      "a frame is mapped and not of type user, or the reverse");
	CHECK((f->type == FRAME_PGTBL) == tally->table[i], "a page table that no component uses");
	return NULL;
}

static bool is_captable(const struct aos *aos, uint32_t frame)
{
	for (uint32_t i = 0; i < aos->ncomps; i++)
		if ((const void *)aos->comps[i].caps == frame_entries(host_of(aos), frame))
			return true;
	return false;
}

static const char *check_memory(const struct aos *aos)
{
	static struct tally tally;

	CHECK(aos->nframes <= MAX_FRAMES, "more frames than this check can count");
	memset(tally.maps, 0, aos->nframes * sizeof(tally.maps[0]));
	memset(tally.table, 0, aos->nframes);
	tally.aos = aos;
	for (uint32_t i = 0; i < aos->ncomps; i++)
		TRY(check_comp_memory(&tally, &aos->comps[i]));
	for (uint32_t i = 0; i < aos->nframes; i++) {
		TRY(check_frame(&tally, i));
		CHECK((aos->frames[i].type == FRAME_CAPTABLE) == is_captable(aos, i),
		      "a capability table and its frame's type disagree");
	}
	return NULL;
}

/* ---- capabilities ---- */

static bool comp_valid(const struct aos *aos, const struct aos_comp *comp)
{
	return comp >= aos->comps && comp < aos->comps + aos->ncomps &&
	       comp == &aos->comps[comp - aos->comps];
}

static bool vaddr_valid(uint64_t vaddr)
{
	return vaddr >= AOS_PAGE_SIZE && vaddr < AOS_USER_END;
}

static const char *check_cap(const struct aos *aos, const struct aos_cap *cap)
{
	bool ok = true;

	switch (cap->type) {
	case CAP_NONE:
		ok = !cap->id && !cap->comp && !cap->entry;
		break;
	case CAP_INVOKE:
		ok = comp_valid(aos, cap->comp) && vaddr_valid(cap->entry);
		break;
	case CAP_FRAMES:
		ok = cap->entry <= aos->nframes && cap->id <= aos->nframes - cap->entry;
		break;
	case CAP_COMP:
		ok = comp_valid(aos, cap->comp);
		break;
	case CAP_THREAD:
		ok = cap->id < AOS_MAX_THREADS && cap->entry &&
		     cap->entry <= aos->threads[cap->id].generation;
		break;
	case CAP_ENDPOINT:
		ok = cap->id < AOS_MAX_ENDPOINTS && aos->endpoints[cap->id].used;
		break;
	case CAP_TIMER:
		ok = cap->id < AOS_MAX_TIMERS && aos->timers[cap->id].used;
		break;
	case CAP_CHANNEL:
		ok = cap->id < BOOTINFO_CHANNELS;
		break;
	}
	CHECK(cap->type < CAP_TYPES, "a capability of unknown type");
	CHECK(ok, "a capability names an object that is not there");
	return NULL;
}

static const char *check_pager(const struct aos *aos, const struct aos_comp *comp)
{
	CHECK(comp->pager.type == CAP_NONE || comp->pager.type == CAP_INVOKE,
	      "a pager that cannot be invoked");
	TRY(check_cap(aos, &comp->pager));
	CHECK(comp->pager.comp != comp, "a component is its own pager");
	CHECK(comp->pager.type == CAP_NONE || !(comp->flags & AOS_COMP_SCHED),
	      "a scheduler has a pager");
	return NULL;
}

static const char *check_comps(const struct aos *aos)
{
	CHECK(aos->ncomps <= AOS_MAX_COMPONENTS, "too many components");
	CHECK(aos->dead.state == AOS_COMP_STOPPED, "the dead run");
	for (uint32_t i = 0; i < aos->ncomps; i++) {
		const struct aos_comp *comp = &aos->comps[i];

		CHECK(comp->id == i && comp->state <= AOS_COMP_STOPPED, "a component is damaged");
		CHECK(comp->fp == !!(comp->flags & AOS_COMP_FP),
		      "the fast path is wrong about a component's vector registers");
		CHECK(!comp->caps[0].type, "capability slot 0 is filled");
		TRY(check_pager(aos, comp));
		for (uint32_t slot = 0; slot < AOS_CAP_SLOTS; slot++)
			TRY(check_cap(aos, &comp->caps[slot]));
	}
	return NULL;
}

/* ---- threads ---- */

static const char *check_thread(const struct aos *aos, const struct aos_thread *t)
{
	uint32_t marks = 0;

	CHECK(t->state <= THREAD_EXITED, "a thread in an unknown state");
	if (t->state == THREAD_FREE)
		return NULL;
	CHECK(t == &aos->threads[t->id], "a thread with another's number");
	CHECK(comp_valid(aos, t->comp), "a thread in no component");
	CHECK(t->urgency <= AOS_URGENCY_MAX, "an urgency out of range");
	CHECK(t->top >= t->stack && t->top <= t->stack + AOS_MAX_NESTING,
	      "an invocation stack out of bounds");
	CHECK(t->below.comp == &aos->dead, "the fast path finds no end of an invocation stack");
	CHECK(t->state == THREAD_EXITED ||
	      t->end == (t->comp->flags & AOS_COMP_FP ? t->top : t->stack + AOS_MAX_NESTING),
	      "the fast path's bound of an invocation stack is wrong");
	CHECK(t->stack_off == (t->id + 1) * AOS_STACK_STRIDE, "a thread has lost its stacks");
	CHECK(comp_valid(aos, t->home), "a thread is nobody's");
	CHECK(t->state == THREAD_EXITED || t->comp->state == AOS_COMP_RUNNING,
	      "a thread executes in a stopped component");
	for (const struct aos_invocation *i = t->stack; i < t->top; i++) {
		const struct aos_comp *comp = i->comp == &aos->paging ? t->paged.comp : i->comp;

		marks += i->comp == &aos->paging;
		CHECK(comp == &aos->dead ||
		      (comp_valid(aos, comp) && comp->state == AOS_COMP_RUNNING),
		      "an invocation from no component, or from a stopped one");
		CHECK(i != t->stack || comp == t->home || comp == &aos->dead,
		      "a thread started elsewhere than at home");
	}
	CHECK(marks == !!t->paged.comp,
	      "a page is looked for and no pager runs, or the reverse, or two do");
	CHECK((t->state == THREAD_EXITED) == (t->notice == AOS_NOTICE_EXITED),
	      "a thread is gone, and its notice does not say so, or the reverse");
	return NULL;
}

static const char *check_budget(const struct aos *aos, const struct aos_thread *t)
{
	const struct aos_budget *b = &t->budget;

	CHECK(b->limited || (!b->depleted && !b->left && !b->nchunks),
	      "a thread without a limit has used some of it");
	CHECK(!b->depleted || b->left <= 0, "a thread with a budget is held back");
	CHECK(!b->visit == !b->overruns, "overruns are counted in no visit");
	CHECK(!b->visit || (b->visit >= t->stack && b->visit <= t->end),
	      "a visit is nowhere on the thread's way");
	CHECK(b->nchunks <= AOS_USAGE_CHUNKS, "too much usage is recorded");
	for (uint32_t i = 1; i < b->nchunks; i++)
		CHECK(b->chunk[i - 1].start < b->chunk[i].start, "usage is out of order");
	CHECK(!t->budget.limited || t != aos->schedulers[0].main || t->state != THREAD_WAITING,
	      "the scheduler itself has a budget");
	return NULL;
}

/* Preemption is one chain, from whom the CPU was taken to whom it goes back. */
static const char *check_preempted(const struct aos *aos)
{
	uint32_t chain = 0, all = 0;

	for (const struct aos_thread *t = aos->next; t && t->preempted; t = t->preempted) {
		CHECK(++chain < AOS_MAX_THREADS, "the chain of preempted threads is a ring");
		CHECK(t->preempted->state == THREAD_RUNNABLE, "a preempted thread cannot run");
	}
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		all += aos->threads[i].preempted != NULL;
	CHECK(all == chain, "a thread holds one that it has not preempted");
	return NULL;
}

static const char *check_queue(const struct aos *aos, const struct aos_scheduler *s)
{
	const struct aos_thread *last = NULL;
	uint32_t listed = 0, noticed = 0;

	for (const struct aos_thread *t = s->notice_head; t; t = t->next_notice) {
		CHECK(++listed <= AOS_MAX_THREADS, "the list of notices is a ring");
		CHECK((t->notice || t->budget_notice) && t->notice <= AOS_NOTICE_EXITED,
		      "a thread without notice is listed");
		CHECK(t->sched == s, "a notice is in another scheduler's list");
		last = t;
	}
	CHECK(s->notice_tail == last, "the list of notices does not end at its tail");
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		noticed += aos->threads[i].sched == s &&
			   (aos->threads[i].notice || aos->threads[i].budget_notice);
	CHECK(listed == noticed, "a notice is not in the list");
	return NULL;
}

static const char *check_notices(const struct aos *aos)
{
	for (uint32_t i = 0; i < AOS_MAX_SCHEDULERS; i++)
		TRY(check_queue(aos, &aos->schedulers[i]));
	return NULL;
}

static bool in_chain(const struct aos *aos, const struct aos_thread *t)
{
	const struct aos_thread *link = aos->next;

	while (link && link != t)
		link = link->preempted;
	return link != NULL;
}

/* A thread that can run runs, or will be resumed, or the scheduler is told. */
static const char *check_not_forgotten(const struct aos *aos)
{
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++) {
		const struct aos_thread *t = &aos->threads[i];

		if (t->state != THREAD_RUNNABLE || !t->sched_blocked)
			continue;
		CHECK(in_chain(aos, t), "a thread is ready, and the scheduler believes it blocked");
	}
	return NULL;
}

/* In that scheduler's component, or in something that was invoked there. */
static bool in_section(const struct aos_thread *t, const struct aos_scheduler *s)
{
	bool in = t->comp->flags & AOS_COMP_SCHED && t->comp->serves == s;

	for (const struct aos_invocation *i = t->stack; i < t->top; i++)
		in |= i->comp->flags & AOS_COMP_SCHED && i->comp->serves == s;
	return in;
}

/* The scheduler itself, or one above it. */
static bool is_above(const struct aos_scheduler *up, const struct aos_scheduler *s)
{
	while (s != up && s->comp)
		s = s->comp->sched;
	return s == up;
}

/* In the section of a scheduler that @level is under: it goes on there without a budget. */
static bool in_own_section(const struct aos *aos, const struct aos_thread *t,
			   const struct aos_thread *level)
{
	for (uint32_t i = 0; i < AOS_MAX_SCHEDULERS; i++)
		if (is_above(&aos->schedulers[i], level->sched) &&
		    in_section(t, &aos->schedulers[i]))
			return true;
	return false;
}

/*
 * Who runs is not without a budget, its own or one that pays for it, but in the
 * scheduler that gives that; and each of these ends before the timer does, or the
 * timer is due.
 */
static const char *check_level_budget(const struct aos *aos, const struct aos_thread *t)
{
	const struct aos_budget *b = &t->budget;
	const struct fake_host *host = host_of(aos);
	uint64_t used = (host->now - host->stolen) * FAKE_CYCLES_PER_NS - aos->charged;
	uint64_t end = host->now + 1;	/* the conversion rounds up */

	CHECK(!b->depleted || in_own_section(aos, aos->current_thread, t),
	      "a depleted thread runs");
	if (!b->limited || b->left <= 0 || host->away || host->pending & HAL_EVENT_TIMER)
		return NULL;
	if (b->left > (int64_t)used)
		end += (uint64_t)(b->left - (int64_t)used) / FAKE_CYCLES_PER_NS;
	CHECK(host->timer && host->timer <= end, "nothing ends the budget");
	return NULL;
}

static const char *check_running_budget(const struct aos *aos)
{
	const struct aos_thread *t = aos->current_thread;
	bool watch = t->budget.visit;

	for (;;) {
		TRY(check_level_budget(aos, t));
		watch |= t->budget.depleted;
		if (!t->sched->comp)
			break;
		t = t->sched->main;
		CHECK(t || in_section(aos->current_thread, &aos->schedulers[0]),
		      "a thread runs that nobody pays for");
		if (!t)
			return NULL;
	}
	CHECK(watch == !!(aos->defer & DEFER_WATCH), "nobody watches for the end of a visit");
	return NULL;
}

static const char *check_deferred(const struct aos *aos, const struct aos_scheduler *s)
{
	CHECK(!s->deferred || !in_section(aos->current_thread, s) || aos->defer & DEFER_SECTION,
	      "a decision was put off to the end of a section, and nobody looks for that");
	CHECK(s->comp || !s->deferred || in_section(aos->current_thread, s) || !s->endpoint ||
	      !s->endpoint->waiter,
	      "a decision was put off to the end of a scheduler section, and that is over");
	return NULL;
}

static const char *check_current(const struct aos *aos)
{
	const struct aos_thread *current = aos->current_thread;

	CHECK(current >= aos->threads && current < aos->threads + AOS_MAX_THREADS,
	      "the current thread is none");
	if (aos->halted)
		return NULL;
	CHECK(aos->next == current, "the thread chosen does not run");
	CHECK(current->state == THREAD_RUNNABLE, "the current thread cannot run");
	CHECK(host_of(aos)->cr3 == current->comp->cr3 && aos_cr3(aos) == current->comp->cr3,
	      "the page table loaded is another component's");
	CHECK(aos->paging.state == AOS_COMP_STOPPED, "the mark of pagers could run");
	CHECK(!aos->at_idle, "still idle after the kernel was left");
	CHECK(aos->vectors == (current->comp->flags & AOS_COMP_FP ? current : NULL) &&
	      !(aos->defer & DEFER_VECTORS) == !aos->vectors,
	      "the vector registers are not the current thread's");
	for (uint32_t i = 0; i < AOS_MAX_SCHEDULERS; i++)
		TRY(check_deferred(aos, &aos->schedulers[i]));
	return NULL;
}

static const char *check_threads(const struct aos *aos)
{
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		TRY(check_thread(aos, &aos->threads[i]));
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		TRY(check_budget(aos, &aos->threads[i]));
	TRY(check_notices(aos));
	TRY(check_current(aos));
	if (aos->halted)
		return NULL;
	TRY(check_preempted(aos));
	TRY(check_running_budget(aos));
	return check_not_forgotten(aos);
}

/* ---- events ---- */

/* Two endpoints of one channel: the device hears of whichever changed last. */
static bool shares_channel(const struct aos *aos, const struct aos_endpoint *ep)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < aos->nendpoints; i++)
		n += aos->endpoints[i].source == AOS_SOURCE_CHANNEL &&
		     aos->endpoints[i].channel == ep->channel;
	return n > 1;
}

static bool is_funded(const struct aos_thread *t)
{
	while (t && !t->budget.depleted && t->sched->comp)
		t = t->sched->main;
	return t && !t->budget.depleted;
}

static const char *check_endpoints(const struct aos *aos)
{
	uint32_t waits[AOS_MAX_THREADS] = { 0 };

	for (uint32_t i = 0; i < AOS_MAX_ENDPOINTS; i++) {
		const struct aos_endpoint *ep = &aos->endpoints[i];

		CHECK(ep->used == (i < aos->nendpoints), "endpoints are not filled from the front");
		CHECK(ep->used || (!ep->waiter && !ep->count), "an endpoint that is none is used");
		CHECK(ep->source <= AOS_SOURCE_FAULT, "an endpoint of unknown source");
		CHECK(ep->source != AOS_SOURCE_CHANNEL || ep->channel < BOOTINFO_CHANNELS,
		      "an endpoint of no channel");
		CHECK(!ep->taker || (ep->source == AOS_SOURCE_CHANNEL &&
		      ep->taker->state != THREAD_FREE && ep->taker->state != THREAD_EXITED),
		      "packets are taken by nobody");
		CHECK(!ep->taker || is_funded(ep->taker) ||
		      host_of(aos)->throttled[ep->channel] || shares_channel(aos, ep),
		      "a channel is throttled, and its device is not told");
		CHECK(!ep->taker || !is_funded(ep->taker) ||
		      !host_of(aos)->throttled[ep->channel] || shares_channel(aos, ep),
		      "a channel is throttled for no reason");
		if (!ep->waiter)
			continue;
		CHECK(ep->waiter->state == THREAD_WAITING, "a waiter does not wait");
		CHECK(!ep->count || ep->source == AOS_SOURCE_SCHED, "a thread waits where events are");
		waits[ep->waiter->id]++;
	}
	for (uint32_t i = 0; i < AOS_MAX_THREADS; i++)
		CHECK(waits[i] == (aos->threads[i].state == THREAD_WAITING),
		      "a thread waits at no endpoint, or at two");
	return NULL;
}

static bool is_inside(const struct aos_thread *t, const struct aos_scheduler *s)
{
	return t->comp->flags & AOS_COMP_SCHED && t->comp->serves == s;
}

static bool asks(const struct aos *aos, const struct aos_scheduler *s)
{
	for (const struct aos_thread *t = aos->next; t; t = t->preempted)
		if (is_above(s, t->sched))
			return true;
	return false;
}

/* A child: its tree ends, its payer is its own, and its news are nobody's secret. */
static const char *check_child(const struct aos *aos, const struct aos_scheduler *s)
{
	const struct aos_thread *waiter = s->endpoint->waiter;

	CHECK(comp_valid(aos, s->comp) && s->comp->serves == s, "a child has no component");
	CHECK(is_above(&aos->schedulers[0], s), "a child is under no root");
	CHECK(!s->main || (s->main->home == s->comp && s->main->state != THREAD_EXITED &&
			   s->main->state != THREAD_FREE), "a child's payer is another's, or gone");
	CHECK(!waiter || waiter == s->main, "another waits for a child's events");
	CHECK(!s->inside || (s->inside->state == THREAD_RUNNABLE && is_inside(s->inside, s) &&
			     s->inside != aos->current_thread),
	      "who was interrupted in a child's component is not there");
	CHECK(!s->taken || s->taken->state != THREAD_FREE, "a child lost the CPU by nobody");
	CHECK(!waiter || !waiter->sched_blocked ||
	      (!s->notice_head && !s->endpoint->count) || asks(aos, s),
	      "a child has news, and its parent believes it idle");
	return NULL;
}

static const char *check_schedulers(const struct aos *aos)
{
	const struct aos_scheduler *root = &aos->schedulers[0];

	CHECK(!root->comp && !root->taken && !root->inside, "the root is a child");
	for (uint32_t i = 0; i < AOS_MAX_SCHEDULERS; i++) {
		const struct aos_scheduler *s = &aos->schedulers[i];

		CHECK(!s->endpoint || (s->endpoint->used &&
				       s->endpoint->source == AOS_SOURCE_SCHED),
		      "a scheduler's endpoint is another");
		CHECK(i == 0 || !s->comp == !s->endpoint, "half a scheduler");
		if (s->comp && !aos->halted)
			TRY(check_child(aos, s));
	}
	return NULL;
}

static const char *check_special_endpoints(const struct aos *aos)
{
	const struct aos_endpoint *f = aos->fault_endpoint;

	CHECK(!f || (f->used && f->source == AOS_SOURCE_FAULT),
	      "the fault endpoint is another");
	CHECK(aos->fault_head - aos->fault_tail <= AOS_FAULT_RING, "the ring of faults overflows");
	return check_schedulers(aos);
}

static const char *check_timers(const struct aos *aos)
{
	uint64_t earliest = aos->budget_at;

	for (uint32_t i = 0; i < AOS_MAX_TIMERS; i++) {
		const struct aos_timer *t = &aos->timers[i];

		CHECK(t->used || !t->deadline, "a timer that is none is set");
		if (!t->used)
			continue;
		CHECK(t->endpoint >= aos->endpoints && t->endpoint->used,
		      "a timer has no endpoint");
		if (t->deadline && (!earliest || t->deadline < earliest))
			earliest = t->deadline;
	}
	CHECK(host_of(aos)->timer == earliest || host_of(aos)->pending & HAL_EVENT_TIMER,
	      "the host's timer is not set to the earliest deadline");
	return NULL;
}

const char *aos_invariants(struct aos *aos)
{
	TRY(check_memory(aos));
	return aos_invariants_quick(aos);
}

const char *aos_invariants_quick(struct aos *aos)
{
	TRY(check_comps(aos));
	TRY(check_threads(aos));
	TRY(check_endpoints(aos));
	TRY(check_special_endpoints(aos));
	return check_timers(aos);
}
