// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udp_echo PORT [IDLE] - Linux's own UDP service beside the appliance: sends
 * every datagram back, IPv4 and IPv6.  With IDLE it ends when it has been
 * used and then nobody has asked for that many seconds.
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static int open_socket(int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int off = 0, fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)))
		return -1;
	return fd;
}

static void echo(int fd)
{
	static char payload[65536];
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(fd, payload, sizeof(payload), 0, (struct sockaddr *)&from, &len);

	if (n >= 0)
		sendto(fd, payload, n, 0, (struct sockaddr *)&from, len);
}

int main(int argc, char **argv)
{
	int idle = argc > 2 ? atoi(argv[2]) * 1000 : -1, wait = -1;
	struct pollfd p = { .events = POLLIN };

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: udp_echo PORT [IDLE]\n");
		return 2;
	}
	p.fd = open_socket(atoi(argv[1]));
	if (p.fd < 0) {
		perror("udp_echo");
		return 1;
	}
	while (poll(&p, 1, wait) > 0) {
		echo(p.fd);
		wait = idle;
	}
	return 0;
}
