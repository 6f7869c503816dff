/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest boot image a kernel takes: a loader, two segments, a thread. */
#ifndef TEST_AOS_IMAGE_H
#define TEST_AOS_IMAGE_H

#include "abi/image.h"
#include "abi/syscall.h"

#define TEST_IMAGE_SIZE	(2 * ABI_PAGE_SIZE + 100)
#define TEST_CODE_VADDR	IMAGE_COMPONENT_BASE
#define TEST_DATA_VADDR	(IMAGE_COMPONENT_BASE + 0x10000)
#define TEST_HEAP_VADDR	(IMAGE_COMPONENT_BASE + 0x20000)
#define TEST_STACK_BASE	(IMAGE_COMPONENT_BASE + IMAGE_STACKS_OFFSET)
#define TEST_URGENCY	100u

/* Pointers into bytes[]. */
struct test_image {
	_Alignas(4096) uint8_t bytes[3 * ABI_PAGE_SIZE];
	struct image_header *header;
	struct image_component *loader;
	struct image_segment *code, *data;
	struct image_thread *thread;
};

/** test_image_make() - a good image. */
void test_image_make(struct test_image *image);

/** test_image_seal() - compute the checksum anew, over @size bytes. */
void test_image_seal(void *image, uint32_t size);

#endif
