// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames and mappings.  Frames are handed out in order and stay where they
 * are; the host zeroed them all.  A page becomes executable only after the
 * loader's writable view of it is gone.
 */
#include "loader.h"

/* Beyond the image, where nothing else can be. */
#define WINDOW_VADDR (IMAGE_FILE_VADDR + IMAGE_MAX_SIZE)

#define TABLE_SPAN (512ull * ABI_PAGE_SIZE)	/* what a table of pages covers */

static struct {
	uint32_t next, limit;
} frames;

void memory_init(uint32_t first_free, uint32_t limit)
{
	frames.next = first_free;
	frames.limit = limit;
}

uint32_t memory_used(void)
{
	return frames.next;
}

uint32_t memory_left(void)
{
	return frames.limit - frames.next;
}

uint32_t memory_take_rest(uint32_t *first)
{
	*first = frames.next;
	frames.limit = frames.next;
	return aos_bootinfo()->frames - frames.next;
}

/* @align is a power of two.  -> the first of @count frames in a row */
uint32_t frames_take_aligned(const char *whom, uint32_t count, uint32_t align)
{
	uint32_t first = (frames.next + align - 1) & ~(align - 1);

	if (first > frames.limit || count > frames.limit - first)
		fail_text(whom, "out of memory", "raise the number of frames in the configuration");
	frames.next = first + count;
	return first;
}

uint32_t frame_take(const char *whom)
{
	return frames_take_aligned(whom, 1, 1);
}

/* Every level of the page table that is missing costs one frame and one more try. */
void map_page(const struct mapping *m, uint32_t page, uint64_t vaddr)
{
	uint32_t slot = component_slot(m->component);

	for (;;) {
		uint64_t level;
		int64_t err = aos_map(slot, m->from, page, vaddr, m->rights, m->part, &level);

		if (!err)
			return;
		if (err != -AOS_ENOENT || !level)
			fail(m->whom, m->what, err);
		must(aos_pgtbl_add(slot, frame_take(m->whom), vaddr, (uint32_t)level),
		     m->whom, "adding a page table");
	}
}

void map_zeroed(const struct mapping *m, uint64_t vaddr, uint32_t pages)
{
	uint32_t first = frames_take_aligned(m->whom, pages, 1);

	extent_add(m, first, pages, NULL, 0);
	for (uint32_t p = 0; p < pages; p++)
		map_page(m, first + p, vaddr + (uint64_t)p * ABI_PAGE_SIZE);
}

/* A frame is mapped and unmapped in every table: that makes the tables. */
void map_tables(const struct mapping *m, uint64_t vaddr, uint32_t pages)
{
	static uint32_t frame;
	uint64_t end = vaddr + (uint64_t)pages * ABI_PAGE_SIZE;
	struct mapping any = *m;

	any.from = AOS_SLOT_FRAMES;
	if (!frame)
		frame = frame_take(m->whom);
	while (vaddr < end) {
		map_page(&any, frame, vaddr);
		must(aos_unmap(component_slot(m->component), vaddr), m->whom, m->what);
		vaddr = (vaddr | (TABLE_SPAN - 1)) + 1;
	}
}

void *window_open(uint32_t frame)
{
	static const struct mapping window = {
		.whom = "loader", .what = "mapping its window",
		.from = AOS_SLOT_FRAMES, .rights = AOS_MAP_WRITE,
	};

	map_page(&window, frame, WINDOW_VADDR);
	return (void *)WINDOW_VADDR;
}

void window_close(void)
{
	must(aos_unmap(AOS_SLOT_SELF, WINDOW_VADDR), "loader", "unmapping its window");
}

void map_contents(const struct mapping *m, uint64_t vaddr, uint32_t pages, const void *from,
		  uint32_t bytes)
{
	uint32_t first = frames_take_aligned(m->whom, pages, 1);
	const char *next = from;

	extent_add(m, first, pages, next, bytes);
	for (uint32_t p = 0; p < pages; p++) {
		uint32_t n = bytes < ABI_PAGE_SIZE ? bytes : ABI_PAGE_SIZE;

		if (n) {
			memcpy(window_open(first + p), next, n);
			window_close();
		}
		map_page(m, first + p, vaddr + (uint64_t)p * ABI_PAGE_SIZE);
		next += n;
		bytes -= n;
	}
}
