// SPDX-License-Identifier: GPL-2.0-or-later
/* proxy_page - what a proxy counts, in a file. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proxy_page.h"
#include "say.h"

#define MAGIC	0x58525043u	/* "CPRX" */
#define PATH	192

static void page_path(char *path, const char *dir, const char *instance, const char *link)
{
	snprintf(path, PATH, "%s/%s.%s.proxy", dir, instance, link);
}

static struct proxy_page *map(int fd)
{
	void *page;

	if (ftruncate(fd, sizeof(struct proxy_page)))
		return NULL;
	page = mmap(NULL, sizeof(struct proxy_page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return page == MAP_FAILED ? NULL : page;
}

struct proxy_page *proxy_page_create(const char *dir, const char *instance, const char *link)
{
	struct proxy_page *page;
	char path[PATH];
	int fd;

	page_path(path, dir, instance, link);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return NULL;
	page = map(fd);
	if (page) {
		page->magic = MAGIC;
		state_share_file(fd, dir);
	}
	close(fd);
	return page;
}

bool proxy_page_read(struct proxy_page *page, const char *dir, const char *instance,
		     const char *link)
{
	char path[PATH];
	ssize_t n;
	int fd;

	page_path(path, dir, instance, link);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	n = read(fd, page, sizeof(*page));
	close(fd);
	return n == (ssize_t)sizeof(*page) && page->magic == MAGIC;
}

int proxy_page_keep_carrier(const char *dir, const char *instance, const char *link, bool keep)
{
	const uint32_t word = keep;
	struct proxy_page page;
	char path[PATH];
	ssize_t n = -1;
	int fd;

	if (!proxy_page_read(&page, dir, instance, link))
		return say_error("the counters of the proxy of %s are gone", link);
	page_path(path, dir, instance, link);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		n = pwrite(fd, &word, sizeof(word), offsetof(struct proxy_page, keep_carrier));
		close(fd);
	}
	return n == sizeof(word) ? 0 : say_error("%s: %s", path, strerror(errno));
}

void proxy_page_remove(const char *dir, const char *instance, const char *link)
{
	char path[PATH];

	page_path(path, dir, instance, link);
	unlink(path);
}

void proxy_mark_settle(const struct proxy_mark *mark, uint32_t place, uint64_t *total)
{
	if (mark->place == place)
		*total = mark->total;
}
