// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See answer.h.  States and figures come from the counters that every component
 * shows to the host; a component may lie in its page, and only of itself: what
 * is said of restarts and faults is the loader's.
 */
#include "abi/errno.h"
#include "answer.h"
#include "loader/control.h"
#include "string.h"

#define LOADER	0u
#define TRIES	16u	/* for a histogram at rest: whoever writes is more urgent than we */

/* Copies a name that whoever wrote it may change meanwhile: it ends in any case. */
static void copy_name(char *to, const char *from, uint32_t room)
{
	memcpy(to, from, room - 1);
	to[room - 1] = '\0';
}

static const struct counters *page_of(const struct ctl_system *s, uint32_t component)
{
	return (const void *)(s->pages + component * (uint64_t)ABI_PAGE_SIZE);
}

static uint32_t counters_of(const struct counters *page)
{
	uint32_t n = __atomic_load_n(&page->n, __ATOMIC_ACQUIRE);

	return n < COUNTERS_MAX ? n : COUNTERS_MAX;
}

/* Is it called "@what.@whom"? */
static bool is_called(const char *name, const char *what, const char *whom)
{
	uint32_t at = 0;

	for (; *what; what++)
		if (name[at++] != *what)
			return false;
	if (name[at++] != '.')
		return false;
	for (; *whom; whom++)
		if (name[at++] != *whom)
			return false;
	return !name[at];
}

/* The loader's figure of a component; false: it keeps none. */
static bool figure(const struct ctl_system *s, const char *what, const char *whom,
		   uint64_t *value)
{
	const struct counters *page = page_of(s, LOADER);

	for (uint32_t i = 0; i < counters_of(page); i++) {
		if (!is_called(page->counter[i].name, what, whom))
			continue;
		*value = page->counter[i].value;
		return true;
	}
	*value = 0;
	return false;
}

static uint64_t look64(const struct ctl_system *s, uint32_t what, uint32_t index)
{
	int64_t value = s->look(what, index);

	return value < 0 ? 0 : (uint64_t)value;
}

static uint32_t look(const struct ctl_system *s, uint32_t what, uint32_t index)
{
	return (uint32_t)look64(s, what, index);
}

static void describe(const struct ctl_system *s, uint32_t i, struct control_component *c)
{
	uint64_t down;

	*c = (struct control_component){ .flags = 0 };
	copy_name(c->name, page_of(s, i)->component, sizeof(c->name));
	figure(s, "faults", c->name, &c->faults);
	if (figure(s, "restarts", c->name, &c->restarts))
		c->flags |= CONTROL_RESTARTS;
	if (figure(s, "down", c->name, &down) && down)
		c->flags |= CONTROL_DOWN;
	if (down == LOADER_DOWN_STOPPED)
		c->flags |= CONTROL_STOPPED;
	c->calls = look(s, LOADER_CALLS, i);
	c->scheduler = look(s, LOADER_SCHEDULER, i);
	c->watchdog = look(s, CONTROL_WATCHDOG, i);
	c->restart_max = look(s, CONTROL_RESTART_MAX, i);
	c->restart_within_ms = look(s, CONTROL_RESTART_WITHIN_MS, i);
}

static int32_t describe_thread(const struct ctl_system *s, uint32_t i, struct control_thread *t)
{
	int64_t name[2] = { s->look(LOADER_THREAD_NAME, i), s->look(LOADER_THREAD_NAME_END, i) };

	if (name[0] < 0)
		return (int32_t)name[0];
	*t = (struct control_thread){
		.component = look(s, LOADER_THREAD_COMPONENT, i),
		.priority = look(s, CONTROL_PRIORITY, i),
		.server = look(s, LOADER_THREAD_SERVER, i),
		.period_us = look(s, CONTROL_PERIOD_US, i),
		.budget_us = look(s, CONTROL_BUDGET_US, i),
		.deadline_us = look(s, CONTROL_DEADLINE_US, i),
		.critical_ns = look64(s, LOADER_THREAD_CRITICAL, i),
	};
	copy_name(t->name, (const char *)name, sizeof(t->name));
	return 0;
}

static uint32_t copy_counters(const struct counters *page, struct counter *to)
{
	uint32_t n = counters_of(page);

	for (uint32_t i = 0; i < n; i++) {
		to[i] = page->counter[i];
		copy_name(to[i].name, page->counter[i].name, sizeof(to[i].name));
	}
	return n;
}

