// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hostile boot images: the kernel's reader (aos_boot) and, for what it lets
 * pass, the loader's (image_open).  The first two bytes say how many frames
 * there are and whether the header is put right first, since no fuzzer
 * guesses a checksum.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/histogram.h"
#include "aos_image.h"
#include "aos_invariants.h"
#include "loader/image.h"

#define FRAMES_MAX 640u

enum { SEAL = 1, KPTI = 2 };

struct input {
	uint8_t flags;
	uint32_t nframes, size;
	uint8_t *image;		/* of its exact size: ASan guards its end */
};

static void broken(const char *what)
{
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static bool take_input(struct input *in, const uint8_t *data, size_t size)
{
	struct image_header *header;

	if (size < 2 || size > (1u << 20))
		return false;
	in->flags = data[0];
	in->nframes = SHOWN_PAGES - AOS_MAX_COMPONENTS + data[1] * 2u;
	in->size = (uint32_t)size - 2;
	in->image = malloc(in->size ? in->size : 1);
	if (!in->image)
		return false;
	memcpy(in->image, data + 2, in->size);
	header = (void *)in->image;
	if (in->flags & SEAL && in->size >= sizeof(*header)) {
		header->magic = IMAGE_MAGIC;
		header->revision = IMAGE_REVISION;
		header->size = in->size;
		test_image_seal(header, in->size);
	}
	return true;
}

static int boot(const struct input *in)
{
	static struct aos aos;
	static struct aos_frame frames[FRAMES_MAX];
	struct bootinfo info = { .magic = BOOTINFO_MAGIC, .revision = BOOTINFO_REVISION };
	struct fake_host host;
	struct aos_regs regs;
	const char *why = NULL;
	int err;

	memset(&aos, 0, sizeof(aos));
	memset(frames, 0, sizeof(frames));
	fake_host_open(&host, in->nframes, in->flags & KPTI, false);
	aos.host = &host;
	err = aos_boot(&aos, frames, in->nframes, in->image, in->size, &info, &regs);
	if (!err) {
		host.cr3 = aos_cr3(&aos);
		why = aos_invariants(&aos);
	} else if ((err != -AOS_EINVAL && err != -AOS_ENOMEM) || !host.log_len) {
		why = "refused with another error than the contract knows, or in silence";
	}
	if (why)
		broken(why);
	fake_host_close(&host);
	return err;
}

/* What the loader accepts it later uses without another look. */
static void open_as_loader(const struct input *in)
{
	struct image image;
	struct image_error error;

	if (!image_open(&image, in->image, in->size, &error))
		return;
	for (uint32_t i = 0; i < image.header->components.count; i++)
		if (!image_reach(&image, i))
			broken("a component does not reach itself");
	if (image_scheduler(&image) >= image.header->components.count)
		broken("the scheduler is no component");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;

	if (!take_input(&in, data, size))
		return 0;
	boot(&in);
	if (in.size >= sizeof(struct image_header))
		open_as_loader(&in);
	free(in.image);
	return 0;
}
