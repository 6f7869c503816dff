// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shared - files of the host in regions of kind "host".  What may be written
 * there follows from the composition: a region that nobody maps "rw" is
 * mapped for reading.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared.h"
#include "say.h"

static size_t region_bytes(const struct image_region *region)
{
	return (size_t)region->pages * ABI_PAGE_SIZE;
}

/* Opens the file as its region wants it: a descriptor, or -1 and errno. */
static int open_file(const struct config_shared *shared, bool writable)
{
	struct stat st;
	int fd = open(shared->file.path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static const char *open_trouble(int err)
{
	switch (err) {
	case EINVAL:
		return "is no ordinary file: name one, for instance in /dev/shm";
	case ENOENT:
		return "does not exist: whoever shares it with the AOS creates it first";
	default:
		return strerror(err);
	}
}

const char *shared_map(const struct config_shared *shared, const struct image *image)
{
	struct image_region region;
	bool writable;
	void *at;
	int fd;

	if (!image_host_region(image, shared->region, &region, &writable))
		return "is no host region of the image";
	fd = open_file(shared, writable);
	if (fd < 0)
		return open_trouble(errno);
	at = mmap((void *)(uintptr_t)region.vaddr, region_bytes(&region),
		  PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	close(fd);
	return at == MAP_FAILED ? strerror(errno) : NULL;
}

static void check_size(const struct config_shared *shared, const struct image_region *region,
		       int fd, struct report *report)
{
	struct stat st;

	if (!fstat(fd, &st) && (uint64_t)st.st_size < region_bytes(region))
		report_warning(report, shared->line, "%s is shorter than its region '%s' (%zu "
			       "bytes): a component that goes beyond its end faults",
			       shared->file.path, shared->region, region_bytes(region));
}

static void check_one(const struct config_shared *shared, const struct image *image,
		      struct report *report)
{
	struct image_region region;
	bool writable;
	int fd;

	if (!image_host_region(image, shared->region, &region, &writable)) {
		report_error(report, shared->line, "the boot image has no region '%s' of kind "
			     "\"host\": name one that it has, or link the image with it",
			     shared->region);
		return;
	}
	fd = open_file(shared, writable);
	if (fd < 0) {
		report_error(report, shared->file.line, "%s %s", shared->file.path,
			     open_trouble(errno));
		return;
	}
	check_size(shared, &region, fd, report);
	close(fd);
}

void shared_check(const struct config *config, const struct image *image,
		  struct report *report)
{
	const struct config_aos *aos = &config->aos;

	for (unsigned int i = 0; i < aos->nshared; i++) {
		check_one(&aos->shared[i], image, report);
		for (unsigned int k = 0; k < i; k++)
			if (!strcmp(aos->shared[k].region, aos->shared[i].region))
				report_error(report, aos->shared[i].line, "region '%s' has a file "
					     "already (line %d): remove one of them",
					     aos->shared[i].region, aos->shared[k].line);
	}
}
