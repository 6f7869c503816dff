// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crash ADDRESS PORT COMPONENT KIND - orders a crash (components/include/crash/
 * crash.h) in the middle of a stream of datagrams to the echo service, and
 * prints
 *
 *   OUTAGE-US SENT LOST
 *
 * the time from the order to the first answer to what was sent after it, and
 * how many datagrams there were but for the order, and how many had no answer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BEFORE		16u	/* datagrams on their way when the order is given */
#define AFTER		16u	/* sent at once behind it */
#define MOST		4096u	/* in all: one by one until one is answered */
#define STEP_MS		20	/* between those */
#define GRACE_MS	1000	/* for late answers, in the end */

static bool answered[MOST];
static uint32_t sent;

static void die(const char *what)
{
	fprintf(stderr, "crash: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int dial(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 || fd < 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die(address);
	return fd;
}

static void send_number(int fd)
{
	if (sent == MOST) {
		fprintf(stderr, "crash: no answer any more\n");
		exit(1);
	}
	if (send(fd, &sent, sizeof(sent), 0) != sizeof(sent))
		die("send");
	sent++;
}

/* The number of a datagram that came back, or -1: none in time. */
static int64_t receive(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint32_t number;

	while (poll(&p, 1, ms) == 1)
		if (recv(fd, &number, sizeof(number), 0) == sizeof(number) && number < sent) {
			answered[number] = true;
			return number;
		}
	return -1;
}

static uint64_t outage(int fd, const char *order)
{
	uint64_t begin = now_us();
	uint32_t first = sent;
	int64_t number;

	if (send(fd, order, strlen(order), 0) < 0)
		die("send");
	for (uint32_t i = 0; i < AFTER; i++)
		send_number(fd);
	for (;;) {
		number = receive(fd, STEP_MS);
		if (number >= first)
			return now_us() - begin;
		if (number < 0)
			send_number(fd);
	}
}

int main(int argc, char **argv)
{
	char order[64];
	uint64_t us;
	uint32_t lost = 0;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: crash ADDRESS PORT COMPONENT KIND\n");
		return 2;
	}
	snprintf(order, sizeof(order), "crash %s %s", argv[3], argv[4]);
	fd = dial(argv[1], argv[2]);
	for (uint32_t i = 0; i < BEFORE; i++)
		send_number(fd);
	us = outage(fd, order);
	while (receive(fd, GRACE_MS) >= 0)
		;
	for (uint32_t i = 0; i < sent; i++)
		lost += !answered[i];
	printf("%lu %u %u\n", us, sent, lost);
	return 0;
}
