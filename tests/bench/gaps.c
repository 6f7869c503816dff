/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gaps PORT PEER PEERPORT - when was this CPU taken away from an ordinary
 * thread, and when did a real-time thread get its datagrams?
 *
 * The main thread does nothing but read the time-stamp counter, and notes
 * every gap between two readings: an interrupt began just after its first
 * end.  A SCHED_FIFO thread waits in recv() on the UDP port and notes the
 * counter as soon as it is back.  So does whoever else can read the counter;
 * the interrupt belonging to a stamp is the beginning of the gap it lies in.
 *
 * The peer is told when all is ready, and of every datagram's arrival; one of
 * less than 16 bytes is the end.  Then "gap FIRST LAST" and "recv STAMP" are printed in the order
 * of time.
 */
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
static int fd;
static struct sockaddr_in peer = { .sin_family = AF_INET };
static volatile bool finished;

static void fail(const char *what, int err)
{
	fprintf(stderr, "gaps: %s: %s\n", what, strerror(err));
	exit(1);
}

/* Not connected: Linux would look such a socket up in another way. */
static void open_socket(const char *port, const char *address, const char *peer_port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)))
		fail("socket", errno);
	peer.sin_port = htons(atoi(peer_port));
	if (inet_pton(AF_INET, address, &peer.sin_addr) != 1)
		fail(address, EINVAL);
}

static void tell_peer(void)
{
	if (sendto(fd, "", 1, 0, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		fail("send", errno);
}

static void *receive(void *arg)
{
	char payload[2048];

	(void)arg;
	while (nstamps < STAMPS) {
		ssize_t n = recv(fd, payload, sizeof(payload), 0);
		uint64_t now = cycles();

		if (n < LEAST_DATAGRAM)
			break;
		stamp[nstamps++] = now;
		tell_peer();
	}
	finished = true;
	return NULL;
}

static void start_receiver(void)
{
	struct sched_param fifo = { .sched_priority = PRIORITY };
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &fifo);
	err = pthread_create(&thread, &attr, receive, NULL);
	if (err)
		fail("thread", err);
}

static void spin(void)
{
	uint64_t last = cycles();

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
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: gaps PORT PEER PEERPORT\n");
		return 2;
	}
	memset(gap, 0, sizeof(gap));	/* no page fault later */
	memset(stamp, 0, sizeof(stamp));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		fail("mlockall", errno);
	open_socket(argv[1], argv[2], argv[3]);
	start_receiver();
	tell_peer();
	spin();
	print();
	return 0;
}
