// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the memory manager gets: the frames that are left when everything else is
 * built, a capability for each component, and a description of how each may
 * grow (mem/grant.h).  Its functions are imported weakly: most compositions have none.
 */
#include "loader.h"
#include "mem/grant.h"
#include "mem/mem.h"

/* Address of an imported function, or NULL: nobody in `imports` exports it. */
#define WEAK_IMPORT(fn) ({						\
	__typeof__(&(fn)) address;					\
	__asm__(".weak " #fn "\n\tmovabsq $" #fn ", %0" : "=r"(address)); \
	address;							\
})

static bool has_manager(const struct image *img)
{
	return image_manager(img) < img->header->components.count;
}

/*
 * A scheduler's memory is there from the start, since nobody may come in between
 * there; so is the manager's, and that of those it calls; so is that of components with
 * vector registers, which do not survive an invocation.
 */
static bool is_paged(const struct image *img, uint32_t i)
{
	return image_grows(&img->components[i]) &&
	       !(img->components[i].flags & (AOS_COMP_SCHED | AOS_COMP_FP)) &&
	       !(image_reach(img, image_manager(img)) >> i & 1);
}

uint32_t manager_heap_pages(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];

	return is_paged(img, i) ? c->heap_pages : c->heap_max_pages;
}

uint32_t manager_stack_pages(const struct image *img, uint32_t i)
{
	const struct image_component *c = &img->components[i];

	return is_paged(img, i) ? c->stack_pages : c->stack_max_pages;
}

/* Which threads can come to component @i: bit mask. */
static uint32_t visitors(const struct image *img, uint32_t i)
{
	uint32_t threads = 0;

	for (uint32_t t = 0; t < img->header->threads.count; t++)
		if (image_reach(img, img->threads[t].component) >> i & 1)
			threads |= 1u << t;
	return threads;
}

static void describe(const struct image *img, uint32_t i, struct mem_client *client)
{
	const struct image_component *c = &img->components[i];

	*client = (struct mem_client){
		.base = c->stack_base - IMAGE_STACKS_OFFSET, .heap_vaddr = c->heap_vaddr,
		.stack_base = c->stack_base, .heap_pages = manager_heap_pages(img, i),
		.heap_max_pages = c->heap_max_pages,
		.stack_pages = manager_stack_pages(img, i),
		.stack_max_pages = c->stack_max_pages, .threads = visitors(img, i),
		.quota_pages = c->quota_pages,
	};
	memcpy(client->name, c->name, ABI_NAME_LEN);
}

static uint32_t give_grant(const struct image *img, const struct mapping *m)
{
	uint32_t frame = frame_take(m->whom);
	struct mem_grant *grant = window_open(frame);

	grant->clients = img->header->components.count;
	for (uint32_t i = 0; i < grant->clients; i++)
		describe(img, i, &grant->client[i]);
	window_close();
	return frame;
}

/* Bookkeeping for all frames that are left, then these: how many is known last. */
static void give_frames(const struct mapping *m, uint32_t slot, uint32_t grant)
{
	struct mapping table = *m, view = *m;
	uint32_t bytes = memory_left() * (uint32_t)sizeof(struct mem_page), first, count;

	map_tables(m, MEM_WINDOW_VADDR, AOS_MAX_THREADS);
	view.rights = AOS_MAP_READ;
	map_page(&view, grant, MEM_GRANT_VADDR);
	map_zeroed(&table, MEM_TABLE_VADDR, (bytes + ABI_PAGE_SIZE - 1) / ABI_PAGE_SIZE);

	count = memory_take_rest(&first);
	((struct mem_grant *)window_open(grant))->frames = count;
	window_close();
	must(aos_frames_part(AOS_SLOT_FRAMES, SLOT_OBJECT, first, count), m->whom, m->what);
	must(aos_cap_copy(slot, SLOT_OBJECT, AOS_SLOT_FRAMES), m->whom, m->what);
	must(aos_cap_drop(AOS_SLOT_SELF, SLOT_OBJECT), m->whom, m->what);
}

/* Of the loader's own capabilities, the one that leads to the manager's pager. */
static uint32_t pager_slot(const struct image *img)
{
	const struct image_component *loader = &img->components[0];

	for (uint32_t i = 0; i < loader->ncaps; i++) {
		const struct image_cap *cap = &img->caps[loader->first_cap + i];

		if (cap->kind == IMAGE_CAP_INVOKE && cap->target == image_manager(img) &&
		    !strcmp(img->strings + cap->name, "mem_page_fault"))
			return cap->slot;
	}
	fail_text("loader", "the memory manager", "no pager: let the loader import it");
}

static void give_components(const struct image *img, uint32_t slot)
{
	uint32_t pager = pager_slot(img);

	for (uint32_t i = 1; i < img->header->components.count; i++) {
		const char *whom = img->components[i].name;

		must(aos_cap_copy(slot, component_slot(i), MEM_SLOT_COMPONENTS + i), whom,
		     "giving it to the memory manager");
		if (is_paged(img, i))
			must(aos_comp_pager(component_slot(i), pager), whom, "setting its pager");
	}
}

void manager_build(const struct image *img)
{
	uint32_t manager = image_manager(img);
	struct mapping m = { .what = "giving it memory", .component = manager,
			     .from = AOS_SLOT_FRAMES, .rights = AOS_MAP_WRITE };

	if (!has_manager(img))
		return;
	if (!WEAK_IMPORT(mem_page_fault) || !WEAK_IMPORT(mem_start))
		fail_text("loader", "the memory manager", "not imported: add it to the loader's imports");
	m.whom = img->components[manager].name;
	give_frames(&m, component_slot(manager), give_grant(img, &m));
	give_components(img, component_slot(manager));
	must(WEAK_IMPORT(mem_start)(), m.whom, "starting it");
}

/* A component is made anew: what it had beyond its image goes back. */
void manager_reclaim(const struct image *img, uint32_t component)
{
	int64_t (*reclaim)(uint32_t) = WEAK_IMPORT(mem_reclaim);
	int64_t kept;

	if (!has_manager(img) || !reclaim)
		return;
	kept = reclaim(component);
	if (kept)
		aos_log("%s: %ld of its pages are lost to it until the next restart",
			img->components[component].name, kept);
}
