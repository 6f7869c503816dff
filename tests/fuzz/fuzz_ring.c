// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hostile component at the packet ring: between any two steps of cosnet's it
 * writes what it likes into its parts. cosnet's ring logic (cosnet/ring_host.c)
 * stays inside the memory (ASan), ends each look, overwrites no packet that
 * was not taken, and gives no index, descriptor or reason that cannot be.
 *
 * The input is a list of steps: of the component's, or of cosnet's.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/drop.h"
#include "cosnet/ring_host.h"

#define SLOTS	RING_MIN_SLOTS

struct step {
	uint8_t what, slot;
	uint16_t small;
	uint32_t large;
};

struct rig {
	uint8_t *part[RING_PARTS];	/* one allocation each: red zones between */
	struct ring_host *host;
	struct ring_comp *comp;
	struct ring_out out;
	struct ring_in in;
	struct ring_log log;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
	if (!held)
		abort();
}

static void rig_make(struct rig *r)
{
	for (int p = 0; p < RING_PARTS; p++) {
		r->part[p] = aligned_alloc(ABI_PAGE_SIZE, ring_part_bytes(p, SLOTS));
		memset(r->part[p], 0, ring_part_bytes(p, SLOTS));
	}
	r->host = (struct ring_host *)r->part[RING_PART_HOST];
	r->comp = (struct ring_comp *)r->part[RING_PART_CTRL];
	ring_out_init(&r->out, r->part, SLOTS);
	ring_in_init(&r->in, r->part, SLOTS);
	ring_log_init(&r->log, r->part, SLOTS);
}

/* ---- the component ---- */

static void write_word(struct rig *r, const struct step *s)
{
	uint32_t words = ring_part_bytes(RING_PART_CTRL, SLOTS) / 4;

	((uint32_t *)r->part[RING_PART_CTRL])[s->small % words] = s->large;
}

/* Indices about what is right: most are refused, and some are not. */
static void write_index(struct rig *r, const struct step *s)
{
	uint32_t near = s->large % (4 * SLOTS) - 2 * SLOTS;

	switch (s->slot % 4) {
	case 0:
		r->comp->rx_cons = r->host->rx_prod + near;
		break;
	case 1:
		r->comp->tx_prod = r->host->tx_cons + near;
		break;
	case 2:
		r->comp->log_prod = r->host->log_cons + near;
		break;
	default:
		r->comp->rx_event = r->host->rx_prod + near;
		break;
	}
}

static void write_desc(struct rig *r, const struct step *s)
{
	struct ring_desc *desc = (void *)(r->part[RING_PART_CTRL] + ABI_PAGE_SIZE);

	desc[s->slot % SLOTS] = (struct ring_desc) {
		.buf = s->slot >> 4, .off = s->small, .len = (uint16_t)s->large, .stamp = s->large };
}

static void write_drop(struct rig *r, const struct step *s)
{
	struct ring_drop *drop = (void *)(r->part[RING_PART_CTRL] + ring_log_off(SLOTS));

	drop[s->slot % SLOTS] = (struct ring_drop) {
		.packet = r->host->rx_prod - (s->large >> 16), .n = s->large, .why = s->small,
		.place = (uint8_t)s->large, .known = s->slot >> 6 };
}

static void write_packet(struct rig *r, const struct step *s)
{
	uint8_t *buf = r->part[RING_PART_TX] + s->slot % SLOTS * RING_BUF_SIZE;

	memcpy(buf + s->small % (RING_BUF_SIZE - 4), &s->large, 4);
}

/* ---- cosnet ---- */

static void push(struct rig *r, const struct step *s)
{
	int32_t room = ring_out_room(&r->out);

	must(room >= -1 && room <= (int32_t)SLOTS);
	if (room <= 0)
		return;
	memset(ring_out_buf(&r->out), s->slot, RING_BUF_SIZE);
	ring_out_push(&r->out, s->small % (RING_BUF_SIZE + 1), s->large);
	/* Those shown, and by the peer's last word not taken, are all still there. */
	must(r->out.prod - r->out.cons <= SLOTS);
	if (s->slot & 1)
		ring_out_publish(&r->out);
	must(r->host->rx_prod == r->out.published);
}

