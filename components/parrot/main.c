// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The component of the translator's tests: says again what a process says, and
 * does what it is told.  The first byte of a message is the order:
 *
 *   'e'  the message comes back
 *   'n'  u32 N after it: N events, with pauses of random length between
 *   'k'  from now on each event that wakes us is answered by one; 'q': no more
 *   'l'  u32 SEED: lies, into all that the process reads of us
 *   't'  from now on each event that wakes us is answered by a message with two stamps
 *        and an event: when we woke, and when we sent the event before
 *   'd'  dies of a fault
 */
#include "aos.h"
#include "ordering.h"
#include "sched/sched.h"
#include "translator/translator.h"

#define PAUSE_MAX	2000u	/* turns of a loop */
#define SLEEP_NS	20000u

static struct {
	struct translator line;
	uint8_t message[TRANSLATOR_RECORD_MAX];
	uint64_t random;
	bool knocking, timing;
	uint64_t signalled;
	uint32_t whom;			/* was there when we last looked */
	struct counter *messages, *knocks, *events;
} parrot;

static uint32_t random32(void)
{
	parrot.random = parrot.random * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(parrot.random >> 32);
}

static void pause(void)
{
	uint32_t r = random32();

	if (!(r & 0xfff))
		sched_sleep_until(aos_time_ns() + SLEEP_NS);
	else if (!(r & 0x3f))
		for (uint32_t i = r % PAUSE_MAX; i; i--)
			__asm__ volatile("pause");
}

static void notify(uint32_t n)
{
	while (n--) {
		translator_notify(&parrot.line);
		counter_inc(parrot.events);
		pause();
	}
}

/* Gives up when the process has gone. */
static void say_again(uint32_t len)
{
	while (translator_send(&parrot.line, parrot.message, len) == -AOS_EAGAIN)
		translator_wait(&parrot.line, TRANSLATOR_WANT_ROOM);
}

/* Indices that are wrong by a little or a lot, and lengths that are none. */
static void lie(uint32_t seed)
{
	struct translator_side *side = (struct translator_side *)parrot.line.ctrl;
	uint8_t *bytes = parrot.line.ctrl + TRANSLATOR_FROM_AOS_OFF;

	parrot.random ^= seed;
	for (uint32_t i = 0; i < parrot.line.from_aos + TRANSLATOR_LOG_BYTES; i++)
		bytes[i] = (uint8_t)random32();
	WRITE_ONCE(side->prod, parrot.line.prod + (random32() & 1 ? random32() : random32() % 64));
	WRITE_ONCE(side->cons, parrot.line.cons + (random32() & 1 ? random32() : random32() % 64));
	WRITE_ONCE(side->want, random32());
	WRITE_ONCE(side->log_prod, random32());
	if (!(seed % 3))
		WRITE_ONCE(side->epoch, random32());
	translator_notify(&parrot.line);
}

static uint32_t argument(uint32_t len)
{
	uint32_t value = 0;

	if (len >= 1 + sizeof(value))
		memcpy(&value, parrot.message + 1, sizeof(value));
	return value;
}

static void obey(uint32_t len)
{
	counter_inc(parrot.messages);
	switch (len ? parrot.message[0] : 0) {
	case 'e': say_again(len); break;
	case 'n': notify(argument(len)); break;
	case 'k': parrot.knocking = true; break;
	case 'q': parrot.knocking = false; break;
	case 't': parrot.timing = true; break;
	case 'l': lie(argument(len)); break;
	case 'd': aos_abort();
	}
}

static void time_event(uint64_t woken)
{
	uint64_t stamps[2] = { woken, parrot.signalled };

	translator_send(&parrot.line, stamps, sizeof(stamps));
	parrot.signalled = aos_tsc();
	translator_notify(&parrot.line);
}

static void answer(uint64_t events, uint64_t woken)
{
	if (parrot.timing)
		time_event(woken);
	if (!parrot.knocking)
		return;
	counter_add(parrot.knocks, events);
	notify(1);
}

/* Whoever comes next has not asked for answers. */
static void listen(void)
{
	uint32_t whom = translator_bound(&parrot.line);
	uint64_t woken;
	int64_t n;

	if (whom != parrot.whom)
		parrot.knocking = parrot.timing = false;
	parrot.whom = whom;
	n = translator_recv(&parrot.line, parrot.message, sizeof(parrot.message));
	if (n >= 0) {
		obey((uint32_t)n);
		return;
	}
	n = translator_wait(&parrot.line, TRANSLATOR_WANT_RECORD);
	woken = aos_tsc();
	if (n > 0 && translator_bound(&parrot.line) == whom)
		answer((uint64_t)n, woken);
}

void parrot_main(uint64_t arg)
{
	parrot.random = arg;
	parrot.messages = aos_counter("messages");
	parrot.knocks = aos_counter("knocks");
	parrot.events = aos_counter("events");
	if (translator_open(&parrot.line, AOS_REGION(line_host), AOS_REGION(line_ctrl),
			    AOS_CAP(line), AOS_CAP(line_bell))) {
		aos_log("this is no translator channel\n");
		return;
	}
	for (;;)
		listen();
}
