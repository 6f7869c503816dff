// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * talk CHANNEL ORDER [ARGUMENT]... - a process at a translator channel whose
 * component is components/parrot.  Ends with status 0, or says what is wrong.
 *
 *   echo N MAX     N messages of 0 to MAX bytes, many on their way at once; each
 *                  comes back byte for byte, in order
 *   knock N        N times: one event there, one back, neither is lost
 *   pour N         N events, as fast as it goes, with pauses; prints how many came back
 *   burst N HOW    N events from the component, all counted; waits by HOW: read, poll,
 *                  epoll, edge (edge-triggered), nonblock
 *   lied N         N times the component lies; refused and counted, then it is bound anew
 *   liar N         this process lies, N times, in all it writes
 *   die N          N times the component dies, and goes on after its restart
 *   hold S         is bound for S seconds
 *   gone           is bound until the AOS ends; is told so in every way there is
 */
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/epoll.h>

#include "lib/translator/translator.h"
#include "talk.h"

#define WAIT_MS		30000
#define ON_WAY		64	/* messages on their way at once */

static struct translator *t;

static uint32_t below(uint32_t n)
{
	return (uint32_t)random() % n;
}

/* Mostly none, sometimes a few turns, seldom a sleep. */
static void pause_a_little(void)
{
	uint32_t r = below(1024);

	if (r < 8)
		usleep(below(200));
	else if (r < 32)
		for (volatile uint32_t i = below(3000); i; i--)
			;
}

static void bind_to(int flags)
{
	t = translator_open(flags);
	if (!t)
		DIE("/dev/translator: %m");
	for (int i = 0; translator_bind(t, "", channel); i++) {
		if (i > 500 || (errno != EBUSY && errno != ENODEV))
			DIE("%s: %m", channel);
		usleep(10000);
	}
}

static void send(const void *data, size_t len)
{
	while (translator_send(t, data, len)) {
		if (errno != EAGAIN)
			DIE("sending: %m");
		if (translator_wait(t, TRANSLATOR_ROOM, WAIT_MS) <= 0)
			DIE("no room: %m");
	}
}

static void order(char what, uint32_t n)
{
	char message[5] = { what };

	memcpy(message + 1, &n, sizeof(n));
	send(message, sizeof(message));
}

/* ---- messages ---- */

static uint8_t byte_of(uint32_t message, uint32_t i)
{
	return (uint8_t)(message * 131 + i * 7 + (i >> 8));
}

static uint32_t length_of(uint32_t message, uint32_t max)
{
	return 5 + (message * 2654435761u >> 7) % max;
}

static bool send_one(uint32_t message, uint32_t max)
{
	uint8_t data[TRANSLATOR_MESSAGE_MAX];
	uint32_t len = length_of(message, max);

	data[0] = 'e';
	memcpy(data + 1, &message, sizeof(message));
	for (uint32_t i = 5; i < len; i++)
		data[i] = byte_of(message, i);
	if (!translator_send(t, data, len))
		return true;
	if (errno != EAGAIN)
		DIE("message %u: sending: %m", message);
	return false;
}

static bool receive_one(uint32_t message, uint32_t max)
{
	uint8_t data[TRANSLATOR_MESSAGE_MAX];
	uint32_t len = length_of(message, max), number;
	int n = translator_recv(t, data, sizeof(data));

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n != (int)len || data[0] != 'e')
		DIE("message %u: %d bytes instead of %u: %m", message, n, len);
	memcpy(&number, data + 1, sizeof(number));
	if (number != message)
		DIE("message %u instead of %u", number, message);
	for (uint32_t i = 5; i < len; i++)
		if (data[i] != byte_of(message, i))
			DIE("message %u: byte %u is wrong", message, i);
	return true;
}

static void echo(uint32_t n, uint32_t max)
{
	uint32_t sent = 0, back = 0;

	if (max > TRANSLATOR_MESSAGE_MAX - 5)
		max = TRANSLATOR_MESSAGE_MAX - 5;
	while (back < n) {
		bool moved = false;

		while (sent < n && sent - back < ON_WAY && below(8) && send_one(sent, max)) {
			sent++;
			moved = true;
		}
		while (back < sent && receive_one(back, max)) {
			back++;
			moved = true;
		}
		pause_a_little();
		if (!moved && back < n && back < sent &&
		    translator_wait(t, TRANSLATOR_MESSAGE | TRANSLATOR_ROOM, WAIT_MS) <= 0)
			DIE("after %u sent and %u back: %m", sent, back);
	}
	if (translator_lies(t))
		DIE("%lu lies", (unsigned long)translator_lies(t));
}

