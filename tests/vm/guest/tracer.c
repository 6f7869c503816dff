// SPDX-License-Identifier: GPL-2.0-or-later
/* tracer PID - attach to a process as strace does, for a second, and leave it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#define SECONDS 1.0

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	double end = now() + SECONDS;
	struct user_regs_struct regs;
	int status, stops = 0;

	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD) ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL))
		return fail("attach");
	for (; now() < end; stops++) {
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return fail("wait");
		if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
			return fail("registers");
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL))
			return fail("continue");
		/* it may sleep for longer than we do */
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	}
	waitpid(pid, &status, 0);
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL))
		return fail("detach");
	printf("%d stops\n", stops);
	return 0;
}
