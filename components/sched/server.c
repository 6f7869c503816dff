// SPDX-License-Identifier: GPL-2.0-or-later
/* Deferrable and sporadic servers: see server.h. */
#include "server.h"

void server_start(struct server *s, uint32_t kind, uint64_t budget, uint64_t period,
		  uint64_t now)
{
	*s = (struct server){ .kind = kind, .budget = budget, .period = period, .begun = now };
}

uint64_t server_grain(const struct server *s)
{
	return s->budget / 2 < SERVER_GRAIN_NS ? (s->budget + 1) / 2 : SERVER_GRAIN_NS;
}

/* ---- deferrable ---- */

/* The period that `now` lies in begins; each one that has passed pays for a budget. */
static void deferrable_advance(struct server *s, uint64_t now)
{
	uint64_t periods;

	if (now < s->begun + s->period)
		return;
	periods = (now - s->begun) / s->period;
	s->begun += periods * s->period;
	s->used = periods > s->used / s->budget ? 0 : s->used - periods * s->budget;
}

/* A chunk across the end of a period belongs to both. */
static void deferrable_use(struct server *s, uint64_t start, uint64_t used)
{
	while (used) {
		uint64_t room, part;

		deferrable_advance(s, start);
		room = start < s->begun ? s->period : s->begun + s->period - start;
		part = used < room ? used : room;
		s->used += part;
		used -= part;
		start += part;
	}
}

/* ---- sporadic ---- */

/* The closest two become one that began when the later did. */
static void chunks_merge(struct server *s)
{
	uint32_t at = 0;

	for (uint32_t i = 1; i + 1 < s->nchunks; i++)
		if (s->chunk[i + 1].start - s->chunk[i].start <
		    s->chunk[at + 1].start - s->chunk[at].start)
			at = i;
	s->chunk[at + 1].used += s->chunk[at].used;
	s->nchunks--;
	for (uint32_t i = at; i < s->nchunks; i++)
		s->chunk[i] = s->chunk[i + 1];
}

static uint64_t sporadic_outstanding(const struct server *s)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < s->nchunks; i++)
		sum += s->chunk[i].used;
	return sum;
}

static void chunk_add(struct server *s, uint64_t start, uint64_t used)
{
	uint32_t at;

	if (s->nchunks == SERVER_CHUNKS)
		chunks_merge(s);
	for (at = s->nchunks++; at && s->chunk[at - 1].start > start; at--)
		s->chunk[at] = s->chunk[at - 1];
	s->chunk[at] = (struct server_chunk){ start, used };
}

/* What exceeds the budget comes back a period later than the rest. */
static void sporadic_use(struct server *s, uint64_t start, uint64_t used)
{
	uint64_t outstanding = sporadic_outstanding(s);
	uint64_t room = outstanding < s->budget ? s->budget - outstanding : 0;

	if (used > room) {
		chunk_add(s, start + s->period, used - room);
		used = room;
	}
	if (used)
		chunk_add(s, start, used);
}

/* Chunks that began a period ago have come back. */
static void sporadic_advance(struct server *s, uint64_t now)
{
	uint32_t back = 0;

	while (back < s->nchunks && s->chunk[back].start + s->period <= now)
		back++;
	s->nchunks -= back;
	for (uint32_t i = 0; i < s->nchunks; i++)
		s->chunk[i] = s->chunk[i + back];
}

static uint64_t sporadic_refill_at(const struct server *s)
{
	uint64_t outstanding = sporadic_outstanding(s), most = s->budget - server_grain(s);
	uint32_t i = 0;

	while (i + 1 < s->nchunks && outstanding - s->chunk[i].used > most)
		outstanding -= s->chunk[i++].used;
	return s->chunk[i].start + s->period;
}

/* ---- both ---- */

void server_use(struct server *s, uint64_t start, uint64_t used)
{
	if (!used)
		return;
	if (s->kind == IMAGE_SERVER_DEFERRABLE)
		deferrable_use(s, start, used);
	else
		sporadic_use(s, start, used);
}

int64_t server_left(struct server *s, uint64_t now)
{
	if (s->kind == IMAGE_SERVER_DEFERRABLE) {
		deferrable_advance(s, now);
		return (int64_t)(s->budget - s->used);
	}
	sporadic_advance(s, now);
	return (int64_t)(s->budget - sporadic_outstanding(s));
}

void server_change(struct server *s, uint64_t budget, uint64_t period, uint64_t now)
{
	uint64_t debt;

	server_left(s, now);		/* what has passed, passed by the old rule */
	debt = s->used > s->budget ? s->used - s->budget : 0;
	if (s->used > budget)
		s->used = budget + debt;
	s->budget = budget;
	s->period = period;
}

uint64_t server_refill_at(const struct server *s)
{
	uint64_t most = s->budget - server_grain(s), periods;

	if (s->kind != IMAGE_SERVER_DEFERRABLE)
		return sporadic_refill_at(s);
	periods = s->used > most ? (s->used - most + s->budget - 1) / s->budget : 1;
	return s->begun + periods * s->period;
}
