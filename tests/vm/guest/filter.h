/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the programs that use /dev/kmux by themselves have in common.  A test
 * case runs in a child process and says why it failed, or NULL.
 */
#ifndef GUEST_FILTER_H
#define GUEST_FILTER_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hijack/uapi/kmux.h"

#define REFUSED_ERROR EUCLEAN	/* no call that is refused here returns it by itself */

/* All calls allowed, nothing logged; 64 threads. */
static inline void rules_init(struct kmux_rules *rules, uint32_t flags)
{
	*rules = (struct kmux_rules){
		.size = sizeof(*rules), .revision = KMUX_REVISION, .flags = flags, .threads = 64,
	};
}

static inline void rules_refuse(struct kmux_rules *rules, int call)
{
	rules->rule[call] = (struct kmux_rule){
		.action = KMUX_ERRNO, .log = 1, .error = REFUSED_ERROR,
	};
}

static inline int kmux_open(void)
{
	int fd = open("/dev/kmux", O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		perror("/dev/kmux");
		exit(1);
	}
	return fd;
}

/* The caller comes under the rules; the file, or -1. */
static inline int kmux_attach(const struct kmux_rules *rules)
{
	int fd = kmux_open();

	if (!ioctl(fd, KMUX_ATTACH, rules))
		return fd;
	close(fd);
	return -1;
}

/* A filter that refuses getpgid(), and nothing else. */
static inline int attach_refusing(uint32_t flags)
{
	struct kmux_rules rules;

	rules_init(&rules, flags);
	rules_refuse(&rules, SYS_getpgid);
	return kmux_attach(&rules);
}

static inline bool is_refused(void)
{
	return syscall(SYS_getpgid, 0) == -1 && errno == REFUSED_ERROR;
}

static inline bool is_allowed(void)
{
	return syscall(SYS_getpgid, 0) > 0;
}

typedef const char *case_run(void);

struct test_case {
	const char *what;
	case_run *run;
};

static inline void run_case(const struct test_case *c)
{
	const char *test = getenv("TEST"), *why;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		alarm(120 * (uint32_t)atoi(getenv("SLOW") ? getenv("SLOW") : "1"));
		why = c->run();
		if (why)
			printf("not ok %s: %s: %s (errno %d)\n", test, c->what, why, errno);
		fflush(stdout);
		_exit(why ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	if (!status)
		printf("ok %s: %s\n", test, c->what);
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 1)
		printf("not ok %s: %s: wait status %#x\n", test, c->what, (unsigned int)status);
}

/* wait(2)'s status of a child that runs `body`, which returns its exit status. */
static inline int child_status(int (*body)(void *), void *arg)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(body(arg));
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

#endif
