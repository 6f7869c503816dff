// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * launch - the parent's part in a start: forks the process that becomes the
 * AOS, sees it boot, and ends it; and forks others that stay.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "instance.h"
#include "launch.h"
#include "process.h"
#include "proxy.h"

#define STOP_SECONDS 5

static int record_and_go(struct launch *launch, struct state *state, const char *step, int go)
{
	if (state_add(state, "%s %d %llu", step, (int)launch->pid, process_start(launch->pid)))
		return -1;
	return write(go, "", 1) == 1 ? 0 : say_error("the process of '%s' is gone", step);
}

int launch_child(struct launch *launch, struct state *state, const char *step,
		 int (*run)(const void *what, int report, int go), const void *what)
{
	int report[2], go[2], err;

	if (pipe2(report, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		return say_error("pipe: %s", strerror(errno));
	fflush(NULL);
	launch->pid = fork();
	if (!launch->pid) {
		close(report[0]);
		close(go[1]);
		_exit(run(what, report[1], go[0]) ? 1 : 0);
	}
	close(report[1]);
	close(go[0]);
	launch->report = report[0];
	fcntl(launch->report, F_SETFL, O_NONBLOCK);
	err = launch->pid < 0 ? say_error("fork: %s", strerror(errno))
			      : record_and_go(launch, state, step, go[1]);
	close(go[1]);
	return err;
}

static int run_daemon(const void *what, int report, int go)
{
	return daemon_run(what, report, go);
}

int launch_start(struct launch *launch, struct state *state,
		 const struct appliance *appliance)
{
	strcpy(launch->name, appliance->config.aos.name);
	return launch_child(launch, state, "daemon", run_daemon, appliance);
}

static bool next_word(struct launch *launch, struct daemon_word *word)
{
	if (read(launch->report, word, sizeof(*word)) != (ssize_t)sizeof(*word))
		return false;
	word->text[sizeof(word->text) - 1] = '\0';
	return true;
}

/* What the parent sees of an AOS that boots. */
struct boot_watch {
	int fd;			/* /dev/hijack */
	bool attached;
	const volatile struct counters *counters;
};

static int watch_words(struct launch *launch, struct boot_watch *watch)
{
	struct daemon_word word;

	while (next_word(launch, &word)) {
		if (word.kind == WORD_LOG) {
			instance_print_log(word.text, strlen(word.text), stderr);
			continue;
		}
		if (word.kind != WORD_SET_UP)
			return say_error("%s", word.text);
		watch->attached = !instance_attach(watch->fd, launch->name);
		if (watch->attached)
			watch->counters = instance_map_counters(watch->fd);
	}
	return 0;
}

/* Not through /proc: that holds the child's memory, which ENTER wants alone. */
static bool is_alive(pid_t child)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       !info.si_pid;
}

/* 1: booted; 0: not yet; -1: it has failed, and that has been said. */
static int watch_once(struct launch *launch, struct boot_watch *watch)
{
	bool alive = is_alive(launch->pid);	/* asked before its last words */
	struct hijack_status status;

	if (watch_words(launch, watch))
		return -1;
	if (!alive)
		return say_error("the AOS process has ended: 'dmesg' may tell why");
	if (!watch->attached || !watch->counters)
		return 0;
	if (instance_status(watch->fd, launch->name, &status))
		return 0;
	return status.state == HIJACK_STATE_RUNNING && instance_booted(watch->counters);
}

int launch_wait_set_up(struct launch *launch, double seconds,
		       const volatile sig_atomic_t *stop)
{
	double end = process_clock() + seconds;
	struct daemon_word word;

	while (!*stop && process_clock() < end) {
		bool alive = is_alive(launch->pid);	/* asked before its last words */

		if (next_word(launch, &word))
			return word.kind == WORD_SET_UP ? 0 : say_error("%s", word.text);
		if (!alive)
			return say_error("process %d has ended, and has not said why",
					 (int)launch->pid);
		process_pause();
	}
	return say_error(*stop ? "interrupted" : "process %d is not ready within %.0f s",
			 (int)launch->pid, seconds);
}

static int wait_boot(struct launch *launch, struct boot_watch *watch, double seconds,
		     const volatile sig_atomic_t *stop)
{
	double end = process_clock() + seconds;
	int done;

	while (!(done = watch_once(launch, watch))) {
		if (*stop)
			return say_error("interrupted");
		if (process_clock() > end)
			return say_error("the AOS has not booted within %.0f s: its log "
					 "may tell why, --wait gives it longer", seconds);
		process_pause();
	}
	return done > 0 ? 0 : -1;
}

int launch_wait_boot(struct launch *launch, double seconds,
		     const volatile sig_atomic_t *stop)
{
	struct boot_watch watch = { .fd = instance_open() };
	int err;

	if (watch.fd < 0)
		return -1;
	err = wait_boot(launch, &watch, seconds, stop);
	if (err && watch.attached && !*stop) {
		fputs("---- log of the AOS ----\n", stderr);
		instance_copy_log(watch.fd, stderr);
		fputs("---- end of log ----\n", stderr);
	}
	instance_unmap_counters(watch.counters);
	close(watch.fd);
	return err;
}

int launch_watch(struct launch *launch, const struct state *state,
		 const volatile sig_atomic_t *stop)
{
	int fd = instance_open(), status = 0;
	bool proxies = true;

	if (fd >= 0 && instance_attach(fd, launch->name)) {
		close(fd);
		fd = -1;
	}
	while (!*stop && !waitpid(launch->pid, &status, WNOHANG) &&
	       (proxies = proxy_all_alive(state))) {
		if (fd >= 0)
			instance_copy_log(fd, stdout);
		process_pause();
	}
	if (fd >= 0) {
		instance_copy_log(fd, stdout);
		close(fd);
	}
	if (!proxies)
		return -1;
	if (WIFSIGNALED(status))
		return say_error("%s was killed, signal %d", launch->name, WTERMSIG(status));
	return status ? say_error("%s has ended by an error: 'dmesg' may tell why",
				  launch->name) : 0;
}

/* ---- its end --------------------------------------------------------------- */

static void ask_to_stop(const char *name)
{
	int fd = open(INSTANCE_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	instance_stop(fd, name);
	close(fd);
}

int launch_end(const char *name, const struct state_step *step)
{
	pid_t pid = atoi(step->word[1]);
	unsigned long long start = strtoull(step->word[2], NULL, 10);

	if (!process_alive(pid, start)) {
		waitpid(pid, NULL, WNOHANG);
		return 0;
	}
	for (int i = 0; i < STOP_SECONDS; i++) {	/* it may not be set up yet */
		ask_to_stop(name);
		if (process_wait_end(pid, start, 1))
			return 0;
	}
	say_warning("%s has not stopped within %d s: killing its process %d", name,
		    STOP_SECONDS, (int)pid);
	kill(pid, SIGKILL);
	if (process_wait_end(pid, start, STOP_SECONDS))
		return 0;
	return say_error("process %d of %s does not end: 'dmesg' may tell why; run "
			 "'aosctl down' again", (int)pid, name);
}
