// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which reply answers which datagram. Entries live in a ring in order of
 * sending. Each hangs in one of three hash tables, by its state; open ones are in
 * order of sending there, so the first that fits is the oldest, and taking one
 * out costs the same however many there are.
 */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"

#define CHAINS 8192
#define NONE UINT64_MAX
/* How far to look for the datagram that a corrupt reply may have been. */
#define SEARCH_MAX 4096

enum entry_state { ENTRY_OPEN, ENTRY_EXPIRED, ENTRY_ANSWERED, ENTRY_STATES };

struct entry {
	struct match_datagram datagram;
	uint64_t before, after;		/* in the chain; sequence numbers */
	enum entry_state state;
	bool corrupt_seen;
};

struct chain {
	uint64_t first, last;
};

struct match {
	uint64_t timeout;
	uint32_t flows;
	uint64_t *flow_open;		/* open datagrams per flow */
	uint64_t *flow_newest;		/* 1 + newest answered, per flow */
	struct entry *ring;
	uint64_t room;			/* a power of two */
	uint64_t oldest, fresh, next;	/* kept; not yet expired; to come */
	uint64_t open, open_bytes;
	struct chain chains[ENTRY_STATES][CHAINS];
	struct match_totals totals;
};

struct match *match_new(uint32_t flows, uint64_t timeout_ns)
{
	struct match *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->timeout = timeout_ns;
	m->flows = flows;
	m->room = 1024;
	m->ring = malloc(m->room * sizeof(*m->ring));
	m->flow_open = calloc(flows ? flows : 1, sizeof(*m->flow_open));
	m->flow_newest = calloc(flows ? flows : 1, sizeof(*m->flow_newest));
	memset(m->chains, 0xff, sizeof(m->chains));
	if (m->ring && m->flow_open && m->flow_newest)
		return m;
	match_free(m);
	return NULL;
}

void match_free(struct match *m)
{
	if (!m)
		return;
	free(m->ring);
	free(m->flow_open);
	free(m->flow_newest);
	free(m);
}

static struct entry *entry_of(const struct match *m, uint64_t sequence)
{
	return &m->ring[sequence & (m->room - 1)];
}

static struct chain *chain_of(struct match *m, enum entry_state state,
			      uint32_t flow, uint32_t hash)
{
	return &m->chains[state][(hash ^ flow * 2654435761u) % CHAINS];
}

static struct chain *entry_chain(struct match *m, const struct entry *e)
{
	return chain_of(m, e->state, e->datagram.flow, e->datagram.hash);
}

static void entry_link(struct match *m, uint64_t sequence)
{
	struct entry *e = entry_of(m, sequence);
	struct chain *chain = entry_chain(m, e);

	e->before = chain->last;
	e->after = NONE;
	if (chain->last == NONE)
		chain->first = sequence;
	else
		entry_of(m, chain->last)->after = sequence;
	chain->last = sequence;
}

static void entry_unlink(struct match *m, uint64_t sequence)
{
	struct entry *e = entry_of(m, sequence);
	struct chain *chain = entry_chain(m, e);

	if (e->before == NONE)
		chain->first = e->after;
	else
		entry_of(m, e->before)->after = e->after;
	if (e->after == NONE)
		chain->last = e->before;
	else
		entry_of(m, e->after)->before = e->before;
}

/* Every change of state goes through here, so the counts cannot drift. */
static void entry_turn(struct match *m, uint64_t sequence,
		       enum entry_state state)
{
	struct entry *e = entry_of(m, sequence);

	entry_unlink(m, sequence);
	if (e->state == ENTRY_OPEN) {
		m->open--;
		m->open_bytes -= e->datagram.length;
		m->flow_open[e->datagram.flow]--;
	}
	e->state = state;
	entry_link(m, sequence);
}

/* Links are sequence numbers, so a bigger ring only has to copy. */
static int ring_grow(struct match *m)
{
	uint64_t room = m->room * 2;
	struct entry *ring = malloc(room * sizeof(*ring));

	if (!ring)
		return -1;
	for (uint64_t i = m->oldest; i < m->next; i++)
		ring[i & (room - 1)] = *entry_of(m, i);
	free(m->ring);
	m->ring = ring;
	m->room = room;
	return 0;
}

int match_sent(struct match *m, const struct match_datagram *d)
{
	struct entry *e;

	if (m->next - m->oldest == m->room && ring_grow(m))
		return -1;
	e = entry_of(m, m->next);
	*e = (struct entry) { .datagram = *d, .state = ENTRY_OPEN };
	entry_link(m, m->next++);
	m->totals.sent++;
	m->open++;
	m->open_bytes += d->length;
	m->flow_open[d->flow]++;
	return 0;
}

uint64_t match_next(const struct match *m)
{
	return m->next;
}

void match_stamp(struct match *m, uint64_t sequence, uint64_t kernel)
{
	if (sequence >= m->oldest && sequence < m->next)
		entry_of(m, sequence)->datagram.kernel = kernel;
}

/* The first with just this content from entry @i on in its chain, or NONE. */
static uint64_t entry_find_from(const struct match *m, uint64_t i,
				const struct match_datagram *d)
{
	for (; i != NONE; i = entry_of(m, i)->after) {
		const struct match_datagram *e = &entry_of(m, i)->datagram;

		if (e->flow == d->flow && e->hash == d->hash &&
		    e->length == d->length &&
		    (!d->length || !memcmp(e->payload, d->payload, d->length)))
			return i;
	}
	return NONE;
}

