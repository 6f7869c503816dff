// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a component may write to and nobody else maps: its data, heap and
 * stacks.  Remembered where the loader mapped it, so that it can be made as it
 * was in the beginning.
 */
#include "loader.h"

/* Data, heap, and a stack for every thread, of each component. */
#define EXTENTS_MAX (AOS_MAX_COMPONENTS * (AOS_MAX_THREADS + 4))

struct extent {
	const char *from;	/* its first bytes, in the image */
	uint32_t bytes;		/* of them; the rest is zero */
	uint32_t component;
	uint32_t frame, pages;	/* frames in a row */
};

static struct {
	uint32_t n;
	struct extent extent[EXTENTS_MAX];
} extents;

void extent_add(const struct mapping *m, uint32_t frame, uint32_t pages, const char *from,
		uint32_t bytes)
{
	if (m->rights != AOS_MAP_WRITE || !pages)
		return;
	if (extents.n == EXTENTS_MAX)
		fail_text(m->whom, m->what, "it has too many segments");
	extents.extent[extents.n++] = (struct extent){
		.from = from, .bytes = bytes, .component = m->component,
		.frame = frame, .pages = pages,
	};
}

static uint32_t extent_reload(const struct extent *e)
{
	const char *from = e->from;
	uint32_t left = e->bytes;

	for (uint32_t p = 0; p < e->pages; p++) {
		uint32_t n = left < ABI_PAGE_SIZE ? left : ABI_PAGE_SIZE;
		char *page = window_open(e->frame + p);

		if (n)
			memcpy(page, from, n);
		memset(page + n, 0, ABI_PAGE_SIZE - n);
		window_close();
		from += n;
		left -= n;
	}
	return e->pages;
}

uint32_t extents_reload(uint32_t component)
{
	uint32_t pages = 0;

	for (uint32_t i = 0; i < extents.n; i++)
		if (extents.extent[i].component == component)
			pages += extent_reload(&extents.extent[i]);
	return pages;
}
