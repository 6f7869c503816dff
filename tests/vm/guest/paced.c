// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * paced - a periodic client, more urgent (SCHED_FIFO 60) than the appliance:
 * every PERIOD ms BURST datagrams, which ask for ROUNDS of service "work";
 * the answers must come within DEADLINE ms.
 *
 *   paced ADDRESS PORT PERIOD DEADLINE PERIODS BURST ROUNDS
 *
 * Prints "sent answered late lost max_us": late beyond the deadline; lost: not
 * even a second after the last one was sent.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 10000
#define LAST_MS 1000

struct message {
	uint32_t rounds;	/* network order */
	uint32_t number;
};

static int64_t sent_at[COUNT_MAX];
static unsigned int answered, late;
static int64_t slowest;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static void answer(int fd, unsigned int n, int64_t deadline)
{
	struct message m;
	int64_t took;

	if (recv(fd, &m, sizeof(m), 0) != sizeof(m) || m.number >= n)
		return;
	took = now_us() - sent_at[m.number];
	answered++;
	late += took > deadline;
	if (took > slowest)
		slowest = took;
}

/* Takes answers until that time. */
static void listen_until(int fd, int64_t end, unsigned int n, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;

	while ((left = end - now_us()) > 0) {
		struct timespec t = { left / 1000000, left % 1000000 * 1000 };

		if (ppoll(&p, 1, &t, NULL) == 1)
			answer(fd, n, deadline);
	}
}

static void send_one(int fd, uint32_t number, uint32_t rounds)
{
	struct message m = { htonl(rounds), number };

	sent_at[number] = now_us();
	if (send(fd, &m, sizeof(m), 0) != sizeof(m))
		perror("send");
}

static int dial(const char *address, const char *port)
{
	struct sched_param urgent = { .sched_priority = 60 };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    sched_setscheduler(0, SCHED_FIFO, &urgent)) {
		perror("paced");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	unsigned int periods, burst, n = 0;
	int64_t period, deadline, next;
	int fd;

	if (argc != 8)
		return 2;
	fd = dial(argv[1], argv[2]);
	period = atoi(argv[3]) * 1000;
	deadline = atoi(argv[4]) * 1000;
	periods = (unsigned int)atoi(argv[5]);
	burst = (unsigned int)atoi(argv[6]);
	if (periods * burst > COUNT_MAX)
		return 2;
	next = now_us();
	while (periods--) {
		for (unsigned int i = 0; i < burst; i++)
			send_one(fd, n++, (uint32_t)atoi(argv[7]));
		next += period;
		listen_until(fd, next, n, deadline);
	}
	listen_until(fd, now_us() + LAST_MS * 1000, n, deadline);
	printf("%u %u %u %u %lld\n", n, answered, late, n - answered, (long long)slowest);
	return 0;
}
