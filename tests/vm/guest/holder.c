// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * holder PID - hold what that process holds of /dev/hijack, until killed:
 * the same open file, a mapping of its counters, and a handle on its memory.
 * Prints "holds" when it does.
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "instance.h"

/* The number of its descriptor of the device, or -1. */
static int find_device(const char *pid)
{
	char path[64], target[64];
	struct dirent *entry;
	int found = -1;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		if (!strcmp(target, DEVICE))
			found = atoi(entry->d_name);
	}
	return found;
}

static int take(const char *pid)
{
	int process = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
	int number = find_device(pid);

	if (process < 0 || number < 0)
		return -1;
	return (int)syscall(SYS_pidfd_getfd, process, number, 0);
}

int main(int argc, char **argv)
{
	char path[64];
	void *counters;
	int fd = argc == 2 ? take(argv[1]) : -1;

	if (fd < 0) {
		perror("holder");
		return 1;
	}
	counters = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	snprintf(path, sizeof(path), "/proc/%s/mem", argv[1]);
	printf("holds%s%s\n", counters == MAP_FAILED ? "" : ", counters",
	       open(path, O_RDONLY) < 0 ? "" : ", memory");
	fflush(stdout);
	for (;;)
		pause();
}
