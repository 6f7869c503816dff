// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The user half of a component's page table.  The kernel never allocates:
 * whoever maps also supplies the frames of missing tables (pgtbl_add).
 * Where the host keeps separate roots for ring 3 and ring 0 (KPTI) an entry
 * of the lower half goes into the ring-3 root only: the kernel reaches
 * components' memory by frame, never by their addresses.
 */
#include "aos/kernel.h"
#include "aos/string.h"
#include "x86_64/pte.h"

#define TABLE_BITS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)

static bool vaddr_valid(uint64_t vaddr)
{
	return vaddr >= AOS_PAGE_SIZE && vaddr < AOS_USER_END && vaddr % AOS_PAGE_SIZE == 0;
}

static uint64_t *root_table(struct aos *aos, const struct aos_comp *comp)
{
	return hal_frame_va(aos, comp->root + (hal_root_separate(aos) ? 1 : 0));
}

/*
 * The entry for vaddr in its table of the given level, or NULL with
 * *missing = level of the highest table that is not there.
 */
static uint64_t *walk(struct aos *aos, struct aos_comp *comp, uint64_t vaddr,
		      uint32_t level, uint32_t *missing)
{
	uint64_t *table = root_table(aos, comp);

	for (uint32_t l = PTE_LEVELS; l > level; l--) {
		uint64_t entry = table[PTE_INDEX(vaddr, l)];

		if (!(entry & PTE_PRESENT)) {
			*missing = l - 1;
			return NULL;
		}
		table = hal_frame_va(aos, hal_frame_of(aos, entry & PTE_ADDR_MASK));
	}
	return &table[PTE_INDEX(vaddr, level)];
}

/* Put an empty table of the given level (3, 2, 1) under its parent. */
int pgtbl_add(struct aos *aos, struct aos_comp *comp, uint32_t frame, uint64_t vaddr,
	      uint32_t level)
{
	uint64_t *entry;
	uint32_t missing;

	if (!vaddr_valid(vaddr) || level < 1 || level >= PTE_LEVELS)
		return -AOS_EINVAL;
	entry = walk(aos, comp, vaddr, level + 1, &missing);
	if (!entry)
		return -AOS_ENOENT;
	if (*entry & PTE_PRESENT)
		return -AOS_EEXIST;
	if (frame_claim(aos, frame, FRAME_PGTBL))
		return -AOS_EBUSY;
	memset(hal_frame_va(aos, frame), 0, AOS_PAGE_SIZE);
	*entry = hal_frame_pa(aos, frame) | TABLE_BITS;
	comp->tables++;
	return 0;
}

static uint64_t rights_bits(uint32_t rights)
{
	uint64_t bits = PTE_PRESENT | PTE_USER | PTE_ACCESSED;

	if (rights & AOS_MAP_WRITE)
		bits |= PTE_WRITE | PTE_DIRTY;
	if (!(rights & AOS_MAP_EXEC))
		bits |= PTE_NX;
	return bits;
}

/* The empty leaf entry that a mapping with these arguments would fill. */
static int decode_map(struct aos *aos, struct aos_comp *comp, uint64_t vaddr, uint32_t rights,
		      uint32_t *level_wanted, uint64_t **entry)
{
	*level_wanted = 0;
	if (!vaddr_valid(vaddr) || rights > AOS_MAP_EXEC)
		return -AOS_EINVAL;
	*entry = walk(aos, comp, vaddr, 1, level_wanted);
	if (!*entry)
		return -AOS_ENOENT;
	return **entry & PTE_PRESENT ? -AOS_EEXIST : 0;
}

int pgtbl_map_frame(struct aos *aos, struct aos_comp *comp, uint32_t frame, uint64_t vaddr,
		    uint32_t rights, uint32_t *level_wanted)
{
	struct aos_frame *f = &aos->frames[frame];
	uint64_t *entry;
	int err = decode_map(aos, comp, vaddr, rights, level_wanted, &entry);

	if (err)
		return err;
	if ((f->type != FRAME_FREE && f->type != FRAME_USER) || f->maps == UINT16_MAX)
		return -AOS_EBUSY;
	f->type = FRAME_USER;
	f->maps++;
	comp->frames++;
	*entry = hal_frame_pa(aos, frame) | rights_bits(rights) | PTE_FRAME;
	return 0;
}

/* A page that is no frame of the AOS: of a channel, or of the host process. */
int pgtbl_map_foreign(struct aos *aos, struct aos_comp *comp, uint64_t pa, uint64_t vaddr,
		      uint32_t rights, uint32_t *level_wanted)
{
	uint64_t *entry;
	int err = decode_map(aos, comp, vaddr, rights, level_wanted, &entry);

	if (err)
		return err;
	*entry = pa | rights_bits(rights);
	comp->foreign++;
	return 0;
}

static void leaf_release(struct aos *aos, struct aos_comp *comp, uint64_t entry)
{
	struct aos_frame *f;

	if (!(entry & PTE_FRAME)) {
		comp->foreign--;
		return;
	}
	comp->frames--;
	f = &aos->frames[hal_frame_of(aos, entry & PTE_ADDR_MASK)];
	if (--f->maps == 0)
		f->type = FRAME_FREE;
}

/*
 * A frame that nobody maps any more keeps its contents until somebody maps it
 * again: it is the mapper's business to clear it.  The TLB is flushed whoever
 * runs: what a switch leaves there is the host's affair.
 */
int pgtbl_unmap(struct aos *aos, struct aos_comp *comp, uint64_t vaddr)
{
	uint64_t *entry, old;
	uint32_t missing;

	if (!vaddr_valid(vaddr))
		return -AOS_EINVAL;
	entry = walk(aos, comp, vaddr, 1, &missing);
	if (!entry || !(*entry & PTE_PRESENT))
		return -AOS_ENOENT;
	old = *entry;
	*entry = 0;
	hal_tlb_flush_page(aos, vaddr);
	leaf_release(aos, comp, old);
	return 0;
}
