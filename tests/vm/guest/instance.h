/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs that use /dev/hijack by themselves have in common. */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/bootinfo.h"
#include "hijack/uapi/hijack.h"

#define DEVICE "/dev/hijack"
#define IMAGE_ROOM (1u << 20)

/* A request, and the memory it points to. */
struct request {
	struct hijack_setup setup;
	struct bootinfo info;
	uint8_t image[IMAGE_ROOM];
};

static inline int device_open(void)
{
	int fd = open(DEVICE, O_RDWR);

	if (fd < 0) {
		perror(DEVICE);
		exit(1);
	}
	return fd;
}

/* Everything right, but for channels and services, which are none. */
static inline void request_init(struct request *r, const char *name, const char *image)
{
	int fd = open(image, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, r->image, sizeof(r->image));

	if (n < 0) {
		perror(image);
		exit(1);
	}
	close(fd);
	memset(&r->info, 0, sizeof(r->info));
	r->info.magic = BOOTINFO_MAGIC;
	r->info.revision = BOOTINFO_REVISION;
	r->setup = (struct hijack_setup){
		.size = sizeof(r->setup), .revision = HIJACK_REVISION, .frames = 4096,
		.image_size = (uint32_t)n, .image = (uintptr_t)r->image,
		.bootinfo = (uintptr_t)&r->info,
	};
	strncpy(r->setup.name, name, sizeof(r->setup.name) - 1);
}

static inline void request_channel(struct request *r, const char *name)
{
	strncpy(r->info.channel[r->info.nchannels++].name, name, ABI_NAME_LEN - 1);
}

static inline void request_service(struct request *r, const char *name)
{
	struct bootinfo_service *s = &r->info.service[r->info.nservices];

	strncpy(s->name, name, ABI_NAME_LEN - 1);
	s->port = (uint16_t)(1000 + r->info.nservices++);
}

static inline int pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static inline void print_log(int fd, FILE *out)
{
	char text[4096];
	ssize_t n;

	while ((n = read(fd, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)n, out);
	fflush(out);
}

#endif
