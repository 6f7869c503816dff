// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * killed_at N COMMAND... - runs it, and kills it where it is about to rename a file for the
 * N-th time.  0: killed; 1: it came to its end before.
 */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static int is_rename(pid_t pid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		err(2, "its registers");
	return regs.orig_rax == SYS_rename || regs.orig_rax == SYS_renameat ||
	       regs.orig_rax == SYS_renameat2;
}

/* The first stop is at the exec; then each call stops twice, before and behind. */
static int run(pid_t pid, int left)
{
	int status, entering = 0, deliver = 0;

	for (;;) {
		if (waitpid(pid, &status, 0) != pid)
			err(2, "waiting for it");
		if (WIFEXITED(status) || WIFSIGNALED(status))
			return 1;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			entering = !entering;
			if (entering && is_rename(pid) && !--left)
				break;
			deliver = 0;
		} else {
			deliver = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		}
		ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		ptrace(PTRACE_SYSCALL, pid, NULL, deliver);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return 0;
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc < 3)
		return 2;
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[2], argv + 2);
		err(2, "%s", argv[2]);
	}
	return run(pid, atoi(argv[1]));
}