static int32_t copy_histogram(const struct ctl_system *s, uint32_t component, uint32_t item,
			      struct histogram *to)
{
	const struct histogram *of = (const void *)(s->pages + ABI_PAGE_SIZE * (s->components +
					(uint64_t)component * HISTOGRAM_PAGES));

	if (item >= HISTOGRAMS_MAX ||
	    __atomic_load_n(&of[item].magic, __ATOMIC_ACQUIRE) != HISTOGRAM_MAGIC)
		return -AOS_ENOENT;
	if (!histogram_read(to, &of[item], TRIES))
		return -AOS_EAGAIN;
	to->name[sizeof(to->name) - 1] = '\0';
	return 0;
}

/* Of those behind @after that are still there; its component may have written any number. */
static uint32_t copy_lines(const struct counters *page, uint64_t after, struct lines_piece *to)
{
	uint64_t last = __atomic_load_n(&page->lines.last, __ATOMIC_ACQUIRE);
	uint64_t left = last > after ? last - after : 0;
	uint32_t n = 0;

	if (left > LINES_PIECES)
		left = LINES_PIECES;
	for (; left; left--)
		n += lines_read(&page->lines, last - left + 1, &to[n]);
	return n;
}

/* -> bytes behind the head */
static uint32_t of_component(const struct ctl_system *s, const struct control_request *r,
			     struct ctl_answer *a)
{
	switch (r->type) {
	case CONTROL_RESTART:
		a->head.status = (int32_t)s->restart(r->name);
		return 0;
	case CONTROL_STOP:
		a->head.status = (int32_t)s->stop(r->name);
		return 0;
	case CONTROL_HISTOGRAM:
		a->head.status = copy_histogram(s, r->component, r->item, &a->body.histogram);
		a->head.n = !a->head.status;
		return a->head.n * (uint32_t)sizeof(a->body.histogram);
	case CONTROL_COMPONENT:
		describe(s, r->component, &a->body.component);
		a->head.n = 1;
		return sizeof(a->body.component);
	case CONTROL_COUNTERS:
		a->head.n = copy_counters(page_of(s, r->component), a->body.counter);
		return a->head.n * (uint32_t)sizeof(a->body.counter[0]);
	case CONTROL_LOG:
		a->head.n = copy_lines(page_of(s, r->component), r->value, a->body.line);
		return a->head.n * (uint32_t)sizeof(a->body.line[0]);
	}
	a->head.status = -AOS_EINVAL;
	return 0;
}

/* What is not of one component. */
static uint32_t carry_out(const struct ctl_system *s, const struct control_request *r,
			  struct ctl_answer *a)
{
	switch (r->type) {
	case CONTROL_HELLO:
		a->head.n = s->components;
		a->body.system = (struct control_system){ look(s, LOADER_OVERHEAD, 0), 0 };
		return sizeof(a->body.system);
	case CONTROL_THREAD:
		a->head.status = describe_thread(s, r->item, &a->body.thread);
		a->head.n = !a->head.status;
		return a->head.n * (uint32_t)sizeof(a->body.thread);
	case CONTROL_SET:
		a->head.status = (int32_t)s->set(r->item, r->component, r->value);
		return 0;
	case CONTROL_FORGET:
		a->head.status = (int32_t)s->forget();
		return 0;
	case CONTROL_COMMIT:
		a->head.status = (int32_t)s->commit();
		return 0;
	}
	if (r->component < s->components)
		return of_component(s, r, a);
	a->head.status = -AOS_ENOENT;
	return 0;
}

/* Which requests have an item, and which a value; else these are zeroes. */
static bool zeroes_good(const struct control_request *r)
{
	bool item = r->type == CONTROL_HISTOGRAM || r->type == CONTROL_THREAD ||
		    r->type == CONTROL_SET;
	bool value = r->type == CONTROL_LOG || r->type == CONTROL_SET;

	return (item || !r->item) && (value || !r->value);
}

uint32_t ctl_answer(const struct ctl_system *system, const void *request, uint32_t len,
			struct ctl_answer *answer)
{
	struct control_request r = { .type = 0 };
	uint32_t body = 0;

	memcpy(&r, request, len < sizeof(r) ? len : sizeof(r));
	answer->head = (struct control_reply){ .revision = CONTROL_REVISION, .type = r.type,
					       .id = r.id };
	if (len != sizeof(r) || r.revision != CONTROL_REVISION || !zeroes_good(&r))
		answer->head.status = -AOS_EINVAL;
	else
		body = carry_out(system, &r, answer);
	return (uint32_t)sizeof(answer->head) + body;
}
