// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translator CHANNEL - instructions from one side's event to the other's first
 * instruction after it, over a translator channel (components/parrot), and of a
 * byte through a pipe between two threads.  Both receivers are asleep when it is
 * sent.  Prints lines "NAME MEDIAN MIN MAX".
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cycles.h"
#include "lib/translator/translator.h"

#define ROUNDS	2000

static uint64_t to_aos[ROUNDS], from_aos[ROUNDS], through_pipe[ROUNDS];

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print(const char *name, uint64_t *taken, int n)
{
	qsort(taken, (size_t)n, sizeof(*taken), compare);
	printf("%s %lu %lu %lu\n", name, taken[n / 2], taken[0], taken[n - 1]);
}

/* ---- a pipe: ping and pong, so the receiver always sleeps ---- */

static int ping[2], pong[2];
static volatile uint64_t sent;

static void *receive(void *unused)
{
	char byte;

	for (int i = 0; i < ROUNDS; i++) {
		if (read(ping[0], &byte, 1) != 1)
			break;
		through_pipe[i] = cycles() - sent;
		if (write(pong[1], &byte, 1) != 1)
			break;
	}
	return unused;
}

static int time_pipe(void)
{
	pthread_t thread;
	char byte = 0;

	if (pipe(ping) || pipe(pong) || pthread_create(&thread, NULL, receive, NULL))
		return -1;
	for (int i = 0; i < ROUNDS; i++) {
		sent = cycles();
		if (write(ping[1], &byte, 1) != 1 || read(pong[0], &byte, 1) != 1)
			return -1;
	}
	pthread_join(thread, NULL);
	print("event_pipe", through_pipe, ROUNDS);
	return 0;
}

/* ---- a translator channel ---- */

static struct translator *channel;

/* Sends when it is told to, by a byte; it runs when nobody else wants to. */
static void *send_events(void *unused)
{
	struct sched_param none = { 0 };
	char byte;

	if (sched_setscheduler(0, SCHED_IDLE, &none))
		return unused;
	while (read(ping[0], &byte, 1) == 1 && byte) {
		sent = cycles();
		if (translator_notify(channel))
			break;
	}
	return unused;
}

/* This thread sleeps in read(); the component's stamp of its event comes with the next. */
static int time_channel(struct translator *t)
{
	uint64_t stamps[2], back = 0, now;
	pthread_t thread;

	channel = t;
	if (pthread_create(&thread, NULL, send_events, NULL))
		return -1;
	for (int i = 0; i <= ROUNDS; i++) {
		if (write(ping[1], "1", 1) != 1 || translator_take(t) != 1)
			return -1;
		now = cycles();
		if (translator_recv(t, stamps, sizeof(stamps)) != sizeof(stamps))
			return -1;
		if (i) {
			to_aos[i - 1] = stamps[0] - sent;
			from_aos[i - 1] = back - stamps[1];
		}
		back = now;
	}
	if (write(ping[1], "", 1) != 1 || pthread_join(thread, NULL))
		return -1;
	print("event_to_aos", to_aos, ROUNDS);
	print("event_from_aos", from_aos, ROUNDS);
	return 0;
}

int main(int argc, char **argv)
{
	struct translator *t = translator_open(0);

	if (argc != 2 || !t || translator_bind(t, NULL, argv[1]) || time_pipe())
		goto failed;
	if (translator_send(t, "t", 1))
		goto failed;
	usleep(100000);
	translator_disarm(t);
	if (time_channel(t))
		goto failed;
	translator_close(t);
	return 0;
failed:
	perror("translator");
	return 1;
}
