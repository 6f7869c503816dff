// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon - the child that becomes the AOS thread: it drops what ties it to
 * this world (terminal, files, signals, swap), takes its CPU and its
 * scheduling class, and enters.  From HIJACK_ENTER on its memory and its
 * registers belong to the AOS; it is back when the AOS has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include "bootinfo.h"
#include "daemon.h"
#include "instance.h"
#include "shared.h"

#define REPORT_FD 3

/* The report pipe is the only file it keeps; its parent may be gone. */
void daemon_report(int kind, const char *what, const char *why)
{
	struct daemon_word word = { .kind = kind };
	ssize_t n;

	snprintf(word.text, sizeof(word.text), "%s%s%s", what, *what && *why ? ": " : "",
		 why);
	n = write(REPORT_FD, &word, sizeof(word));
	(void)n;
}

int daemon_fail(const char *what, const char *why)
{
	daemon_report(WORD_FAILED, what, why);
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
		return daemon_fail("closing files", strerror(errno));
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return daemon_fail("/dev/null", strerror(errno));
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close(null);
	setsid();
	if (chdir("/"))
		return daemon_fail("chdir /", strerror(errno));
	if (setrlimit(RLIMIT_CORE, &no_core) || prctl(PR_SET_DUMPABLE, 0))
		return daemon_fail("forbidding core dumps", strerror(errno));
	return 0;
}

int daemon_detach(int report, int go)
{
	return wait_for_go(go) || leave_world(report) ? -1 : 0;
}

static int take_cpu(const struct config_aos *aos)
{
	char what[64];
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET((size_t)aos->cpu, &cpu);
	snprintf(what, sizeof(what), "moving to CPU %d", aos->cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		return daemon_fail(what, errno == EINVAL ? "it is offline, or outside the "
				   "cpuset of this session: see /proc/self/status, "
				   "Cpus_allowed_list" : strerror(errno));
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return daemon_fail("locking memory", "needs CAP_IPC_LOCK: run with sudo");
	return 0;
}

static int map_shared(const struct appliance *appliance)
{
	const struct config_aos *aos = &appliance->config.aos;

	for (unsigned int i = 0; i < aos->nshared; i++) {
		const char *why = shared_map(&aos->shared[i], &appliance->image);

		if (why)
			return daemon_fail(aos->shared[i].file.path, why);
	}
	return 0;
}

/* Not before the set-up, which takes its time and is nobody's deadline. */
static int take_class(const struct config_aos *aos)
{
	struct sched_param param = { .sched_priority = aos->priority };

	if (sched_setscheduler(0, aos->policy, &param))
		return daemon_fail("taking the scheduling class", "needs CAP_SYS_NICE, and a "
				   "cgroup with real-time budget (RT_GROUP_SCHED): run with "
				   "sudo, outside containers");
	return 0;
}

static void report_log(int fd)
{
	struct daemon_word word = { .kind = WORD_LOG };
	ssize_t n;

	while ((n = read(fd, word.text, sizeof(word.text) - 1)) > 0) {
		word.text[n] = '\0';
		n = write(REPORT_FD, &word, sizeof(word));
	}
}

static const char *setup_trouble(int err)
{
	switch (err) {
	case EBUSY:
		return "this name, this CPU or an interface belongs to an AOS that is up: "
		       "see 'aosctl status'";
	case ENOMEM:
		return "not enough memory: make 'frames' smaller";
	case ENODEV:
		return "the CPU or an interface is gone: 'dmesg' may tell why";
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
		.poll_us = (uint32_t)aos->poll_us,
		.frames = (uint32_t)aos->frames,
		.image_size = (uint32_t)appliance->image.size,
		.image = (uintptr_t)appliance->image.bytes,
		.bootinfo = (uintptr_t)&info,
	};

	bootinfo_build(&info, &appliance->config, &appliance->image);
	memcpy(setup.name, aos->name, sizeof(setup.name));
	if (ioctl(fd, HIJACK_SETUP, &setup)) {
		int err = errno;

		report_log(fd);		/* it may say why, and ends with this file */
		return daemon_fail("setting up the AOS", setup_trouble(err));
	}
	daemon_report(WORD_SET_UP, "", "");
	return 0;
}

/*
 * A component may have left an exception pending or unmasked in the x87 or SSE
 * control words, which the next floating-point instruction would be hit by.
 */
static void vector_state_reset(void)
{
	static const unsigned int mxcsr = 0x1f80;	/* its value after reset */

	__asm__ volatile("fninit; ldmxcsr %0" : : "m"(mxcsr));
}

static int enter(int fd, const char *name)
{
	char why[128];
	int status = ioctl(fd, HIJACK_ENTER, fd);

	vector_state_reset();
	if (status < 0)
		snprintf(why, sizeof(why), "the AOS cannot run: %s: 'dmesg' tells why",
			 strerror(errno));
	else if (status == HIJACK_EXIT_STOPPED)
		snprintf(why, sizeof(why), "the AOS was stopped");
	else
		snprintf(why, sizeof(why), "the AOS ended by itself, status %d", status);
	daemon_report(WORD_ENDED, "", why);
	openlog("aosctl", LOG_PID, LOG_DAEMON);
	syslog(LOG_NOTICE, "%s: %s", name, why);
	return status == HIJACK_EXIT_STOPPED || !status ? 0 : -1;
}

int daemon_run(const struct appliance *appliance, int report, int go)
{
	int fd;

	if (daemon_detach(report, go))
		return -1;
	fd = open(INSTANCE_DEVICE, O_RDWR);
	if (fd < 0)
		return daemon_fail(INSTANCE_DEVICE, instance_open_trouble(errno));
	if (take_cpu(&appliance->config.aos) || map_shared(appliance) || set_up(fd, appliance) ||
	    take_class(&appliance->config.aos))
		return -1;
	return enter(fd, appliance->config.aos.name);
}
