/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel between a process that follows the rules, and ones that do not, and a stack
 * that answers each packet.  The channel's memory has its exact size, so a sanitizer
 * sees any step beyond.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "abi/drop_log.h"
#include "abi/translator.h"
#include "abi/tunnel.h"
#include "netstack/netstack.h"
#include "packet/packet.h"
#include "pump.h"
#include "vnic.h"
#include "world.h"

#define MTU	1500u
#define BYTES	8192u		/* of each ring of the channel */

static struct {
	uint8_t *host, *ctrl;
	uint32_t prod, cons;	/* the process's own */
	uint64_t sent, received;
} process;

static uint64_t answered;
static uint8_t packet[2048], taken[TRANSLATOR_RECORD_MAX];

/* ---- the stack ---- */

int64_t netstack_init(void)
{
	return 0;
}

/* It answers with what it got. */
int64_t netstack_input(uint32_t n)
{
	const struct packet_in *in = world_pkt_in;
	struct packet_out *out = world_pkt_out;
	const uint8_t *buffers = (uint8_t *)world_ring_host + ring_host_buf_off(TUNNEL_SLOTS);
	uint32_t i;

	out->in_total += n;
	for (i = 0; i < n && i < in->nlent; i++) {
		uint32_t buf = in->lent[in->nlent - 1 - i];

		memcpy(world.tx_buffers + buf * RING_BUF_SIZE,
		       buffers + in->packet[i].buf * RING_BUF_SIZE, in->packet[i].len);
		out->packet[i] = (struct packet){ buf, 0, in->packet[i].len };
	}
	out->taken = i;
	out->next_tick_ms = PACKET_NO_TICK;
	answered += i;
	return i;
}

int64_t netstack_tick(void)
{
	return 0;
}

/* ---- the process ---- */

static struct translator_host *host_page(void)
{
	return (struct translator_host *)process.host;
}

static struct translator_side *process_side(void)
{
	return (struct translator_side *)(process.host + TRANSLATOR_PROCESS_OFF);
}

static struct translator_side *component_side(void)
{
	return (struct translator_side *)process.ctrl;
}

/* As Linux does when a process is bound. */
static void process_binds(void)
{
	memset(process_side(), 0, sizeof(*process_side()));
	process.prod = process.cons = 0;
	host_page()->epoch += 1 + (host_page()->epoch & 1);
}

/* Until the component knows this process. */
static uint32_t index_of(uint32_t index)
{
	return component_side()->epoch == host_page()->epoch ? index : 0;
}

static bool process_sends(uint32_t len)
{
	packet[2] = (uint8_t)(len >> 8);
	packet[3] = (uint8_t)len;
	if (translator_put(process.host + TRANSLATOR_TO_AOS_OFF, BYTES, &process.prod,
			   index_of(component_side()->cons), packet, len))
		return false;
	process_side()->prod = process.prod;
	process.sent++;
	return true;
}

static int32_t process_takes(void)
{
	int32_t n = translator_get(process.ctrl + TRANSLATOR_FROM_AOS_OFF, BYTES, &process.cons,
				   index_of(component_side()->prod), taken, sizeof(taken));

	process_side()->cons = process.cons;
	if (n >= 0)
		process.received++;
	return n;
}

static void take_all(void)
{
	while (process_takes() >= 0)
		;
}

/* ---- the component ---- */

static bool step(void)
{
	bool in = pump_in(), worked = vnic_step();

	return pump_out() || in || worked;
}

static void run(void)
{
	for (int i = 0; step(); i++)
		assert_true(i < 10000);
}

static bool start(void)
{
	return pump_start() && vnic_start();
}

static uint64_t tunnel_counter(const char *name)
{
	return world_counters("tunnel", name);
}

static uint64_t vnic_counter(const char *name)
{
	return world_counters("vnic", name);
}

