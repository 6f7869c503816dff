/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gaps METHOD DEVICE PEER PEERPORT ORDER [quiet | idle] - when was this CPU taken away from an ordinary
 * thread, and when did a real-time thread get its datagrams?
 *
 * The main thread does nothing but read the time-stamp counter, and notes
 * every gap between two readings: an interrupt began just after its first
 * end.  A SCHED_FIFO thread waits for datagrams by METHOD (receiver.h) and notes the
 * counter as soon as it has one.  So does whoever else can read the counter;
 * the interrupt belonging to a stamp is the beginning of the gap it lies in.
 *
 * The peer gets ORDER when all is ready (send.c), and is told of every datagram's arrival; one
 * of less than 16 bytes is the end.  Then "gap FIRST LAST" and "recv STAMP" are printed in the order
 * of time. With `quiet` there is no such thread, for a CPU that has other work: "recv" alone is
 * printed, and the kernel's trace says when the interrupts came. With `idle` it is of policy
 * SCHED_IDLE, and keeps no process on the datagram's way waiting.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "cycles.h"
#include "receiver.h"

#define PRIORITY	50	/* the AOS's in appliance.conf */
#define GAPS		1000000
#define STAMPS		100000
#define LEAST_GAP	400	/* no interrupt is shorter */
#define LEAST_DATAGRAM	16

static struct gap {
	uint64_t first, last;
} gap[GAPS];
static uint64_t stamp[STAMPS];
static int ngaps, nstamps;
int receiver_socket;
static struct sockaddr_in peer = { .sin_family = AF_INET };
static volatile bool finished;

static void fail(const char *what, int err)
{
	fprintf(stderr, "gaps: %s: %s\n", what, strerror(err));
	exit(1);
}

/* Not connected: Linux would look such a socket up in another way. */
static void open_socket(const char *address, const char *peer_port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(RECEIVER_PORT) };

	receiver_socket = socket(AF_INET, SOCK_DGRAM, 0);
	if (receiver_socket < 0 || bind(receiver_socket, (struct sockaddr *)&any, sizeof(any)))
		fail("socket", errno);
	peer.sin_port = htons(atoi(peer_port));
	if (inet_pton(AF_INET, address, &peer.sin_addr) != 1)
		fail(address, EINVAL);
}

static void tell_peer(const char *text)
{
	if (sendto(receiver_socket, text, strlen(text) + 1, 0, (struct sockaddr *)&peer,
		   sizeof(peer)) < 0)
		fail("send", errno);
}

static void *receive(void *arg)
{
	const struct receiver *r = arg;

	while (nstamps < STAMPS) {
		int n = r->receive();
		uint64_t now = cycles();

		if (n < LEAST_DATAGRAM)
			break;
		stamp[nstamps++] = now;
		tell_peer("");
	}
	finished = true;
	return NULL;
}

static pthread_t start_receiver(const struct receiver *r)
{
	struct sched_param fifo = { .sched_priority = PRIORITY };
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &fifo);
	err = pthread_create(&thread, &attr, receive, (void *)r);
	if (err)
		fail("thread", err);
	return thread;
}

static void spin(bool idle)
{
	struct sched_param none = { 0 };
	uint64_t last;

	if (idle && sched_setscheduler(0, SCHED_IDLE, &none))
		fail("SCHED_IDLE", errno);
	last = cycles();

	while (!finished && ngaps < GAPS) {
		uint64_t now = cycles();

		if (now - last > LEAST_GAP)
			gap[ngaps++] = (struct gap){ last, now };
		last = now;
	}
}

static void print(void)
{
	int i, k = 0;

	for (i = 0; i < ngaps; i++) {
		for (; k < nstamps && stamp[k] <= gap[i].last; k++)
			printf("recv %lu\n", stamp[k]);
		printf("gap %lu %lu\n", gap[i].first, gap[i].last);
	}
	for (; k < nstamps; k++)
		printf("recv %lu\n", stamp[k]);
}

static const struct receiver *receiver_named(const char *name)
{
	static const struct receiver *const all[] = {
		&receiver_udp, &receiver_tun, &receiver_af_xdp,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	fail(name, EINVAL);
	return NULL;
}

int main(int argc, char **argv)
{
	const char *how = argc > 6 ? argv[6] : "";
	const struct receiver *r;
	pthread_t receiver;

	if (argc < 6 || argc > 7) {
		fprintf(stderr, "usage: gaps METHOD DEVICE PEER PEERPORT ORDER [quiet | idle]\n");
		return 2;
	}
	r = receiver_named(argv[1]);
	memset(gap, 0, sizeof(gap));	/* no page fault later */
	memset(stamp, 0, sizeof(stamp));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		fail("mlockall", errno);
	open_socket(argv[3], argv[4]);
	if (r->open(argv[2]))
		fail(argv[1], errno);
	receiver = start_receiver(r);
	tell_peer(argv[5]);
	if (strcmp(how, "quiet"))
		spin(!strcmp(how, "idle"));
	pthread_join(receiver, NULL);
	print();
	return 0;
}
