/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo METHOD [DEVICE] - a real-time thread of the AOS's priority gives UDP datagrams back,
 * until it is killed.
 *
 *   single	recvfrom() and sendto(), a datagram at a time
 *   batch	recvmmsg() and sendmmsg(), up to 32
 *   tun	read() and write() of a TUN device
 *   af_xdp	an AF_XDP socket on queue 0 of DEVICE
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "receiver.h"

#define PRIORITY	50	/* the AOS's in appliance.conf */
#define BATCH		32
#define DATAGRAM	2048

int receiver_socket;

static int single(void)
{
	static char payload[DATAGRAM];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(receiver_socket, payload, sizeof(payload), 0,
			     (struct sockaddr *)&from, &size);

	return n < 0 || sendto(receiver_socket, payload, (size_t)n, 0,
			       (struct sockaddr *)&from, size) < 0 ? -1 : 0;
}

static int batch(void)
{
	static char payload[BATCH][DATAGRAM];
	static struct sockaddr_in from[BATCH];
	static struct iovec part[BATCH];
	static struct mmsghdr message[BATCH];
	int n;

	for (int i = 0; i < BATCH; i++) {
		part[i] = (struct iovec){ payload[i], DATAGRAM };
		message[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
			.msg_namelen = sizeof(from[i]), .msg_iov = &part[i], .msg_iovlen = 1 };
	}
	n = recvmmsg(receiver_socket, message, BATCH, MSG_WAITFORONE, NULL);
	for (int i = 0; i < n; i++)
		part[i].iov_len = message[i].msg_len;
	return n < 0 || sendmmsg(receiver_socket, message, (unsigned int)n, 0) < 0 ? -1 : 0;
}

static const struct {
	const char *name;
	const struct receiver *receiver;
	int (*echo)(void);
} methods[] = {
	{ "single", NULL, single },
	{ "batch", NULL, batch },
	{ "tun", &receiver_tun, receiver_tun_echo },
	{ "af_xdp", &receiver_af_xdp, receiver_af_xdp_echo },
};

static void fail(const char *what)
{
	fprintf(stderr, "echo: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void prepare(const struct receiver *receiver, const char *device)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(RECEIVER_PORT + 1) };
	struct sched_param fifo = { .sched_priority = PRIORITY };

	receiver_socket = socket(AF_INET, SOCK_DGRAM, 0);
	if (receiver_socket < 0 || bind(receiver_socket, (struct sockaddr *)&any, sizeof(any)))
		fail("socket");
	if (receiver && receiver->open(device))
		fail(receiver->name);
	if (mlockall(MCL_CURRENT | MCL_FUTURE) || sched_setscheduler(0, SCHED_FIFO, &fifo))
		fail("real time");
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (argc < 2 || strcmp(argv[1], methods[i].name))
			continue;
		prepare(methods[i].receiver, argc > 2 ? argv[2] : "");
		while (!methods[i].echo())
			;
		fail(argv[1]);
	}
	fprintf(stderr, "usage: echo METHOD [DEVICE]\n");
	return 2;
}
