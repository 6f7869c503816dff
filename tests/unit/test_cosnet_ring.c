// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of cosnet/ring_host.c against a peer that keeps the rules, one that
 * lies at every word it can write, and one that runs at the same time.
 *
 *	cosnet (the code under test)		peer (this file)
 *	ring_out  -- to_aos, struct peer.rx -->	  a model vnic
 *	ring_in   <- from_aos, struct peer.tx --
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "abi/drop.h"
#include "cosnet/ring_host.h"
#include "cosnet/ring_port.h"

#define SLOTS		16u
#define STREAM		1000000u	/* packets, two-thread tests */
#define PATIENCE	20		/* seconds: a wake-up that late is lost */

struct rig {
	uint8_t *part[RING_PARTS];	/* one allocation each: red zones between */
	uint32_t slots;
	struct ring_host *host;
	struct ring_comp *comp;
	struct ring_desc *comp_desc;
	struct ring_out out;
	struct ring_in in;
	struct ring_log log;
	sem_t bell;			/* whoever sleeps in a two-thread test */
	uint32_t signals, sleeps;
	const char *fault;		/* what the other thread found wrong */
};

static uint32_t seed;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static struct rig *rig_new(uint32_t slots)
{
	struct rig *r = calloc(1, sizeof(*r));
	int p;

	assert_non_null(r);
	seed = 0x1234567;
	r->slots = slots;
	for (p = 0; p < RING_PARTS; p++) {
		r->part[p] = aligned_alloc(ABI_PAGE_SIZE, ring_part_bytes(p, slots));
		assert_non_null(r->part[p]);
		memset(r->part[p], 0, ring_part_bytes(p, slots));
	}
	r->host = (struct ring_host *)r->part[RING_PART_HOST];
	r->comp = (struct ring_comp *)r->part[RING_PART_CTRL];
	r->comp_desc = (struct ring_desc *)(r->part[RING_PART_CTRL] + ABI_PAGE_SIZE);
	ring_out_init(&r->out, r->part, slots);
	ring_in_init(&r->in, r->part, slots);
	ring_log_init(&r->log, r->part, slots);
	assert_int_equal(sem_init(&r->bell, 0, 0), 0);
	return r;
}

static void rig_free(struct rig *r)
{
	int p;

	sem_destroy(&r->bell);
	for (p = 0; p < RING_PARTS; p++)
		free(r->part[p]);
	free(r);
}

/* As if so many packets had already gone through both rings. */
static void rig_start_at(struct rig *r, uint32_t index)
{
	r->out.prod = r->out.published = r->out.cons = index;
	r->in.cons = r->in.prod = index;
	r->host->rx_prod = r->host->tx_cons = r->host->tx_event = index;
	r->comp->rx_cons = r->comp->rx_event = r->comp->tx_prod = index;
}

static void put(struct rig *r, uint32_t tag)
{
	memcpy(ring_out_buf(&r->out), &tag, sizeof(tag));
	ring_out_push(&r->out, 100, tag);
}

/* ---- to_aos ---- */

static void test_out_fills_and_frees(void **state)
{
	struct rig *r = rig_new(SLOTS);
	const struct ring_desc *desc = (void *)(r->part[RING_PART_HOST] + ABI_PAGE_SIZE);
	const uint8_t *bufs = r->part[RING_PART_HOST] + ring_host_buf_off(SLOTS);
	uint32_t i;

	(void)state;
	for (i = 0; i < SLOTS; i++) {
		assert_int_equal(ring_out_room(&r->out), SLOTS - i);
		put(r, i);
		assert_int_equal(r->host->rx_prod, i);	/* not before publish */
		ring_out_publish(&r->out);
		assert_int_equal(r->host->rx_prod, i + 1);
		assert_int_equal(desc[i].buf, i);
		assert_int_equal(desc[i].off, 0);
		assert_int_equal(desc[i].len, 100);
		assert_int_equal(desc[i].stamp, i);
		assert_memory_equal(bufs + i * RING_BUF_SIZE, &i, sizeof(i));
	}
	assert_int_equal(ring_out_room(&r->out), 0);
	r->comp->rx_cons = 3;
	assert_int_equal(ring_out_room(&r->out), 3);
	assert_false(ring_out_publish(&r->out));	/* nothing new, no signal */
	rig_free(r);
}

