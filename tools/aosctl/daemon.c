// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon - the child that becomes the AOS thread: it drops what ties it to
 * this world (terminal, files, signals, swap), takes its CPU and its
 * scheduling class, and enters.  From HIJACK_ENTER on its memory and its
 * registers belong to the AOS; it is back when the AOS has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "bootinfo.h"
#include "daemon.h"
#include "instance.h"
#include "process.h"

#define STOP_SECONDS 5

/* What goes through the report pipe; one write each, so never torn. */
enum word_kind { WORD_SET_UP, WORD_FAILED, WORD_ENDED };

struct daemon_word {
	int kind;		/* enum word_kind */
	char text[252];
};

/* ---- the child ------------------------------------------------------------- */

#define REPORT_FD 3

/* The report pipe is the only file it keeps; its parent may be gone. */
static void report_word(int kind, const char *what, const char *why)
{
	struct daemon_word word = { .kind = kind };
	ssize_t n;

	snprintf(word.text, sizeof(word.text), "%s%s%s", what, *what && *why ? ": " : "",
		 why);
	n = write(REPORT_FD, &word, sizeof(word));
	(void)n;
}

static int fail(const char *what, const char *why)
{
	report_word(WORD_FAILED, what, why);
	return -1;
}

/* The parent has written the state file when its end of the pipe speaks. */
static int wait_for_go(int go)
{
	char byte;
	ssize_t n;

	do {
		n = read(go, &byte, 1);
	} while (n < 0 && errno == EINTR);
	return n == 1 ? 0 : -1;
}

static int leave_world(int report)
{
	const struct rlimit no_core = { 0, 0 };
	sigset_t all;
	int null;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (report != REPORT_FD && dup2(report, REPORT_FD) < 0)
		return -1;
	if (close_range(REPORT_FD + 1, ~0u, 0))
		return fail("closing files", strerror(errno));
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return fail("/dev/null", strerror(errno));
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close(null);
	setsid();
	if (chdir("/"))
		return fail("chdir /", strerror(errno));
	if (setrlimit(RLIMIT_CORE, &no_core) || prctl(PR_SET_DUMPABLE, 0))
		return fail("forbidding core dumps", strerror(errno));
	return 0;
}

