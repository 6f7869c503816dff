// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file - small files read and written whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

static int read_up_to(int fd, void *to, size_t room, size_t *size)
{
	ssize_t n;

	for (*size = 0; *size < room; *size += (size_t)n) {
		n = read(fd, (char *)to + *size, room - *size);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -errno;
		else if (!n)
			break;
	}
	return 0;
}

int file_read_line(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	size_t size = 0;

	text[0] = '\0';
	if (fd < 0)
		return -errno;
	err = read_up_to(fd, text, room - 1, &size);
	close(fd);
	text[size] = '\0';
	if (size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return err;
}

int file_read_number(const char *path, uint64_t *number)
{
	char text[32], *end;
	int err = file_read_line(path, text, sizeof(text));

	if (err)
		return err;
	*number = strtoull(text, &end, 10);
	return end == text || *end ? -EINVAL : 0;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;
	size_t size = strlen(text);

	if (fd < 0)
		return -errno;
	if (write(fd, text, size) != (ssize_t)size)
		err = -errno;
	close(fd);
	return err;
}

static int read_sized(int fd, size_t most, uint8_t **bytes, size_t *size)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uint64_t)st.st_size > most)
		return -EFBIG;
	*bytes = malloc((size_t)st.st_size + 1);
	if (!*bytes)
		return -ENOMEM;
	err = read_up_to(fd, *bytes, (size_t)st.st_size, size);
	if (err)
		free(*bytes);
	return err;
}

int file_read_all(const char *path, size_t most, uint8_t **bytes, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0)
		return -errno;
	err = read_sized(fd, most, bytes, size);
	close(fd);
	return err;
}

bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

void file_cpu_list(const char *text, cpu_set_t *set)
{
	unsigned long first, last;
	char *end;

	CPU_ZERO(set);
	while (*text >= '0' && *text <= '9') {
		first = last = strtoul(text, &end, 10);
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first < CPU_SETSIZE; first++)
			CPU_SET(first, set);
		text = *end == ',' ? end + 1 : end;
	}
}

void file_online_cpus(cpu_set_t *set)
{
	char text[4096];

	if (!file_read_line("/sys/devices/system/cpu/online", text, sizeof(text)))
		file_cpu_list(text, set);
	else
		CPU_ZERO(set);
	if (!CPU_COUNT(set))
		CPU_SET(0, set);
}
