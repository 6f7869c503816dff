// SPDX-License-Identifier: GPL-2.0-or-later
/* Looking at a filter from outside. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kmux.h"

#define LOOK_EVERY_US 100000

int open_kmux(void)
{
	int fd = open(KMUX_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	fprintf(stderr, "kmux: %s: %s%s\n", KMUX_DEVICE, strerror(errno),
		errno == ENOENT ? " (is the module hijack loaded?)" : "");
	return -1;
}

static int open_watch(pid_t pid)
{
	int fd = open_kmux();

	if (fd < 0 || !ioctl(fd, KMUX_WATCH, pid))
		return fd;
	if (errno == ESRCH)
		fprintf(stderr, "kmux: there is no thread %d, or it is under no filter\n", pid);
	else
		fprintf(stderr, "kmux: %d: %s%s\n", pid, strerror(errno),
			errno == EPERM ? " (it needs CAP_SYS_ADMIN)" : "");
	close(fd);
	return -1;
}

static bool has_threads(int fd)
{
	struct kmux_status st;

	return !ioctl(fd, KMUX_STATUS, &st) && st.threads;
}

int watch_log(pid_t pid, bool follow)
{
	int fd = open_watch(pid), err;
	bool more;

	if (fd < 0)
		return KMUX_EXIT_FAILED;
	do {
		more = follow && has_threads(fd);
		err = print_records(fd, stdout);
		if (more)
			usleep(LOOK_EVERY_US);
	} while (!err && more);
	if (err)
		fprintf(stderr, "kmux: log: %s\n", strerror(errno));
	close(fd);
	return err ? KMUX_EXIT_FAILED : 0;
}

int watch_status(pid_t pid)
{
	struct kmux_status st;
	int fd = open_watch(pid), err;

	if (fd < 0)
		return KMUX_EXIT_FAILED;
	err = ioctl(fd, KMUX_STATUS, &st);
	close(fd);
	if (err) {
		fprintf(stderr, "kmux: status: %s\n", strerror(errno));
		return KMUX_EXIT_FAILED;
	}
	printf("threads %u\nthreads_limit %u\ncalls_refused %llu\nrecords %llu\nrecords_dropped %llu\n",
	       st.threads, st.limit, (unsigned long long)st.refused,
	       (unsigned long long)st.logged, (unsigned long long)st.dropped);
	return 0;
}
