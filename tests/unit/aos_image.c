// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "aos_image.h"

static uint32_t crc_byte(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc % 2 ? 0xedb88320u : 0);
	return crc;
}

void test_image_seal(void *image, uint32_t size)
{
	struct image_header *header = image;
	const uint8_t *byte = image;
	uint32_t crc = 0xffffffffu;

	if (size < sizeof(*header))
		return;
	header->crc32 = 0;
	for (uint32_t i = 0; i < size; i++)
		crc = crc_byte(crc, byte[i]);
	header->crc32 = ~crc;
}

static struct image_table table(uint32_t off, uint32_t count)
{
	return (struct image_table){ off, count };
}

static void place_tables(struct test_image *image)
{
	uint32_t off = sizeof(*image->header);

	image->header = (void *)image->bytes;
	image->header->components = table(off, 1);
	image->loader = (void *)(image->bytes + off);
	off += sizeof(*image->loader);
	image->header->segments = table(off, 2);
	image->code = (void *)(image->bytes + off);
	image->data = image->code + 1;
	off += 2 * sizeof(*image->code);
	image->header->threads = table(off, 1);
	image->thread = (void *)(image->bytes + off);
}

void test_image_make(struct test_image *image)
{
	memset(image, 0, sizeof(*image));
	place_tables(image);
	image->header->magic = IMAGE_MAGIC;
	image->header->revision = IMAGE_REVISION;
	image->header->size = TEST_IMAGE_SIZE;
	*image->loader = (struct image_component){
		.name = "loader", .nsegments = 2, .heap_pages = 2, .stack_pages = 3,
		.heap_vaddr = TEST_HEAP_VADDR, .stack_base = TEST_STACK_BASE,
		.counters_vaddr = IMAGE_COUNTERS_BASE,
	};
	*image->code = (struct image_segment){
		.vaddr = TEST_CODE_VADDR, .mem_pages = 1, .file_off = ABI_PAGE_SIZE,
		.file_size = ABI_PAGE_SIZE, .rights = AOS_MAP_EXEC,
	};
	*image->data = (struct image_segment){
		.vaddr = TEST_DATA_VADDR, .mem_pages = 2, .file_off = 2 * ABI_PAGE_SIZE,
		.file_size = 100, .rights = AOS_MAP_WRITE,
	};
	*image->thread = (struct image_thread){
		.name = "main", .priority = TEST_URGENCY, .entry = TEST_CODE_VADDR + 16,
	};
	for (uint32_t i = ABI_PAGE_SIZE; i < TEST_IMAGE_SIZE; i++)
		image->bytes[i] = (uint8_t)(i * 7 + i / 256);
	test_image_seal(image->bytes, TEST_IMAGE_SIZE);
}
