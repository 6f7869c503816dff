// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames: taken from Linux before the AOS starts, all given back at its end.
 * In blocks of two, since a page-table root under KPTI is an aligned pair.
 * A frame's number is kept in its struct page, to find it by address.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

atomic_long_t mem_frames_given;

struct page *mem_frame_page(const struct hijack_memory *mem, u32 frame)
{
	return mem->chunk[frame / 2] + frame % 2;
}

static int mem_alloc_chunk(struct hijack_memory *mem, u32 chunk)
{
	/* Too much asked for is the caller's error, no reason to kill a process. */
	struct page *page = alloc_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO |
					__GFP_RETRY_MAYFAIL | __GFP_NOWARN, 1);

	if (!page)
		return -ENOMEM;
	split_page(page, 1);
	set_page_private(page, 2 * chunk);
	set_page_private(page + 1, 2 * chunk + 1);
	mem->chunk[chunk] = page;
	atomic_long_add(2, &mem_frames_given);
	return 0;
}

/* nframes has been checked; odd numbers lose one. */
int mem_alloc(struct hijack_memory *mem, u32 nframes)
{
	u32 chunks = nframes / 2, i;
	int err = 0;

	mem->nframes = 2 * chunks;
	mem->chunk = kvcalloc(chunks, sizeof(*mem->chunk), GFP_KERNEL_ACCOUNT);
	mem->info = kvcalloc(mem->nframes, sizeof(*mem->info), GFP_KERNEL_ACCOUNT);
	if (!mem->chunk || !mem->info)
		err = -ENOMEM;
	for (i = 0; !err && i < chunks; i++) {
		err = mem_alloc_chunk(mem, i);
		cond_resched();
	}
	if (err)
		mem_free(mem);
	return err;
}

static void mem_free_frame(struct page *page)
{
	set_page_private(page, 0);
	__free_page(page);
	atomic_long_dec(&mem_frames_given);
}

/* Pages still mapped by a Linux process (counters) live until it unmaps them. */
void mem_free(struct hijack_memory *mem)
{
	u32 i;

	for (i = 0; mem->chunk && i < mem->nframes / 2; i++) {
		if (!mem->chunk[i])
			continue;
		mem_free_frame(mem->chunk[i]);
		mem_free_frame(mem->chunk[i] + 1);
	}
	kvfree(mem->chunk);
	kvfree(mem->info);
	memset(mem, 0, sizeof(*mem));
}