static int setup(void **state)
{
	(void)state;
	world_init(TUNNEL_SLOTS, MTU);
	mprotect(world_ring_host, ring_part_bytes(RING_PART_HOST, TUNNEL_SLOTS),
		 PROT_READ | PROT_WRITE);
	memset(&process, 0, sizeof(process));
	process.host = calloc(1, translator_part_bytes(RING_PART_HOST, BYTES, BYTES));
	process.ctrl = calloc(1, translator_part_bytes(RING_PART_CTRL, BYTES, BYTES));
	world_rx_host = process.host;
	world_rx_ctrl = process.ctrl;
	world_pump = calloc(1, sizeof(struct pump_marks));
	*host_page() = (struct translator_host){ .magic = TRANSLATOR_MAGIC,
		.revision = TRANSLATOR_REVISION, .to_aos = BYTES, .from_aos = BYTES };
	memset(packet, 0, sizeof(packet));
	packet[0] = 0x45;
	answered = 0;
	process_binds();
	return start() ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	free(process.host);
	free(process.ctrl);
	free(world_pump);
	return 0;
}

/* ---- good neighbours ---- */

static void flow(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t len = 20 + i % (MTU - 19);

		packet[9] = (uint8_t)i;
		assert_true(process_sends(len));
		run();
		assert_int_equal(process_takes(), len);
		assert_memory_equal(taken, packet, len);
	}
	assert_int_equal(vnic_counter("rx_packets"), 20000);
	assert_int_equal(vnic_counter("tx_packets"), 20000);
	assert_int_equal(vnic_counter("drop_") + tunnel_counter("drop_"), 0);
	assert_int_equal(world.doorbells, 0);
}

/* A batch costs one doorbell, and none if the process is awake. */
static void doorbells(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 30; i++)
		assert_true(process_sends(100));
	process_side()->want = TRANSLATOR_WANT_RECORD;
	run();
	assert_int_equal(world.doorbells, 1);
	take_all();
	assert_int_equal(process.received, 30);
}

/* The process does not take its answers: what finds no room is counted, all else comes. */
static void a_process_that_is_late(void **state)
{
	uint64_t sent, drops;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(process_sends(100));
		run();
	}
	sent = vnic_counter("tx_packets");
	drops = vnic_counter("drop_tx_full");
	assert_int_equal(vnic_counter("rx_packets"), 1000);
	assert_true(process.received == 0 && world.host->tx_cons != world.comp->tx_prod);
	assert_true(component_side()->want == 0);
	run();
	do {
		take_all();
	} while (step());
	take_all();
	assert_int_equal(process.received, vnic_counter("tx_packets"));
	assert_int_equal(vnic_counter("tx_packets"), sent);
	assert_int_equal(answered, sent + drops);
}

static void sleeping(void **state)
{
	(void)state;
	run();
	world.waits = 0;
	pump_sleep();
	assert_int_equal(world.waits, 1);
	assert_true(process_sends(100));
	pump_sleep();
	assert_int_equal(world.waits, 1);
}

static void nobody_there(void **state)
{
	(void)state;
	assert_true(process_sends(100));
	assert_true(pump_in());
	vnic_step();
	host_page()->epoch++;		/* the process is gone */
	run();
	assert_int_equal(tunnel_counter("drop_from_aos_gone"), 1);
	process_binds();
	assert_true(process_sends(100));
	run();
	assert_int_equal(process_takes(), 100);
}

/* ---- a new life ---- */

static void check_once_each(uint32_t n)
{
	run();
	take_all();
	assert_int_equal(vnic_counter("rx_packets"), n);
	assert_int_equal(process.received, n);
	assert_int_equal(process.sent, n);
}

/* It dies right after the process has been told, before the ring was. */
static void dies_in_pump_in(void **state)
{
	(void)state;
	assert_true(process_sends(100));
	assert_true(pump_in());
	world.host->rx_prod--;
	assert_true(start());
	assert_int_equal(world.host->rx_prod, 1);
	check_once_each(1);
}