/* ---- events ---- */

static int64_t take(void)
{
	int64_t n = translator_take(t);

	if (n <= 0)
		DIE("waiting for an event: %m");
	return n;
}

static void knock(uint32_t n)
{
	order('k', 0);
	/* The order's own event may be answered as well. */
	usleep(50000);
	translator_disarm(t);
	for (uint32_t i = 0; i < n; i++) {
		if (translator_notify(t))
			DIE("event %u: %m", i);
		if (take() != 1)
			DIE("event %u is answered more than once", i);
		pause_a_little();
	}
}

static uint32_t poured;
static bool all_poured;

static void *pour_out(void *unused)
{
	for (uint32_t i = 0; i < poured; i++) {
		if (translator_notify(t))
			DIE("event %u: %m", i);
		pause_a_little();
	}
	__atomic_store_n(&all_poured, true, __ATOMIC_SEQ_CST);
	return unused;
}

/* The answer to the last event comes after it: whoever sleeps then has lost one. */
static void pour(uint32_t n)
{
	struct pollfd p = { .fd = translator_fd(t), .events = POLLIN };
	int64_t back = 0;
	pthread_t thread;

	order('k', 0);
	poured = n;
	pthread_create(&thread, NULL, pour_out, NULL);
	while (!__atomic_load_n(&all_poured, __ATOMIC_SEQ_CST) || poll(&p, 1, 500) > 0)
		if (poll(&p, 1, 500) > 0)
			back += take();
	pthread_join(thread, NULL);
	if (!back)
		DIE("no answer at all");
	if (translator_notify(t) || poll(&p, 1, WAIT_MS) != 1)
		DIE("the last event is not answered");
	back += take();
	usleep(100000);
	if (poll(&p, 1, 0) > 0)
		back += take();
	printf("%ld events came back\n", (long)back);
}

static void await(const char *how, int epoll)
{
	struct pollfd p = { .fd = translator_fd(t), .events = POLLIN };
	struct epoll_event event;
	int n = 1;

	if (!strcmp(how, "poll"))
		n = poll(&p, 1, WAIT_MS);
	else if (epoll >= 0)
		n = epoll_wait(epoll, &event, 1, WAIT_MS);
	if (n != 1)
		DIE("%s: %d: %m", how, n);
}

static void burst(uint32_t n, const char *how)
{
	struct epoll_event event = { .events = EPOLLIN };
	bool nonblock = !strcmp(how, "nonblock");
	int epoll = -1;
	int64_t got, sum = 0;

	if (nonblock || !strcmp(how, "edge"))
		fcntl(translator_fd(t), F_SETFL, O_NONBLOCK);
	if (!strcmp(how, "edge"))
		event.events |= EPOLLET;
	if (!strcmp(how, "edge") || !strcmp(how, "epoll")) {
		epoll = epoll_create1(0);
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, translator_fd(t), &event))
			DIE("epoll: %m");
	}
	usleep(20000);
	translator_disarm(t);
	order('n', n);
	while (sum < n) {
		await(how, epoll);
		got = translator_take(t);
		if (got < 0 && errno != EAGAIN)
			DIE("%s after %ld: %m", how, (long)sum);
		if (got > 0)
			sum += got;
		pause_a_little();
	}
	if (sum != n)
		DIE("%ld events instead of %u", (long)sum, n);
}

/* ---- lies and deaths ---- */

/* Memory of a lying component can say anything; what is taken is only refused. */
static void lied(uint32_t n)
{
	uint8_t data[TRANSLATOR_MESSAGE_MAX];
	uint64_t lies = 0;

	for (uint32_t i = 0; i < n; i++) {
		order('l', below(UINT32_MAX));
		for (int k = 0; k < 40; k++) {
			if (translator_recv(t, data, sizeof(data)) < 0)
				translator_wait(t, TRANSLATOR_MESSAGE, 1);
			translator_send(t, "e", 1);
		}
		lies += translator_lies(t);
		translator_close(t);
		bind_to(0);
	}
	if (!lies)
		DIE("no lie is counted");
	echo(50, 300);
}

