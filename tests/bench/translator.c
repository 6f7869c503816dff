// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translator CHANNEL ROUNDS TO_AOS FROM_AOS [PRIORITY] - instructions from one side's event to
 * the other's first instruction after it, over a translator channel (components/parrot).
 * The receiver is asleep when it is sent; with PRIORITY this process's is of policy SCHED_FIFO.
 * Samples go to the two files.
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
#include "samples.h"
#include "urgent.h"

#define ROUNDS	20000

static uint64_t to_aos[ROUNDS], from_aos[ROUNDS];
static int rounds;
static int ping[2];			/* a pipe: when to send */
static volatile uint64_t sent;
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
	for (int i = 0; i <= rounds; i++) {
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
	return 0;
}

static int save(const char *path, const uint64_t *samples)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -1;
	samples_write(out, samples, rounds);
	return fclose(out);
}

int main(int argc, char **argv)
{
	struct translator *t = translator_open(0);

	rounds = argc == 5 || argc == 6 ? atoi(argv[2]) : 0;
	if (rounds < 1 || rounds > ROUNDS) {
		fprintf(stderr, "usage: translator CHANNEL ROUNDS TO_AOS FROM_AOS [PRIORITY], at most %d rounds\n", ROUNDS);
		return 2;
	}
	if (!t || translator_bind(t, NULL, argv[1]) || translator_send(t, "t", 1) || pipe(ping))
		goto failed;
	usleep(100000);
	translator_disarm(t);
	if (urgent(argc == 6 ? atoi(argv[5]) : 0))
		goto failed;
	if (time_channel(t) || save(argv[3], to_aos) || save(argv[4], from_aos))
		goto failed;
	translator_close(t);
	return 0;
failed:
	perror("translator");
	return 1;
}
