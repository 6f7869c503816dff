/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vnic between a cosnet and a stack that follow the rules, and ones that do
 * not.  The stack is here: it sends what the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "netstack/netstack.h"
#include "packet/packet.h"
#include "vnic.h"
#include "world.h"
#include "abi/drop.h"

#define MTU	1500u

static struct {
	int64_t (*input)(uint32_t n);
	uint32_t inits, inputs, ticks;
	uint32_t packets;
	uint32_t next_tick_ms;
} stack;

static uint8_t packet[2048], taken[2048];

static void fill(void *p, uint32_t n)
{
	uint8_t *byte = p;

	while (n--)
		*byte++ = (uint8_t)rand();
}

/* ---- stacks ---- */

int64_t netstack_init(void)
{
	struct packet_out *out = world_pkt_out;

	if (!stack.inits++)
		out->next_tick_ms = PACKET_NO_TICK;
	return 0;
}

int64_t netstack_input(uint32_t n)
{
	struct packet_out *out = world_pkt_out;

	stack.inputs++;
	stack.packets += n;
	out->taken = 0;
	out->next_tick_ms = stack.next_tick_ms;
	return stack.input ? stack.input(n) : 0;
}

int64_t netstack_tick(void)
{
	struct packet_out *out = world_pkt_out;

	stack.ticks++;
	out->taken = 0;
	out->next_tick_ms = stack.next_tick_ms;
	return 0;
}

/* One reply per packet, in the last lent buffers. */
static int64_t answer_all(uint32_t n)
{
	const struct packet_in *in = world_pkt_in;
	struct packet_out *out = world_pkt_out;
	uint32_t i;

	if (n > in->nlent)
		n = in->nlent;
	out->taken = n;
	for (i = 0; i < n; i++)
		out->packet[i] = (struct packet){ in->lent[in->nlent - 1 - i], 64, 100 };
	return n;
}

static int64_t answer_lies(uint32_t n)
{
	const struct packet_in *in = world_pkt_in;
	struct packet_out *out = world_pkt_out;
	uint32_t i;

	fill(out, sizeof(*out));
	if (rand() & 1)
		out->taken = (uint32_t)rand() % 70;
	for (i = 0; i < PACKET_OUT_MAX; i++) {
		if (rand() % 4)
			out->packet[i].buf = (uint32_t)rand() % (WORLD_SLOTS + 2);
		if (rand() % 2 && in->nlent)
			out->packet[i].buf = in->lent[(uint32_t)rand() % in->nlent];
		if (rand() % 4)
			out->packet[i].off = (uint16_t)(rand() % 2100);
		if (rand() % 4)
			out->packet[i].len = (uint16_t)(rand() % 1600);
	}
	return rand() % 4 ? rand() % 70 : (int64_t)(n + (uint64_t)rand() * rand() * rand());
}

/* Of the second packet of a batch, of none that is in it, and of some unknown. */
static int64_t tell_drops(uint32_t n)
{
	const struct packet_in *in = world_pkt_in;
	struct packet_out *out = world_pkt_out;
	struct ring_drop d = { .n = 1, .why = DROP_TTL, .place = DROP_AT_LWIP_IN, .known = 1 };

	d.packet = in->packet[1].buf;
	out->drop[out->drop_prod++ % PACKET_DROPS] = d;
	d.packet = in->packet[n - 1].buf + 1;
	out->drop[out->drop_prod++ % PACKET_DROPS] = d;
	d.packet = UINT32_MAX - WORLD_SLOTS + 1 + in->packet[1].buf;
	out->drop[out->drop_prod++ % PACKET_DROPS] = d;
	d = (struct ring_drop){ .n = 7, .why = 9999, .place = 255 };
	out->drop[out->drop_prod++ % PACKET_DROPS] = d;
	return 0;
}

static int64_t fault(uint32_t n)
{
	(void)n;
	return -AOS_EFAULT;
}