static void liar(uint32_t n)
{
	struct translator_bind bind;
	const uint64_t one = 1;
	int fd = bind_alone(&bind);
	size_t bytes = ABI_PAGE_SIZE + bind.to_aos + TRANSLATOR_LOG_BYTES;
	uint8_t *memory = map_at(fd, TRANSLATOR_MAP_WRITE, bytes, PROT_READ | PROT_WRITE);
	struct translator_side *side = (void *)memory;

	for (uint32_t i = 0; i < n; i++) {
		for (int k = 0; k < 64; k++)
			memory[ABI_PAGE_SIZE + below((uint32_t)bytes - ABI_PAGE_SIZE)] = (uint8_t)random();
		side->prod = below(2) ? (uint32_t)random() : side->prod + below(64);
		side->cons = below(2) ? (uint32_t)random() : side->cons + below(64);
		side->want = (uint32_t)random();
		side->log_prod += below(2) ? (uint32_t)random() : below(64);
		if (write(fd, &one, sizeof(one)) != sizeof(one))
			DIE("event: %m");
		if (!below(4))
			sched_yield();
	}
	close(fd);
	munmap(memory, bytes);
}

static void die(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		echo(20, 500);
		order('d', 0);
		/* Its restart looks at the ring by itself once something comes. */
		usleep(20000);
	}
	echo(20, 500);
}

/* ---- the end ---- */

static void *read_until_end(void *result)
{
	int64_t n;

	while ((n = translator_take(t)) > 0)
		;
	*(int *)result = errno;
	return NULL;
}

static void gone(void)
{
	struct pollfd p = { .fd = translator_fd(t), .events = POLLIN };
	int epoll = epoll_create1(0), error = 0;
	struct epoll_event event = { .events = EPOLLIN };
	pthread_t thread;

	echo(20, 500);
	epoll_ctl(epoll, EPOLL_CTL_ADD, translator_fd(t), &event);
	pthread_create(&thread, NULL, read_until_end, &error);
	printf("bound\n");
	fflush(stdout);
	pthread_join(thread, NULL);
	if (error != ENODEV)
		DIE("read: %s", strerror(error));
	if (epoll_wait(epoll, &event, 1, WAIT_MS) != 1 || !(event.events & EPOLLHUP))
		DIE("epoll: no hang-up: %x", event.events);
	if (poll(&p, 1, WAIT_MS) != 1 || !(p.revents & POLLHUP))
		DIE("poll: no hang-up: %x", p.revents);
	if (translator_notify(t) != -1 || errno != EPIPE)
		DIE("write: %m");
	/* The memory is there still. */
	for (int i = 0; i < 1000 && !translator_send(t, "e", 1); i++)
		;
	if (errno != EAGAIN && errno != EPIPE)
		DIE("sending into the void: %m");
	if (translator_wait(t, TRANSLATOR_MESSAGE, WAIT_MS) != -1 || errno != ENODEV)
		DIE("translator_wait: %m");
	printf("told\n");
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	uint32_t n = argc > 3 ? (uint32_t)atol(argv[3]) : 0;

	if (argc < 3)
		return 2;
	channel = argv[1];
	srandom((unsigned int)getpid());
	if (!strcmp(what, "liar")) {
		liar(n);
		return 0;
	}
	bind_to(0);
	if (!strcmp(what, "echo") && argc == 5)
		echo(n, (uint32_t)atol(argv[4]));
	else if (!strcmp(what, "knock"))
		knock(n);
	else if (!strcmp(what, "pour"))
		pour(n);
	else if (!strcmp(what, "burst") && argc == 5)
		burst(n, argv[4]);
	else if (!strcmp(what, "lied"))
		lied(n);
	else if (!strcmp(what, "die"))
		die(n);
	else if (!strcmp(what, "hold"))
		sleep(n);
	else if (!strcmp(what, "gone"))
		gone();
	else
		return 2;
	translator_close(t);
	return 0;
}