/* Before the process was told: its record is still there. */
static void dies_before_it_told(void **state)
{
	(void)state;
	assert_true(process_sends(100));
	assert_true(pump_in());
	world.host->rx_prod--;
	component_side()->cons = 0;
	assert_true(start());
	assert_int_equal(world.host->rx_prod, 0);
	check_once_each(1);
}

static void dies_in_pump_out(void **state)
{
	(void)state;
	assert_true(process_sends(100));
	pump_in();
	vnic_step();
	assert_true(pump_out());
	world.host->tx_cons--;
	assert_true(start());
	check_once_each(1);
}

/* An index is published, and whoever sleeps for it was not told: now it is. */
static void dies_before_it_rang(void **state)
{
	static const uint32_t wants[] = { TRANSLATOR_WANT_ROOM, TRANSLATOR_WANT_RECORD };

	(void)state;
	assert_true(process_sends(100));
	run();
	assert_true(start());
	assert_int_equal(world.doorbells, 0);
	for (uint32_t i = 0; i < 2; i++) {
		process_side()->want = wants[i];
		assert_true(start());
		assert_int_equal(world.doorbells, i + 1);
	}
	check_once_each(1);
}

static void dies_anywhere_else(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 3000; i++) {
		assert_true(process_sends(20 + i % 1000));
		if (i % 3)
			pump_in();
		if (i % 5)
			vnic_step();
		if (i % 2)
			pump_out();
		assert_true(start());
		if (i % 4 == 0)
			run();
		take_all();
	}
	check_once_each(3000);
	assert_int_equal(world.doorbells, 0);	/* nor has vnic rung for anybody */
}

/* ---- bad neighbours ---- */

static void too_long(void **state)
{
	(void)state;
	assert_int_equal(translator_put(process.host + TRANSLATOR_TO_AOS_OFF, BYTES, &process.prod,
					0, taken, RING_BUF_SIZE + 1), 0);
	process_side()->prod = process.prod;
	assert_true(process_sends(100));
	run();
	assert_int_equal(tunnel_counter("drop_to_aos_long"), 1);
	assert_int_equal(process_takes(), 100);
}

static void no_packets(void **state)
{
	(void)state;
	assert_true(process_sends(0));
	assert_true(process_sends(19));
	packet[0] = 0x55;
	assert_true(process_sends(100));
	run();
	assert_int_equal(vnic_counter("drop_"), 3);
	assert_int_equal(answered, 0);
}

static void lies(void **state)
{
	(void)state;
	process_side()->prod = BYTES + 1;
	run();
	process_side()->prod = process.prod = component_side()->cons;
	assert_true(process_sends(100));
	process_side()->cons = 77;		/* of what was never sent */
	run();
	process_side()->cons = 0;
	run();
	assert_int_equal(process_takes(), 100);
	assert_true(world_counters("lib", "") >= 2);
}

static void scribble(uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (rand() % 8 == 0)
			at[i] = (uint8_t)rand();
}

/* Anything, any time: it ends, stays in its memory, and counts each packet it takes. */
static void a_scribbler(void **state)
{
	const struct packet_out *out = world_pkt_out;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		uint32_t lens[] = { 40, 3000, 0xffffffff, 4092, 2049, (uint32_t)rand() };

		if (rand() % 4 == 0)
			scribble(process.host + TRANSLATOR_TO_AOS_OFF, BYTES);
		for (uint32_t at = 0; at + 4 < BYTES && rand() % 2; at += 200)
			memcpy(process.host + TRANSLATOR_TO_AOS_OFF + at, &lens[rand() % 6], 4);
		process_side()->prod = component_side()->cons + (uint32_t)rand() % (BYTES + 200);
		process_side()->cons = component_side()->prod - (uint32_t)rand() % (BYTES + 200);
		process_side()->want = (uint32_t)rand();
		if (rand() % 16 == 0)
			host_page()->epoch++;
		for (int i = 0; i < 20; i++)
			step();
		if (rand() % 16 == 0)
			assert_true(start());
	}
	assert_int_equal(vnic_counter("rx_packets"), out->in_total + vnic_counter("drop_") -
			 vnic_counter("drop_tx_"));
}