/* ---- helpers ---- */

static void run(void)
{
	while (vnic_step())
		;
}

static int setup(void **state)
{
	(void)state;
	world_init(WORLD_SLOTS, MTU);
	memset(&stack, 0, sizeof(stack));
	stack.input = answer_all;
	stack.next_tick_ms = PACKET_NO_TICK;
	memset(packet, 0, sizeof(packet));
	packet[0] = 0x45;
	packet[3] = 40;
	return vnic_start() ? 0 : -1;
}

static uint32_t take_all(void)
{
	uint32_t n;

	for (n = 0; world_take(taken); n++)
		;
	return n;
}

/* ---- good neighbours ---- */

static void flow(void **state)
{
	uint64_t sent = world_counter("tx_packets");
	uint32_t i;

	(void)state;
	for (i = 0; i < 10 * WORLD_SLOTS; i++) {
		world_put(packet, 40);
		if (rand() % 3)
			continue;
		run();
		take_all();
	}
	run();
	take_all();
	assert_int_equal(stack.packets, 10 * WORLD_SLOTS);
	assert_int_equal(world_counter("tx_packets") - sent, 10 * WORLD_SLOTS);
	assert_int_equal(world.comp->rx_cons, world.host->rx_prod);
	assert_int_equal(world_counters("vnic", "drop_"), 0);
}

static void indices_wrap(void **state)
{
	(void)state;
	world.host->rx_prod = world.comp->rx_cons = UINT32_MAX - 5;
	world.host->tx_cons = world.comp->tx_prod = UINT32_MAX - 50;
	world_component_counter("vnic", "tx_packets")->value = UINT32_MAX - 50;
	world_component_counter("vnic", "rx_packets")->value = UINT32_MAX - 5;
	((struct packet_in *)world_pkt_in)->rx_taken = UINT32_MAX - 5;
	assert_true(vnic_start());
	flow(state);
}

static void batches_of_32(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		world_put(packet, 40);
	run();
	assert_int_equal(stack.inputs, 4);
	assert_int_equal(stack.packets, 100);
}

static void doorbell_only_when_wanted(void **state)
{
	(void)state;
	world.doorbells = 0;
	world.host->tx_event = world.comp->tx_prod + 10;
	world_put(packet, 40);
	run();
	assert_int_equal(world.doorbells, 0);
	world.host->tx_event = world.comp->tx_prod;
	world_put(packet, 40);
	world_put(packet, 40);
	run();
	assert_int_equal(world.doorbells, 1);
}

static void sleeping(void **state)
{
	(void)state;
	world.waits = 0;
	vnic_sleep();
	assert_int_equal(world.waits, 1);
	assert_int_equal(world.comp->rx_event, world.host->rx_prod);
	/* a packet that came in between */
	world_put(packet, 40);
	vnic_sleep();
	assert_int_equal(world.waits, 1);
}

static void ticking(void **state)
{
	(void)state;
	stack.next_tick_ms = 1000;
	world.now_ns = 7000000000ull;
	world_put(packet, 40);
	run();
	assert_int_equal(world.timer_at, 8000000000ull);
	world.now_ns += 999999999;
	run();
	assert_int_equal(stack.ticks, 0);
	world.now_ns += 1;
	run();
	assert_int_equal(stack.ticks, 1);
	assert_int_equal(world.timer_at, 9000000000ull);
	stack.next_tick_ms = PACKET_NO_TICK;
	world.now_ns = 9000000000ull;
	run();
	assert_int_equal(stack.ticks, 2);
	world.now_ns = 90000000000ull;
	run();
	assert_int_equal(stack.ticks, 2);
}

