// SPDX-License-Identifier: GPL-2.0-or-later
/* proxy - the parent's part, and the process that keeps a TUN device. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon.h"
#include "launch.h"
#include "lib/translator/translator.h"
#include "links.h"
#include "process.h"
#include "proxy.h"
#include "proxy_move.h"

#define DEVICE		"/dev/net/tun"
#define START_SECONDS	20
#define STOP_SECONDS	5
#define NOBODY		65534
#define SHORT_LIFE	1.0	/* seconds */
#define SHORT_LIVES	5	/* one after another: it is given up */

/* ---- the process that keeps the device ------------------------------------------ */

struct proxy {
	const struct config_interface *interface;
	const char *instance;
	int cpu;		/* the AOS's */
	int tun;
	struct translator *line;
	struct proxy_page *page;
	sigset_t signals;	/* all that it waits for; blocked */
};

static int open_device(struct proxy *proxy)
{
	struct ifreq ifr = { .ifr_flags = (short)(IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL) };

	proxy->tun = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (proxy->tun < 0)
		return daemon_fail(DEVICE, errno == ENOENT || errno == ENODEV ?
				   "this host has no TUN devices: 'modprobe tun', or a kernel "
				   "with CONFIG_TUN" : strerror(errno));
	memcpy(ifr.ifr_name, proxy->interface->name, ABI_NAME_LEN);
	if (ioctl(proxy->tun, TUNSETIFF, &ifr))
		return daemon_fail(proxy->interface->name, errno == EBUSY ?
				   "there is such an interface already" : strerror(errno));
	return 0;
}

static int open_line(struct proxy *proxy)
{
	const char *channel = proxy->interface->name;

	proxy->line = translator_open(O_NONBLOCK | O_CLOEXEC);
	if (!proxy->line)
		return daemon_fail("/dev/translator", strerror(errno));
	if (translator_bind(proxy->line, proxy->instance, channel))
		return daemon_fail(channel, errno == EBUSY ? "another process has taken the "
				   "translator channel of this name" : strerror(errno));
	return 0;
}

/* The AOS is more urgent than anybody on its CPU. */
static void leave_cpu(int cpu)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	CPU_CLR((size_t)cpu, &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(0, sizeof(set), &set);
}

/* Nobody's process, which ends with its parent; it has its files, and needs no rights. */
static enum proxy_end mover(struct proxy *proxy, pid_t parent)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		return PROXY_END_NO_MEMORY;
	return proxy_move(proxy->tun, proxy->interface->name, proxy->line, proxy->page);
}

/* Until it has ended; *stop: it was asked to. */
static int wait_for_mover(struct proxy *proxy, pid_t mover, bool *stop)
{
	int signal, status;

	for (;;) {
		if (waitpid(mover, &status, WNOHANG) == mover)
			return status;
		if (sigwait(&proxy->signals, &signal) || signal != SIGTERM)
			continue;
		*stop = true;
		kill(mover, SIGTERM);
	}
}

static const char *end_text(int status)
{
	switch (WEXITSTATUS(status)) {
	case PROXY_END_STOPPED:   return "it was told to stop";
	case PROXY_END_NO_DEVICE: return "its interface has been taken away";
	default:                  return "it found no memory, or no rights to give up";
	}
}

/* False: there shall be no other. */
static bool is_to_go_on(struct proxy *proxy, int status, double began, int *in_a_row)
{
	const char *link = proxy->interface->name;

	if (!WIFSIGNALED(status)) {
		syslog(LOG_ERR, "proxy of %s: ended: %s", link, end_text(status));
		return false;
	}
	*in_a_row = process_clock() - began < SHORT_LIFE ? *in_a_row + 1 : 0;
	if (*in_a_row == SHORT_LIVES) {
		syslog(LOG_ERR, "proxy of %s: killed %d times in a row, signal %d: given up",
		       link, SHORT_LIVES, WTERMSIG(status));
		return false;
	}
	syslog(LOG_WARNING, "proxy of %s: killed, signal %d: started anew", link,
	       WTERMSIG(status));
	__atomic_add_fetch(&proxy->page->restarts, 1, __ATOMIC_RELEASE);
	return true;
}