static void test_out_wraps(void **state)
{
	struct rig *r = rig_new(SLOTS);
	uint32_t i, start = 0u - 5;

	(void)state;
	rig_start_at(r, start);
	for (i = 0; i < 3 * SLOTS; i++) {
		assert_true(ring_out_room(&r->out) > 0);
		put(r, i);
		ring_out_publish(&r->out);
		assert_int_equal(r->host->rx_prod, start + i + 1);
		if (i % 4 == 3)
			r->comp->rx_cons = start + i + 1;
	}
	assert_int_equal(r->host->rx_prod, 3 * SLOTS - 5);
	rig_free(r);
}

/*
 * A ring full of packets, half of which have been shown to the peer, and
 * every rx_cons there is: near ones all, far ones at random.
 */
static void test_out_lies(void **state)
{
	static const uint32_t starts[] = { 0, 1000, 0u - 3, 0u - SLOTS };
	struct rig *r = rig_new(SLOTS);
	struct ring_out before;
	uint32_t s, i, cons;

	(void)state;
	for (s = 0; s < sizeof(starts) / sizeof(*starts); s++) {
		for (i = 0; i < 1000000; i++) {
			rig_start_at(r, starts[s]);
			r->out.prod = starts[s] + SLOTS;
			r->out.published = starts[s] + SLOTS / 2;
			cons = i < 4 * SLOTS ? starts[s] - 2 * SLOTS + i : rnd();
			r->comp->rx_cons = cons;
			before = r->out;
			if (cons - starts[s] <= SLOTS / 2) {
				assert_int_equal(ring_out_room(&r->out), cons - starts[s]);
				continue;
			}
			assert_int_equal(ring_out_room(&r->out), -1);
			assert_memory_equal(&before, &r->out, sizeof(before));
		}
	}
	rig_free(r);
}

/* ---- from_aos ---- */

static void test_in_takes_in_order(void **state)
{
	struct rig *r = rig_new(SLOTS);
	struct ring_desc got;
	const uint8_t *data;
	uint32_t i, start = 0u - 7;

	(void)state;
	rig_start_at(r, start);
	assert_int_equal(ring_in_waiting(&r->in), 0);
	for (i = 0; i < SLOTS; i++)
		r->comp_desc[(start + i) % SLOTS] = (struct ring_desc) {
			.buf = SLOTS - 1 - i, .off = (uint16_t)i, .len = 60, .stamp = i };
	r->comp->tx_prod = start + SLOTS;
	assert_int_equal(ring_in_waiting(&r->in), SLOTS);
	for (i = 0; i < SLOTS; i++) {
		data = ring_in_take(&r->in, &got);
		assert_ptr_equal(data, r->part[RING_PART_TX] +
				 (size_t)(SLOTS - 1 - i) * RING_BUF_SIZE + i);
		assert_int_equal(got.stamp, i);
		assert_int_equal(r->host->tx_cons, start);	/* not yet */
	}
	ring_in_release(&r->in);
	assert_int_equal(r->host->tx_cons, start + SLOTS);
	assert_int_equal(ring_in_waiting(&r->in), 0);
	rig_free(r);
}

static void test_in_index_lies(void **state)
{
	static const uint32_t starts[] = { 0, 1000, 0u - 3, 0u - SLOTS };
	struct rig *r = rig_new(SLOTS);
	uint32_t s, i, prod;

	(void)state;
	for (s = 0; s < sizeof(starts) / sizeof(*starts); s++) {
		for (i = 0; i < 1000000; i++) {
			rig_start_at(r, starts[s]);
			r->comp->tx_prod = starts[s] + 4;
			assert_int_equal(ring_in_waiting(&r->in), 4);
			prod = i < 4 * SLOTS ? starts[s] - 2 * SLOTS + i : rnd();
			r->comp->tx_prod = prod;
			if (prod - starts[s] <= SLOTS && prod - starts[s] >= 4) {
				assert_int_equal(ring_in_waiting(&r->in), prod - starts[s]);
				continue;
			}
			assert_int_equal(ring_in_waiting(&r->in), -1);
			assert_false(ring_in_arm(&r->in));	/* no endless poll */
			assert_int_equal(r->in.cons, starts[s]);
			assert_int_equal(r->in.prod, starts[s] + 4);
			r->comp->tx_prod = starts[s] + 5;	/* it may repent */
			assert_int_equal(ring_in_waiting(&r->in), 5);
		}
	}
	rig_free(r);
}

