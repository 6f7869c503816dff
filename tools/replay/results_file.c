// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of results: opened before the run, written behind it. */
#include "results_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int results_file_open(struct results_file *f, const char *path, char *error,
		      size_t error_size)
{
	int fd;

	*f = (struct results_file) { .path = path };
	if (!path)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	f->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (f->file)
		return 0;
	snprintf(error, error_size, "%s: %s - give a file that can be written",
		 path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int results_file_write(struct results_file *f, const struct report *r,
		       int (*write)(const struct report *r, FILE *out),
		       char *error, size_t error_size)
{
	bool good;

	if (!f->file)
		return 0;
	/* A pipe or a device has no length to cut. */
	good = !ftruncate(fileno(f->file), 0) || errno == EINVAL;
	errno = 0;
	good = good && !write(r, f->file);
	good = !fclose(f->file) && good;
	f->file = NULL;
	if (good)
		return 0;
	snprintf(error, error_size, "%s: %s - not saved", f->path,
		 errno ? strerror(errno) : "cannot be written");
	return -1;
}

void results_file_close(struct results_file *f)
{
	if (f->file)
		fclose(f->file);
	f->file = NULL;
}
