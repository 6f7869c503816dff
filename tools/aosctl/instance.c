// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * instance - /dev/hijack from outside.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "instance.h"
#include "say.h"
#include "stats.h"

#define COUNTER_BYTES ((size_t)HIJACK_SHOWN_PAGES * ABI_PAGE_SIZE)

const char *instance_open_trouble(int err)
{
	switch (err) {
	case ENOENT:
		return "does not exist: load hijack.ko ('aosctl up' does, or "
		       "'modprobe hijack')";
	case ENXIO:
	case ENODEV:
		return "has no driver: load hijack.ko ('modprobe hijack')";
	case EPERM:
	case EACCES:
		return "may not be opened: run with sudo (to look, be a member of the group "
		       "'host.group' of the configuration)";
	default:
		return strerror(err);
	}
}

static int open_device(int how)
{
	int fd = open(INSTANCE_DEVICE, how | O_CLOEXEC);

	if (fd < 0)
		return say_error(INSTANCE_DEVICE " %s", instance_open_trouble(errno));
	return fd;
}

int instance_open(void)
{
	return open_device(O_RDWR);
}

int instance_open_to_look(void)
{
	return open_device(O_RDONLY);
}

static void fill_name(char *to, const char *name)
{
	snprintf(to, HIJACK_NAME_LEN, "%s", name);
}

int instance_status(int fd, const char *name, struct hijack_status *status)
{
	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	fill_name(status->name, name);
	if (ioctl(fd, HIJACK_STATUS, status))
		return -errno;
	status->name[HIJACK_NAME_LEN - 1] = '\0';
	return 0;
}

static int ioctl_name(int fd, unsigned long request, const char *name)
{
	struct hijack_name arg = { { 0 } };

	fill_name(arg.name, name);
	return ioctl(fd, request, &arg) < 0 ? -errno : 0;
}

int instance_stop(int fd, const char *name)
{
	return ioctl_name(fd, HIJACK_STOP, name);
}

int instance_attach(int fd, const char *name)
{
	return ioctl_name(fd, HIJACK_ATTACH, name);
}

const volatile struct counters *instance_map_counters(int fd)
{
	void *pages = mmap(NULL, COUNTER_BYTES, PROT_READ, MAP_SHARED, fd, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void instance_unmap_counters(const volatile struct counters *pages)
{
	if (pages)
		munmap((void *)(uintptr_t)pages, COUNTER_BYTES);
}

void instance_print_log(char *text, size_t size, FILE *out)
{
	for (size_t i = 0; i < size; i++)
		if ((text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] == 0x7f)
			text[i] = '?';
	fwrite(text, 1, size, out);
}

long instance_copy_log(int fd, FILE *out)
{
	char text[4096];
	long total = 0;
	ssize_t n;

	while ((n = read(fd, text, sizeof(text))) > 0) {
		instance_print_log(text, (size_t)n, out);
		total += n;
	}
	fflush(out);
	return n < 0 ? -errno : total;
}

bool instance_booted(const volatile struct counters *pages)
{
	struct stats_page page;
	int i;

	if (!stats_copy(&page, pages))
		return false;
	i = stats_find(&page, "booted");
	return i >= 0 && page.value[i] == 1;
}
