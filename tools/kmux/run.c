// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command under a filter: a child attaches itself, which takes effect with
 * the exec of the command; the parent, under no filter, keeps the log.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kmux.h"

#define LOOK_EVERY_NS 20000000	/* at the log, while nothing else happens */

static volatile sig_atomic_t child_pid;

static void pass_on(int number)
{
	if (child_pid > 0)
		kill((pid_t)child_pid, number);
}

static const char *attach_trouble(void)
{
	switch (errno) {
	case EPERM:
		return "it needs CAP_SYS_ADMIN, or --no-new-privs";
	case EALREADY:
		return "kmux itself is under a filter already";
	default:
		return strerror(errno);
	}
}

/* In the child; returns an exit status, or not at all. */
static int become_command(int kmux, const struct run_options *options)
{
	if (options->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		fprintf(stderr, "kmux: no_new_privs: %s\n", strerror(errno));
		return KMUX_EXIT_FAILED;
	}
	if (ioctl(kmux, KMUX_ATTACH, options->rules)) {
		fprintf(stderr, "kmux: cannot attach: %s\n", attach_trouble());
		return KMUX_EXIT_FAILED;
	}
	execvp(options->command[0], options->command);
	fprintf(stderr, "kmux: %s: %s\n", options->command[0], strerror(errno));
	return errno == ENOENT ? KMUX_EXIT_NOT_FOUND : KMUX_EXIT_NO_EXEC;
}

/* The terminal's signals reach the child by themselves. */
static void signals_to_child(void)
{
	struct sigaction pass = { .sa_handler = pass_on, .sa_flags = SA_RESTART };

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	sigaction(SIGTERM, &pass, NULL);
	sigaction(SIGHUP, &pass, NULL);
}

/* Until the child ends; its status as wait(2) gives it, or -1. */
static int wait_and_log(int kmux, FILE *log)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	sigset_t child;
	bool ended = false;
	int status = -1;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!ended) {
		pid = waitpid((pid_t)child_pid, &status, WNOHANG);
		if (pid < 0 && errno != EINTR)
			return -1;
		ended = pid > 0;
		if (log && print_records(kmux, log)) {
			fprintf(stderr, "kmux: log: %s\n", strerror(errno));
			log = NULL;
		}
		if (!ended)
			sigtimedwait(&child, NULL, &pause);
	}
	return status;
}

static void say_drops(int kmux)
{
	struct kmux_status st;

	if (!ioctl(kmux, KMUX_STATUS, &st) && st.dropped)
		fprintf(stderr, "kmux: %llu of %llu records were dropped: the log was full\n",
			(unsigned long long)st.dropped,
			(unsigned long long)(st.dropped + st.logged));
}

static int run_and_log(int kmux, FILE *log, const struct run_options *options)
{
	sigset_t child, before;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	child_pid = fork();
	if (child_pid < 0) {
		fprintf(stderr, "kmux: fork: %s\n", strerror(errno));
		return KMUX_EXIT_FAILED;
	}
	if (!child_pid) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(become_command(kmux, options));
	}
	signals_to_child();
	status = wait_and_log(kmux, log);
	if (log)
		say_drops(kmux);
	if (status < 0)
		return KMUX_EXIT_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_command(const struct run_options *options)
{
	FILE *log = NULL;
	int kmux = open_kmux(), status;

	if (kmux < 0)
		return KMUX_EXIT_FAILED;
	if (options->log && !strcmp(options->log, "-"))
		log = stderr;
	else if (options->log)
		log = fopen(options->log, "we");
	if (options->log && !log) {
		fprintf(stderr, "kmux: %s: %s\n", options->log, strerror(errno));
		close(kmux);
		return KMUX_EXIT_FAILED;
	}
	status = run_and_log(kmux, log, options);
	if (log && log != stderr && fclose(log)) {
		fprintf(stderr, "kmux: %s: %s\n", options->log, strerror(errno));
		status = KMUX_EXIT_FAILED;
	}
	close(kmux);
	return status;
}