static void check_inside(const struct rig *r, const uint8_t *data, const struct ring_desc *d)
{
	const uint8_t *buf = r->part[RING_PART_TX] + (size_t)d->buf * RING_BUF_SIZE;

	assert_true(d->buf < r->slots);
	assert_true(data >= buf && data + d->len <= buf + RING_BUF_SIZE);
}

static struct ring_desc forged(uint32_t slots)
{
	static const uint16_t edge[] = { 0, 1, 20, RING_BUF_SIZE - 1, RING_BUF_SIZE,
					 RING_BUF_SIZE + 1, 0x7fff, 0x8000, 0xffff };
	struct ring_desc d = { .stamp = rnd() };

	d.buf = rnd() % 4 ? rnd() % (slots + 2) : rnd();
	d.off = rnd() % 2 ? edge[rnd() % 9] : (uint16_t)rnd();
	d.len = rnd() % 2 ? edge[rnd() % 9] : (uint16_t)rnd();
	return d;
}

static void test_in_forged_descriptors(void **state)
{
	struct rig *r = rig_new(SLOTS);
	struct ring_desc *slot, want, got;
	const uint8_t *data;
	uint32_t i, good = 0, bad = 0;

	(void)state;
	rig_start_at(r, 0u - 500000);
	for (i = 0; i < 1000000; i++) {
		slot = &r->comp_desc[r->in.cons % SLOTS];
		want = forged(SLOTS);
		*slot = want;
		r->comp->tx_prod = r->in.cons + 1;
		assert_int_equal(ring_in_waiting(&r->in), 1);
		data = ring_in_take(&r->in, &got);
		assert_memory_equal(&got, &want, sizeof(got));
		if (data)
			check_inside(r, data, &got);
		assert_int_equal(!!data, ring_desc_valid(&want, SLOTS));
		data ? good++ : bad++;
		ring_in_release(&r->in);
	}
	assert_true(good > 1000 && bad > 1000);
	rig_free(r);
}

/* ---- signals ---- */

static void test_out_signals_once(void **state)
{
	static const uint32_t starts[] = { 0, 77, 0u - 1, 0u - 9 };
	struct rig *r = rig_new(SLOTS);
	uint32_t s, n, at, i;

	(void)state;
	for (s = 0; s < 4; s++) {
		for (n = 1; n <= SLOTS; n++) {		/* burst */
			for (at = 0; at < 2 * SLOTS; at++) {	/* where it sleeps */
				rig_start_at(r, starts[s]);
				r->comp->rx_event = starts[s] + at;
				for (i = 0; i < n; i++)
					put(r, i);
				assert_int_equal(ring_out_publish(&r->out), at < n);
			}
		}
	}
	/* Peer awake, its event behind: silence, until it asks again. */
	rig_start_at(r, 0u - 50);
	put(r, 0);
	assert_true(ring_out_publish(&r->out));
	for (i = 0; i < 1000; i++) {
		r->comp->rx_cons = r->out.prod;
		put(r, i);
		assert_false(ring_out_publish(&r->out));
	}
	r->comp->rx_cons = r->comp->rx_event = r->out.prod;
	put(r, 0);
	assert_true(ring_out_publish(&r->out));
	rig_free(r);
}

static void test_in_arm_sees_late_packet(void **state)
{
	struct rig *r = rig_new(SLOTS);
	struct ring_desc got;

	(void)state;
	rig_start_at(r, 0u - 1);
	assert_false(ring_in_arm(&r->in));
	assert_int_equal(r->host->tx_event, 0u - 1);
	r->comp->tx_prod = 1;			/* two, across the wrap */
	assert_true(ring_in_arm(&r->in));
	assert_int_equal(ring_in_waiting(&r->in), 2);
	ring_in_take(&r->in, &got);
	ring_in_take(&r->in, &got);
	assert_false(ring_in_arm(&r->in));
	assert_int_equal(r->host->tx_event, 1);
	rig_free(r);
}

/* ---- packets ---- */