static void left(struct rig *r, const struct step *s)
{
	const uint8_t *bufs = r->part[RING_PART_HOST] + ring_host_buf_off(SLOTS);
	int32_t n = ring_out_left(&r->out);
	const uint8_t *packet;
	uint32_t len;

	must(n >= -1 && n <= (int32_t)SLOTS);
	packet = ring_out_packet(&r->out, s->large, &len);
	must(!packet || (packet >= bufs && len <= RING_BUF_SIZE &&
			 packet + len <= bufs + SLOTS * RING_BUF_SIZE));
}

/* What is believed fits into the ring, and never goes back. */
static int32_t waiting(struct rig *r)
{
	uint32_t before = r->in.prod;
	int32_t n = ring_in_waiting(&r->in);

	must(n >= -1 && n <= (int32_t)SLOTS);
	must(r->in.prod - before <= (n < 0 ? 0 : SLOTS));
	must(n < 0 || r->in.prod - r->in.cons == (uint32_t)n);
	return n;
}

/* As cosnet does, in a copy of its own: exact, for the sanitizer. */
static void look_at(const uint8_t *data, uint32_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	enum ip_verdict verdict;

	memcpy(copy, data, len);
	verdict = ip_check(copy, len);
	must(verdict != IP_IS_V4 || (len >= 20 && copy[0] >> 4 == 4));
	must(verdict != IP_IS_V6 || (len >= 40 && copy[0] >> 4 == 6));
	free(copy);
}

static void take(struct rig *r)
{
	const uint8_t *tx = r->part[RING_PART_TX], *data;
	struct ring_desc desc;

	data = ring_in_take(&r->in, &desc);
	if (!data)
		return;
	must(data >= tx && data + desc.len <= tx + ring_part_bytes(RING_PART_TX, SLOTS));
	must((data - tx) / RING_BUF_SIZE == (ptrdiff_t)desc.buf || !desc.len);
	look_at(data, desc.len);
	look_at(data, desc.len % 64);	/* about the length of a header */
}

static void poll(struct rig *r, const struct step *s)
{
	uint32_t before = r->in.cons;
	int32_t n = waiting(r), budget = s->slot % (SLOTS + 1);

	for (int32_t i = 0; i < n && i < budget; i++)
		take(r);
	ring_in_release(&r->in);
	must(r->in.cons - before <= SLOTS && r->host->tx_cons == r->in.cons);
	ring_in_arm(&r->in);
}

/* What is left when the AOS ends is counted, and gone. */
static void discard(struct rig *r)
{
	if (waiting(r) <= 0)
		return;
	r->in.cons = r->in.prod;
	ring_in_release(&r->in);
	must(waiting(r) == 0);
}

static void log_take(struct rig *r)
{
	uint32_t there = r->comp->log_prod - r->log.cons;
	struct ring_drop drop;
	uint32_t len, i;

	for (i = 0; i < SLOTS && ring_log_take(&r->log, &drop); i++) {
		must(drop.why < DROPS && drop.why != DROP_NONE && drop.known <= 1);
		must(!(drop.place & DROP_AT_COSNET));
		must(drop.why == DROP_UNKNOWN || drop_places(drop.why) & drop.place);
		must(!ring_out_packet(&r->out, drop.packet, &len) || len <= RING_BUF_SIZE);
	}
	must(i == (there > SLOTS ? 0 : there));
	ring_log_release(&r->log);
	must(r->host->log_cons == r->log.cons);
}

static void reset(struct rig *r)
{
	ring_reset(&r->out, &r->in, &r->log, r->part);
	must(ring_out_room(&r->out) == (int32_t)SLOTS);
	must(waiting(r) == 0);
}

static void go(struct rig *r, const struct step *s)
{
	switch (s->what % 11) {
	case 0: write_word(r, s); break;
	case 1: write_index(r, s); break;
	case 2: write_desc(r, s); break;
	case 3: write_drop(r, s); break;
	case 4: write_packet(r, s); break;
	case 5: push(r, s); break;
	case 6: left(r, s); break;
	case 7: poll(r, s); break;
	case 8: log_take(r); break;
	case 9: discard(r); break;
	default: reset(r); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rig r = { 0 };
	struct step s;

	rig_make(&r);
	for (; size >= sizeof(s); size -= sizeof(s), data += sizeof(s)) {
		memcpy(&s, data, sizeof(s));
		go(&r, &s);
	}
	for (int p = 0; p < RING_PARTS; p++)
		free(r.part[p]);
	return 0;
}
