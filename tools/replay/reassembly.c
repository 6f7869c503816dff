// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IP fragments put together. Fragments start at multiples of 8 bytes, so one
 * bit per 8 bytes says what has come: completeness, duplicates and overlaps
 * are all questions to that bitmap.
 */
#include "reassembly.h"

#include <stdlib.h>
#include <string.h>

#define UNIT 8
#define DATAGRAM_MAX 65535
#define UNITS ((DATAGRAM_MAX + UNIT) / UNIT)

enum slot_state { SLOT_FREE, SLOT_WAITING, SLOT_SPOILT };

struct slot {
	enum slot_state state;
	struct ip_packet key;	/* of the first fragment that came */
	uint64_t started, tag;
	size_t total;		/* 0 until the last fragment came */
	size_t highest;		/* end of the data so far */
	size_t units;		/* bits set */
	uint8_t have[UNITS / 8 + 1];
	uint8_t data[DATAGRAM_MAX + UNIT];
};

struct reassembly {
	unsigned int count;
	uint64_t timeout, given_up, spoilt;
	struct slot **slots;
};

struct reassembly *reassembly_new(unsigned int slots, uint64_t timeout_ns)
{
	struct reassembly *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->count = slots;
	r->timeout = timeout_ns;
	r->slots = calloc(slots, sizeof(*r->slots));
	if (!r->slots) {
		free(r);
		return NULL;
	}
	return r;
}

void reassembly_free(struct reassembly *r)
{
	if (!r)
		return;
	for (unsigned int i = 0; i < r->count; i++)
		free(r->slots[i]);
	free(r->slots);
	free(r);
}

static void slot_close(struct reassembly *r, struct slot *s)
{
	if (s->state == SLOT_WAITING)
		r->given_up++;
	s->state = SLOT_FREE;
}

static bool slot_matches(const struct slot *s, const struct ip_packet *f)
{
	return s->state != SLOT_FREE && s->key.id == f->id &&
	       s->key.protocol == f->protocol &&
	       address_equal(&s->key.source, &f->source) &&
	       address_equal(&s->key.destination, &f->destination);
}

static struct slot *slot_find(struct reassembly *r, const struct ip_packet *f,
			      uint64_t now)
{
	for (unsigned int i = 0; i < r->count; i++) {
		struct slot *s = r->slots[i];

		if (!s || s->state == SLOT_FREE)
			continue;
		if (now > s->started && now - s->started > r->timeout)
			slot_close(r, s);
		else if (slot_matches(s, f))
			return s;
	}
	return NULL;
}

/* A free slot, a fresh one, or that of the oldest datagram. */
static struct slot *slot_take(struct reassembly *r)
{
	struct slot *oldest = NULL;

	for (unsigned int i = 0; i < r->count; i++) {
		if (!r->slots[i])
			return r->slots[i] = calloc(1, sizeof(struct slot));
		if (r->slots[i]->state == SLOT_FREE)
			return r->slots[i];
		if (!oldest || r->slots[i]->started < oldest->started)
			oldest = r->slots[i];
	}
	if (oldest)
		slot_close(r, oldest);
	return oldest;
}

static struct slot *slot_open(struct reassembly *r, const struct ip_packet *f,
			      uint64_t now, uint64_t tag)
{
	struct slot *s = slot_take(r);

	if (!s)
		return NULL;
	s->state = SLOT_WAITING;
	s->key = *f;
	s->started = now;
	s->tag = tag;
	s->total = s->highest = s->units = 0;
	memset(s->have, 0, sizeof(s->have));
	return s;
}

static enum reassembly_status slot_spoil(struct reassembly *r, struct slot *s)
{
	if (s->state == SLOT_WAITING)
		r->spoilt++;
	s->state = SLOT_SPOILT;
	return REASSEMBLY_REFUSED;
}

static bool unit_have(const struct slot *s, size_t unit)
{
	return s->have[unit / 8] & (1 << unit % 8);
}

static size_t units_have(const struct slot *s, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t unit = from; unit < to; unit++)
		n += unit_have(s, unit);
	return n;
}

static bool fragment_fits(const struct ip_packet *f)
{
	return f->length > 0 && f->offset + f->length <= DATAGRAM_MAX &&
	       (!f->more || f->length % UNIT == 0);
}

/* Does the end that @f claims agree with what came before? */
static bool end_agrees(const struct slot *s, const struct ip_packet *f)
{
	size_t end = f->offset + f->length;

	if (f->more)
		return !s->total || end <= s->total;
	return s->total ? end == s->total : end >= s->highest;
}

static void slot_store(struct slot *s, const struct ip_packet *f, size_t from,
		       size_t to)
{
	size_t end = f->offset + f->length;

	memcpy(s->data + f->offset, f->payload, f->length);
	for (size_t unit = from; unit < to; unit++)
		s->have[unit / 8] |= (uint8_t)(1 << unit % 8);
	s->units += to - from;
	if (end > s->highest)
		s->highest = end;
	if (!f->more)
		s->total = end;
}

static enum reassembly_status slot_finish(struct slot *s, uint64_t *tag,
					  struct ip_packet *whole)
{
	*whole = s->key;
	whole->fragment = whole->more = false;
	whole->offset = 0;
	whole->payload = s->data;
	whole->length = s->total;
	*tag = s->tag;
	s->state = SLOT_FREE;
	return REASSEMBLY_COMPLETE;
}

enum reassembly_status reassembly_add(struct reassembly *r,
				      const struct ip_packet *f, uint64_t now,
				      uint64_t *tag, struct ip_packet *whole)
{
	size_t from = f->offset / UNIT;
	size_t to = (f->offset + f->length + UNIT - 1) / UNIT;
	struct slot *s;
	size_t have;

	if (!fragment_fits(f)) {
		r->spoilt++;
		return REASSEMBLY_REFUSED;
	}
	s = slot_find(r, f, now);
	if (!s)
		s = slot_open(r, f, now, *tag);
	if (!s || s->state == SLOT_SPOILT)
		return REASSEMBLY_REFUSED;
	have = units_have(s, from, to);
	if (have == to - from && s->highest >= f->offset + f->length &&
	    !memcmp(s->data + f->offset, f->payload, f->length))
		return REASSEMBLY_WAITING;	/* the same once more */
	if (have || !end_agrees(s, f))
		return slot_spoil(r, s);
	slot_store(s, f, from, to);
	s->key.checksum_ok &= f->checksum_ok;
	if (!s->total || s->units != (s->total + UNIT - 1) / UNIT)
		return REASSEMBLY_WAITING;
	return slot_finish(s, tag, whole);
}

uint64_t reassembly_incomplete(const struct reassembly *r)
{
	uint64_t n = r->given_up;

	for (unsigned int i = 0; i < r->count; i++)
		n += r->slots[i] && r->slots[i]->state == SLOT_WAITING;
	return n;
}

uint64_t reassembly_spoilt(const struct reassembly *r)
{
	return r->spoilt;
}