static void test_ip_check(void **state)
{
	static const struct {
		uint32_t len;
		enum ip_verdict want;
		uint8_t head[8];
	} cases[] = {
		{ 0,	IP_BAD_SHORT,	{ 0x45 } },
		{ 1,	IP_BAD_SHORT,	{ 0x45 } },
		{ 19,	IP_BAD_SHORT,	{ 0x45, 0, 0, 19 } },
		{ 20,	IP_IS_V4,	{ 0x45, 0, 0, 20 } },
		{ 46,	IP_IS_V4,	{ 0x45, 0, 0, 20 } },	/* Ethernet padding */
		{ 20,	IP_BAD_LENGTH,	{ 0x45, 0, 0, 21 } },
		{ 20,	IP_BAD_LENGTH,	{ 0x45, 0, 0, 19 } },
		{ 60,	IP_BAD_LENGTH,	{ 0x44, 0, 0, 60 } },
		{ 60,	IP_BAD_LENGTH,	{ 0x40, 0, 0, 60 } },
		{ 59,	IP_BAD_LENGTH,	{ 0x4f, 0, 0, 59 } },
		{ 60,	IP_IS_V4,	{ 0x4f, 0, 0, 60 } },
		{ 60,	IP_BAD_LENGTH,	{ 0x45, 0, 0xff, 0xff } },
		{ 20,	IP_BAD_SHORT,	{ 0x60 } },
		{ 39,	IP_BAD_SHORT,	{ 0x60 } },
		{ 40,	IP_IS_V6,	{ 0x60 } },
		{ 40,	IP_BAD_LENGTH,	{ 0x60, 0, 0, 0, 0, 1 } },
		{ 48,	IP_IS_V6,	{ 0x6f, 0, 0, 0, 0, 8 } },
		{ 48,	IP_BAD_LENGTH,	{ 0x60, 0, 0, 0, 0xff, 0xff } },
		{ 1,	IP_BAD_SHORT,	{ 0x00 } },
		{ 40,	IP_BAD_VERSION,	{ 0x00 } },
		{ 40,	IP_BAD_VERSION,	{ 0x55 } },
		{ 40,	IP_BAD_VERSION,	{ 0xff } },
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t *p = calloc(1, cases[i].len ? cases[i].len : 1);	/* exact */

		memcpy(p, cases[i].head, cases[i].len < 8 ? cases[i].len : 8);
		assert_int_equal(ip_check(p, cases[i].len), cases[i].want);
		free(p);
	}
}

static void test_reset_leaves_nothing(void **state)
{
	struct rig *r = rig_new(SLOTS);
	uint32_t p, i, n;

	(void)state;
	for (p = 0; p < RING_PARTS; p++)
		memset(r->part[p], 0xa5, ring_part_bytes(p, SLOTS));
	r->host->magic = RING_MAGIC;
	r->host->mtu = 1400;
	rig_start_at(r, 12345);
	ring_reset(&r->out, &r->in, &r->log, r->part);
	assert_int_equal(r->host->magic, RING_MAGIC);
	assert_int_equal(r->host->mtu, 1400);
	assert_int_equal(r->host->rx_prod, 0);
	assert_int_equal(r->host->tx_cons, 0);
	assert_int_equal(r->host->tx_event, 0);
	assert_int_equal(r->host->log_cons, 0);
	for (p = 0; p < RING_PARTS; p++) {
		n = ring_part_bytes(p, SLOTS);
		for (i = p == RING_PART_HOST ? ABI_PAGE_SIZE : 0; i < n; i++)
			assert_int_equal(r->part[p][i], 0);
	}
	assert_int_equal(ring_out_room(&r->out), SLOTS);
	assert_int_equal(ring_in_waiting(&r->in), 0);
	rig_free(r);
}

/* ---- drops ---- */

/* Room is asked for seldom; what is left has to be true at once. */
static void test_out_left(void **state)
{
	struct rig *r = rig_new(SLOTS);
	uint32_t i, len;

	(void)state;
	rig_start_at(r, UINT32_MAX - 3);
	for (i = 0; i < 6; i++)
		put(r, i);
	ring_out_publish(&r->out);
	assert_int_equal(ring_out_left(&r->out), 6);
	r->comp->rx_cons = r->host->rx_prod - 1;
	assert_int_equal(ring_out_left(&r->out), 1);
	assert_int_equal(r->out.prod - r->out.cons, 1);
	r->comp->rx_cons++;
	assert_int_equal(ring_out_left(&r->out), 0);
	r->comp->rx_cons++;
	assert_int_equal(ring_out_left(&r->out), -1);
	for (i = 1; i <= 6; i++) {
		assert_non_null(ring_out_packet(&r->out, r->out.prod - i, &len));
		assert_int_equal(*ring_out_packet(&r->out, r->out.prod - i, &len), 6 - i);
		assert_int_equal(len, 100);
	}
	assert_non_null(ring_out_packet(&r->out, r->out.prod - SLOTS, &len));
	assert_null(ring_out_packet(&r->out, r->out.prod - SLOTS - 1, &len));
	assert_null(ring_out_packet(&r->out, r->out.prod, &len));
	rig_free(r);
}

