// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * notified - a service manager of a few lines: runs a command with NOTIFY_SOCKET, and
 * prints what it says there and its exit status.
 *
 *   notified @NAME|PATH COMMAND...
 *
 * On SIGTERM it ends the command by the same signal.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int signal)
{
	kill(child, signal);
}

static void print_words(int fd)
{
	char text[512];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (n <= 0)
		return;
	text[n] = '\0';
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	printf("said %s\n", text);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_un here = { .sun_family = AF_UNIX };
	struct pollfd said = { .events = POLLIN };
	int status = 0;

	if (argc < 3 || strlen(argv[1]) >= sizeof(here.sun_path))
		return 2;
	memcpy(here.sun_path, argv[1], strlen(argv[1]));
	if (here.sun_path[0] == '@')
		here.sun_path[0] = '\0';
	said.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(said.fd, (struct sockaddr *)&here,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(argv[1])))) {
		perror(argv[1]);
		return 2;
	}
	setenv("NOTIFY_SOCKET", argv[1], 1);
	child = fork();
	if (!child) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	signal(SIGTERM, pass_on);
	while (!waitpid(child, &status, WNOHANG))
		if (poll(&said, 1, 50) == 1)
			print_words(said.fd);
	while (poll(&said, 1, 0) == 1)
		print_words(said.fd);
	printf("status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