static void what_cannot_work(void **state)
{
	(void)state;
	world_region_size = ring_part_bytes(RING_PART_TX, TUNNEL_SLOTS) - 4096;
	assert_false(pump_start());
	world_region_size = UINT64_MAX;
	world.info.channel[0].slots = 512;
	assert_false(pump_start());
	world.info.channel[0].slots = TUNNEL_SLOTS;
	host_page()->to_aos = 5000;
	assert_false(pump_start());
	host_page()->to_aos = BYTES;
	assert_true(pump_start());
}

/* ---- drops, told to Linux ---- */

static struct drop_entry told;

static int32_t linux_hears(void)
{
	uint32_t *cons = &host_page()->log_cons[TRANSLATOR_COMPONENT];

	return drop_log_take(process.ctrl + TRANSLATOR_FROM_AOS_OFF + BYTES, cons,
			     component_side()->log_prod, DROP_AT_COMPONENTS, &told);
}

static void check_told(int32_t bytes, enum drop why, uint32_t place, uint32_t len)
{
	assert_int_equal(linux_hears(), bytes);
	assert_int_equal(told.told.why, why);
	assert_int_equal(told.told.place, place);
	assert_int_equal(told.told.len, len);
	assert_int_equal(told.told.n, 1);
	assert_memory_equal(told.packet, packet, (size_t)bytes);
}

static void nobody_asks(void **state)
{
	(void)state;
	packet[0] = 0x55;
	assert_true(process_sends(100));
	run();
	assert_int_equal(linux_hears(), -1);
	assert_int_equal(component_side()->log_prod, 0);
}

/* vnic's, with its packet; the pump's own; a lie; also of a new life. */
static void each_is_told(void **state)
{
	(void)state;
	host_page()->tell = 1;
	run();
	packet[0] = 0x55;
	packet[30] = 0xaa;
	assert_true(process_sends(100));
	run();
	check_told(100, DROP_VERSION, DROP_AT_VNIC_IN, 100);
	assert_true(start());
	memcpy(taken, packet, sizeof(packet));
	assert_int_equal(translator_put(process.host + TRANSLATOR_TO_AOS_OFF, BYTES, &process.prod,
					component_side()->cons, taken, RING_BUF_SIZE + 7), 0);
	process_side()->prod = process.prod;
	run();
	check_told(DROP_LOG_PACKET, DROP_TO_AOS_LONG, DROP_AT_TRANSLATOR, RING_BUF_SIZE + 7);
	process_side()->prod = process.prod + BYTES + 1;
	run();
	check_told(0, DROP_TRANSLATOR_LIE, DROP_AT_TRANSLATOR, 0);
	assert_int_equal(linux_hears(), -1);
}

static void a_log_that_is_full(void **state)
{
	uint64_t heard = 0;

	(void)state;
	host_page()->tell = 1;
	packet[0] = 0x55;
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(process_sends(100));
		run();
	}
	while (linux_hears() >= 0)
		heard += told.told.n;
	assert_true(heard > 100);
	assert_int_equal(vnic_counter("drop_version"), 1000);
	assert_int_equal(heard + world_counters("lib", "drops_untold"), 1000);
	host_page()->tell = 0;
	assert_true(process_sends(100));
	run();
	assert_int_equal(linux_hears(), -1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flow), TEST(doorbells), TEST(a_process_that_is_late), TEST(sleeping),
		TEST(nobody_there), TEST(dies_in_pump_in), TEST(dies_before_it_told),
		TEST(dies_in_pump_out), TEST(dies_before_it_rang), TEST(dies_anywhere_else),
		TEST(too_long), TEST(no_packets), TEST(lies), TEST(a_scribbler), TEST(what_cannot_work),
		TEST(nobody_asks), TEST(each_is_told), TEST(a_log_that_is_full),
	};

	return cmocka_run_group_tests_name("tunnel", tests, NULL, NULL);
}