static void say(struct rig *r, uint16_t why, uint8_t place, uint8_t known)
{
	struct ring_drop *log = (void *)(r->part[RING_PART_CTRL] + ring_log_off(r->slots));

	log[r->comp->log_prod++ & (r->slots - 1)] = (struct ring_drop){
		.packet = r->comp->log_prod, .n = 1, .why = why, .place = place, .known = known };
}

static void test_log(void **state)
{
	struct rig *r = rig_new(SLOTS);
	struct ring_drop d;
	uint32_t i;

	(void)state;
	assert_false(ring_log_take(&r->log, &d));
	for (i = 1; i <= 3 * SLOTS; i++) {
		say(r, DROP_TTL, DROP_AT_LWIP_IN, 1);
		assert_true(ring_log_take(&r->log, &d));
		assert_int_equal(d.packet, i);
		assert_int_equal(d.why, DROP_TTL);
		assert_int_equal(d.place, DROP_AT_LWIP_IN);
		assert_int_equal(d.known, 1);
		assert_false(ring_log_take(&r->log, &d));
		ring_log_release(&r->log);
		assert_int_equal(r->host->log_cons, i);
	}
	rig_free(r);
}

static void test_log_forgets(void **state)
{
	struct rig *r = rig_new(SLOTS);
	struct ring_drop d;

	(void)state;
	say(r, DROP_TTL, DROP_AT_LWIP_IN, 1);
	say(r, DROP_TTL, DROP_AT_LWIP_IN, 1);
	ring_log_forget(&r->log);
	assert_int_equal(r->host->log_cons, 2);
	assert_false(ring_log_take(&r->log, &d));
	say(r, DROP_ADDRESS, DROP_AT_LWIP_IN, 1);
	assert_true(ring_log_take(&r->log, &d));
	assert_int_equal(d.why, DROP_ADDRESS);
	rig_free(r);
}

static void test_log_lies(void **state)
{
	static const struct { uint16_t why; uint8_t place, known; } lies[] = {
		{ 0, DROP_AT_LWIP_IN, 0 }, { DROPS, DROP_AT_LWIP_IN, 0 },
		{ UINT16_MAX, 0xff, 2 }, { DROP_TTL, DROP_AT_VNIC_IN, 0 }, { DROP_TTL, 0, 0 },
		{ DROP_LENGTH, DROP_AT_VNIC_IN | DROP_AT_LWIP_IN, 0 },
		{ DROP_TO_AOS_FULL, DROP_AT_TO_AOS, 255 },
	};
	struct rig *r = rig_new(SLOTS);
	struct ring_drop d;
	uint32_t i;

	(void)state;
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		say(r, lies[i].why, lies[i].place, lies[i].known);
		assert_true(ring_log_take(&r->log, &d));
		assert_int_equal(d.why, DROP_UNKNOWN);
		assert_int_equal(d.place & DROP_AT_COSNET, 0);
		assert_int_equal(d.known, 0);
	}
	r->comp->log_prod += SLOTS + 1;
	assert_false(ring_log_take(&r->log, &d));
	r->comp->log_prod -= 5;
	assert_false(ring_log_take(&r->log, &d));
	say(r, DROP_TTL, DROP_AT_LWIP_IN, 1);
	assert_true(ring_log_take(&r->log, &d));
	assert_int_equal(d.why, DROP_TTL);
	rig_free(r);
}

/* ---- a peer that writes whatever, wherever, whenever ---- */

static int scribbling;

