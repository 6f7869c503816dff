// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capability tables: a component names kernel objects by slot number only,
 * and the kernel trusts nothing about that number.
 */
#include "aos/kernel.h"
#include "x86_64/nospec.h"

static struct aos_cap *cap_slot(struct aos_comp *comp, uint64_t slot)
{
	if (slot >= AOS_CAP_SLOTS)
		return NULL;
	return &comp->caps[nospec_index(slot, AOS_CAP_SLOTS)];
}

/* The capability of that type in the slot, or NULL. */
struct aos_cap *cap_lookup(struct aos_comp *comp, uint64_t slot, uint32_t type)
{
	struct aos_cap *cap = cap_slot(comp, slot);

	return cap && cap->type == type ? cap : NULL;
}

/* The slot if it is empty and may be filled, or NULL.  Slot 0 stays empty. */
struct aos_cap *cap_empty(struct aos_comp *comp, uint64_t slot)
{
	struct aos_cap *cap = cap_slot(comp, slot);

	return slot != AOS_SLOT_NONE && cap && cap->type == CAP_NONE ? cap : NULL;
}
