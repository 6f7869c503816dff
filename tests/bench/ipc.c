/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipc METHOD ROUNDS [PRIORITY] - how long it takes until another thread of the same CPU is told, in
 * cycles of the time-stamp counter: a sample per line.
 *
 *   pipe, eventfd, futex	from before the sender's call until the receiver, a thread that
 *				was asleep, has returned from its own.  Both are of policy
 *				SCHED_BATCH, which takes the CPU from nobody on waking up: who
 *				has answered is asleep again before the other goes on.  With
 *				PRIORITY the receiver is of policy SCHED_FIFO, so more urgent
 *   pipe_threads, pipe_processes  a byte through a pipe and one back through another, until
 *				the sender has it; of the policy that threads have if nothing is
 *				said, with what that saves: each side is woken when it is
 *				asleep, but found awake where the other has taken its CPU
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cycles.h"
#include "samples.h"
#include "urgent.h"

#define ROUNDS	20000
#define WARM_UP	20

static uint64_t taken[WARM_UP + ROUNDS];
static int rounds, priority;
static int there[2], back[2];		/* pipes: 0 to read, 1 to write */
static uint32_t word;			/* the futex */
static volatile uint64_t sent;

static void fail(const char *what)
{
	fprintf(stderr, "ipc: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- ways to tell, and to be told ---- */

static bool pipe_tell(void)
{
	return write(there[1], "", 1) == 1;
}

static bool pipe_wait(void)
{
	char byte;

	return read(there[0], &byte, 1) == 1;
}

static bool eventfd_tell(void)
{
	uint64_t one = 1;

	return write(there[1], &one, sizeof(one)) == sizeof(one);
}

static bool eventfd_wait(void)
{
	uint64_t count;

	return read(there[0], &count, sizeof(count)) == sizeof(count);
}

static bool futex_tell(void)
{
	__atomic_store_n(&word, 1, __ATOMIC_RELEASE);
	return syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) >= 0;
}

static bool futex_wait(void)
{
	while (!__atomic_exchange_n(&word, 0, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return true;
}

static const struct way {
	const char *name;
	bool (*tell)(void), (*wait)(void);
} ways[] = {
	{ "pipe", pipe_tell, pipe_wait },
	{ "eventfd", eventfd_tell, eventfd_wait },
	{ "futex", futex_tell, futex_wait },
};

/* ---- one way; the answer through a pipe only says that it is time for the next ---- */

static void *receive(void *arg)
{
	const struct way *way = arg;

	if (urgent(priority))
		fail("receiver's priority");
	for (int i = 0; i < WARM_UP + rounds; i++) {
		if (!way->wait())
			fail("wait");
		taken[i] = cycles() - sent;
		if (write(back[1], "", 1) != 1)
			fail("answer");
	}
	return NULL;
}

static void time_way(const struct way *way)
{
	const struct sched_param none = { 0 };
	pthread_t thread;
	char byte;

	if (sched_setscheduler(0, SCHED_BATCH, &none))
		fail("SCHED_BATCH");
	if (way->tell == eventfd_tell)
		there[0] = there[1] = eventfd(0, 0);
	if (there[0] < 0 || pthread_create(&thread, NULL, receive, (void *)way))
		fail("receiver");
	for (int i = 0; i < WARM_UP + rounds; i++) {
		sent = cycles();
		if (!way->tell() || read(back[0], &byte, 1) != 1)
			fail("send");
	}
	pthread_join(thread, NULL);
}

/* ---- there and back ---- */

static void *answer(void *unused)
{
	char byte;

	for (int i = 0; i < WARM_UP + rounds; i++)
		if (read(there[0], &byte, 1) != 1 || write(back[1], &byte, 1) != 1)
			fail("answer");
	return unused;
}

static void ask(void)
{
	char byte = 0;

	for (int i = 0; i < WARM_UP + rounds; i++) {
		uint64_t start = cycles();

		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			fail("ask");
		taken[i] = cycles() - start;
	}
}

static void time_threads(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, answer, NULL))
		fail("thread");
	ask();
	pthread_join(thread, NULL);
}

static void time_processes(void)
{
	pid_t child = fork();

	if (child < 0)
		fail("fork");
	if (!child) {
		answer(NULL);
		_exit(0);
	}
	ask();
	waitpid(child, NULL, 0);
}

static bool time_method(const char *method)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(method, ways[i].name)) {
			time_way(&ways[i]);
			return true;
		}
	if (!strcmp(method, "pipe_threads"))
		time_threads();
	else if (!strcmp(method, "pipe_processes"))
		time_processes();
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	rounds = argc == 3 || argc == 4 ? atoi(argv[2]) : 0;
	priority = argc == 4 ? atoi(argv[3]) : 0;
	if (pipe(there) || pipe(back))
		fail("pipe");
	if (rounds < 1 || rounds > ROUNDS || !time_method(argv[1])) {
		fprintf(stderr, "usage: ipc METHOD ROUNDS [PRIORITY], at most %d rounds\n", ROUNDS);
		return 2;
	}
	samples_write(stdout, taken + WARM_UP, rounds);
	return 0;
}