static void *scribble(void *arg)
{
	struct rig *r = arg;
	uint32_t words = ring_part_bytes(RING_PART_CTRL, r->slots) / 4, s = 1;
	volatile uint32_t *ctrl = (void *)r->part[RING_PART_CTRL];

	while (__atomic_load_n(&scribbling, __ATOMIC_RELAXED)) {
		s = s * 1664525 + 1013904223;
		switch (s >> 29) {
		case 0:		/* almost right */
			__atomic_store_n(&r->comp->rx_cons, r->host->rx_prod, __ATOMIC_RELAXED);
			break;
		case 1:
			__atomic_store_n(&r->comp->tx_prod, r->host->tx_cons + (s >> 20) % 20,
					 __ATOMIC_RELAXED);
			break;
		case 2:
			ctrl[(s >> 8) % words] = s;
			break;
		case 3:
			__atomic_store_n(&r->comp->rx_event, s, __ATOMIC_RELAXED);
			break;
		default:
			ctrl[ABI_PAGE_SIZE / 4 + (s >> 8) % (r->slots * 4)] = s % (r->slots * 2);
			break;
		}
	}
	return NULL;
}

static void test_scribbling_peer(void **state)
{
	struct rig *r = rig_new(SLOTS);
	uint32_t i, len, pushed = 0, taken = 0;
	struct ring_drop drop;
	struct ring_desc d;
	const uint8_t *data;
	pthread_t thread;
	int32_t n;

	(void)state;
	__atomic_store_n(&scribbling, 1, __ATOMIC_RELAXED);
	assert_int_equal(pthread_create(&thread, NULL, scribble, r), 0);
	for (i = 0; i < 2000000; i++) {
		n = ring_out_room(&r->out);
		assert_true(n >= -1 && n <= (int32_t)SLOTS);
		if (n > 0) {
			memset(ring_out_buf(&r->out), 0x45, RING_BUF_SIZE / 16);
			ring_out_push(&r->out, RING_BUF_SIZE, i);
			ring_out_publish(&r->out);
			pushed++;
		}
		n = ring_in_waiting(&r->in);
		assert_true(n >= -1 && n <= (int32_t)SLOTS);
		for (; n > 0; n--, taken++) {
			data = ring_in_take(&r->in, &d);
			if (data)
				check_inside(r, data, &d);
		}
		for (n = 0; n < (int32_t)SLOTS && ring_log_take(&r->log, &drop); n++) {
			assert_true(drop.why > DROP_NONE && drop.why < DROPS);
			if (ring_out_packet(&r->out, drop.packet, &len))
				assert_true(len <= RING_BUF_SIZE);
		}
		ring_log_release(&r->log);
		ring_in_release(&r->in);
		ring_in_arm(&r->in);
	}
	__atomic_store_n(&scribbling, 0, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	assert_true(pushed > SLOTS && taken > SLOTS);
	rig_free(r);
}

/* ---- two threads: nothing is lost, no wake-up either ---- */

static void signal_peer(struct rig *r)
{
	r->signals++;
	sem_post(&r->bell);
}

/* -> false: the wake-up was lost */
static bool wait_signal(struct rig *r)
{
	struct timespec until;

	r->sleeps++;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE;
	return sem_timedwait(&r->bell, &until) == 0;
}

/* Bursts of 1 to 8, now and then long enough a pause for the other to sleep. */
static void dawdle(uint32_t i)
{
	uint32_t spin = i % 13 == 0 ? rnd() % 600 : 0;

	while (spin--)
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (i % 4099 == 0)
		sched_yield();
}

/* A vnic that keeps the rules of abi/ring.h, consumer side. */
static const char *vnic_consume(struct rig *r)
{
	const struct ring_desc *desc = (void *)(r->part[RING_PART_HOST] + ABI_PAGE_SIZE);
	const uint8_t *bufs = r->part[RING_PART_HOST] + ring_host_buf_off(r->slots);
	uint32_t cons = r->comp->rx_cons, got = 0, prod, slot;

	while (got < STREAM) {
		prod = smp_load_acquire(&r->host->rx_prod);
		for (; cons != prod; cons++, got++) {
			slot = cons % r->slots;
			if (desc[slot].stamp != got ||
			    memcmp(bufs + (size_t)slot * RING_BUF_SIZE, &got, sizeof(got)))
				return "packet lost or torn";
		}
		smp_store_release(&r->comp->rx_cons, cons);
		WRITE_ONCE(r->comp->rx_event, cons);
		smp_mb();
		if (smp_load_acquire(&r->host->rx_prod) == cons && got < STREAM &&
		    !wait_signal(r))
			return "lost wake-up";
	}
	return NULL;
}

static void *consumer(void *arg)
{
	struct rig *r = arg;

	__atomic_store_n(&r->fault, vnic_consume(r), __ATOMIC_RELAXED);
	return NULL;
}

static void publish(struct rig *r)
{
	if (ring_out_publish(&r->out))
		signal_peer(r);
}

/* -> false: the consumer has given up */
static bool wait_room(struct rig *r)
{
	while (!ring_out_room(&r->out)) {
		publish(r);
		if (__atomic_load_n(&r->fault, __ATOMIC_RELAXED))
			return false;
		sched_yield();
	}
	assert_true(ring_out_room(&r->out) > 0);	/* never a lie: it is honest */
	return true;
}

static void test_stream_to_aos(void **state)
{
	struct rig *r = rig_new(64);
	pthread_t thread;
	uint32_t i;

	(void)state;
	rig_start_at(r, 0u - STREAM / 2);
	assert_int_equal(pthread_create(&thread, NULL, consumer, r), 0);
	for (i = 0; i < STREAM && wait_room(r); i++) {
		put(r, i);
		if (rnd() % 8 == 0 || i == STREAM - 1)
			publish(r);
		dawdle(i);
	}
	pthread_join(thread, NULL);
	if (r->fault)
		fail_msg("%s, of %u packets", r->fault, i);
	print_message("to_aos: %u packets, %u sleeps, %u signals\n", STREAM, r->sleeps, r->signals);
	assert_true(r->sleeps > 100);
	rig_free(r);
}

/* ... and producer side. */
static void *producer(void *arg)
{
	struct rig *r = arg;
	uint32_t prod = r->comp->tx_prod, old = prod, slot, i;

	for (i = 0; i < STREAM; i++) {
		while (prod - smp_load_acquire(&r->host->tx_cons) == r->slots)
			sched_yield();
		slot = prod % r->slots;
		r->comp_desc[slot] = (struct ring_desc) { .buf = slot, .len = 60, .stamp = i };
		memcpy(r->part[RING_PART_TX] + (size_t)slot * RING_BUF_SIZE, &i, sizeof(i));
		prod++;
		if (rnd() % 8 == 0 || i == STREAM - 1 || prod - old == r->slots / 2) {
			smp_store_release(&r->comp->tx_prod, prod);
			smp_mb();
			if (ring_need_event(READ_ONCE(r->host->tx_event), prod, old))
				signal_peer(r);
			old = prod;
		}
		dawdle(i);
	}
	return NULL;
}

static void take_all(struct rig *r, uint32_t *got)
{
	int32_t n = ring_in_waiting(&r->in);
	struct ring_desc d;
	const uint8_t *data;

	assert_true(n >= 0);
	for (; n > 0; n--, (*got)++) {
		data = ring_in_take(&r->in, &d);
		assert_non_null(data);
		assert_int_equal(d.stamp, *got);
		assert_memory_equal(data, got, sizeof(*got));
	}
	ring_in_release(&r->in);
}

static void test_stream_from_aos(void **state)
{
	struct rig *r = rig_new(64);
	pthread_t thread;
	uint32_t got = 0;

	(void)state;
	rig_start_at(r, 0u - STREAM / 2);
	assert_int_equal(pthread_create(&thread, NULL, producer, r), 0);
	while (got < STREAM) {
		take_all(r, &got);
		if (got < STREAM && !ring_in_arm(&r->in) && !wait_signal(r))
			fail_msg("lost wake-up at packet %u", got);
	}
	pthread_join(thread, NULL);
	print_message("from_aos: %u packets, %u sleeps, %u signals\n", STREAM, r->sleeps,
		      r->signals);
	assert_true(r->sleeps > 100);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_fills_and_frees),
		cmocka_unit_test(test_out_wraps),
		cmocka_unit_test(test_out_lies),
		cmocka_unit_test(test_in_takes_in_order),
		cmocka_unit_test(test_in_index_lies),
		cmocka_unit_test(test_in_forged_descriptors),
		cmocka_unit_test(test_out_signals_once),
		cmocka_unit_test(test_in_arm_sees_late_packet),
		cmocka_unit_test(test_ip_check),
		cmocka_unit_test(test_out_left), cmocka_unit_test(test_log),
		cmocka_unit_test(test_log_forgets), cmocka_unit_test(test_log_lies),
		cmocka_unit_test(test_reset_leaves_nothing),
		cmocka_unit_test(test_scribbling_peer),
		cmocka_unit_test(test_stream_to_aos),
		cmocka_unit_test(test_stream_from_aos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
