// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udp - a client of the appliance's services.
 *
 *   udp echo ADDRESS PORT SIZE...	each size once; every byte must come back
 *   udp steady ADDRESS PORT SECONDS	one at a time, as fast as it answers;
 *					prints how many; none may be lost
 *   udp flood ADDRESS PORT SECONDS SIZE
 *					without waiting; prints sent, received
 *   udp who ADDRESS PORT SIZE	prints who answers: "aos" (an echo), the text that
 *					came, "unreachable" (ICMP said so) or "nothing"
 *   udp serve ADDRESS PORT TEXT	answers everything with the text, for ever
 *   udp kv ADDRESS PORT set KEY VALUE | get KEY | delete KEY
 *					prints the value, or "status N"
 *
 * SLOW in the environment: answers may take that much longer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000	/* an answer that comes late is no loss */
#define FLOOD_END_MS 200	/* without an answer: no more will come */

static uint8_t out[65536], in[65536];

static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* Milliseconds on a machine as slow as this one. */
static int slowed(int ms)
{
	const char *slow = getenv("SLOW");

	return ms * (slow ? atoi(slow) : 1);
}

/* Milliseconds; $PATIENCE is seconds. */
static int patience(void)
{
	const char *seconds = getenv("PATIENCE");

	return seconds ? 1000 * atoi(seconds) : slowed(PATIENCE_MS);
}

static double clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef int reach(int fd, const struct sockaddr *address, socklen_t size);

/* reach is connect() or bind(). */
static int dial(const char *address, const char *port, reach *reach)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(atoi(port)) };
	bool four = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
	int fd = socket(four ? AF_INET : AF_INET6, SOCK_DGRAM, 0), room = 1 << 20, err;

	if (!four && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
		die("%s: no address", address);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (four)
		err = reach(fd, (struct sockaddr *)&v4, sizeof(v4));
	else
		err = reach(fd, (struct sockaddr *)&v6, sizeof(v6));
	if (err)
		die("%s: %s", address, strerror(errno));
	return fd;
}

/* Bytes received, or -1: nothing came. */
static ssize_t receive(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, ms) != 1)
		return -1;
	return recv(fd, in, sizeof(in), 0);
}

static void echo_one(int fd, size_t size)
{
	ssize_t n;

	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)rand();
	if (send(fd, out, size, 0) != (ssize_t)size)
		die("%zu bytes: send: %s", size, strerror(errno));
	n = receive(fd, patience());
	if (n < 0)
		die("%zu bytes: no answer: %s", size, strerror(errno));
	if ((size_t)n != size || memcmp(in, out, size))
		die("%zu bytes: %zd came back%s", size, n,
		    (size_t)n == size ? ", not the same" : "");
}

static void echo(int fd, char **sizes)
{
	for (; *sizes; sizes++)
		echo_one(fd, strtoul(*sizes, NULL, 0));
}

static void who(int fd, size_t size)
{
	int on = 1;
	ssize_t n;

	/* Hosts that cannot be reached are no error to a socket that does not ask. */
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	memset(out, 'x', size);
	if (send(fd, out, size, 0) != (ssize_t)size)
		die("%zu bytes: send: %s", size, strerror(errno));
	errno = 0;
	n = receive(fd, patience());
	if (n < 0)
		puts(errno == EHOSTUNREACH || errno == ENETUNREACH ?
		     "unreachable" : "nothing");
	else if ((size_t)n == size && !memcmp(in, out, size))
		puts("aos");
	else
		printf("%.*s\n", (int)n, (const char *)in);
}

/* Answers come from the address that was asked, which is bound to. */
static void serve(int fd, const char *text)
{
	struct sockaddr_in6 client;	/* larger than IPv4's */
	socklen_t size;

	for (;;) {
		size = sizeof(client);
		if (recvfrom(fd, in, sizeof(in), 0, (struct sockaddr *)&client, &size) >= 0)
			sendto(fd, text, strlen(text), 0, (struct sockaddr *)&client, size);
	}
}

static void steady(int fd, double seconds)
{
	double end = clock_now() + seconds;
	unsigned long n = 0;

	do {
		echo_one(fd, 8 + n % 1000);
		n++;
	} while (clock_now() < end);
	printf("%lu\n", n);
}

static void flood(int fd, double seconds, size_t size)
{
	double end = clock_now() + seconds;
	unsigned long sent = 0, received = 0;

	while (clock_now() < end) {
		if (send(fd, out, size, MSG_DONTWAIT) == (ssize_t)size)
			sent++;
		while (recv(fd, in, sizeof(in), MSG_DONTWAIT) >= 0)
			received++;
	}
	/* An answer to a socket that is gone would be refused: one packet more for the AOS. */
	while (receive(fd, slowed(FLOOD_END_MS)) >= 0)
		received++;
	printf("%lu %lu\n", sent, received);
}

/* ---- kv: components/udpapp/kv.md ------------------------------------------- */

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void kv(int fd, const char *what, const char *key, const char *value)
{
	uint8_t op = !strcmp(what, "get") ? 1 : !strcmp(what, "set") ? 2 : 3;
	size_t klen = strlen(key), vlen = value ? strlen(value) : 0;
	ssize_t n;

	memset(out, 0, 16);
	memcpy(out, (uint8_t[]){ 'K', 1, op, 0, 1, 2, 3, 4 }, 8);
	put16(out + 12, klen);
	put16(out + 14, vlen);
	memcpy(out + 16, key, klen);
	memcpy(out + 16 + klen, value ? value : "", vlen);
	if (send(fd, out, 16 + klen + vlen, 0) < 0)
		die("send: %s", strerror(errno));
	n = receive(fd, patience());
	if (n < 16)
		die("no answer");
	if (in[0] != 'K' || in[2] != (op | 0x80) || memcmp(in + 4, out + 4, 4))
		die("another's answer");
	if (in[3])
		printf("status %d\n", in[3]);
	else
		printf("%.*s\n", (int)(n - 16), (const char *)in + 16);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 5)
		die("usage: udp echo|steady|flood|who|serve|kv ADDRESS PORT ...");
	srand((unsigned int)getpid());
	fd = dial(argv[2], argv[3], strcmp(argv[1], "serve") ? connect : bind);
	if (!strcmp(argv[1], "echo"))
		echo(fd, argv + 4);
	else if (!strcmp(argv[1], "steady"))
		steady(fd, atof(argv[4]));
	else if (!strcmp(argv[1], "flood"))
		flood(fd, atof(argv[4]), argc > 5 ? strtoul(argv[5], NULL, 0) : 64);
	else if (!strcmp(argv[1], "who"))
		who(fd, strtoul(argv[4], NULL, 0));
	else if (!strcmp(argv[1], "serve"))
		serve(fd, argv[4]);
	else if (!strcmp(argv[1], "kv") && argc > 5)
		kv(fd, argv[4], argv[5], argv[6]);
	else
		die("udp: what?");
	return 0;
}