/* The stack waits for its tick, whoever has forgotten it: vnic's timer goes with vnic. */
static void ticking_goes_on(void **state)
{
	(void)state;
	assert_int_equal(world.timer_at, 0);
	stack.next_tick_ms = 1000;
	world_put(packet, 40);
	run();
	world.now_ns = 500000000;
	world.timer_at = 0;
	assert_true(vnic_start());
	assert_int_equal(world.timer_at, 1500000000);
	stack.next_tick_ms = PACKET_NO_TICK;
	world.now_ns = 1500000000;
	run();
	assert_int_equal(stack.ticks, 1);
	world.timer_at = 0;
	assert_true(vnic_start());
	assert_int_equal(world.timer_at, 0);
}

/* A second life: what cosnet has not taken yet must not be reused. */
static void restart(void **state)
{
	uint8_t outstanding[WORLD_SLOTS] = { 0 };
	const struct packet_in *in = world_pkt_in;
	uint32_t i;

	(void)state;
	for (i = 0; i < 50; i++)
		world_put(packet, 40);
	run();
	world_put(packet, 40);
	for (i = world.host->tx_cons; i != world.comp->tx_prod; i++)
		outstanding[world_tx_desc(i)->buf] = 1;
	assert_true(vnic_start());
	run();
	assert_int_equal(stack.packets, 51);
	assert_int_equal(world.comp->tx_prod, 51);
	assert_false(outstanding[world_tx_desc(50)->buf]);
	for (i = 0; i < in->nlent; i++)
		assert_false(outstanding[in->lent[i]]);
	assert_int_equal(take_all(), 51);
}

/* It was published, and vnic died before it rang: the next life rings, once. */
static void dies_before_the_bell(void **state)
{
	(void)state;
	world.host->tx_event = world.comp->tx_prod + 1;
	world_put(packet, 40);
	run();
	assert_int_equal(world.doorbells, 0);
	world.host->tx_event = world.host->tx_cons;	/* as if asleep all the time */
	assert_true(vnic_start());
	assert_int_equal(world.doorbells, 1);
	assert_int_equal(take_all(), 1);
	/* not if there is nothing to take, nor while cosnet is at it */
	world.host->tx_event = world.host->tx_cons;
	assert_true(vnic_start());
	world.host->tx_event--;
	world_put(packet, 40);
	run();
	assert_true(vnic_start());
	assert_int_equal(world.doorbells, 1);
}

static void ring_full(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 2 * WORLD_SLOTS; i++) {
		world_put(packet, 40);
		run();
	}
	assert_int_equal(world_counter("tx_packets"), WORLD_SLOTS);
	assert_true(world_counter("tx_starved") > 0);
	assert_int_equal(take_all(), WORLD_SLOTS);
	world_put(packet, 40);
	run();
	assert_int_equal(take_all(), 1);
}

/* ---- bad packets ---- */

static void refuse(const char *reason, uint32_t len)
{
	world_counters_clear();
	world.host->tell = 1;
	world_put(packet, len);
	run();
	assert_int_equal(world_counter(reason), 1);
	assert_int_equal(world_counters("vnic", "drop_"), 1);
	world_assert_told(reason, DROP_AT_VNIC_IN);
}

static void bad_packets(void **state)
{
	(void)state;
	refuse("drop_short", 0);
	refuse("drop_short", 19);
	refuse("drop_length", 39);
	packet[0] = 0x65;
	packet[4] = 0;
	packet[5] = 1;
	refuse("drop_short", 39);
	refuse("drop_length", 40);
	packet[0] = 0x15;
	refuse("drop_version", 40);
	assert_int_equal(stack.packets, 0);
}