static int take_cpu(const struct config_aos *aos)
{
	struct sched_param param = { .sched_priority = aos->priority };
	char what[64];
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET((size_t)aos->cpu, &cpu);
	snprintf(what, sizeof(what), "moving to CPU %d", aos->cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		return fail(what, errno == EINVAL ? "it is offline, or outside the "
			    "cpuset of this session: see /proc/self/status, "
			    "Cpus_allowed_list" : strerror(errno));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return fail("locking memory", "needs CAP_IPC_LOCK: run with sudo");
	if (sched_setscheduler(0, aos->policy, &param))
		return fail("taking the real-time class", "needs CAP_SYS_NICE, and a "
			    "cgroup with real-time budget (RT_GROUP_SCHED): run with "
			    "sudo, outside containers");
	return 0;
}

static const char *setup_trouble(int err)
{
	switch (err) {
	case EEXIST:
	case EBUSY:
		return "an instance of this name is up: 'aosctl down' first";
	case ENOMEM:
		return "not enough memory: make 'frames' smaller";
	case ENODEV:
	case ENOENT:
		return "an interface of the boot image is not there: see 'dmesg'";
	case EPERM:
		return "needs CAP_SYS_ADMIN: run with sudo";
	case EOPNOTSUPP:
		return "hijack cannot work on this machine: 'dmesg' and 'aosctl doctor' "
		       "tell why";
	case EINVAL:
	case EPROTO:
		return "hijack refuses image or configuration: 'dmesg' tells why, and "
		       "'aosctl version' against the module's";
	default:
		return strerror(err);
	}
}

static int set_up(int fd, const struct appliance *appliance)
{
	const struct config_aos *aos = &appliance->config.aos;
	struct bootinfo info;
	struct hijack_setup setup = {
		.size = sizeof(setup),
		.revision = HIJACK_REVISION,
		.cpu = (uint32_t)aos->cpu,
		.frames = (uint32_t)aos->frames,
		.image_size = (uint32_t)appliance->image.size,
		.image = (uintptr_t)appliance->image.bytes,
		.bootinfo = (uintptr_t)&info,
	};

	bootinfo_build(&info, &appliance->config, &appliance->image);
	memcpy(setup.name, aos->name, sizeof(setup.name));
	if (ioctl(fd, HIJACK_SETUP, &setup))
		return fail("setting up the AOS", setup_trouble(errno));
	report_word(WORD_SET_UP, "", "");
	return 0;
}

static int enter(int fd, const char *name)
{
	char why[128];
	int status = ioctl(fd, HIJACK_ENTER, fd);

	if (status < 0)
		snprintf(why, sizeof(why), "the AOS ended: %s", strerror(errno));
	else if (status == HIJACK_EXIT_STOPPED)
		snprintf(why, sizeof(why), "the AOS was stopped");
	else
		snprintf(why, sizeof(why), "the AOS ended by itself, status %d", status);
	report_word(WORD_ENDED, "", why);
	openlog("aosctl", LOG_PID, LOG_DAEMON);
	syslog(LOG_NOTICE, "%s: %s", name, why);
	return status == HIJACK_EXIT_STOPPED || !status ? 0 : -1;
}

static int run_child(const struct appliance *appliance, int report, int go)
{
	int fd;

	if (wait_for_go(go) || leave_world(report))
		return -1;
	fd = open(INSTANCE_DEVICE, O_RDWR);
	if (fd < 0)
		return fail(INSTANCE_DEVICE, instance_open_trouble(errno));
	if (take_cpu(&appliance->config.aos) || set_up(fd, appliance))
		return -1;
	return enter(fd, appliance->config.aos.name);
}

/* ---- the parent ------------------------------------------------------------ */

static int record_and_go(struct daemon *daemon, struct state *state, int go)
{
	if (state_add(state, "daemon %d %llu", (int)daemon->pid,
		      process_start(daemon->pid)))
		return -1;
	return write(go, "", 1) == 1 ? 0 : say_error("the AOS process is gone");
}

int daemon_start(struct daemon *daemon, struct state *state,
		 const struct appliance *appliance)
{
	int report[2], go[2], err;

	strcpy(daemon->name, appliance->config.aos.name);
	if (pipe2(report, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		return say_error("pipe: %s", strerror(errno));
	fflush(NULL);
	daemon->pid = fork();
	if (!daemon->pid) {
		close(report[0]);
		close(go[1]);
		_exit(run_child(appliance, report[1], go[0]) ? 1 : 0);
	}
	close(report[1]);
	close(go[0]);
	daemon->report = report[0];
	fcntl(daemon->report, F_SETFL, O_NONBLOCK);
	err = daemon->pid < 0 ? say_error("fork: %s", strerror(errno))
			      : record_and_go(daemon, state, go[1]);
	close(go[1]);
	return err;
}

static bool next_word(struct daemon *daemon, struct daemon_word *word)
{
	if (read(daemon->report, word, sizeof(*word)) != (ssize_t)sizeof(*word))
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

static int watch_words(struct daemon *daemon, struct boot_watch *watch)
{
	struct daemon_word word;

	while (next_word(daemon, &word)) {
		if (word.kind != WORD_SET_UP)
			return say_error("%s", word.text);
		watch->attached = !instance_attach(watch->fd, daemon->name);
		if (watch->attached)
			watch->counters = instance_map_counters(watch->fd);
	}
	return 0;
}

/* 1: booted; 0: not yet; -1: it has failed, and that has been said. */
static int watch_once(struct daemon *daemon, struct boot_watch *watch)
{
	unsigned long long start = process_start(daemon->pid);
	bool alive = process_alive(daemon->pid, start);	/* before its last words */
	struct hijack_status status;

	if (watch_words(daemon, watch))
		return -1;
	if (!alive)
		return say_error("the AOS process has ended: 'dmesg' may tell why");
	if (!watch->attached || !watch->counters)
		return 0;
	if (instance_status(watch->fd, daemon->name, &status))
		return 0;
	return status.state == HIJACK_STATE_RUNNING && instance_booted(watch->counters);
}

static int wait_boot(struct daemon *daemon, struct boot_watch *watch, double seconds,
		     const volatile sig_atomic_t *stop)
{
	double end = process_clock() + seconds;
	int done;

	while (!(done = watch_once(daemon, watch))) {
		if (*stop)
			return say_error("interrupted");
		if (process_clock() > end)
			return say_error("the AOS has not booted within %.0f s: its log "
					 "may tell why, --wait gives it longer", seconds);
		process_pause();
	}
	return done > 0 ? 0 : -1;
}

int daemon_wait_boot(struct daemon *daemon, double seconds,
		     const volatile sig_atomic_t *stop)
{
	struct boot_watch watch = { .fd = instance_open() };
	int err;

	if (watch.fd < 0)
		return -1;
	err = wait_boot(daemon, &watch, seconds, stop);
	if (err && watch.attached) {
		fputs("---- log of the AOS ----\n", stderr);
		instance_copy_log(watch.fd, 1);
		fputs("---- end of log ----\n", stderr);
	}
	instance_unmap_counters(watch.counters);
	close(watch.fd);
	return err;
}

void daemon_watch(struct daemon *daemon, const volatile sig_atomic_t *stop)
{
	int fd = instance_open();

	if (fd >= 0 && instance_attach(fd, daemon->name)) {
		close(fd);
		fd = -1;
	}
	while (!*stop && !waitpid(daemon->pid, NULL, WNOHANG)) {
		if (fd >= 0)
			instance_copy_log(fd, 0);
		process_pause();
	}
	if (fd >= 0) {
		instance_copy_log(fd, 0);
		close(fd);
	}
}

void daemon_forget(struct daemon *daemon)
{
	close(daemon->report);
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

int daemon_end(const char *name, const struct state_step *step)
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