static int keep(struct proxy *proxy)
{
	pid_t self = getpid(), child;
	int in_a_row = 0, status;
	bool stop = false, again;

	do {
		double began = process_clock();

		child = fork();
		if (!child)
			_exit(mover(proxy, self));
		if (child < 0) {
			syslog(LOG_ERR, "proxy of %s: fork: %m", proxy->interface->name);
			return -1;
		}
		status = wait_for_mover(proxy, child, &stop);
		again = !stop && is_to_go_on(proxy, status, began, &in_a_row);
	} while (again);
	return stop ? 0 : -1;
}

static int run(const void *what, int report, int go)
{
	struct proxy proxy = *(const struct proxy *)what;

	if (daemon_detach(report, go))
		return -1;
	sigemptyset(&proxy.signals);
	sigaddset(&proxy.signals, SIGTERM);
	sigaddset(&proxy.signals, SIGCHLD);
	proxy.page = proxy_page_create(STATE_DIR, proxy.instance, proxy.interface->name);
	if (!proxy.page)
		return daemon_fail("the counters of the proxy", strerror(errno));
	if (open_device(&proxy) || open_line(&proxy))
		return -1;
	leave_cpu(proxy.cpu);
	openlog("aosctl", LOG_PID, LOG_DAEMON);
	daemon_report(WORD_SET_UP, "", "");
	return keep(&proxy);
}

/* ---- its parent ----------------------------------------------------------------- */

static int start(struct state *state, const struct proxy *proxy,
		 const volatile sig_atomic_t *stop)
{
	const struct config_interface *interface = proxy->interface;
	struct launch launch;
	char step[32];

	if (links_refuse_existing(interface) || state_add(state, "link %s", interface->name))
		return -1;
	snprintf(step, sizeof(step), "proxy %s", interface->name);
	if (launch_child(&launch, state, step, run, proxy) ||
	    launch_wait_set_up(&launch, START_SECONDS, stop))
		return -1;
	return links_configure(interface);
}

int proxy_start(struct state *state, const struct appliance *appliance,
		const volatile sig_atomic_t *stop)
{
	const struct config *config = &appliance->config;

	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		struct proxy proxy = { .interface = &config->interfaces[i],
				       .instance = config->aos.name, .cpu = config->aos.cpu };

		if (proxy.interface->io == CONFIG_IO_PROXY && start(state, &proxy, stop))
			return -1;
	}
	return 0;
}

/* ---- looking at it, and its end --------------------------------------------------- */

static pid_t pid_of(const struct state_step *step)
{
	return atoi(step->word[2]);
}

static unsigned long long start_of(const struct state_step *step)
{
	return strtoull(step->word[3], NULL, 10);
}

const struct state_step *proxy_step(const struct state *state, const char *link)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "proxy", &from)) && strcmp(step->word[1], link))
		;
	return step;
}

bool proxy_alive(const struct state_step *step)
{
	return process_alive(pid_of(step), start_of(step));
}

bool proxy_all_alive(const struct state *state)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "proxy", &from)))
		if (!proxy_alive(step)) {
			say_error("the proxy of %s has ended: the system's log tells why",
				  step->word[1]);
			return false;
		}
	return true;
}

int proxy_undo(const struct state *state, const struct state_step *step)
{
	const char *link = step->word[1];
	pid_t pid = pid_of(step);

	if (proxy_alive(step))
		kill(pid, SIGTERM);
	if (!process_wait_end(pid, start_of(step), STOP_SECONDS)) {
		say_warning("the proxy of %s has not stopped within %d s: killing its process "
			    "%d", link, STOP_SECONDS, (int)pid);
		kill(pid, SIGKILL);
		process_wait_end(pid, start_of(step), STOP_SECONDS);
	}
	proxy_page_remove(state->dir, state->name, link);
	return 0;
}