/* Nobody wants to know: nothing is written.  Then the log is filled, and no more. */
static void telling(void **state)
{
	struct ring_drop d;
	uint32_t i;

	(void)state;
	packet[0] = 0x15;
	world_put(packet, 40);
	run();
	assert_int_equal(world.comp->log_prod, 0);
	world.host->tell = 1;
	for (i = 0; i < 3 * WORLD_SLOTS; i++) {
		world_put(packet, 40);
		run();
	}
	assert_int_equal(world.comp->log_prod, WORLD_SLOTS);
	assert_int_equal(world_counter("drop_version"), 3 * WORLD_SLOTS + 1);
	assert_int_equal(world_counter("drops_untold"), 2 * WORLD_SLOTS);
	for (i = 0; i < WORLD_SLOTS; i++) {
		assert_true(world_told(&d));
		assert_int_equal(d.packet, i + 1);
	}
	world_put(packet, 40);
	run();
	assert_int_equal(world.doorbells, 0);
	world_assert_told("drop_version", DROP_AT_VNIC_IN);
}

/* What lwip tells goes on; which packet it was is believed of the batch in hand alone. */
static void stack_tells(void **state)
{
	struct ring_drop d;
	uint32_t i, round;

	(void)state;
	world.host->tell = 1;
	stack.input = tell_drops;
	for (round = 0; round < 100; round++) {
		for (i = 0; i < 3; i++)
			world_put(packet, 40);
		run();
		assert_true(world_told(&d));
		assert_int_equal(d.known, 1);
		assert_int_equal(d.packet, world.host->rx_prod - 2);
		for (i = 0; i < 2; i++) {
			assert_true(world_told(&d));
			assert_int_equal(d.known, 0);
			assert_int_equal(d.why, DROP_TTL);
		}
		assert_true(world_told(&d));
		assert_int_equal(d.n, 7);
		assert_int_equal(d.why, 9999);	/* cosnet's to judge */
		assert_false(world_told(&d));
	}
	((struct packet_out *)world_pkt_out)->drop_prod += 10 * PACKET_DROPS;
	stack.input = answer_all;
	world_put(packet, 40);
	run();
	assert_false(world_told(&d));
}

/* A batch that lwip faulted on is told packet by packet. */
static void faults_are_told(void **state)
{
	struct ring_drop d;
	uint32_t i;

	(void)state;
	world.host->tell = 1;
	stack.input = fault;
	for (i = 0; i < 3; i++)
		world_put(packet, 40);
	run();
	for (i = 0; i < 3; i++) {
		assert_true(world_told(&d));
		assert_int_equal(d.why, DROP_STACK);
		assert_int_equal(d.packet, i);
		assert_int_equal(d.known, 1);
	}
	assert_false(world_told(&d));
}

static void bad_descriptors(void **state)
{
	static const struct ring_desc bad[] = {
		{ .buf = 1, .len = 40 },		/* another slot's */
		{ .buf = UINT32_MAX, .len = 40 },
		{ .off = 2049, .len = 0 },
		{ .off = 2040, .len = 40 },
		{ .off = 65535, .len = 65535 },
	};
	uint32_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		world_put(packet, 40);
		*world_rx_desc(world.host->rx_prod - 1) = bad[i];
		if (i >= 2)
			world_rx_desc(world.host->rx_prod - 1)->buf = i;
		run();
	}
	assert_int_equal(world_counter("drop_descriptor"), 5);
	assert_int_equal(stack.packets, 0);
	assert_int_equal(world.comp->rx_cons, world.host->rx_prod);
}

/* ---- liars ---- */

static void rx_prod_lies(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		world.host->rx_prod = (uint32_t)rand() * 2u + (uint32_t)(rand() & 1);
		run();
		vnic_sleep();
		assert_int_equal(world.comp->rx_cons, world.host->rx_prod);
	}
	assert_true(world_counter("rx_ring_lies") > 900);
	stack.packets = 0;
	world_put(packet, 40);
	run();
	assert_int_equal(stack.packets, 1);
}

static void tx_cons_lies(void **state)
{
	uint32_t i, honest = world.host->tx_cons;

	(void)state;
	for (i = 0; i < 40; i++) {
		world.host->tx_cons = honest + 100000 + (uint32_t)rand() % 100000;
		world_put(packet, 40);
		run();
	}
	assert_true(world_counter("tx_ring_lies") >= 40);
	world.host->tx_cons = honest;
	assert_int_equal(take_all(), 40);
}