/* The oldest entry in this state with just this content, or NONE. */
static uint64_t entry_find(struct match *m, enum entry_state state,
			   const struct match_datagram *d)
{
	return entry_find_from(m, chain_of(m, state, d->flow, d->hash)->first,
			       d);
}

/* Is there another one, not answered either, that this reply fits as well? */
static bool entry_has_twin(struct match *m, uint64_t found,
			   const struct match_datagram *reply)
{
	const struct entry *e = entry_of(m, found);

	return entry_find_from(m, e->after, reply) != NONE ||
	       (e->state == ENTRY_OPEN &&
		entry_find(m, ENTRY_EXPIRED, reply) != NONE);
}

static void order_note(struct match *m, uint64_t sequence, uint32_t flow)
{
	if (sequence + 1 < m->flow_newest[flow])
		m->totals.reordered++;
	else
		m->flow_newest[flow] = sequence + 1;
}

/* Remembers that an altered reply came which may have been this one's. */
static void corrupt_note(struct match *m, const struct match_datagram *reply,
			 struct match_datagram *which)
{
	uint64_t end = m->next - m->fresh < SEARCH_MAX ? m->next :
							 m->fresh + SEARCH_MAX;

	for (uint64_t i = m->fresh; i < end; i++) {
		struct entry *e = entry_of(m, i);

		if (e->state == ENTRY_OPEN && !e->corrupt_seen &&
		    e->datagram.flow == reply->flow &&
		    e->datagram.length == reply->length) {
			e->corrupt_seen = true;
			*which = e->datagram;
			return;
		}
	}
}

static enum match_result reply_judge(struct match *m,
				     const struct match_datagram *reply,
				     struct match_datagram *which)
{
	enum match_result result = MATCH_VERIFIED;
	uint64_t found;

	if (reply->flow >= m->flows)
		return MATCH_UNEXPECTED;
	found = entry_find(m, ENTRY_OPEN, reply);
	if (found == NONE) {
		result = MATCH_LATE;
		found = entry_find(m, ENTRY_EXPIRED, reply);
	}
	if (found != NONE) {
		*which = entry_of(m, found)->datagram;
		m->totals.ambiguous += entry_has_twin(m, found, reply);
		entry_turn(m, found, ENTRY_ANSWERED);
		order_note(m, found, reply->flow);
		return result;
	}
	if (entry_find(m, ENTRY_ANSWERED, reply) != NONE)
		return MATCH_DUPLICATE;
	if (!m->flow_open[reply->flow])
		return MATCH_UNEXPECTED;
	corrupt_note(m, reply, which);
	return MATCH_CORRUPT;
}

enum match_result match_reply(struct match *m, uint32_t flow,
			      const uint8_t *payload, uint32_t length,
			      uint64_t now, struct match_datagram *which)
{
	struct match_datagram reply = {
		.payload = payload, .length = length, .flow = flow,
		.hash = bytes_hash(0, payload, length), .stamp = now,
	};
	enum match_result result;

	which->payload = NULL;
	/* What is overdue is late, even if nobody has looked until now. */
	match_expire(m, now);
	result = reply_judge(m, &reply, which);
	m->totals.results[result]++;
	return result;
}

static void entry_retire(struct match *m)
{
	struct entry *e = entry_of(m, m->oldest);
	struct match_totals *t = &m->totals;

	if (e->state != ENTRY_ANSWERED) {
		if (t->loss_count < MATCH_LOSSES_KEPT)
			t->losses[t->loss_count++] = (struct match_loss) {
				e->datagram, e->corrupt_seen };
		t->lost++;
	}
	entry_unlink(m, m->oldest++);
}

static bool older_than(const struct match *m, uint64_t sequence, uint64_t now,
		       uint64_t age)
{
	uint64_t stamp = entry_of(m, sequence)->datagram.stamp;

	return now > stamp && now - stamp > age;
}

void match_expire(struct match *m, uint64_t now)
{
	while (m->fresh < m->next && older_than(m, m->fresh, now, m->timeout)) {
		if (entry_of(m, m->fresh)->state == ENTRY_OPEN)
			entry_turn(m, m->fresh, ENTRY_EXPIRED);
		m->fresh++;
	}
	/* Kept once as long again, to know late and duplicate replies. */
	while (m->oldest < m->fresh &&
	       older_than(m, m->oldest, now, 2 * m->timeout))
		entry_retire(m);
}

void match_abandon(struct match *m)
{
	for (uint64_t i = m->fresh; i < m->next; i++) {
		if (entry_of(m, i)->state != ENTRY_OPEN)
			continue;
		entry_turn(m, i, ENTRY_ANSWERED);
		m->totals.abandoned++;
	}
}

void match_finish(struct match *m)
{
	for (; m->fresh < m->next; m->fresh++)
		if (entry_of(m, m->fresh)->state == ENTRY_OPEN)
			entry_turn(m, m->fresh, ENTRY_EXPIRED);
	while (m->oldest < m->next)
		entry_retire(m);
}

uint64_t match_open(const struct match *m)
{
	return m->open;
}

uint64_t match_open_bytes(const struct match *m)
{
	return m->open_bytes;
}

const struct match_totals *match_totals(const struct match *m)
{
	return &m->totals;
}
