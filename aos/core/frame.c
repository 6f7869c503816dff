// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each frame is used for.  A frame has one type at a time, so no
 * component can ever map a page table or a capability table.
 */
#include "aos/kernel.h"

int frame_claim(struct aos *aos, uint32_t frame, uint32_t type)
{
	if (aos->frames[frame].type != FRAME_FREE)
		return -AOS_EBUSY;
	aos->frames[frame].type = (uint8_t)type;
	return 0;
}

uint32_t frame_count_used(const struct aos *aos)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < aos->nframes; i++)
		used += aos->frames[i].type != FRAME_FREE;
	return used;
}
