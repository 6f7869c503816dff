// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Boot: check the image's header, build the loader component from it, and
 * hand the loader everything there is.  All other components are the
 * loader's work.  Runs once, before ring 3; may log and fail.
 */
#include "abi/histogram.h"
#include "aos/kernel.h"
#include "aos/string.h"

/* Boot-time state: frames are handed out in order. */
struct boot {
	struct aos *aos;
	const uint8_t *image;
	const struct image_header *header;
	const struct image_component *loader;
	struct aos_comp *comp;
	uint32_t next_frame;
	uint32_t info_frame;
};

static int refuse(struct boot *b, const char *why)
{
	aos_log_line(b->aos, why);
	return -AOS_EINVAL;
}

static bool table_inside(const struct boot *b, struct image_table t, uint32_t entry)
{
	uint32_t size = b->header->size;

	return t.off % 8 == 0 && t.off <= size && t.count <= (size - t.off) / entry;
}

static int check_header(struct boot *b, uint32_t size)
{
	const struct image_header *h = b->header;

	if (size < sizeof(*h) || h->magic != IMAGE_MAGIC)
		return refuse(b, "boot image refused: not a boot image (make one with coslink)");
	if (h->revision != IMAGE_REVISION)
		return refuse(b, "boot image refused: other revision (rebuild it with this coslink)");
	if (h->size != size)
		return refuse(b, "boot image refused: truncated, or data after its end");
	if (!table_inside(b, h->components, sizeof(struct image_component)) ||
	    !table_inside(b, h->segments, sizeof(struct image_segment)) ||
	    !table_inside(b, h->threads, sizeof(struct image_thread)))
		return refuse(b, "boot image refused: a table lies outside the image");
	if (!h->components.count || !h->threads.count)
		return refuse(b, "boot image refused: no component or no thread");
	return 0;
}

