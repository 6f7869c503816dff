// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fetch http ADDRESS PORT PATH	GET it, print the body
 * fetch udp ADDRESS PORT TEXT	send it, print the answer
 * fetch answer PORT		a UDP server: sends back what comes, until killed
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)),
	};

	inet_pton(AF_INET, host, &a.sin_addr);
	return a;
}

static int http(const char *host, const char *port, const char *path)
{
	struct sockaddr_in a = address(host, port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[8192], *body;
	size_t have = 0;
	ssize_t n;

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		return fail("connect");
	n = snprintf(text, sizeof(text), "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
	if (write(fd, text, (size_t)n) != n)
		return fail("write");
	while ((n = read(fd, text + have, sizeof(text) - 1 - have)) > 0)
		have += (size_t)n;
	text[have] = '\0';
	body = strstr(text, "\r\n\r\n");
	if (n < 0 || !body)
		return fail("read");
	fputs(body + 4, stdout);
	return 0;
}

static int udp(const char *host, const char *port, const char *what)
{
	struct sockaddr_in a = address(host, port);
	const struct timeval patience = { .tv_sec = 30 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[2048];
	ssize_t n;

	if (fd < 0)
		return fail("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (sendto(fd, what, strlen(what), 0, (struct sockaddr *)&a, sizeof(a)) < 0)
		return fail("sendto");
	n = recvfrom(fd, text, sizeof(text) - 1, 0, NULL, NULL);
	if (n < 0)
		return fail("recvfrom");
	printf("%.*s\n", (int)n, text);
	return 0;
}

static int answer(const char *port)
{
	struct sockaddr_in a = address("0.0.0.0", port), from;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[2048];
	socklen_t len;
	ssize_t n;

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)))
		return fail("bind");
	for (;;) {
		len = sizeof(from);
		n = recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &len);
		if (n >= 0)
			sendto(fd, text, (size_t)n, 0, (struct sockaddr *)&from, len);
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "http"))
		return http(argv[2], argv[3], argv[4]);
	if (argc == 5 && !strcmp(argv[1], "udp"))
		return udp(argv[2], argv[3], argv[4]);
	if (argc == 3 && !strcmp(argv[1], "answer"))
		return answer(argv[2]);
	fprintf(stderr, "usage: fetch http|udp ADDRESS PORT WORD, or fetch answer PORT\n");
	return 2;
}
