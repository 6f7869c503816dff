/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs at /dev/translator have in common. */
#ifndef TALK_H
#define TALK_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/translator.h"
#include "hijack/uapi/translator.h"

#define DIE(...) do { fprintf(stderr, __VA_ARGS__); fputc('\n', stderr); exit(1); } while (0)

static const char *channel __attribute__((unused));

static inline uint8_t *map_at(int fd, off_t at, size_t bytes, int rights)
{
	void *memory = mmap(NULL, bytes, rights, MAP_SHARED, fd, at);

	if (memory == MAP_FAILED)
		DIE("mmap: %m");
	return memory;
}

/* Without the library.  Whoever was bound may not be gone yet. */
static inline int bind_alone(struct translator_bind *bind)
{
	int fd = open("/dev/translator", O_RDWR);

	*bind = (struct translator_bind){ .size = sizeof(*bind), .revision = TRANSLATOR_REVISION };
	strcpy(bind->channel, channel);
	if (fd < 0)
		DIE("/dev/translator: %m");
	for (int i = 0; ioctl(fd, TRANSLATOR_BIND, bind); i++) {
		if (i > 500 || errno != EBUSY)
			DIE("BIND: %m");
		usleep(10000);
	}
	return fd;
}

#endif
