// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * retime IMAGE COMPONENT THREAD BUDGET PERIOD - gives a thread of a boot image other times, in
 * us, as coslink would not: whether there is time for all others is not asked.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "sealed.h"

static uint32_t find_component(const struct image_header *h, const char *name)
{
	const struct image_component *c = (const void *)((const char *)h + h->components.off);

	for (uint32_t i = 0; i < h->components.count; i++)
		if (!strncmp(c[i].name, name, sizeof(c[i].name)))
			return i;
	errx(1, "no component %s", name);
}

static struct image_thread *find_thread(struct image_header *h, const char *component,
					const char *name)
{
	struct image_thread *t = (void *)((char *)h + h->threads.off);
	uint32_t owner = find_component(h, component);

	for (uint32_t i = 0; i < h->threads.count; i++)
		if (t[i].component == owner && !strncmp(t[i].name, name, sizeof(t[i].name)))
			return &t[i];
	errx(1, "%s has no thread %s", component, name);
}

int main(int argc, char **argv)
{
	struct image_header *image;
	struct image_thread *thread;
	struct stat st;
	int fd;

	if (argc != 6)
		return 2;
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", argv[1]);
	image = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (image == MAP_FAILED)
		err(1, "%s", argv[1]);
	thread = find_thread(image, argv[2], argv[3]);
	thread->budget_us = (uint32_t)atoi(argv[4]);
	thread->period_us = thread->deadline_us = (uint32_t)atoi(argv[5]);
	sealed_image(image, (uint32_t)st.st_size);
	return 0;
}
