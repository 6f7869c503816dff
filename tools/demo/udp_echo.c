// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * udp_echo PORT [IDLE] - Linux's own UDP service beside the appliance: sends
 * every datagram back, IPv4 and IPv6, from the address that was asked.  With
 * IDLE it ends when it has been used and then nobody has asked for that many
 * seconds.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "receive_room.h"

/* A burst finds room, as it does in the appliance's ring: else no comparison is fair. */
#define ROOM	(4 << 20)

static int open_socket(int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int off = 0, on = 1, fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)))
		return -1;
	receive_room_ask(fd, ROOM);
	return fd;
}

/* By whatever way leads there, unless only one does. */
static void any_interface(struct msghdr *h)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(h);
	struct in6_pktinfo info;

	if (!c || c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_PKTINFO)
		return;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
		info.ipi6_ifindex = 0;
	memcpy(CMSG_DATA(c), &info, sizeof(info));
}

/* What says where it was sent to says where the answer comes from. */
static void echo(int fd)
{
	static char payload[65536];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec part = { payload, sizeof(payload) };
	struct sockaddr_in6 from;
	struct msghdr h = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part,
			    .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &h, 0);

	if (n < 0)
		return;
	part.iov_len = (size_t)n;
	any_interface(&h);
	if (sendmsg(fd, &h, 0) >= 0)
		return;
	h.msg_controllen = 0;	/* a group's address is nobody's own */
	sendmsg(fd, &h, 0);
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