/* No buffer with two owners, whatever lwip says. */
static void assert_owners(void)
{
	const struct packet_in *in = world_pkt_in;
	uint8_t seen[WORLD_SLOTS] = { 0 };
	uint32_t i;

	assert_in_range(in->nlent, 0, PACKET_OUT_MAX);
	for (i = 0; i < in->nlent; i++)
		assert_int_equal(seen[in->lent[i]]++, 0);
	assert_in_range(world.comp->tx_prod - world.host->tx_cons, 0, WORLD_SLOTS);
	for (i = world.host->tx_cons; i != world.comp->tx_prod; i++)
		assert_int_equal(seen[world_tx_desc(i)->buf]++, 0);
}

static void stack_lies(void **state)
{
	uint32_t i, n;

	(void)state;
	stack.input = answer_lies;
	for (i = 0; i < 20000; i++) {
		world_put(packet, 40);
		run();
		assert_owners();
		for (n = (uint32_t)rand() % 8; n--;)
			world_take(taken);
		packet[0] = 0x45;
	}
	assert_true(world_counter("drop_tx_invalid") > 10000);
	assert_true(world_counter("tx_packets") > 10000);
	/* nothing was lost on the way */
	take_all();
	stack.input = answer_all;
	for (i = 0; i < 4 * WORLD_SLOTS; i++) {
		world_put(packet, 40);
		run();
		assert_int_equal(take_all(), 1);
	}
}

static void stack_faults(void **state)
{
	uint32_t i;

	(void)state;
	stack.input = fault;
	stack.inits = 0;
	for (i = 0; i < 1000; i++)
		world_put(packet, 40), run();
	assert_int_equal(world_counter("drop_stack"), 1000);
	assert_int_equal(stack.inits, 0);	/* it did not ask for a start */
	stack.input = answer_all;
	world_put(packet, 40);
	run();
	assert_int_equal(take_all(), 1);
}

static void everything_lies(void **state)
{
	uint32_t i, j;

	(void)state;
	stack.input = answer_lies;
	for (i = 0; i < 20000; i++) {
		if (rand() % 8 == 0)
			world.host->rx_prod += (uint32_t)rand() % 400;
		if (rand() % 8 == 0)
			world.host->tx_cons = (uint32_t)rand();
		if (rand() % 64 == 0)
			world.host->tx_cons = world.comp->tx_prod;
		world.host->tx_event = (uint32_t)rand();
		for (j = 0; j < 4; j++)
			fill(world_rx_desc((uint32_t)rand()), sizeof(struct ring_desc));
		fill(world.rx_buffers + (size_t)((uint32_t)rand() % WORLD_SLOTS) * RING_BUF_SIZE, 60);
		vnic_step();
		if (rand() % 500 == 0)
			assert_true(vnic_start());
	}
}

/* ---- lives ---- */

static jmp_buf death;
static bool taken_over;		/* the stack had counted the batch when vnic died */

/* vnic ends here, in the middle of a batch. */
static int64_t die(uint32_t n)
{
	struct packet_out *out = world_pkt_out;

	if (taken_over)
		out->in_total += n;
	longjmp(death, 1);
}

static void die_with(uint32_t packets)
{
	while (packets--)
		world_put(packet, 40);
	stack.input = die;
	if (!setjmp(death))
		run();
	stack.input = answer_all;
	assert_true(vnic_start());
}

/* The batch in hand is released and counted once, and nothing twice. */
static void dies_with_a_batch(void **state)
{
	(void)state;
	die_with(5);
	assert_int_equal(world.comp->rx_cons, 5);
	assert_int_equal(world_counter("rx_packets"), 5);
	assert_int_equal(world_counter("drop_restart"), 5);
	taken_over = true;
	die_with(7);
	taken_over = false;
	assert_int_equal(world_counter("rx_packets"), 12);
	assert_int_equal(world_counter("drop_restart"), 5);
	assert_int_equal(world_counter("drop_stack"), 0);
	run();
	assert_int_equal(stack.packets, 12);
}