/* CRC-32 of IEEE 802.3, clause 3.2.9, reflected; the crc32 field counts as zero. */
static uint32_t image_crc(const uint8_t *image, uint32_t size)
{
	uint32_t crc = 0xffffffffu;

	for (uint32_t i = 0; i < size; i++) {
		bool skip = i - offsetof(struct image_header, crc32) < sizeof(uint32_t);

		crc ^= skip ? 0 : image[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static int check_loader(struct boot *b)
{
	const struct image_component *l = b->loader;
	uint32_t nseg = b->header->segments.count;

	if (l->first_segment > nseg || l->nsegments > nseg - l->first_segment)
		return refuse(b, "boot image refused: the loader's segments lie outside their table");
	if (l->stack_pages < 1 || l->stack_pages > 15)
		return refuse(b, "boot image refused: the loader's stack has no sensible size");
	return 0;
}

/* A fresh frame, or -AOS_ENOMEM. */
static int64_t take_frame(struct boot *b)
{
	if (b->next_frame >= b->aos->nframes)
		return -AOS_ENOMEM;
	return b->next_frame++;
}

/* Map a frame, adding tables as they turn out to be missing (three at most). */
static int map(struct boot *b, uint32_t frame, uint64_t vaddr, uint32_t rights)
{
	for (int tries = 0; tries < 4; tries++) {
		uint32_t level;
		int64_t table;
		int err = pgtbl_map_frame(b->aos, b->comp, frame, vaddr, rights, &level);

		if (!err)
			return 0;
		if (err != -AOS_ENOENT)
			break;
		table = take_frame(b);
		if (table < 0)
			return (int)table;
		err = pgtbl_add(b->aos, b->comp, (uint32_t)table, vaddr, level);
		if (err)
			return err;
	}
	return refuse(b, "boot image refused: pages of the loader overlap, or have no possible address");
}

/* Copy bytes into fresh frames mapped from vaddr on; the tail is zero. */
static int map_copy(struct boot *b, uint64_t vaddr, uint32_t pages, const void *from,
		    uint32_t bytes, uint32_t rights)
{
	for (uint32_t p = 0; p < pages; p++) {
		uint32_t done = p * AOS_PAGE_SIZE;
		uint32_t n = bytes > done ? bytes - done : 0;
		int64_t frame = take_frame(b);
		int err;

		if (frame < 0)
			return (int)frame;
		if (n > AOS_PAGE_SIZE)
			n = AOS_PAGE_SIZE;
		if (n)
			memcpy(hal_frame_va(b->aos, (uint32_t)frame), (const char *)from + done, n);
		err = map(b, (uint32_t)frame, vaddr + done, rights);
		if (err)
			return err;
	}
	return 0;
}

static int map_segments(struct boot *b)
{
	const struct image_segment *seg = (const void *)(b->image + b->header->segments.off);

	seg += b->loader->first_segment;
	for (uint32_t i = 0; i < b->loader->nsegments; i++, seg++) {
		int err;

		if (seg->file_off > b->header->size ||
		    seg->file_size > b->header->size - seg->file_off ||
		    seg->mem_pages > b->aos->nframes)
			return refuse(b, "boot image refused: a segment of the loader lies outside the image");
		err = map_copy(b, seg->vaddr, seg->mem_pages, b->image + seg->file_off,
			       seg->file_size, seg->rights);
		if (err)
			return err;
	}
	return 0;
}

static int map_info(struct boot *b, const struct bootinfo *info)
{
	struct bootinfo *copy;
	int64_t frame = take_frame(b);

	if (frame < 0)
		return (int)frame;
	b->info_frame = (uint32_t)frame;
	copy = hal_frame_va(b->aos, b->info_frame);
	*copy = *info;
	copy->image_vaddr = IMAGE_FILE_VADDR;
	copy->image_size = b->header->size;
	copy->frames = b->aos->nframes;
	return map(b, b->info_frame, BOOTINFO_VADDR, AOS_MAP_READ);
}

static int map_memory(struct boot *b, const struct bootinfo *info)
{
	const struct image_component *l = b->loader;
	uint32_t image_pages = (b->header->size + AOS_PAGE_SIZE - 1) / AOS_PAGE_SIZE;
	uint64_t stack_top = l->stack_base + AOS_STACK_STRIDE;
	int err = map_segments(b);

	if (!err)
		err = map_copy(b, l->heap_vaddr, l->heap_pages, NULL, 0, AOS_MAP_WRITE);
	if (!err)
		err = map_copy(b, stack_top - l->stack_pages * AOS_PAGE_SIZE, l->stack_pages,
			       NULL, 0, AOS_MAP_WRITE);
	if (!err)
		err = map(b, 0, l->counters_vaddr, AOS_MAP_WRITE);
	if (!err)
		err = map_info(b, info);
	if (!err)
		err = map_copy(b, IMAGE_FILE_VADDR, image_pages, b->image, b->header->size,
			       AOS_MAP_READ);
	return err;
}

static int create_component(struct boot *b)
{
	uint32_t root, captable;

	b->next_frame = (b->next_frame + 1) & ~1u;
	root = b->next_frame;
	captable = root + 2;
	b->next_frame += 3;
	if (b->next_frame > b->aos->nframes)
		return -AOS_ENOMEM;
	return comp_create(b->aos, root, captable, b->loader->stack_base, 0, &b->comp);
}

static void fill_caps(struct boot *b, const struct aos_thread *thread)
{
	struct aos_cap *caps = b->comp->caps;

	caps[AOS_SLOT_CONSOLE].type = CAP_CONSOLE;
	caps[AOS_SLOT_FACTORY].type = CAP_FACTORY;
	caps[AOS_SLOT_FRAMES] = (struct aos_cap){ .type = CAP_FRAMES, .entry = b->aos->nframes };
	caps[AOS_SLOT_SELF] = (struct aos_cap){ .type = CAP_COMP, .comp = b->comp };
	caps[AOS_SLOT_SELF_THREAD] = (struct aos_cap){
		.type = CAP_THREAD, .id = thread->id, .entry = thread->generation
	};
	for (uint32_t i = 0; i < BOOTINFO_CHANNELS; i++)
		caps[AOS_SLOT_CHANNEL0 + i] = (struct aos_cap){ .type = CAP_CHANNEL, .id = i };
}

static int start_thread(struct boot *b, struct aos_regs *regs)
{
	const struct image_thread *it = (const void *)(b->image + b->header->threads.off);
	struct aos_thread *t;

	if (it->component != 0 || it->priority > AOS_URGENCY_MAX || it->entry >= AOS_USER_END)
		return refuse(b, "boot image refused: its first thread is not the loader's");
	t = thread_create(b->aos, 0, b->comp, it->entry,
			  b->next_frame | (uint64_t)b->info_frame << 32, it->priority);
	fill_caps(b, t);
	b->aos->current_thread = b->aos->next = t;
	b->aos->charged = hal_cycles(b->aos);
	*regs = t->regs;
	return 0;
}

int aos_boot(struct aos *aos, struct aos_frame *frames, uint32_t nframes,
	     const void *image, uint32_t size, const struct bootinfo *info,
	     struct aos_regs *regs)
{
	/* What components show comes first: abi/histogram.h says which frame is whose. */
	struct boot b = { .aos = aos, .image = image, .header = image,
			  .next_frame = SHOWN_PAGES };
	int err;

	aos->frames = frames;
	aos->nframes = nframes;
	aos->nschedulers = 1;
	aos->dead.state = AOS_COMP_STOPPED;
	aos->time_base = hal_time(aos);
	aos->paging.state = AOS_COMP_STOPPED;
	err = check_header(&b, size);
	if (err)
		return err;
	if (image_crc(image, size) != b.header->crc32)
		return refuse(&b, "boot image refused: checksum wrong (file damaged?)");
	b.loader = (const void *)(b.image + b.header->components.off);
	err = check_loader(&b);
	if (!err)
		err = create_component(&b);
	if (!err)
		err = map_memory(&b, info);
	if (err == -AOS_ENOMEM)
		aos_log_line(aos, "too few frames for the loader: raise aos.frames in the configuration");
	if (err)
		return err;
	return start_thread(&b, regs);
}