/* Its counters follow the ring's indices, also behind a lie. */
static void counts_what_is_published(void **state)
{
	const struct packet_in *in = world_pkt_in;

	(void)state;
	world_put(packet, 40);
	run();
	assert_int_equal(in->tx_total, 1);
	world_component_counter("vnic", "tx_packets")->value = 0;
	world_component_counter("vnic", "rx_packets")->value = 0;
	assert_true(vnic_start());
	assert_int_equal(world_counter("tx_packets"), 1);
	assert_int_equal(world_counter("rx_packets"), 1);
	assert_int_equal(in->tx_total, 1);
	world.host->rx_prod += 1000;
	run();
	assert_int_equal(world_counter("rx_packets"), 1);
	assert_true(vnic_start());
	assert_int_equal(world_counter("rx_packets"), 1);
}

static int64_t too_many(uint32_t n)
{
	(void)n;
	return PACKET_OUT_MAX + 1;
}

static int64_t not_lent(uint32_t n)
{
	struct packet_out *out = world_pkt_out;

	(void)n;
	out->packet[0] = (struct packet){ WORLD_SLOTS, 64, 100 };
	return 1;
}

/* What no stack that works can say is told to the supervisor. */
static void garbage_is_reported(void **state)
{
	(void)state;
	stack.input = too_many;
	world_put(packet, 40);
	run();
	assert_int_equal(world.reports, 1);
	stack.input = not_lent;
	world_put(packet, 40);
	run();
	assert_int_equal(world.reports, 2);
	assert_int_equal(world.reported, AOS_CAP(netstack_input));
	assert_int_equal(world_counter("drop_tx_invalid"), 1);
	stack.input = fault;
	world_put(packet, 40);
	run();
	assert_int_equal(world.reports, 2);
	assert_int_equal(take_all(), 0);
}

static int64_t fresh(uint32_t n)
{
	if (stack.inits == 1)
		return -AOS_EAGAIN;
	return answer_all(n);
}

/* A stack that was made anew is started, and gets the same batch. */
static void a_fresh_stack_is_started(void **state)
{
	(void)state;
	stack.input = fresh;
	world_put(packet, 40);
	run();
	assert_int_equal(stack.inits, 2);
	assert_int_equal(take_all(), 1);
	assert_int_equal(world_counter("drop_stack"), 0);
}

static void refuses_wrong_ring(void **state)
{
	(void)state;
	world.host->slots = WORLD_SLOTS * 2;
	assert_false(vnic_start());
	world.host->slots = WORLD_SLOTS;
	world.host->magic++;
	assert_false(vnic_start());
	world.host->magic--;
	world.info.channel[0].slots = 100;
	assert_false(vnic_start());
	world.info.channel[0].slots = WORLD_SLOTS;
	assert_true(vnic_start());
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(flow), TEST(indices_wrap), TEST(batches_of_32),
		TEST(doorbell_only_when_wanted), TEST(sleeping), TEST(ticking), TEST(ticking_goes_on),
		TEST(restart), TEST(dies_before_the_bell),
		TEST(ring_full), TEST(bad_packets), TEST(telling), TEST(stack_tells), TEST(faults_are_told), TEST(bad_descriptors), TEST(rx_prod_lies),
		TEST(tx_cons_lies), TEST(stack_lies), TEST(stack_faults), TEST(everything_lies),
		TEST(refuses_wrong_ring), TEST(dies_with_a_batch),
		TEST(counts_what_is_published), TEST(garbage_is_reported),
		TEST(a_fresh_stack_is_started),
	};

	srand(argc == 2 ? (unsigned int)atoi(argv[1]) : 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
